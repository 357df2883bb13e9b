"""The invented employment census: honest sums, honest secrets, the publisher's layout."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import defaultdict

import pytest

from p20w.synthetic.industry_employment import LINES, STATE, UNKNOWN, quarter_of, year_of
from p20w.synthetic.render import bls_qcew
from p20w.synthetic.state import SyntheticState, build_state
from p20w.synthetic.wire import WHOLE

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(100, 5)


@pytest.fixture(scope="module")
def quarters(state: SyntheticState) -> Rows:
    return rows_of(state, "data/files/2024/csv/2024_qtrly_singlefile.zip")


def rows_of(state: SyntheticState, name: str) -> Rows:
    content = bls_qcew.files(state)[name].render(WHOLE)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (member,) = archive.namelist()
        return list(csv.DictReader(io.StringIO(archive.read(member).decode("ascii"))))


def test_a_quarter_has_the_42_columns_of_the_publisher_and_a_year_38(
    state: SyntheticState, quarters: Rows
) -> None:
    years = rows_of(state, "data/files/2023/csv/2023_annual_singlefile.zip")

    assert len(quarters[0]) == 42
    assert len(years[0]) == 38
    assert {row["qtr"] for row in quarters} == {"1", "2", "3", "4"}
    assert {row["qtr"] for row in years} == {"A"}


def test_counties_and_the_unknown_one_make_the_state(quarters: Rows) -> None:
    jobs: dict[str, int] = defaultdict(int)
    for row in quarters:
        if row["qtr"] == "3" and row["own_code"] == "0":
            place = row["area_fips"] if row["agglvl_code"] == "50" else row["agglvl_code"]
            jobs[place] += int(row["month2_emplvl"])

    assert jobs["55000"] == jobs["70"] > 1_000_000


def test_withheld_cells_are_zeros_with_establishments_and_empty_ones_have_none(
    quarters: Rows,
) -> None:
    withheld = [row for row in quarters if row["disclosure_code"] == "N"]
    empty = [row for row in quarters if row["disclosure_code"] == "-"]

    assert withheld
    assert empty
    assert {row["month1_emplvl"] for row in withheld + empty} == {"0"}
    assert {row["total_qtrly_wages"] for row in withheld + empty} == {"0"}
    assert all(int(row["qtrly_estabs"]) > 0 for row in withheld)
    assert {row["qtrly_estabs"] for row in empty} == {"0"}


def test_no_withheld_cell_can_be_told_from_the_cell_above_it() -> None:
    year = year_of(5, 2024)

    lonely = 0
    for above in range(len(LINES)):
        parts = [place for place, line in enumerate(LINES) if line.above == above]
        if not parts or LINES[parts[0]].depth < 3:
            continue
        for county in range(UNKNOWN):
            there = [one for one in parts if year.establishments[county, one] > 0]
            hidden = [one for one in there if year.hidden[county, one]]
            told_above = not year.hidden[county, above]
            lonely += told_above and len(hidden) == 1
    assert lonely == 0


def test_industries_have_the_codes_of_their_years_version(state: SyntheticState) -> None:
    def codes(year: int) -> set[str]:
        rows = rows_of(state, f"data/files/{year}/csv/{year}_annual_singlefile.zip")
        return {row["industry_code"] for row in rows}

    assert codes(2021) - codes(2022) == {"511", "519"}
    assert codes(2022) - codes(2021) == {"513", "516"}


def test_a_year_is_the_mean_of_its_months(state: SyntheticState) -> None:
    months = [quarter_of(state.seed, 2024, quarter).jobs[:, STATE, 0] for quarter in (1, 2, 3, 4)]

    mean = sum(int(one) for quarter in months for one in quarter) / 12
    assert abs(int(year_of(state.seed, 2024).jobs[STATE, 0]) - mean) < 1
