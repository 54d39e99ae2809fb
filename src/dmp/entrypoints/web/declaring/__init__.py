"""The medical profile on the holder's face, and what of it professionals are shown."""
