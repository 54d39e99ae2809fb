"""The medium of a copy."""
