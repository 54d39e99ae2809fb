"""The doorstep: choose a face, log in, log out, the declaration of accessibility."""
