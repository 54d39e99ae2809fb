"""What the health insurance reimbursed: lines, and the history made of them."""
