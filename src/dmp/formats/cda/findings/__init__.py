"""What structured CDA documents say about a person's health, as facts of the domain."""
