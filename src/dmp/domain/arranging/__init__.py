"""How a holder arranges and annotates what is his."""
