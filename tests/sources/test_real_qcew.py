"""Real files of the Quarterly Census of Employment and Wages, against their README's figures.

They are slices, so no row is left out: the nation's rows and undisclosed cells can be counted.
"""

from __future__ import annotations

import gzip
import zipfile
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ingestion.landing import LandedFile
from ingestion.readers import read_file
from ingestion.registry import source
from ingestion.selection import filtered, wanted
from tests.sources.reading import rows_of

ISLANDS = ("72000", "78000")
FIGURES = (
    "month1_employment_count",
    "month2_employment_count",
    "month3_employment_count",
    "total_wage_usd",
    "taxable_wage_usd",
    "contribution_usd",
    "weekly_mean_wage_usd",
)
PRIVATE_SUPERSECTORS = tuple(f"10{number}" for number in (12, 13, 21, 22, 23, 24, 25, 26, 27, 29))


def slice_rows(shared_data: Path, quarter: int, industry: str) -> list[dict[str, Any]]:
    name = f"qcew_2023_{quarter}_industry_{industry}.csv.gz"
    layout, rows = rows_of("bls_qcew", shared_data / "bls_qcew" / name)
    assert layout == "official_slice"
    return rows


def only(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    (found,) = [row for row in rows if all(row[key] == one for key, one in wanted.items())]
    return found


@pytest.mark.parametrize(
    ("quarter", "undisclosed", "wisconsin", "establishments", "nation", "dane"),
    [
        (1, 314, 2880985, 194912, 151569737, 1415),
        (2, 351, 2980112, 197768, 154459630, 1323),
    ],
)
def test_all_industries_of_a_quarter_add_up_from_counties_to_the_nation(
    shared_data: Path,
    quarter: int,
    undisclosed: int,
    wisconsin: int,
    establishments: int,
    nation: int,
    dane: int,
) -> None:
    rows = slice_rows(shared_data, quarter, "10")

    state = only(rows, area_fips="55000", ownership_code="0")
    levels: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        levels.setdefault(row["aggregation_level_code"], []).append(row)
    assert len(rows) == 19252
    assert len(levels) == 16
    assert sum(row["disclosure_code"] == "N" for row in rows) == undisclosed
    assert state["month3_employment_count"] == wisconsin
    assert state["establishment_count"] == establishments
    counties = [row for row in levels["70"] if row["area_fips"].startswith("55")]
    assert len(counties) == 73
    assert sum(row["month3_employment_count"] for row in counties) == wisconsin
    states = [row for row in levels["50"] if row["area_fips"] not in ISLANDS]
    assert sum(row["month3_employment_count"] for row in states) == nation
    whole = only(rows, area_fips="US000", aggregation_level_code="10")
    assert whole["month3_employment_count"] == nation
    assert (
        only(rows, area_fips="55025", aggregation_level_code="70")["weekly_mean_wage_usd"] == dane
    )


@pytest.mark.parametrize(
    ("quarter", "industry", "count", "undisclosed", "ownership", "employment"),
    [
        (1, "1012", 6465, 1475, "5", 125002),
        (1, "1013", 3852, 421, "5", 473807),
        (1, "1021", 10027, 670, "5", 541008),
        (1, "1022", 5939, 1503, "5", 46458),
        (1, "1023", 5550, 734, "5", 152943),
        (1, "1024", 6818, 830, "5", 324855),
        (1, "1025", 10099, 1117, "5", 438963),
        (1, "1026", 6406, 812, "5", 262561),
        (1, "1027", 5105, 779, "5", 77487),
        (1, "1028", 9685, 615, "3", 92221),
        (1, "1029", 2159, 207, "5", 25814),
        (2, "1012", 6465, 1466, "5", 144032),
        (2, "1013", 3852, 428, "5", 478960),
        (2, "1021", 10027, 672, "5", 551704),
    ],
)
def test_supersectors_say_what_their_readme_says(
    shared_data: Path,
    quarter: int,
    industry: str,
    count: int,
    undisclosed: int,
    ownership: str,
    employment: int,
) -> None:
    rows = slice_rows(shared_data, quarter, industry)

    assert len(rows) == count
    assert sum(row["disclosure_code"] == "N" for row in rows) == undisclosed
    state = only(rows, area_fips="55000", ownership_code=ownership)
    assert state["month3_employment_count"] == employment


def test_public_administration_has_no_private_rows(shared_data: Path) -> None:
    rows = slice_rows(shared_data, 1, "1028")

    assert [row for row in rows if row["ownership_code"] == "5"] == []


def test_natural_resources_and_mining_are_what_the_ten_other_supersectors_leave(
    shared_data: Path,
) -> None:
    def employment(industry: str) -> int:
        rows = slice_rows(shared_data, 1, industry)
        found: int = only(rows, area_fips="55000", ownership_code="5")["month3_employment_count"]
        return found

    assert employment("10") - sum(map(employment, PRIVATE_SUPERSECTORS)) == 29596


def test_undisclosed_cells_are_empty_and_their_establishments_stay(shared_data: Path) -> None:
    rows = slice_rows(shared_data, 1, "1012")

    hidden = [row for row in rows if row["disclosure_code"] == "N"]
    assert {row[name] for row in hidden for name in FIGURES} == {None}
    told = {row[f"{name}_status"] for row in hidden for name in FIGURES}
    assert told == {"suppressed_at_source"}
    # Counted in the file: Alabama's local governments have four construction establishments.
    alabama = only(rows, area_fips="01000", ownership_code="3")
    assert alabama["establishment_count"] > 0
    shown = [row for row in rows if row["disclosure_code"] is None]
    assert {row[f"{name}_status"] for row in shown for name in FIGURES} == {"reported"}


def test_a_dash_is_a_cell_without_establishments_whose_zeros_are_true(shared_data: Path) -> None:
    # Counted with grep: 26 rows of the slice have a dash, all of them with zeros throughout.
    rows = slice_rows(shared_data, 1, "1012")

    empty = [row for row in rows if row["disclosure_code"] == "-"]
    assert len(empty) == 26
    assert {row["establishment_count"] for row in empty} == {0}
    assert {row["month3_employment_count"] for row in empty} == {0}
    assert {row["month3_employment_count_status"] for row in empty} == {"reported"}
    assert {row["weekly_mean_wage_usd_status"] for row in empty} == {"not_applicable"}


def test_quotients_and_changes_have_disclosure_codes_of_their_own(shared_data: Path) -> None:
    # Counted with awk over the file: 1501 and 1601 rows, of which 1475 are undisclosed themselves.
    rows = slice_rows(shared_data, 1, "1012")

    states = Counter(row["month3_employment_quotient_status"] for row in rows)
    changes = Counter(row["month3_employment_change_pct_status"] for row in rows)
    assert states == {"reported": 4964, "suppressed_at_source": 1501}
    assert changes == {"reported": 4864, "suppressed_at_source": 1601}
    alabama = only(rows, area_fips="01000", ownership_code="5")
    assert alabama["establishment_quotient"] == Decimal("1.00")


def test_wisconsins_published_quotient_follows_from_employment_and_total_covered(
    shared_data: Path,
) -> None:
    manufacturing = slice_rows(shared_data, 1, "1013")
    everything = slice_rows(shared_data, 1, "10")

    def employment(rows: list[dict[str, Any]], area: str, ownership: str) -> int:
        found: int = only(rows, area_fips=area, ownership_code=ownership)["month3_employment_count"]
        return found

    state = employment(manufacturing, "55000", "5") / employment(everything, "55000", "0")
    nation = employment(manufacturing, "US000", "5") / employment(everything, "US000", "0")
    published = only(manufacturing, area_fips="55000", ownership_code="5")
    assert float(published["month3_employment_quotient"]) == pytest.approx(
        state / nation, abs=0.005
    )


def test_an_annual_slice_written_again_as_floats_is_read(shared_data: Path) -> None:
    path = shared_data / "bls_qcew" / "api_area_annual_oh" / "morpc-qcew-2022-a-39041.csv"
    layout, rows = rows_of("bls_qcew", path)

    def total(level: str, ownership: str | None = None) -> int:
        return sum(
            row["average_employment_count"] or 0
            for row in rows
            if row["aggregation_level_code"] == level and ownership in {None, row["ownership_code"]}
        )

    assert layout == "official_slice"
    assert len(rows) == 1571
    assert total("70") == total("71") == 92493
    assert total("74", "5") == 83166
    assert sum(row["disclosure_code"] == "N" for row in rows) == 686


def test_a_county_of_2016_with_titles_and_old_names_is_read(shared_data: Path) -> None:
    name = "2016.q1-q4_34037_Sussex_County_New_Jersey.csv.gz"
    path = shared_data / "bls_qcew" / "by_area_nj" / name
    layout, rows = rows_of("bls_qcew", path)

    first = [row for row in rows if row["quarter_code"] == "1"]
    by_owner = [row for row in first if row["aggregation_level_code"] == "71"]
    with gzip.open(path, "rt") as lines:
        assert len(lines.readline().split(",")) == 47
    assert layout == "official_area"
    assert len(rows) == 5516
    assert only(first, aggregation_level_code="70")["month3_employment_count"] == 38650
    assert sum(row["month3_employment_count"] or 0 for row in by_owner) == 31263
    assert sum(row["disclosure_code"] == "N" for row in rows) == 3140


@pytest.mark.parametrize(
    ("stem", "count", "code", "title"),
    [
        ("agglevel", 56, "73", "County, by Supersector -- by ownership sector"),
        ("area", 4723, "55999", "Unknown Or Undefined, Wisconsin"),
        ("industry", 2469, "1013", "Manufacturing"),
        ("ownership", 8, "5", "Private"),
        ("size", 10, "9", "1000 or more employees per establishment"),
    ],
)
def test_titles_are_read_as_text(
    shared_data: Path, stem: str, count: int, code: str, title: str
) -> None:
    path = shared_data / "bls_qcew" / "titles" / f"{stem}_titles.csv"
    layout, rows = rows_of("bls_qcew", path)

    pairs = dict(list(row.values())[:2] for row in rows)
    assert layout == f"official_{stem}"
    assert len(pairs) == count
    assert pairs[code] == title


def test_area_codes_are_text_of_five_signs(shared_data: Path) -> None:
    _, rows = rows_of("bls_qcew", shared_data / "bls_qcew" / "titles" / "area_titles.csv")

    codes = {row["area_fips"] for row in rows}
    assert {"US000", "C3334", "CS176"} <= codes
    assert sum(code.startswith("55") for code in codes) == 78


def test_of_a_single_file_the_state_its_counties_and_the_nation_are_taken(
    shared_data: Path, tmp_path: Path
) -> None:
    # Two slices of a quarter, packed as the publisher packs a year. Counted with grep: 377 rows of
    # all industries and 84 of manufacturing are of 55xxx or US000.
    packed = tmp_path / "2023_qtrly_singlefile.zip"
    text = b""
    for industry in ("10", "1013"):
        name = f"qcew_2023_1_industry_{industry}.csv.gz"
        with gzip.open(shared_data / "bls_qcew" / name) as lines:
            header, _, rows = lines.read().partition(b"\r\n")
        text += rows if text else header + b"\r\n" + rows
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2023.q1-q1.singlefile.csv", text)
    landed = LandedFile(
        "bls_qcew", "2023_qtrly", packed.name, str(packed), "", "", 0, datetime.now(UTC)
    )

    taken: list[str] = []
    with read_file(landed, source("bls_qcew").contract) as (part,):
        (claim,) = part.feeds
        for batch in part.open():
            mask = wanted(claim.layout, batch)
            assert mask is not None
            taken += filtered(batch, mask).text("area_fips").to_pylist()

    assert claim.layout.name == "official_single"
    assert len(taken) == 377 + 84
    assert {code[:2] for code in taken} == {"55", "US"}
