"""Vintages of a published night: what contracts promise, what publishers say of their files."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from expectations.subject import read_contracts
from p20w.postgres import connect
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration


def rows(night: Night, statement: str) -> list[tuple[Any, ...]]:
    with connect(night.settings, "owner") as connection:
        return connection.execute(statement).fetchall()


def test_sources_are_described_as_their_contracts_say(night: Night) -> None:
    found = rows(
        night,
        "select source_name, publisher, licence, landing_page, source_access, ask_schedule,"
        " freshness_days, release_rule from core.dim_source order by source_name",
    )

    assert found == [
        (
            *(one.name, one.meta.publisher, one.meta.licence, one.meta.landing_page),
            *(one.meta.access, one.meta.schedule, one.meta.freshness_days, one.meta.each_release),
        )
        for one in sorted(read_contracts(), key=lambda one: one.name)
    ]


def test_every_input_has_a_row_and_files_of_people_are_numbered(night: Night) -> None:
    inputs = rows(
        night,
        f"select source, count(*) from ops.run_input where run_id = {night.run_id} group by source",
    )
    shown = rows(
        night, "select source_name, count(*) from marts.mart_vintages group by source_name"
    )
    of_people = rows(
        night,
        "select count(*), count(*) filter (where file_name like 'file %'"
        " and period_status = 'not_collected' and last_period_date is null)"
        " from marts.mart_vintages where source_name in ('edfi', 'nsc')",
    )

    assert dict(shown) == dict(inputs)
    assert of_people[0][0] == of_people[0][1] > 0


# The synthetic publisher changed its wage files of May 2024 on 2 April 2025; 450 days later is due.
def test_the_next_is_due_by_the_publishers_own_day(night: Night) -> None:
    found = rows(
        night,
        "select published_date, last_period_date, next_due_date, is_newest_release, stamp"
        " from marts.mart_vintages where file_name = 'oesm24st.zip'",
    )

    assert found == [(date(2025, 4, 2), date(2024, 5, 1), date(2026, 6, 26), True, "SYNTHETIC")]
