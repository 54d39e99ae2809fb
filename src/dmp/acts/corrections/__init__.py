"""« Ceci est faux »: asked by the holder, answered by the author."""
