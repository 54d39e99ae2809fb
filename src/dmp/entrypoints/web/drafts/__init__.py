"""What was typed when a session ended: kept for its author, and put back into the form."""
