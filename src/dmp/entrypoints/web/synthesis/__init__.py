"""The synthesis before its readers: a doctor's page in zones, and the holder's in plain words."""
