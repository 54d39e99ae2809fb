"""Searches as FHIR says them, and the lists that answer them."""
