"""One person over K-12 and the clearinghouse: state id and return id, deterministic.

Reads `staging`; writes `identity`: `person` (state id -> random key, kept for ever), `nsc_link`
(return id -> key) and `unlinked` (counts by source and reason). Guarantees one key per state id, a
key that says nothing about the person, and that the same inputs link the same on every night.
"""

from p20w.identity.resolve import Resolution, resolve

__all__ = ["Resolution", "resolve"]
