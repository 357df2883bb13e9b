"""The geography seeds: counties, workforce areas and regions of Wisconsin, counted by hand."""

from __future__ import annotations

import csv
from collections import Counter

from p20w.dbt_runner import PROJECT

WORKFORCE_AREA_SIZES = (3, 1, 3, 6, 11, 9, 10, 9, 8, 6, 6)
COUNTIES = 72
MENOMINEE = "55078"  # the one even county code of the state


def rows(seed: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / "geography" / f"{seed}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def members(scheme: str) -> list[dict[str, str]]:
    return [row for row in rows("region_counties") if row["region_scheme"] == scheme]


def test_the_state_has_72_counties_with_their_federal_codes() -> None:
    codes = {row["county_fips"] for row in rows("counties")}

    odd = {f"55{number:03d}" for number in range(1, 142, 2)}
    assert codes == odd | {MENOMINEE}
    assert len(codes) == COUNTIES


def test_the_state_agencys_county_numbers_run_from_1_to_72() -> None:
    numbers = sorted(row["county_code_dpi"] for row in rows("counties"))

    assert numbers == [f"{number:02d}" for number in range(1, COUNTIES + 1)]


def test_each_county_is_in_exactly_one_workforce_area() -> None:
    area_of = {row["county_fips"]: row["workforce_area_code"] for row in rows("counties")}
    sizes = Counter(area_of.values())

    assert tuple(sizes[f"WDA{number:02d}"] for number in range(1, 12)) == WORKFORCE_AREA_SIZES
    assert {row["county_fips"]: row["region_code"] for row in members("workforce_area")} == area_of
    assert len(members("workforce_area")) == COUNTIES


def test_seven_counties_lie_in_two_development_regions_of_which_one_is_primary() -> None:
    regions = members("pathway_region")
    times = Counter(row["county_fips"] for row in regions)
    primary = Counter(row["county_fips"] for row in regions if row["is_primary"] == "true")

    assert len(regions) == 79
    assert Counter(times.values()) == {1: 65, 2: 7}
    assert primary == dict.fromkeys(times, 1)


def test_each_county_is_mostly_in_one_service_agency_and_nobody_has_verified_it() -> None:
    agencies = members("cesa")

    assert Counter(row["county_fips"] for row in agencies) == {
        row["county_fips"]: 1 for row in rows("counties")
    }
    assert {row["region_code"] for row in agencies} == {f"CESA{n:02d}" for n in range(1, 13)}
    assert {row["is_verified"] for row in agencies} == {"false"}


def test_sixteen_technical_college_districts_have_a_college_each() -> None:
    districts = rows("wtcs_districts")

    assert len({row["unitid"] for row in districts}) == len(districts) == 16
