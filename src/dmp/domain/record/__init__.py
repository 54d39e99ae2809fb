"""A record's life, the holder's choices, and the relations others have with it."""
