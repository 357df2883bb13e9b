"""Lists of metropolitan and micropolitan areas; no real one is at hand."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.decode import decode
from ingestion.landing import LandedFile
from ingestion.load import file_constants
from ingestion.registry import source
from p20w.errors import ContractViolation
from p20w.synthetic.render import geo
from p20w.synthetic.state import build_state
from p20w.synthetic.wire import WHOLE, Edit, Row, xlsx_bytes
from tests.sources.reading import rows_of

HEADER = (
    *("CBSA Code", "Metropolitan Division Code", "CSA Code", "CBSA Title"),
    *("Metropolitan/Micropolitan Statistical Area", "Metropolitan Division Title", "CSA Title"),
    *("County/County Equivalent", "State Name", "FIPS State Code", "FIPS County Code"),
    "Central/Outlying County",
)
TITLE = ["List 1. CORE BASED STATISTICAL AREAS (CBSAs), METROPOLITAN DIVISIONS, JULY 2023"]
NOTES: list[Row] = [
    ["Note: The 2020 Standards for Delineating Core Based Statistical Areas tell what they are."],
    ["Source: File prepared by U.S. Census Bureau, Population Division, July 2023"],
]


def county(name: str, state: str | int, code: str | int, kind: str = "Metropolitan") -> list[Any]:
    return [
        *("28450", None, None, "Kenosha, WI", f"{kind} Statistical Area", None, None),
        *(name, "Wisconsin", state, code, "Central"),
    ]


def workbook(
    folder: Path,
    rows: list[list[Any]],
    edit: Edit = WHOLE,
    above: tuple[Row, ...] = (TITLE, [None]),
) -> Path:
    path = folder / "list1_2023.xlsx"
    path.write_bytes(xlsx_bytes(edit, [("List 1", HEADER, rows)], above=above, below=NOTES))
    return path


def counties() -> list[list[Any]]:
    return [county(f"County {code:03d}", "17", f"{code:03d}") for code in range(1, 60, 2)]


def synthetic_rows(folder: Path, vintage: int) -> list[dict[str, Any]]:
    file = geo.files(build_state(40, 7))[f"list1_{vintage}.xlsx"]
    path = folder / file.name
    path.write_bytes(file.render(WHOLE))
    layout, rows = rows_of("geo", path, synthetic=True)
    assert layout == "synthetic_cbsa_counties"
    return rows


def test_titles_and_notes_are_no_counties_and_lost_zeros_come_back(tmp_path: Path) -> None:
    rows = [*counties(), county("Autauga County", 1, 1), county("Kenosha County", "55", "059")]

    _, found = rows_of("geo", workbook(tmp_path, rows), synthetic=True)

    assert len(found) == 32
    assert {row["cbsa_vintage"] for row in found} == {2023}
    assert [row["state_fips"] + row["county_code"] for row in found[-2:]] == ["01001", "55059"]
    assert found[-1]["metropolitan_division_code"] is None


@pytest.mark.parametrize(
    ("edit", "above", "message"),
    [
        (Edit(rename=("FIPS County Code", "County Code")), (TITLE, [None]), "FIPS County Code"),
        (Edit(drop="Central/Outlying County"), (TITLE, [None]), "Central/Outlying County"),
        (WHOLE, (TITLE,), "the columns are not those"),
    ],
    ids=["renamed column", "lost column", "header in another row"],
)
def test_a_list_of_another_form_is_refused(
    tmp_path: Path, edit: Edit, above: tuple[Row, ...], message: str
) -> None:
    path = workbook(tmp_path, counties(), edit, above)

    with pytest.raises(ContractViolation, match=message):
        rows_of("geo", path, synthetic=True)


def test_a_county_of_an_unknown_kind_of_area_is_kept_out(tmp_path: Path) -> None:
    path = workbook(tmp_path, [*counties(), county("Kenosha County", "55", "059", kind="Rural")])
    contract = source("geo").contract
    landed = LandedFile("geo", "test", path.name, str(path), "", "", 0, datetime.now(UTC))

    with source("geo").module.read(landed, contract) as (part,):
        (claim,) = part.feeds
        constants = file_constants(claim.table, part)
        (batch,) = part.open()
        result = decode(claim.table, claim.layout, batch, constants, 1)

    assert [(one.column, one.value) for one in result.rejected] == [
        ("cbsa_type", "Rural Statistical Area")
    ]


def test_kenosha_is_in_chicagos_area_to_2017_and_in_its_own_in_2023(tmp_path: Path) -> None:
    before, after = (synthetic_rows(tmp_path, vintage) for vintage in (2017, 2023))

    kenosha = [
        (row["cbsa_code"], row["metropolitan_division_code"])
        for rows in (before, after)
        for row in rows
        if row["county_code"] == "059"
    ]
    metropolitan = [row for row in after if row["cbsa_type"].startswith("Metropolitan")]
    assert kenosha == [("16980", "29404"), ("28450", None)]
    # 72 counties but the 46 of the survey's nonmetropolitan areas; Vernon joins La Crosse.
    assert Counter(row["cbsa_type"] for row in before)["Metropolitan Statistical Area"] == 26
    assert len(metropolitan) == 27
    assert len({row["cbsa_code"] for row in metropolitan}) == 15
