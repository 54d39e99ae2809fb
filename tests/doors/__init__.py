"""The same stories through every door."""
