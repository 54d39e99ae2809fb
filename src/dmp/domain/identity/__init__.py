"""Who asks, and about whom."""
