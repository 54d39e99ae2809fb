"""The documents of a patient on their shelf: facets, episodes, what was read, a look inside, and copies."""
