"""Accesses that holders report, and what the operator answers."""
