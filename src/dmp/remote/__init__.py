"""Outside services, and in `simulated` the twins that stand in for them in the demonstration."""
