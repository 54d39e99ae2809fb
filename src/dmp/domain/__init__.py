"""Rules: pure functions and frozen values. No clock, no randomness, no input or output."""
