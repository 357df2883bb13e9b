"""Releases: candidate marts -> `release_<id>_true` and `release_<id>` -> a pointer that moves.

Reads `candidate` and the ledger; writes the release schemas, `published*`, the views of `marts` and
`accountability`, and `ops.release`. Guarantees that every statement of a reader sees one whole
release, and that a failure at any point leaves the published one as it was.
"""

from p20w.release.build import audit, protect
from p20w.release.pointer import current_release, publish, resume, rollback, trim

__all__ = ["audit", "current_release", "protect", "publish", "resume", "rollback", "trim"]
