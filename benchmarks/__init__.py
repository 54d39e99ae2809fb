"""Benchmarks: runs that print figures with the machine, the data and the spread. Started by `dmp bench`."""
