"""The doors: Great Expectations suites that must hold before a layer is used by the next.

Reads `staging`, `core` and the release schemas; writes `ops.check_result` and Data Docs.
Guarantees that no result carries a value of a row.
"""
