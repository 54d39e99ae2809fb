"""The emergency card: what stands on it, the number that leads to the record, and who comes by it."""
