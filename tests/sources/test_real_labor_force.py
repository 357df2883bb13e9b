"""Real files of the Local Area Unemployment Statistics, against the figures of their README."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.sources.reading import rows_of


def county_rows(shared_data: Path, name: str) -> list[dict[str, Any]]:
    layout, rows = rows_of("bls_laus", shared_data / "bls_laus" / name)
    assert layout == "official_county"
    return rows


@pytest.mark.parametrize(
    ("name", "count", "labor_force", "unemployed", "dane", "released"),
    [
        ("laucnty17.xlsx", 3219, 3151915, 103670, "2.4", date(2018, 4, 20)),
        ("laucnty20_released_2023-04.xlsx", 3220, 3094725, 197300, "4.9", date(2023, 4, 21)),
        ("laucnty20_released_2024-04.xlsx", 3220, 3100677, 199721, "4.9", date(2024, 4, 19)),
        ("laucnty21.xlsx", 3220, 3099768, 118701, "2.9", date(2023, 4, 21)),
        ("laucnty22.xlsx", 3220, 3082135, 90082, "2.2", date(2023, 4, 21)),
    ],
)
def test_county_workbooks_of_every_header_say_what_their_readme_says(
    shared_data: Path,
    name: str,
    count: int,
    labor_force: int,
    unemployed: int,
    dane: str,
    released: date,
) -> None:
    rows = county_rows(shared_data, name)

    wisconsin = [row for row in rows if row["state_fips"] == "55"]
    by_county = {row["county_code"]: row for row in wisconsin}
    assert (len(rows), len(wisconsin)) == (count, 72)
    assert sum(row["labor_force_count"] for row in wisconsin) == labor_force
    assert sum(row["unemployed_count"] for row in wisconsin) == unemployed
    assert by_county["025"]["unemployment_rate_pct"] == Decimal(dane)
    assert {row["released_date"] for row in rows} == {released}
    for row in rows:
        if row["labor_force_count"] is not None:
            assert row["employed_count"] + row["unemployed_count"] == row["labor_force_count"]


def test_puerto_rico_of_2020_was_not_collected(shared_data: Path) -> None:
    rows = county_rows(shared_data, "laucnty20_released_2024-04.xlsx")

    absent = [row for row in rows if row["labor_force_count"] is None]
    assert len(absent) == 78
    assert {row["state_fips"] for row in absent} == {"72"}
    assert {row["unemployment_rate_pct_status"] for row in absent} == {"not_collected"}


def test_a_benchmark_revised_3087_labor_forces_and_663_rates(shared_data: Path) -> None:
    before, after = (
        {row["laus_area_code"]: row for row in county_rows(shared_data, name)}
        for name in ("laucnty20_released_2023-04.xlsx", "laucnty20_released_2024-04.xlsx")
    )

    assert before.keys() == after.keys()
    for column, count in (("labor_force_count", 3087), ("unemployment_rate_pct", 663)):
        assert sum(before[area][column] != after[area][column] for area in before) == count


def test_the_area_list_ends_its_rows_in_a_tab(shared_data: Path) -> None:
    layout, rows = rows_of("bls_laus", shared_data / "bls_laus" / "la.area")

    titles = {row["laus_area_code"]: row["area_title"] for row in rows}
    assert layout == "official_areas"
    assert len(rows) == 8258
    assert sum(code.startswith("CN55") for code in titles) == 72
    assert sum(row["laus_area_type_code"] == "F" for row in rows) == 3222
    assert len({row["laus_area_type_code"] for row in rows}) == 14
    assert titles["CN5502500000000"] == "Dane County, WI"
