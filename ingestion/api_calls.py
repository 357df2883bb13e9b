"""The book of calls to APIs with a daily budget: `ops.api_call`, written before each call.

A call that was begun counts, whatever became of it; where the publisher has said that the day's
budget is gone (others may share our address), nothing more is asked that day.
Flow: `sources/bls_api.py` -> `ops.api_call` -> the next call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from p20w.errors import QuotaExceeded
from p20w.ledger import metadata, now
from p20w.postgres import begin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ingestion.api_queries import Limits, Query
    from p20w.settings import Settings

CallState = Literal["answered", "refused", "over_quota"]

api_call = sa.Table(
    "api_call",
    metadata,
    sa.Column("api_call_id", sa.BigInteger, sa.Identity(always=False), primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("called_on", sa.Date, nullable=False),
    sa.Column("called_at", sa.TIMESTAMP(timezone=True), nullable=False),
    sa.Column("is_registered", sa.Boolean, nullable=False),
    sa.Column("series_count", sa.Integer, nullable=False),
    sa.Column("first_year", sa.Integer, nullable=False),
    sa.Column("last_year", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("messages", JSONB, nullable=False, server_default="[]"),
    sa.CheckConstraint("state in ('begun', 'answered', 'refused', 'over_quota')", name="state"),
    sa.Index(None, "source", "called_on"),
    comment="Calls to APIs that allow so many a day, with what they answered beside the data.",
)


@dataclass(frozen=True, slots=True)
class CallBook:
    """The calls of one source on one day.

    Attributes:
        settings: Where the ledger is.
        source: The source's stem.
        day: The day of the budget, UTC.
    """

    settings: Settings
    source: str
    day: date

    def open(self, query: Query, limits: Limits, *, is_registered: bool) -> int:
        """Write a call that is about to be made; returns its number.

        Raises:
            QuotaExceeded: The day's budget is used up: come back tomorrow.
        """
        of_day = (api_call.c.source == self.source, api_call.c.called_on == self.day)
        with begin(self.settings, "loader") as connection:
            states: list[str] = list(connection.scalars(sa.select(api_call.c.state).where(*of_day)))
            if len(states) >= limits.queries_a_day or "over_quota" in states:
                raise QuotaExceeded(
                    f"{self.source}: {len(states)} of {limits.queries_a_day} queries of"
                    f" {self.day.isoformat()} are used"
                    + (" and the publisher refuses more" if "over_quota" in states else "")
                    + ". The release before stays in use; the next run tries again on another day."
                    " A free registration key raises the budget.",
                    final=True,
                    used=len(states),
                )
            number = connection.scalar(
                sa.insert(api_call)
                .values(
                    source=self.source,
                    called_on=self.day,
                    called_at=now(),
                    is_registered=is_registered,
                    series_count=len(query.series),
                    first_year=query.first_year,
                    last_year=query.last_year,
                    state="begun",
                )
                .returning(api_call.c.api_call_id)
            )
        return int(number or 0)

    def close(self, number: int, state: CallState, messages: Sequence[str]) -> None:
        """Write what became of a call and what the publisher said beside the data."""
        with begin(self.settings, "loader") as connection:
            connection.execute(
                sa.update(api_call)
                .where(api_call.c.api_call_id == number)
                .values(state=state, messages=list(messages))
            )
