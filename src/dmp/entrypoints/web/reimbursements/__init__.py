"""The history of reimbursements as pages: for the holder, and for professionals."""
