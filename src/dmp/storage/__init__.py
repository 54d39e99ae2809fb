"""Where records rest: PostgreSQL, sealed packs of contents, and the keys."""
