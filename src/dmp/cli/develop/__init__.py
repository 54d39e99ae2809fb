"""Commands of the developers: tests, benchmarks, generated documentation."""
