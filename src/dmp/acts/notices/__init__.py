"""Notices that leave the service."""
