"""Programs and openings of a published night, counted anew from the rows of its files."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from p20w.postgres import connect
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

YEARS = 3
BELOW_BACHELOR = {"1", "20", "21", "2", "4", "3"}
# Codes of IPEDS: 2 and 4 certificates of one and of two years, 3 associate, 5 bachelor's and so on.
PREPARING = {
    "No formal educational credential": BELOW_BACHELOR,
    "High school diploma or equivalent": BELOW_BACHELOR,
    "Some college, no degree": BELOW_BACHELOR,
    "Postsecondary nondegree award": BELOW_BACHELOR,
    "Associate's degree": {"4", "3"},
    "Bachelor's degree": {"5", "6"},
    "Master's degree": {"7", "8"},
    "Doctoral or professional degree": {"17", "18", "19"},
}


def rows(night: Night, statement: str) -> list[tuple[Any, ...]]:
    with connect(night.settings, "owner") as connection:
        return connection.execute(statement.encode()).fetchall()


def loaded(night: Night, columns: str, table: str) -> list[tuple[Any, ...]]:
    """Rows of a raw table that the night used, those of later loads last."""
    return rows(
        night,
        f"select {columns} from {table} where load_id in (select load_id from ops.run_input"
        f" where run_id = {night.run_id}) order by load_id, row_number",
    )


def awards(night: Night) -> dict[str, dict[str, int]]:
    """Awards of first majors in Wisconsin by program and level, all years of the average."""
    colleges = dict(loaded(night, "unitid, state_fips", "raw_ipeds.institutions"))
    told = {
        tuple(place): count
        for *place, count in loaded(
            night,
            "collection_year, unitid, cip_code, major_number, award_level_code, award_count",
            "raw_ipeds.completions",
        )
    }
    newest = max(year for year, *_ in told)
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (year, college, program, major, level), count in told.items():
        is_detail = len(program) == len("51.3801") and not program.startswith("24.")
        if year > newest - YEARS and colleges[college] == "55" and major == "1" and is_detail:
            found[program][level] += count
    return found


def entries(night: Night) -> dict[str, str]:
    """What occupations ask for, of the newest year of the matrix."""
    return {
        code: entry
        for year, code, entry in sorted(
            loaded(night, "matrix_year, soc_code, entry_education", "raw_projections.ep_education")
        )
        if entry is not None
    }


def programs(night: Night) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for program, occupation in loaded(night, "cip_code, soc_code", "raw_crosswalks.cip_soc"):
        if program != "99.9999" and occupation != "99-9999":
            found[occupation].add(program)
    return found


def compatible(night: Night) -> dict[str, dict[str, int]]:
    """By occupation the programs that prepare for its entry, and their awards at those levels."""
    given, asked = awards(night), entries(night)
    return {
        occupation: {
            program: sum(given[program][level] for level in PREPARING[asked[occupation]])
            for program in paired
            if not sum(given[program].values())
            or any(given[program][level] for level in PREPARING[asked[occupation]])
        }
        for occupation, paired in programs(night).items()
        if occupation in asked
    }


def test_programs_of_an_occupation_are_those_whose_awards_prepare_for_it(night: Night) -> None:
    paired, kept = programs(night), compatible(night)
    shown = {
        code: counts
        for code, *counts in rows(
            night,
            "select soc_code, program_count, compatible_program_count"
            " from marts.mart_region_demand where area_type = 'state' and area_code = '55'"
            " and horizon = 'long' and is_line_item and base_year = 2024",
        )
    }

    expected = {
        code: [len(paired[code]), len(kept[code])] for code in shown if kept.keys() >= {code}
    }
    assert {code: shown[code] for code in expected} == expected
    # Software developers lose the short programming courses; of exercise trainers, whose entry is a
    # high school diploma, the only program gives bachelor's degrees and above.
    assert 0 < expected["15-1252"][1] < expected["15-1252"][0]
    assert expected["39-9031"] == [1, 0]


def test_completers_of_a_filtered_version_have_awards_that_prepare(night: Night) -> None:
    found = rows(
        night,
        "select soc_code, cip_code, supply_count from core.fct_openings_allocated"
        " where area_code = '55' and allocation_method = 'C' and horizon = 'long'"
        " and rule_version = 'allocation-1-education' and not is_unmatched",
    )
    kept = compatible(night)

    assert len(found) > 50
    assert [row for row in found if row[0] in kept] == [
        (code, program, round(Decimal(kept[code][program]) / YEARS, 4))
        for code, program, _ in found
        if code in kept
    ]


def test_openings_that_the_filter_leaves_without_a_program_are_those_of_the_mart(
    night: Night,
) -> None:
    allocated = rows(
        night,
        "select area_code, sum(allocated_openings_count) filter (where not is_education_filtered),"
        " sum(allocated_openings_count) filter (where is_education_filtered)"
        " from core.fct_openings_allocated where allocation_method = 'B' and is_unmatched"
        " and area_type = 'workforce_area' group by area_code order by area_code",
    )
    shown = rows(
        night,
        "select area_code, sum(openings_count) filter (where program_count = 0),"
        " sum(openings_count) filter (where compatible_program_count = 0)"
        " from marts.mart_region_demand where area_type = 'workforce_area' and is_line_item"
        " group by area_code order by area_code",
    )

    assert allocated == shown
    assert all(without < filtered for _, without, filtered in shown)


def test_programs_are_told_for_occupations_of_the_state_and_its_regions_alone(night: Night) -> None:
    told = rows(
        night,
        "select distinct area_type, is_line_item, program_count_status,"
        " compatible_program_count_status from marts.mart_region_demand"
        " where area_type <> 'state' or area_code = '55'",
    )
    differing = rows(
        night,
        "select soc_code from marts.mart_region_demand where program_count_status = 'reported'"
        " and base_year = 2024 group by soc_code"
        " having count(distinct (program_count, compatible_program_count)) > 1",
    )

    assert {row[2:] for row in told if row[0] == "nation" or not row[1]} == {
        ("not_applicable", "not_applicable")
    }
    assert {row[2:] for row in told if row[0] != "nation" and row[1]} == {("reported", "reported")}
    assert {"pathway_region", "workforce_area", "state"} <= {row[0] for row in told}
    assert differing == []
