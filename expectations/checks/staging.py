"""Door 1 in SQL: what needs more than one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.doors import SqlCheck
    from expectations.subject import Subject


def checks(_: Subject) -> list[SqlCheck]:
    """Queries over staging and the ledger."""
    return []
