"""Measures taken over from a file, and the growth of a child."""
