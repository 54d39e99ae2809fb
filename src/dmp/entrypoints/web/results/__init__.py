"""The holder's results: every analysis in one list, and a page to understand each."""
