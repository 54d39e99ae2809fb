"""dmp: an open implementation of the French shared medical record."""

__version__ = "0.1.0"
