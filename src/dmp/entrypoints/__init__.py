"""Doors: one folder per wire. A door knows no other door."""
