"""Writing a document here, and putting a new version in the place of one's own."""
