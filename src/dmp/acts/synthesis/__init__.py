"""Acts on facts: read the synthesis of a record, read again what its documents say."""
