"""Commands of an operator: records, rights, the journal, what is stored."""
