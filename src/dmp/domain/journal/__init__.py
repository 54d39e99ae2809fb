"""What is traced, and how it is proved."""
