"""Scenes: who did what when in the territory, played through the corridor like any other act."""
