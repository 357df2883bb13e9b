"""Projections of regions in a published night, worked out a second time from the invented state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from p20w.postgres import connect
from p20w.synthetic.geography import COUNTIES
from p20w.synthetic.industry_employment import LINES, SECTOR_DEPTH, year_of
from p20w.synthetic.labor_market import OCCUPATIONS
from p20w.synthetic.projected_employment import LONG, project_workforce_areas
from p20w.synthetic.staffing import staffing_of
from p20w.synthetic.wages import NATION, VINTAGES, wages_of
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

WEIGHT_YEAR = 2024
WITH_PRIVATE = {("1", "48-49"): "491", ("3", "62"): "622", ("3", "71"): "7132"}
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
    places = {(line.owner, line.code(WEIGHT_YEAR)): at for at, line in enumerate(LINES)}
    found: dict[str, float] = defaultdict(float)
    for (owner, code), place in places.items():
        if LINES[place].depth != SECTOR_DEPTH or (owner, code) == ("5", "99"):
            continue
        count = float(jobs[place])
        if hidden[place]:
            of_owner = [
                at for at, line in enumerate(LINES)
                if line.owner == owner and line.depth == SECTOR_DEPTH
            ]  # fmt: skip
            # The invented state withholds no owner's jobs of a county.
            told = sum(jobs[at] for at in of_owner if not hidden[at])
            left = max(jobs[places[owner, "10"]] - told, 0)
            count = left * sizes[place] / sum(sizes[at] for at in of_owner if hidden[at])
        if owner == "5" or (owner in "23" and code == "61"):
            found[code] += count
            continue
        part = places.get((owner, WITH_PRIVATE.get((owner, code), "")))
        joined = 0.0
        if part is not None and sizes[part] > 0:
            joined = count * sizes[part] / sizes[place] if hidden[part] else float(jobs[part])
        found[code] += joined
        found["99"] += max(count - joined, 0)
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
