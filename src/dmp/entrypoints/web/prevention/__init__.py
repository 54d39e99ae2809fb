"""Prevention as it is offered to a holder: what is due, why she is told, what to do, and how not to be told."""
