"""Courses that districts offer and that students of grades 9 to 12 take, year after year.

Each student has one academic course a year and may have up to two career and technical (CTE)
courses. A CTE course belongs to one career cluster and to one of three levels; who passed a level
goes on to the next. All courses of a year are taken at the accountable school of that year.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.clusters import CLUSTERS
from p20w.synthetic.columns import Bools, Days, Ints, chance, day, generator, in_days, rank_within
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.schooling import FIRST_HIGH_GRADE, LAST_GRADE, SCHOOL_YEARS, Spans

LEVELS: Final = 3
ACADEMIC: Final = ("English 9", "Mathematics 10", "Science 11", "Social Studies 12")
RESULTS: Final = ("Pass", "Fail", "Withdrawn", "Incomplete")
PASS: Final = 0
TERMS: Final = ("Fall Semester", "Spring Semester", "Year Round")
FALL, SPRING, FULL = range(3)
SECTION_SIZE: Final = 28
_TAKING_BY_GRADE: Final = {9: 0.40, 10: 0.55, 11: 0.65, 12: 0.60}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Courses of all districts as columns.

    Attributes:
        district: row number of the district.
        cluster: row number in `CLUSTERS`, -1 for an academic course.
        level: 0 to 2 for a CTE course, 9 to 12 (its grade) for an academic one.
        first: by district and cluster, the row of level 0, -1 where the cluster is not offered.
        academic: by district, the row of its grade 9 course.
    """

    district: Ints
    cluster: Ints
    level: Ints
    first: Ints
    academic: Ints


@dataclass(frozen=True, slots=True)
class Attempts:
    """Courses taken, as columns: one row per student, course and school year.

    `span` is the row of the accountable span, `section` numbers the sections of a course, school,
    year and term from 0.
    """

    student: Ints
    span: Ints
    school: Ints
    school_year: Ints
    grade: Ints
    course: Ints
    term: Ints
    section: Ints
    result: Ints
    begin: Days
    end: Days


def build_catalog(organizations: Organizations, seed: int) -> Catalog:
    """Choose the clusters that each district offers (larger ones more) and list its courses."""
    rng = generator(seed, "catalog")
    districts = len(organizations.district_code)
    popularity = np.array([cluster.popularity for cluster in CLUSTERS])
    size = organizations.weight * districts
    wanted = np.clip(np.round(4 + 3.5 * size), 3, len(CLUSTERS)).astype(np.int64)
    score = rng.random((districts, len(CLUSTERS))) ** (1 / popularity)
    place = np.argsort(np.argsort(-score, axis=1), axis=1)
    offered = place < wanted[:, None]
    district, cluster = np.nonzero(offered)
    first = np.full(offered.shape, -1, dtype=np.int64)
    first[district, cluster] = np.arange(len(district)) * LEVELS
    base = len(district) * LEVELS
    grades = np.arange(FIRST_HIGH_GRADE, LAST_GRADE + 1)
    academic = base + np.arange(districts) * len(grades)
    count = districts * len(grades)
    return Catalog(
        district=np.r_[np.repeat(district, LEVELS), np.repeat(np.arange(districts), len(grades))],
        cluster=np.r_[np.repeat(cluster, LEVELS), np.full(count, -1)],
        level=np.r_[np.tile(np.arange(LEVELS), len(district)), np.tile(grades, districts)],
        first=first,
        academic=academic,
    )


def take_courses(
    spans: Spans, accountable: Ints, organizations: Organizations, catalog: Catalog, seed: int
) -> Attempts:
    """Let every student of grades 9 to 12 take courses in each year.

    Args:
        spans: all enrollment spans.
        accountable: rows of the accountable spans, one per student and year.
        organizations: the districts and schools.
        catalog: the courses.
        seed: names the state.
    """
    students = int(spans.student.max()) + 1
    rng = generator(seed, "interests")
    popularity = np.array([cluster.popularity for cluster in CLUSTERS])
    interest = rng.choice(len(CLUSTERS), students, p=popularity / popularity.sum())
    inclined = chance(rng, 0.62, students)
    passed = np.zeros((students, len(CLUSTERS)), dtype=np.int8)
    high = accountable[spans.grade[accountable] >= FIRST_HIGH_GRADE]
    parts = []
    for year in SCHOOL_YEARS:
        rows = high[spans.school_year[high] == year]
        draw = generator(seed, f"courses {year}")
        parts.append(
            _take_year(draw, spans, rows, organizations, catalog, (interest, inclined, passed))
        )
    return _attempts(parts, spans, catalog)


