"""Sharing for a short time by a one-time code: the holder's pages, and those of whoever bears the code."""
