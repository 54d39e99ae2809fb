"""Pages of the search inside documents, for the holder and for professionals."""