def _take_year(
    rng: np.random.Generator,
    spans: Spans,
    rows: Ints,
    organizations: Organizations,
    catalog: Catalog,
    habits: tuple[Ints, Bools, np.ndarray],
) -> tuple[Ints, Ints, Ints]:
    """Return rows of spans, courses and results of one year; counts passed courses up."""
    interest, inclined, passed = habits
    student, grade = spans.student[rows], spans.grade[rows]
    district = organizations.school_district[spans.school[rows]]
    cluster = _offered_cluster(catalog, district, interest[student], student)
    taking = np.zeros(len(rows))
    for high, share in _TAKING_BY_GRADE.items():
        taking[grade == high] = share
    one = np.flatnonzero(chance(rng, np.where(inclined[student], taking, 0.15), len(rows)))
    two = one[chance(rng, 0.3, len(one))]
    other = _offered_cluster(catalog, district[two], rng.permutation(interest)[student[two]], two)
    second = np.where(chance(rng, 0.65, len(two)), cluster[two], other)
    level = np.minimum(passed[student, cluster], LEVELS - 1)
    level_two = np.minimum(passed[student[two], second], LEVELS - 1)
    same = second == cluster[two]
    shifted = np.where(level[two] < LEVELS - 1, level[two] + 1, level[two] - 1)
    level_two = np.where(same, shifted, level_two)
    taken = np.r_[one, two]
    clusters = np.r_[cluster[one], second]
    course = catalog.first[district[taken], clusters] + np.r_[level[one], level_two]
    result = _results(rng, len(taken))
    done = result == PASS
    np.add.at(passed, (student[taken][done], clusters[done]), 1)
    academic = catalog.academic[district] + grade - FIRST_HIGH_GRADE
    return (
        np.r_[rows, rows[taken]],
        np.r_[academic, course],
        np.r_[_results(rng, len(rows)), result],
    )


def _offered_cluster(catalog: Catalog, district: Ints, wanted: Ints, salt: Ints) -> Ints:
    """Return the wanted cluster where the district offers it, else one that it offers."""
    offered = catalog.first >= 0
    order = np.argsort(~offered, axis=1, kind="stable")
    count = offered.sum(axis=1)
    instead = order[district, salt % count[district]]
    return np.where(offered[district, wanted], wanted, instead).astype(np.int64)


def _results(rng: np.random.Generator, count: int) -> Ints:
    return rng.choice(len(RESULTS), count, p=[0.92, 0.05, 0.02, 0.01]).astype(np.int64)


def _attempts(parts: list[tuple[Ints, Ints, Ints]], spans: Spans, catalog: Catalog) -> Attempts:
    span, course, result = (np.concatenate(column) for column in zip(*parts, strict=True))
    year = spans.school_year[span]
    entry, exit_day = spans.entry[span], spans.exit[span]
    is_academic = catalog.cluster[course] < 0
    winter = _winter(year)
    term = np.where(is_academic, FULL, np.where(course % 2 == 0, FALL, SPRING))
    term = np.where(~is_academic & (entry > winter - in_days(45)), SPRING, term)
    term = np.where(~is_academic & (exit_day < winter + in_days(10)), FALL, term)
    start = np.where(term == SPRING, winter + in_days(1), entry)
    begin = np.maximum(entry, start)
    end = np.where(term == FALL, np.minimum(exit_day, winter - in_days(3)), exit_day)
    school = spans.school[span]
    group = ((course * 8 + year - SCHOOL_YEARS[0]) * len(TERMS) + term) * 2**20 + school
    return Attempts(
        student=spans.student[span],
        span=span,
        school=school,
        school_year=year,
        grade=spans.grade[span],
        course=course,
        term=term,
        section=rank_within(group) // SECTION_SIZE,
        result=result,
        begin=begin,
        end=np.maximum(begin, end),
    )


def _winter(year: Ints) -> Days:
    """Return January 20 of each school year's spring."""
    table = np.array([day(f"{y}-01-20") for y in SCHOOL_YEARS])
    return table[year - SCHOOL_YEARS[0]]
