"""The ANSM thesaurus: its text as printed, the layout of its PDF, and the rows that are read from them."""
