"""The narrative block of a CDA section: what people read.

Source: CDA R2 §4.3.5 (narrative block).
"""
