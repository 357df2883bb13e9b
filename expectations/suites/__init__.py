"""Suites of expectations, one module a door: what Great Expectations says of single tables."""
