"""Tests of the CDA format."""
