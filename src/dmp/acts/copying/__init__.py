"""A copy of the record for its holder."""
