"""Real files of employment projections, against the figures of their README."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.sources.reading import rows_of, tables_of

OCCUPATION = "bls_ep_occupation_2024-2034.xlsx"
EDUCATION = "bls_ep_education_2023-2033.xlsx"
STATES = "projections_central_lt_all_29-1141_subset.json"


@pytest.fixture(scope="module")
def workbook(shared_data: Path) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    return tables_of("projections", shared_data / "projections" / OCCUPATION)


def by_code(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["soc_code"]: row for row in rows}


def test_one_workbook_feeds_two_tables_a_sheet_each(
    workbook: dict[str, tuple[str, list[dict[str, Any]]]],
) -> None:
    assert {name: layout for name, (layout, _) in workbook.items()} == {
        "ep_separations": "official_separations",
        "ep_occupations": "official_occupations",
    }


def test_separations_of_the_nation_are_those_of_table_1_10(
    workbook: dict[str, tuple[str, list[dict[str, Any]]]],
) -> None:
    rows = workbook["ep_separations"][1]
    nurses = by_code(rows)["29-1141"]

    assert len(rows) == 1113
    assert sum(row["occupation_type"] == "Line item" for row in rows) == 832
    assert by_code(rows)["00-0000"]["openings_thousands"] == Decimal("18863.3")
    assert nurses["openings_thousands"] == Decimal("189.1")
    assert nurses["projected_employment_thousands"] == Decimal("3557.1")
    assert nurses["soc_title"] == "Registered nurses"  # indented in the sheet
    assert {row["projection_period"] for row in rows} == {"2024\N{EN DASH}34"}


def test_openings_are_growth_a_year_and_separations_up_to_rounding(
    workbook: dict[str, tuple[str, list[dict[str, Any]]]],
) -> None:
    for row in workbook["ep_separations"][1]:
        parts = row["exits_thousands"] + row["transfers_thousands"]
        growth = row["employment_change_thousands"] / 10
        assert abs(parts - row["separations_thousands"]) <= Decimal("0.1")
        assert abs(growth + row["separations_thousands"] - row["openings_thousands"]) < 1


def test_a_dash_is_unavailable_and_a_top_wage_is_at_or_above_its_bound(
    workbook: dict[str, tuple[str, list[dict[str, Any]]]],
) -> None:
    rows = workbook["ep_occupations"][1]
    told = Counter(row["entry_education_status"] for row in rows)
    wages = Counter(row["annual_median_wage_usd_status"] for row in rows)

    assert len(rows) == 1113
    assert told == {"reported": 832, "not_applicable": 281}
    assert wages == {"reported": 1085, "top_coded": 19, "not_collected": 9}
    assert {row["projection_period"] for row in rows} == {"2024\N{EN DASH}2034"}
    assert by_code(rows)["29-1141"]["entry_education"] == "Bachelor's degree"


def test_median_wages_of_table_1_2_are_those_of_the_wage_survey(
    shared_data: Path, workbook: dict[str, tuple[str, list[dict[str, Any]]]]
) -> None:
    _, wages = rows_of("bls_oews", shared_data / "bls_oews" / "national_M2024_dl.xlsx")
    surveyed = {
        row["soc_code"]: row["annual_median_wage_usd"]
        for row in wages
        if row["occupation_group"] == "detailed"
        and row["annual_median_wage_usd_status"] == "reported"
    }

    projected = {
        code: row["annual_median_wage_usd"]
        for code, row in by_code(workbook["ep_occupations"][1]).items()
        if row["annual_median_wage_usd_status"] == "reported"
    }

    both = surveyed.keys() & projected.keys()
    assert sum(surveyed[code] == projected[code] for code in both) == 809
    assert len(both) == 809


def test_education_of_832_occupations_is_that_of_table_5_4(shared_data: Path) -> None:
    layout, rows = rows_of("projections", shared_data / "projections" / EDUCATION)

    assert layout == "official_education"
    assert len(rows) == 832
    assert sum(row["entry_education"] == "Bachelor's degree" for row in rows) == 178
    assert sum(row["on_the_job_training"] == "Apprenticeship" for row in rows) == 15
    assert {row["matrix_year"] for row in rows} == {2023}


def test_a_page_of_projections_central_is_text_and_names_the_nation_with_a_blank(
    shared_data: Path,
) -> None:
    path = shared_data / "projections" / STATES
    page = json.loads(path.read_text())

    layout, rows = rows_of("projections", path)

    states = {row["state_fips"]: row for row in rows}
    assert layout == "extract_page"
    assert (len(page["rows"]), page["pager"]["total_items"]) == (10, 55)
    assert page["rows"][0]["Area"] == " United States"
    assert len(rows) == 10
    assert states["00"]["area_title"] == "United States"
    assert states["01"]["area_title"] == "Alabama"
    assert states["55"]["openings_count"] == 3840
    assert states["55"]["base_employment_count"] == 66940
    assert {row["horizon_code"] for row in rows} == {"lt"}


def test_the_nation_of_both_publishers_is_one_figure_in_thousands_and_in_persons(
    shared_data: Path, workbook: dict[str, tuple[str, list[dict[str, Any]]]]
) -> None:
    _, rows = rows_of("projections", shared_data / "projections" / STATES)
    (nation,) = [row for row in rows if row["state_fips"] == "00"]
    nurses = by_code(workbook["ep_separations"][1])["29-1141"]

    for ours, theirs in (
        ("base_employment_count", "base_employment_thousands"),
        ("projected_employment_count", "projected_employment_thousands"),
        ("openings_count", "openings_thousands"),
    ):
        assert nation[ours] == nurses[theirs] * 1000
