"""Tests of the narrative."""
