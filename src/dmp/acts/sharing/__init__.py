"""With whom a record is shared: consents, blocks, the attending doctor, the holder's choices."""
