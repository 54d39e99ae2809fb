"""Documents: provided, found, retrieved, changed."""
