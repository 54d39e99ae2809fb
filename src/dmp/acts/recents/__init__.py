"""The patients whose records a professional opened lately, and what is new for them."""
