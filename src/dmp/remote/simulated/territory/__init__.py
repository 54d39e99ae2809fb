"""The fictional territory of the Val d'Orme: its people, its professionals, their documents.

Everything follows from a seed. Nobody in it exists, and no number in it was ever issued.
"""
