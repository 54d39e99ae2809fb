"""PostgreSQL: one file per keeper, its SQL beside it; migrations; the group commit."""
