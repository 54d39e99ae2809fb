"""Tests of the lines of the health insurance."""
