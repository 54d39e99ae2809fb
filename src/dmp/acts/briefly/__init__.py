"""Sharing for a short time by a one-time code."""
