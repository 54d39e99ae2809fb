"""Facts of structured documents: of the field, of our own writer, of nobody's good will."""
