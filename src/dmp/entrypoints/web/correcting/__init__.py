"""« Ceci est faux »: the holder asks, the author answers, nothing is erased."""
