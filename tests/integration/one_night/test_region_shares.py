"""Projections of regions in a published night, worked out a second time from the invented state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from p20w.postgres import connect
from p20w.synthetic.geography import COUNTIES
from p20w.synthetic.industry_employment import LINES, year_of
from p20w.synthetic.labor_market import OCCUPATIONS
from p20w.synthetic.projected_employment import LONG, project_workforce_areas
from p20w.synthetic.staffing import staffing_of
from p20w.synthetic.wages import NATION, VINTAGES, wages_of
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

SECTOR_DEPTH = 4
WEIGHT_YEAR = 2024
OF_LONG = "publication_name = 'state_agency' and horizon = 'long' and base_year = 2024"


def rows(night: Night, statement: str) -> list[tuple[Any, ...]]:
    with connect(night.settings, "owner") as connection:
        return connection.execute(statement.encode()).fetchall()


def sector_jobs(seed: int, county: int) -> dict[str, float]:
    """A county's jobs by sector of the wage survey, from what the employment census tells of it."""
    year = year_of(seed, WEIGHT_YEAR)
    jobs, sizes, hidden = (
        cells[county].tolist() for cells in (year.jobs, year.establishments, year.hidden)
    )
    sectors = [place for place, line in enumerate(LINES) if line.depth == SECTOR_DEPTH]
    withheld = [place for place in sectors if hidden[place]]
    left = max(jobs[0] - sum(jobs[place] for place in sectors if not hidden[place]), 0)
    found: dict[str, float] = defaultdict(float)
    for place in sectors:
        owner, code = LINES[place].owner, LINES[place].code(WEIGHT_YEAR)
        if (owner, code) == ("5", "99"):
            continue
        own = left * sizes[place] / sum(sizes[one] for one in withheld) if hidden[place] else None
        # Of government the invented state has schools and public administration alone.
        found["99" if code == "92" else code] += jobs[place] if own is None else own
    return found


def staffing(seed: int) -> dict[str, dict[str, float]]:
    """Jobs of each occupation for each job of a sector, from what the wage survey tells."""
    vintage = VINTAGES[-1]
    nation = {row.soc_code: row.employment or 0 for row in wages_of(NATION, vintage, seed)}
    cells: dict[str, dict[str, int | None]] = defaultdict(dict)
    totals = {}
    for sector, (total, *others) in staffing_of(vintage, seed).items():
        totals[sector] = total.employment or 0
        for row in others:
            cells[row.soc_code][sector] = row.employment
    found: dict[str, dict[str, float]] = {}
    for code, told in cells.items():
        left = max(nation[code] - sum(jobs for jobs in told.values() if jobs is not None), 0)
        room = sum(totals[sector] for sector, jobs in told.items() if jobs is None)
        found[code] = {
            sector: left / room if jobs is None else jobs / totals[sector]
            for sector, jobs in told.items()
        }
    return found


def test_a_region_has_the_jobs_that_its_counties_sectors_would_employ(night: Night) -> None:
    seed = night.state.seed
    rates = staffing(seed)
    by_sector = [sector_jobs(seed, place) for place in range(len(COUNTIES))]
    areas = project_workforce_areas(LONG, seed)
    members = rows(
        night,
        "select parent_area_code, area_code from core.bridge_area where valid_to is null"
        " and parent_area_type = 'pathway_region'",
    )
    expected: dict[tuple[str, str], float] = defaultdict(float)
    for place, occupation in enumerate(OCCUPATIONS):
        code = occupation.soc_code
        staff = {
            county.fips: sum(jobs[sector] * rate for sector, rate in rates[code].items())
            for county, jobs in zip(COUNTIES, by_sector, strict=True)
        }
        whole: dict[int, float] = defaultdict(float)
        for county in COUNTIES:
            whole[county.workforce_area] += staff[county.fips]
        homes = {county.fips: county.workforce_area for county in COUNTIES}
        for region, fips in members:
            area = homes[fips]
            projected = round(float(areas[f"WDA{area:02d}"].base[place]))
            expected[region, code] += projected * staff[fips] / whole[area]

    figures = rows(
        night,
        "select area_code, soc_code, base_employment_count, job_share_basis"
        f" from marts.mart_region_demand where {OF_LONG} and area_type = 'pathway_region'"
        " and is_line_item",
    )

    assert {basis for *_, basis in figures} == {"industry"}
    told = {(region, code): count for region, code, count, _ in figures}
    assert told.keys() == expected.keys()
    # Each figure is rounded to a whole job.
    assert told == pytest.approx(expected, abs=0.51)
    # Nurses are not spread as welders are: the parts differ by sector.
    parts = {code: told["M7", code] / sum(
        count for (_, one), count in told.items() if one == code
    ) for code in ("29-1141", "51-4121")}  # fmt: skip
    assert abs(parts["29-1141"] - parts["51-4121"]) > 0.01


def test_regions_that_hold_each_county_once_lose_no_job_of_any_occupation(night: Night) -> None:
    sums = rows(
        night,
        "select soc_code, sum(base_employment_count) filter (where area_type = 'workforce_area'),"
        " sum(base_employment_count) filter (where area_type = 'cesa'),"
        " count(*) filter (where area_type = 'cesa')"
        f" from marts.mart_region_demand where {OF_LONG} group by soc_code",
    )

    assert len(sums) == len(OCCUPATIONS) + 1
    for _, areas, agencies, count in sums:
        # Each agency's region is rounded to a whole job.
        assert agencies == pytest.approx(int(areas), abs=count / 2)


def test_published_figures_have_no_basis_and_totals_follow_all_jobs(night: Night) -> None:
    found = rows(
        night,
        "select distinct is_derived, soc_code = '00-0000', job_share_basis"
        f" from marts.mart_region_demand where {OF_LONG} order by is_derived, 2",
    )

    assert found == [
        (False, False, None),
        (False, True, None),
        (True, False, "industry"),
        (True, True, "all_jobs"),
    ]
