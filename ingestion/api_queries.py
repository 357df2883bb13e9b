"""Queries to an API that limits series and years a query, and queries a day: the fewest that do.

Limits: BLS public API v2 (https://www.bls.gov/developers/api_faqs.htm), read in November 2026.
Flow: series and years -> `Query`s -> `sources/bls_api.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Limits:
    """What the publisher allows: series and years a query, queries a day; all > 0."""

    series: int
    years: int
    queries_a_day: int


REGISTERED = Limits(series=50, years=20, queries_a_day=500)
UNREGISTERED = Limits(series=25, years=10, queries_a_day=25)


@dataclass(frozen=True, slots=True)
class Query:
    """One query: its series, first and last year (both are in it)."""

    series: tuple[str, ...]
    first_year: int
    last_year: int


def queries(series: Sequence[str], first_year: int, last_year: int, limits: Limits) -> list[Query]:
    """Cover all series and years, the newest years first.

    Args:
        series: Ids; one named twice is asked once.
        first_year: First year wanted.
        last_year: Last year wanted, >= `first_year`.
        limits: What one query may hold.

    Returns:
        ceil(series / limits.series) x ceil(years / limits.years) queries.
    """
    known = tuple(dict.fromkeys(series))
    return [
        Query(known[start : start + limits.series], max(first_year, last - limits.years + 1), last)
        for last in range(last_year, first_year - 1, -limits.years)
        for start in range(0, len(known), limits.series)
    ]
