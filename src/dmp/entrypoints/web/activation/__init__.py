"""The first visit: four short steps, left and taken up again at will."""
