"""Facts about a person's health, each with its sources; what follows from them."""
