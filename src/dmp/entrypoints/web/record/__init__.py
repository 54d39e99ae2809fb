"""What a record shows on pages: lists, documents to read, the journal; and who a person is."""
