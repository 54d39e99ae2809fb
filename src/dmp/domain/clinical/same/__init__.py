"""When two facts are the same one, kind by kind."""
