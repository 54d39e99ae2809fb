"""Acts of the health insurance: feed lines, publish the history made of them, read it."""
