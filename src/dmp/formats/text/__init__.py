"""The text of documents, for the search inside them."""
