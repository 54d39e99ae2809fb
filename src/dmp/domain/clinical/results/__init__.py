"""Values over time: analytes, units, series."""
