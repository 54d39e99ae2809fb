"""Folders and pins."""
