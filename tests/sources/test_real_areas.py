"""Real lists of areas, against the figures of their README."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from p20w.errors import ContractViolation
from tests.sources.reading import rows_of, tables_of


def area_rows(shared_data: Path, name: str, layout: str) -> list[dict[str, Any]]:
    ((found, rows),) = tables_of("geo", shared_data / "geo" / name).values()
    assert found == layout
    return rows


def definitions(shared_data: Path) -> list[dict[str, Any]]:
    return area_rows(shared_data, "oews_area_definitions_m2021.xlsx", "official_oews_areas")


def test_nineteen_areas_of_the_wage_survey_touch_the_72_counties(shared_data: Path) -> None:
    rows = definitions(shared_data)

    wisconsin = [row for row in rows if row["state_fips"] == "55"]
    chicago = [row["county_name"] for row in wisconsin if row["area_code"] == "16980"]
    assert len(rows) == 4937
    assert {row["area_vintage"] for row in rows} == {2021}
    assert len({row["county_code"] for row in wisconsin}) == len(wisconsin) == 72
    assert len({row["area_code"] for row in wisconsin}) == 19
    assert sum(row["area_code"].startswith("5500") for row in wisconsin) == 46
    assert chicago == ["Kenosha County"]


def test_codes_of_areas_lose_their_padding_and_nothing_else(shared_data: Path) -> None:
    lengths = Counter(len(row["area_code"]) for row in definitions(shared_data))

    # Counted in the sheet: 1,908 codes padded to seven signs and two that are not; 3,027 of seven.
    assert lengths == {5: 1910, 7: 3027}


def test_new_england_is_listed_by_township(shared_data: Path) -> None:
    rows = definitions(shared_data)

    assert {row["state_code"] for row in rows if row["township_code"] != "000"} == {
        *("CT", "MA", "ME", "NH", "RI", "VT")
    }


def test_a_letter_of_code_page_437_fails_nothing(shared_data: Path) -> None:
    rows = area_rows(shared_data, "oflc_Geography_2020-21.csv", "official_oflc_areas")

    assert len(rows) == 4991
    assert sum(row["state_code"] == "WI" for row in rows) == 72
    assert {row["area_title"] for row in rows if row["area_code"] == "32420"} == {"Mayagüuez, PR"}
    assert sum(len(row["area_code"]) == 6 for row in rows) == 216
    assert sum(not row["area_title"].isascii() for row in rows) == 2


def test_both_lists_of_areas_say_the_same_of_wisconsin(shared_data: Path) -> None:
    by_name = {
        row["county_name"]: row["area_code"]
        for row in area_rows(shared_data, "oflc_Geography_2020-21.csv", "official_oflc_areas")
        if row["state_code"] == "WI"
    }

    defined = {
        row["county_name"]: row["area_code"]
        for row in definitions(shared_data)
        if row["state_fips"] == "55"
    }
    assert by_name == defined


def test_a_county_number_of_the_states_own_is_not_the_federal_code(shared_data: Path) -> None:
    rows = area_rows(shared_data, "wi_counties_dnr.csv", "official_counties")

    menominee = next(row for row in rows if row["county_name"] == "Menominee")
    assert len(rows) == 72
    assert sum(int(row["county_code"]) for row in rows) == 5119
    assert (menominee["county_code"], menominee["dnr_county_number"]) == ("078", 40)


def test_two_districts_have_one_federal_number(shared_data: Path) -> None:
    rows = area_rows(shared_data, "wi_school_districts_cesa_leaid.csv", "official_school_districts")

    numbers = Counter(row["leaid"] for row in rows)
    assert len(rows) == 368
    assert next(row["leaid"] for row in rows if row["district_code"] == "3619") == "5509600"
    assert sum(row["cesa_number"] == "6" for row in rows) == 34
    assert [number for number, times in numbers.items() if times > 1] == ["5513050"]
    assert {row["district_code"] for row in rows if row["leaid"] == "5513050"} == {"2422", "4893"}


def test_the_note_beside_the_dropped_lists_is_no_list(shared_data: Path) -> None:
    """It says which edition of O*NET the package's two lists are of: 25.0, in 24 lines."""
    note = (shared_data / "geo" / "oflc_readme_2020-21.txt").read_text()

    assert len(note.splitlines()) == 24
    assert "O*Net 25.0" in note
    with pytest.raises(ContractViolation, match="fits no layout"):
        rows_of("geo", shared_data / "geo" / "oflc_readme_2020-21.txt")
