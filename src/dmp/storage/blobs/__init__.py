"""Contents at rest: append-only packs of sealed frames."""
