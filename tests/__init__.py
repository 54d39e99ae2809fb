"""Tests mirror `src/dmp`; `house` holds the checks the house makes on itself."""
