"""Whole stories, with the people of the fictional territory, through the corridor on real storage."""
