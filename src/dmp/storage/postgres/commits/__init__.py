"""How writes become durable: together, numbered, and in the end destroyed."""
