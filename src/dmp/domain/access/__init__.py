"""Who may do what, and by which rule. `decide` answers; `filter` says the same to SQL."""
