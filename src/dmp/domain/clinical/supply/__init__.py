"""How long a delivery lasts, and which medicines matter most."""
