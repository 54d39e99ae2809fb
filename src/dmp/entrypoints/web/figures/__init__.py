"""Figures of the pages: SVG written on the server, each with its sentence and with a table beside it."""
