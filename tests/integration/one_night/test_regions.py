"""Regions in a published night: what may be summed adds up, and the rest says that it may not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from p20w.postgres import connect
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

COUNTIES = 72
IN_TWO_REGIONS = 7
WORKFORCE_AREAS = 11
LATEST = "(select max(period_date) from marts.mart_labor_force where period_type = 'year')"
THAT_YEAR = f"period_type = 'year' and period_date = {LATEST}"


def rows(night: Night, statement: str) -> list[tuple[Any, ...]]:
    with connect(night.settings, "owner") as connection:
        return connection.execute(statement.encode()).fetchall()


def labor_force(night: Night, where: str) -> int:
    statement = f"select sum(labor_force_count) from marts.mart_labor_force where {where}"
    return int(rows(night, statement)[0][0])


def test_workforce_areas_are_summed_and_are_the_counties(night: Night) -> None:
    counties = labor_force(night, f"{THAT_YEAR} and area_type = 'county'")

    assert labor_force(night, f"{THAT_YEAR} and area_type = 'workforce_area'") == counties > 0


def test_development_regions_hold_seven_counties_twice_and_are_told_not_to_add_up(
    night: Night,
) -> None:
    pairs = rows(
        night,
        "select area_code, is_primary, area_weight from core.bridge_area"
        " where parent_area_type = 'pathway_region'",
    )
    county = "select labor_force_count from marts.mart_labor_force as county where area_type ="
    twice = sum(
        int(rows(night, f"{county} 'county' and area_code = '{code}' and {THAT_YEAR}")[0][0])
        for code, times in Counter(code for code, *_ in pairs).items()
        if times > 1
    )

    counties = labor_force(night, f"{THAT_YEAR} and area_type = 'county'")
    regions = labor_force(night, f"{THAT_YEAR} and area_type = 'pathway_region'")
    assert len(pairs) == COUNTIES + IN_TWO_REGIONS
    assert sum(is_primary for _, is_primary, _ in pairs) == COUNTIES
    assert sum(weight for *_, weight in pairs) == COUNTIES
    assert regions == counties + twice
    assert rows(
        night,
        "select distinct area_type, is_additive from marts.mart_labor_force order by area_type",
    ) == [
        ("cesa", False),
        ("county", True),
        ("pathway_region", False),
        ("state", False),
        ("workforce_area", True),
    ]


def test_an_industrys_workforce_areas_have_the_establishments_of_the_counties(
    night: Night,
) -> None:
    sums = rows(
        night,
        "select sum(establishment_count) filter (where area_type = 'county'),"
        " sum(establishment_count) filter (where area_type = 'workforce_area'),"
        " sum(establishment_count) filter (where area_type = 'pathway_region')"
        " from marts.mart_industry_profile where naics_code = '23' and ownership_code = '5'"
        " group by calendar_year",
    )

    assert len(sums) > 1
    assert all(areas == counties < regions for counties, areas, regions in sums)
    assert additive(night, "mart_industry_profile") == {"county", "workforce_area"}


def test_openings_of_workforce_areas_are_the_states_but_for_rounding_and_regions_have_more(
    night: Night,
) -> None:
    totals = rows(
        night,
        "select area_type, sum(openings_count), count(*) from marts.mart_region_demand"
        " where soc_code = '00-0000' and publication_name = 'state_agency' and horizon = 'long'"
        " group by area_type",
    )
    openings = {kind: int(total) for kind, total, _ in totals}
    areas = {kind: count for kind, _, count in totals}

    assert areas["workforce_area"] == WORKFORCE_AREAS
    # Each of the eleven areas and the state is rounded to a whole opening.
    assert openings["workforce_area"] == pytest.approx(openings["state"], abs=WORKFORCE_AREAS)
    assert openings["pathway_region"] > openings["state"] + 1000
    assert additive(night, "mart_region_demand") == {"workforce_area"}


def test_line_items_add_up_to_the_total_and_groups_would_count_twice(night: Night) -> None:
    [(total, items, every, count)] = rows(
        night,
        "select sum(openings_count) filter (where soc_level = 'total'),"
        " sum(openings_count) filter (where is_line_item),"
        " sum(openings_count) filter (where soc_level <> 'total'), count(*)"
        " from marts.mart_region_demand where area_type = 'nation'"
        " and publication_name = 'bls_employment_projections'",
    )

    # The matrix is in hundreds: each row is off by fifty at most.
    assert items == pytest.approx(total, abs=50 * count)
    assert every == pytest.approx(2 * total, abs=50 * count)


def additive(night: Night, mart: str) -> set[str]:
    found = rows(night, f"select distinct area_type from marts.{mart} where is_additive")
    return {str(kind) for (kind,) in found}


def test_a_region_says_how_it_holds_districts_and_counties(night: Night) -> None:
    schemes = rows(
        night,
        "select distinct region_scheme, county_membership, district_membership, adds_up_to_state"
        " from core.dim_region order by region_scheme",
    )
    of_counties = rows(
        night,
        "select distinct parent_area_type from core.bridge_area order by parent_area_type",
    )
    of_districts = rows(night, "select distinct region_scheme from core.bridge_org_region")

    assert schemes == [
        ("cesa", "approximate", "partition", False),
        ("pathway_pilot", "none", "some", False),
        ("pathway_region", "overlapping", "none", False),
        ("workforce_area", "partition", "none", True),
        ("wtcs_district", "none", "none", False),
    ]
    assert [row[0] for row in of_counties] == [row[0] for row in schemes if row[1] != "none"]
    assert {row[0] for row in of_districts} == {row[0] for row in schemes if row[2] != "none"}
