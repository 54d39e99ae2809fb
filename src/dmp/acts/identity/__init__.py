"""Whose record it is, found by identity traits."""
