"""Writing the history of reimbursements: the CI-SIS document CNAM-HR 2021.01 (REMB)."""
