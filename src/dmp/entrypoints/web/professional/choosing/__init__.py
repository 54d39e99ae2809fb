"""Choosing a patient: those seen lately, and the search by identity traits."""
