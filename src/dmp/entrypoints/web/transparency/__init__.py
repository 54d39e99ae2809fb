"""What the holder is told of accesses beyond the list: one access, a report, the whole of it."""
