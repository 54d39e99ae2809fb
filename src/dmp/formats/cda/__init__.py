"""CDA R2 documents: read their header, write them, show them.

Source: HL7 CDA R2; CI-SIS, volet structuration minimale.
"""
