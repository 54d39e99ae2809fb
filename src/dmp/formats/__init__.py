"""Bytes of every wire to values of the domain, and back. Pure."""
