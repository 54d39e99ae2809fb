"""Tests of the document of reimbursements."""
