"""Folders, pins, and several documents at once."""
