"""The invented Wisconsin: its facts are right, its records hold together, it repeats itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import fields

import numpy as np
import pyarrow as pa
import pytest

from p20w.synthetic.changes import move_one_student
from p20w.synthetic.geography import COLLEGE_DISTRICTS, COUNTIES, REGIONS, WORKFORCE_AREAS
from p20w.synthetic.people import People
from p20w.synthetic.schooling import END, TRANSFERRED, Spans, accountable_rows
from p20w.synthetic.state import SyntheticState, build_state


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(4_000, 7)


def rows(table: pa.Table) -> list[dict]:
    return table.to_pylist()


def tables(state: SyntheticState) -> dict[str, pa.Table]:
    found = {field.name: getattr(state, field.name) for field in fields(state)}
    return {name: value for name, value in found.items() if isinstance(value, pa.Table)}


def test_72_counties_lie_in_one_workforce_area_each() -> None:
    sizes = Counter(county.workforce_area for county in COUNTIES)

    assert len({county.fips for county in COUNTIES}) == 72
    assert [sizes[area] for area in sorted(WORKFORCE_AREAS)] == [3, 1, 3, 6, 11, 9, 10, 9, 8, 6, 6]


def test_seven_counties_lie_in_two_development_regions() -> None:
    twice = {county.name for county in COUNTIES if len(county.regions) == 2}

    assert twice == {"Crawford", "Florence", "Green", "Iowa", "Lincoln", "Marinette", "Rusk"}
    assert {region for county in COUNTIES for region in county.regions} == set(REGIONS)


def test_every_technical_college_district_has_a_county() -> None:
    assert {county.college_district for county in COUNTIES} == set(COLLEGE_DISTRICTS)
    assert len(COLLEGE_DISTRICTS) == 16


def test_default_size_has_about_sixty_districts_and_a_few_outside_perkins() -> None:
    districts = rows(build_state(25_000, 1).districts)

    assert 55 <= len(districts) <= 65
    assert 1 <= sum(not district["in_perkins"] for district in districts) <= 5
    assert {district["cesa"] for district in districts} == set(range(1, 13))


def test_same_number_and_seed_give_the_same_tables(state: SyntheticState) -> None:
    again = tables(build_state(4_000, 7))

    assert all(again[name].equals(table) for name, table in tables(state).items())


def test_another_seed_gives_other_people(state: SyntheticState) -> None:
    other = set(build_state(4_000, 8).students["student_id"].to_pylist())

    assert len(other & set(state.students["student_id"].to_pylist())) < 40


def test_student_ids_are_ten_digits_and_do_not_repeat(state: SyntheticState) -> None:
    ids = state.students["student_id"].to_pylist()

    assert len(set(ids)) == 4_000
    assert all(len(identity) == 10 and identity.isdigit() for identity in ids)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("enrollments", ("student_id", "school_id", "entry_date")),
        ("demographics", ("student_id", "district_id")),
        ("courses", ("district_id", "course_code")),
        ("attempts", ("student_id", "course_code", "school_year")),
        ("associations", ("student_id", "district_id", "school_year")),
        ("records", ("student_id", "school_year")),
        ("searches", ("return_id",)),
        ("college_terms", ("student", "college", "begin", "end")),
        ("college_awards", ("student", "college", "awarded", "title")),
    ],
)
def test_natural_keys_do_not_repeat(
    state: SyntheticState, table: str, key: tuple[str, ...]
) -> None:
    found = [tuple(row[name] for name in key) for row in rows(getattr(state, table))]

    assert found
    assert len(set(found)) == len(found)


def test_every_enrollment_names_a_known_student_and_a_school_of_its_grade(
    state: SyntheticState,
) -> None:
    known = set(state.students["student_id"].to_pylist())
    grades = {
        school["school_id"]: range(school["lowest_grade"], school["highest_grade"] + 1)
        for school in rows(state.schools)
    }

    assert all(
        row["student_id"] in known and row["grade"] in grades[row["school_id"]]
        for row in rows(state.enrollments)
    )


def test_no_enrollment_ends_before_it_begins_or_after_its_year(state: SyntheticState) -> None:
    for row in rows(state.enrollments):
        year = row["school_year"]
        assert f"{year - 1}-09-01" <= str(row["entry_date"]) <= str(row["exit_date"])
        assert str(row["exit_date"]) <= f"{year}-06-07"


def test_no_student_has_two_primary_schools_on_one_day(state: SyntheticState) -> None:
    spans = defaultdict(list)
    for row in rows(state.enrollments):
        if row["is_primary"]:
            spans[row["student_id"]].append((row["entry_date"], row["exit_date"]))

    overlaps = [
        student
        for student, found in spans.items()
        for one, two in zip(sorted(found), sorted(found)[1:], strict=False)
        if two[0] <= one[1]
    ]
    assert overlaps == []


def test_state_has_movers_no_shows_and_part_time_students(state: SyntheticState) -> None:
    exits = Counter(state.enrollments["exit_type"].to_pylist())

    assert {"Transferred", "Dropout", "No show", "Graduated", "Completed", "Other"} <= set(exits)


def test_courses_are_taken_at_the_school_of_the_academic_record(state: SyntheticState) -> None:
    school = {(r["student_id"], r["school_year"]): r["school_id"] for r in rows(state.records)}

    assert all(
        school[row["student_id"], row["school_year"]] == row["school_id"]
        for row in rows(state.attempts)
    )


def test_districts_outside_perkins_have_courses_and_no_associations(state: SyntheticState) -> None:
    outside = {d["district_id"] for d in rows(state.districts) if not d["in_perkins"]}

    assert outside
    assert outside <= set(state.attempts["district_id"].to_pylist())
    assert not outside & set(state.associations["district_id"].to_pylist())


def test_longest_primary_span_decides_the_accountable_school() -> None:
    def days(*texts: str) -> np.ndarray:
        return np.array(texts, dtype="datetime64[D]")

    spans = Spans(
        student=np.array([5, 5, 5, 6]),
        school=np.array([1, 2, 3, 1]),
        school_year=np.full(4, 2024),
        grade=np.full(4, 9),
        entry=days("2023-09-01", "2023-11-20", "2023-09-01", "2023-09-01"),
        exit=days("2023-11-17", "2024-06-07", "2024-06-07", "2024-06-07"),
        exit_type=np.array([TRANSFERRED, END, END, END]),
        entry_type=np.zeros(4, dtype=np.int64),
        is_primary=np.array([True, True, False, True]),
        is_repeat=np.zeros(4, dtype=np.bool_),
    )

    assert spans.school[accountable_rows(spans)].tolist() == [2, 1]


def test_one_in_a_hundred_returned_ids_is_broken_and_none_equals_a_request() -> None:
    links = build_state(25_000, 3).world.links
    broken = np.isin(links.kind, (1, 2))
    asked = {f"_{identity}" for identity in links.request_id if identity}

    share = broken.sum() / links.is_searched.sum()
    assert 0.007 < share < 0.013
    assert not asked & set(links.return_id[broken])


def test_shared_request_ids_are_asked_once() -> None:
    links = build_state(25_000, 3).world.links
    shared = links.kind == 3
    ids = Counter(links.request_id[shared])

    assert len(ids) >= 5
    assert set(ids.values()) == {2}
    assert links.is_searched[shared].sum() == len(ids)


def test_request_ids_differ_in_more_than_case(state: SyntheticState) -> None:
    people: People = state.world.people
    ids = [identity for identity in people.request_id if identity]

    assert all(identity == identity.lower() for identity in ids)
    assert len(set(ids)) == len(ids)


def test_moved_student_changes_its_own_records_alone(state: SyntheticState) -> None:
    before, after = tables(state), tables(move_one_student(state))
    changed: set[str] = set()
    for name, table in before.items():
        old = {tuple(row.items()) for row in map(_hashable, rows(table))}
        new = {tuple(row.items()) for row in map(_hashable, rows(after[name]))}
        changed |= {dict(row).get("student_id", name) for row in old ^ new}

    assert len(changed - {"sections"}) == 1
    moved = (changed - {"sections"}).pop()
    districts = {
        row["district_id"] for row in rows(after["demographics"]) if row["student_id"] == moved
    }
    assert len(districts) == 2


def _hashable(row: dict) -> dict:
    return {name: str(value) for name, value in row.items()}


def test_moving_more_students_than_can_be_moved_says_how_many_there_are() -> None:
    with pytest.raises(ValueError, match="expected more than 50 students"):
        move_one_student(build_state(40, 1), place=50)
