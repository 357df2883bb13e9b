"""The warehouse's own machinery: settings, ledger, identity, disclosure, releases, exports.

Neither ingestion, nor SQL, nor expectations. Reads `ops`, `staging`, `core` and `candidate`; writes
`ops`, `identity`, the release schemas and the export folders. "P-20W": preschool to workforce.
"""
