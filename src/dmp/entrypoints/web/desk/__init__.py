"""Desks and pharmacies: verify an identity, then open, reactivate, close or refuse a record."""
