"""Claims of invented people, as the health insurance would send them: SNDS/DCIR files of any size.

Everything follows from a seed and a day. `generate` writes files; `CASES` lists the scripted cases.
"""
