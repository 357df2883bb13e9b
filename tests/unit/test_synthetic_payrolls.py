"""Synthetic payrolls: honest totals, LABSTAT's own wire format, what the contract keeps."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from p20w.synthetic.payrolls import SUPERSECTORS
from p20w.synthetic.render import bls_ces
from p20w.synthetic.state import SyntheticState, build_state
from p20w.synthetic.wire import WHOLE
from tests.sources.reading import rows_of


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(300, 5)


@pytest.fixture
def rows(state: SyntheticState, tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / bls_ces.DATA_FILE
    path.write_bytes(bls_ces.files(state)[bls_ces.DATA_FILE].render(WHOLE))
    return rows_of("bls_ces", path, synthetic=True)[1]


def test_lines_are_padded_and_end_in_an_empty_footnote(state: SyntheticState) -> None:
    text = bls_ces.files(state)[bls_ces.DATA_FILE].render(WHOLE).decode()
    header, first = text.splitlines()[:2]

    assert header == "series_id\tyear\tperiod\tvalue\tfootnote_codes"
    assert first.split("\t")[:3] == ["SMU55000000000000001".ljust(30), "2021", "M01"]
    assert len(first.split("\t")[3]) == 12
    assert first.endswith("\t")


def test_contract_keeps_the_jobs_of_the_state_and_no_hours_and_no_metropolitan_area(
    state: SyntheticState, rows: list[dict[str, Any]]
) -> None:
    text = bls_ces.files(state)[bls_ces.DATA_FILE].render(WHOLE).decode()

    assert "SMU55000000500000002" in text
    assert "SMU55315400000000001" in text
    kept = Counter(row["series_id"] for row in rows)
    assert {series[5:10] + series[-2:] for series in kept} == {"0000001"}
    # Five years of twelve months; annual averages stand in the unadjusted series alone.
    assert {series[2]: count for series, count in kept.items()} == {"U": 65, "S": 60}


def test_total_nonfarm_is_the_sum_of_the_supersectors_and_october_2025_is_there(
    rows: list[dict[str, Any]],
) -> None:
    october = {
        row["series_id"][10:18]: row["jobs_thousands"]
        for row in rows
        if row["series_id"].startswith("SMS")
        and (row["calendar_year"], row["period_code"]) == (2025, "M10")
    }

    assert sum(october[one.code] for one in SUPERSECTORS) == october["00000000"]
    assert october["05000000"] == october["00000000"] - october["90000000"]
    assert Decimal(2900) < october["00000000"] < Decimal(3200)


def test_only_the_last_two_months_are_preliminary(rows: list[dict[str, Any]]) -> None:
    marked = {
        (row["calendar_year"], row["period_code"]) for row in rows if row["footnote_codes"] == "P"
    }

    assert marked == {(2025, "M11"), (2025, "M12")}
