"""Real public files under their contracts, against figures that their publishers or README state.

The facts are those of the data folder's README; where a figure was counted by hand, it says so.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from tests.sources.reading import rows_of


def test_the_crosswalk_has_its_6097_pairs(shared_data: Path) -> None:
    layout, rows = rows_of(
        "crosswalks", shared_data / "crosswalks" / "CIP2020_SOC2018_Crosswalk.xlsx"
    )

    assert layout == "official"
    assert len(rows) == 6097
    assert sum(row["soc_code"] == "99-9999" for row in rows) == 194
    assert sum(row["cip_code"] == "99.9999" for row in rows) == 180
    assert len({row["cip_code"] for row in rows} - {"99.9999"}) == 2142
    assert sum(row["soc_code"] == "29-1141" for row in rows) == 21


def test_national_wages_of_2024_keep_top_codes_and_suppressions_apart(shared_data: Path) -> None:
    layout, rows = rows_of("bls_oews", shared_data / "bls_oews" / "national_M2024_dl.xlsx")

    total = next(row for row in rows if row["occupation_group"] == "total")
    by_group = Counter()
    for row in rows:
        by_group[row["occupation_group"]] += row["employment_count"] or 0
    assert layout == "official_national"
    assert len(rows) == 1403
    assert total["employment_count"] == by_group["major"] == 154187380
    assert by_group["detailed"] == 154186300
    assert Counter(row["annual_p90_wage_usd_status"] for row in rows)["top_coded"] == 72
    assert Counter(row["hourly_mean_wage_usd_status"] for row in rows)["suppressed_at_source"] == 83
    assert all(
        row["annual_p90_wage_usd"] is None
        for row in rows
        if row["annual_p90_wage_usd_status"] != "reported"
    )
    nurses = [row for row in rows if row["soc_code"] == "29-1141"]
    assert [row["employment_count"] for row in nurses] == [3282010]
    assert {row["vintage_year"] for row in rows} == {2024}
    assert {row["location_quotient_status"] for row in rows} == {"not_applicable"}


def test_state_wages_of_2015_are_an_extract_with_old_headers(shared_data: Path) -> None:
    layout, rows = rows_of(
        "bls_oews", shared_data / "bls_oews" / "state_M2015_dl_extract_WI_MN_IA.csv"
    )

    wisconsin = [row for row in rows if row["area_code"] == "55"]
    total = next(row for row in wisconsin if row["soc_code"] == "00-0000")
    welders = next(row for row in wisconsin if row["soc_code"] == "51-4121")
    assert layout == "extract_state_2015"
    assert (len(rows), len(wisconsin)) == (2294, 781)
    assert total["employment_count"] == 2771600
    assert welders["annual_median_wage_usd"] == Decimal(39240)
    lost = [row for row in rows if row["employment_rse_percent_status"] == "suppressed_at_source"]
    assert len(lost) == 72
    assert {row["employment_count_status"] for row in lost} == {"missing"}
    assert {row["industry_employment_percent_status"] for row in rows} == {"never_collected"}


def test_state_wages_of_2023_get_their_area_codes_zeros_back(shared_data: Path) -> None:
    layout, rows = rows_of(
        "bls_oews", shared_data / "bls_oews" / "OEWS_2023_states_19col_subset.csv"
    )

    wisconsin = [row for row in rows if row["area_code"] == "55"]
    majors = [row for row in wisconsin if row["occupation_group"] == "major"]
    assert layout == "extract_state_subset"
    assert (len(rows), len(wisconsin)) == (2278, 46)
    assert {row["area_code"] for row in rows if row["area_title"] == "Alabama"} == {"01"}
    assert sum(row["employment_count"] for row in majors) == 2885980
    assert {row["annual_p90_wage_usd_status"] for row in rows} == {"never_collected"}


@pytest.mark.parametrize(
    ("name", "year", "count", "wisconsin", "connecticut"),
    [
        ("HD2021.zip", 2021, 6289, 91, "09009"),
        ("HD2022.zip", 2022, 6256, 90, "09170"),
        ("hd2023.csv.gz", 2023, 6163, 89, "09170"),
    ],
)
def test_institutions_of_every_year_have_whole_codes(
    shared_data: Path, name: str, year: int, count: int, wisconsin: int, connecticut: str
) -> None:
    layout, rows = rows_of("ipeds", shared_data / "ipeds" / name)

    by_id = {row["unitid"]: row for row in rows}
    assert layout == "official"
    assert len(rows) == count
    assert sum(row["state_abbreviation"] == "WI" for row in rows) == wisconsin
    assert by_id["238263"]["opeid"] == "00400700"
    assert next(row for row in rows if row["state_abbreviation"] == "CT")["county_fips"] == (
        connecticut
    )
    assert {row["collection_year"] for row in rows} == {year}
    assert {row["state_fips"] for row in rows if row["state_abbreviation"] == "AL"} == {"01"}
    assert not {"CHFNM", "chief_name"} & set(rows[0])


def test_names_in_windows_1252_and_in_utf8_read_alike(shared_data: Path) -> None:
    _, old = rows_of("ipeds", shared_data / "ipeds" / "HD2022.zip")
    _, new = rows_of("ipeds", shared_data / "ipeds" / "hd2023.csv.gz")

    for rows in (old, new):
        by_id = {row["unitid"]: row for row in rows}
        assert by_id["449135"]["institution_name"] == "Dewey University-Juana Díaz"
        assert by_id["187620"]["county_name"] == "Doña Ana County"


@pytest.mark.parametrize(
    ("year", "count", "totals", "awards", "nurses"),
    [
        (2021, 37066, 2183, 575812, 4687),
        (2022, 37721, 2189, 576038, 4737),
        (2023, 37930, 2194, 580088, 4605),
    ],
)
def test_completions_extracts_add_up_to_their_grand_totals(
    shared_data: Path, year: int, count: int, totals: int, awards: int, nurses: int
) -> None:
    layout, rows = rows_of(
        "ipeds", shared_data / "ipeds" / f"c{year}_a_extract_WI_MN_IA_IL_MI.csv.gz"
    )
    wisconsin = {
        row["unitid"]
        for name in ("HD2021.zip", "HD2022.zip", "hd2023.csv.gz")
        for row in rows_of("ipeds", shared_data / "ipeds" / name)[1]
        if row["state_abbreviation"] == "WI"
    }

    grand = [row for row in rows if row["cip_code"] == "99"]
    programs = [row for row in rows if len(row["cip_code"]) == 7]
    assert layout == "extract"
    assert (len(rows), len(grand)) == (count, totals)
    assert sum(row["award_count"] for row in grand) == awards
    assert sum(row["award_count"] for row in programs) == awards
    assert (
        sum(
            row["award_count"]
            for row in programs
            if row["unitid"] in wisconsin and row["cip_code"] == "51.3801"
        )
        == nurses
    )
    assert {row["award_white_count_status"] for row in rows} == {"never_collected"}
    assert {"20", "21"} <= {row["award_level_code"] for row in rows}
    assert {row["collection_year"] for row in rows} == {year}
