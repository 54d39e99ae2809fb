"""Products: from the rows of BDPM, UCD and ATC to medicines that are found by code or by name."""
