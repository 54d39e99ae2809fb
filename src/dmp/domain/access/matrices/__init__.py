"""The versions of the habilitation matrix, one table each."""
