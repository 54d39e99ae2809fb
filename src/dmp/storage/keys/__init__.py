"""Keys: the master key outside the database, one data key per record wrapped by it."""
