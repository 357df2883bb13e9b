"""The truth tables, counted again by plain Python from what the sources deliver."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date

import pytest

from p20w.synthetic.clearinghouse import RETURN_DATES
from p20w.synthetic.demographics import race_ethnicity
from p20w.synthetic.state import SyntheticState, build_state
from p20w.synthetic.truth_rows import third_friday


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(6_000, 11)


@pytest.fixture(scope="module")
def accountable(state: SyntheticState) -> dict[tuple[str, int], dict]:
    """Accountable span by student and school year: primary, longest, latest entry."""
    best: dict[tuple[str, int], dict] = {}
    for row in state.enrollments.to_pylist():
        key = (row["student_id"], row["school_year"])
        if row["is_primary"] and (key not in best or _order(row) > _order(best[key])):
            best[key] = row
    return best


def _order(row: dict) -> tuple[int, date]:
    return ((row["exit_date"] - row["entry_date"]).days, row["entry_date"])


def test_person_years_are_the_accountable_spans(
    state: SyntheticState, accountable: dict[tuple[str, int], dict]
) -> None:
    told = {
        (row["student_id"], row["school_year"]): (row["school_id"], row["grade"])
        for row in state.truth.person_years.to_pylist()
    }

    assert told == {key: (row["school_id"], row["grade"]) for key, row in accountable.items()}


@pytest.mark.parametrize(
    ("school_year", "expected"),
    [(2020, "2019-09-20"), (2023, "2022-09-16"), (2025, "2024-09-20")],
)
def test_count_date_is_the_third_friday_of_september(school_year: int, expected: str) -> None:
    assert str(third_friday(school_year)) == expected


def test_members_add_up_from_groups_grades_and_districts(state: SyntheticState) -> None:
    total: dict[tuple, int] = defaultdict(int)
    for row in state.truth.members.to_pylist():
        level = row["organization_level"]
        kind = (row["factor"], "grade" if row["grade"] != "All" else "All")
        total[level, row["school_year"], *kind] += row["members"]

    for year in range(2020, 2026):
        counts = {count for key, count in total.items() if key[1] == year}
        assert len(counts) == 1


def test_members_of_a_school_equal_a_count_by_hand(
    state: SyntheticState, accountable: dict[tuple[str, int], dict]
) -> None:
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for (_, year), row in accountable.items():
        counted[year, row["school_id"]] += 1
    told = {
        (row["school_year"], row["organization_id"]): row["members"]
        for row in state.truth.members.to_pylist()
        if row["organization_level"] == "school" and row["grade"] == row["factor"] == "All"
    }

    assert told == counted


@pytest.fixture(scope="module")
def courses(state: SyntheticState) -> dict[tuple[str, str], list[tuple[int, bool]]]:
    """School year and whether passed, of CTE courses by student and cluster."""
    cluster = {
        (row["district_id"], row["course_code"]): row["cluster"]
        for row in state.courses.to_pylist()
    }
    taken: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)
    for row in state.attempts.to_pylist():
        found = cluster[row["district_id"], row["course_code"]]
        if found:
            passed = row["result"] == "Pass"
            taken[row["student_id"], found].append((row["school_year"], passed))
    return taken


def participates(taken: list[tuple[int, bool]], year: int) -> bool:
    """From 2021-22 a course must be passed; before, it was enough to take one."""
    return any(y == year and (passed or year <= 2021) for y, passed in taken)


def concentrates(taken: list[tuple[int, bool]], year: int) -> bool:
    return sum(passed for y, passed in taken if y <= year) >= 2


@pytest.mark.parametrize(
    ("column", "lowest_grade", "counts"),
    [("participants", 9, participates), ("concentrators", 11, concentrates)],
)
def test_cte_figures_of_districts_equal_a_count_by_hand(
    state: SyntheticState,
    accountable: dict[tuple[str, int], dict],
    courses: dict[tuple[str, str], list[tuple[int, bool]]],
    column: str,
    lowest_grade: int,
    counts: Callable[[list[tuple[int, bool]], int], bool],
) -> None:
    district = {row["school_id"]: row["district_id"] for row in state.schools.to_pylist()}
    students: dict[tuple, set[str]] = defaultdict(set)
    for (student, cluster), taken in courses.items():
        for year in range(2020, 2026):
            span = accountable.get((student, year))
            if span and span["grade"] >= lowest_grade and counts(taken, year):
                for name in (cluster, "All"):
                    students[year, district[span["school_id"]], name].add(student)
    told = {
        (row["school_year"], row["organization_id"], row["cluster"]): row[column]
        for row in state.truth.participation.to_pylist()
        if row["organization_level"] == "district" and row[column]
    }

    assert sum(told.values()) > 1_000
    assert told == {key: len(found) for key, found in students.items()}


def test_college_goers_equal_a_count_by_hand(state: SyntheticState) -> None:
    people = state.world.people.student_id
    last = RETURN_DATES[-1].astype(date)
    terms = defaultdict(list)
    for row in state.college_terms.to_pylist():
        if row["reported"] <= last and row["status"] not in ("A", "W"):
            terms[people[row["student"]]].append(row)
    fall = {}
    for row in state.records.to_pylist():
        if row["diploma"]:
            year, awarded = row["school_year"], row["awarded"]
            fall[row["student_id"]] = any(
                term["begin"] > awarded
                and term["begin"] <= date(year, 10, 31)
                and term["end"] >= date(year, 8, 15)
                for term in terms[row["student_id"]]
            )
    told = {row["student_id"]: row["is_fall_enrolled"] for row in state.truth.graduates.to_pylist()}

    assert told == fall
    assert 0.35 < sum(told.values()) / len(told) < 0.65


def test_twelve_month_goers_include_no_fall_goer_less(state: SyntheticState) -> None:
    for row in state.truth.graduates.to_pylist():
        assert row["is_enrolled_12_months"] <= row["is_enrolled_16_months"]
        assert row["is_found"] or not row["is_fall_enrolled"]


def test_unlinkable_graduates_are_counted_apart(state: SyntheticState) -> None:
    graduates = state.truth.graduates.to_pylist()
    told = {
        row["class_year"]: row
        for row in state.truth.graduation.to_pylist()
        if row["organization_level"] == "state"
    }
    for year in range(2020, 2026):
        regular = [g for g in graduates if g["class_year"] == year and g["is_regular"]]
        linkable = [g for g in regular if g["link"] == "ok"]

        assert told[year]["regular"] == len(regular)
        assert told[year]["linkable"] == len(linkable)
        assert told[year]["fall_enrolled"] == sum(g["is_fall_enrolled"] for g in linkable)


def test_dropouts_stay_in_the_cohort_and_confirmed_transfers_leave_it(
    state: SyntheticState,
) -> None:
    spans = defaultdict(list)
    for row in state.enrollments.to_pylist():
        if row["is_primary"] and row["grade"] >= 9:
            spans[row["student_id"]].append((row["entry_date"], row))
    last = {student: max(found, key=lambda pair: pair[0])[1] for student, found in spans.items()}
    in_cohort = {row["student_id"]: row["is_in_cohort"] for row in state.truth.cohorts.to_pylist()}
    dropped = [s for s, row in last.items() if row["exit_type"] == "Dropout" and s in in_cohort]
    left = [
        s
        for s, row in last.items()
        if row["exit_type"] == "Transferred"
        and row["class_of"] >= row["school_year"]
        and s in in_cohort
    ]

    assert dropped
    assert left
    assert all(in_cohort[student] for student in dropped)
    assert not any(in_cohort[student] for student in left)


def test_graduates_of_a_cohort_have_a_regular_diploma_in_time(state: SyntheticState) -> None:
    classes = {
        row["student_id"]: row["school_year"]
        for row in state.records.to_pylist()
        if row["diploma"] == "Regular diploma"
    }
    for row in state.truth.cohorts.to_pylist():
        in_time = classes.get(row["student_id"], 9999) <= row["cohort"]
        assert row["is_graduate"] == in_time


def test_hispanic_comes_before_race_and_two_races_are_two_or_more(state: SyntheticState) -> None:
    people = state.world.people
    groups = race_ethnicity(people)
    for place in range(len(people)):
        chosen = bin(people.races[place] & 0b11111).count("1")
        if not people.has_associations[place]:
            assert groups[place] == "Unknown"
        elif people.is_hispanic[place]:
            assert groups[place] == "Hispanic"
        elif chosen > 1:
            assert groups[place] == "Two or More"
