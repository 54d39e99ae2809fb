"""Documents of a record: their metadata, their versions, who may see them."""
