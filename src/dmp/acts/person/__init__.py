"""What the holder says of himself, and what is told to him of the accesses."""
