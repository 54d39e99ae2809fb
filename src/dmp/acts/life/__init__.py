"""The life of a record: informed, opened, refused, closed, reactivated, destroyed."""
