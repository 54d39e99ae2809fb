"""Twins of the services of a counter: the INS teleservice and a reader of health insurance cards."""
