"""Requests of holders that the operator answers."""
