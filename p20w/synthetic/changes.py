"""What happens between two nights: one student is found to have been in another district."""

from dataclasses import fields, replace

import numpy as np

from p20w.synthetic.coursework import Attempts
from p20w.synthetic.schooling import FIRST_HIGH_GRADE, LAST_GRADE, SCHOOL_YEARS
from p20w.synthetic.state import SyntheticState, state_of
from p20w.synthetic.world import World


def move_one_student(state: SyntheticState, place: int = 0) -> SyntheticState:
    """Return the state in which one student spent the last school year in another district.

    The student is in grade 9 to 11, has one enrollment that year, and takes the same courses in the
    other district; no other student's record changes.

    Args:
        state: the state as it was; it stays as it is.
        place: 0 moves the first student that can be moved, 1 the second, and so on.

    Raises:
        ValueError: fewer students can be moved; take a larger state.
    """
    world = state.world
    movable = 0
    for row in _candidates(world):
        attempts = np.flatnonzero(world.attempts.span == row)
        school = _other_school(world, int(row), attempts)
        if school is None:
            continue
        if movable == place:
            return state_of(_moved(world, int(row), attempts, school), state.seed)
        movable += 1
    raise ValueError(f"expected more than {place} students that can be moved, found {movable}")


def _candidates(world: World) -> np.ndarray:
    """Return rows of spans: the only ones of their students in the last year, grades 9 to 11."""
    spans = world.spans
    last = spans.school_year == SCHOOL_YEARS[-1]
    single = np.bincount(spans.student[last], minlength=len(world.people)) == 1
    young = (spans.grade >= FIRST_HIGH_GRADE) & (spans.grade < LAST_GRADE)
    rows: np.ndarray = np.flatnonzero(last & young & single[spans.student])
    return rows


def _other_school(world: World, row: int, attempts: np.ndarray) -> int | None:
    """Return a high school of another Perkins district that offers the same courses."""
    organizations, catalog = world.organizations, world.catalog
    home = organizations.school_district[world.spans.school[row]]
    clusters = catalog.cluster[world.attempts.course[attempts]]
    offers = (catalog.first[:, clusters[clusters >= 0]] >= 0).all(axis=1)
    fits = offers & organizations.in_perkins
    fits[home] = False
    is_high = organizations.school_high == LAST_GRADE
    schools = np.flatnonzero(is_high & fits[organizations.school_district])
    return int(schools[0]) if len(schools) and organizations.in_perkins[home] else None


def _moved(world: World, row: int, attempts: np.ndarray, school: int) -> World:
    catalog = world.catalog
    district = world.organizations.school_district[school]
    schools = world.spans.school.copy()
    schools[row] = school
    copied = Attempts(*(getattr(world.attempts, field.name).copy() for field in fields(Attempts)))
    for at in attempts:
        course = copied.course[at]
        cluster, level = catalog.cluster[course], catalog.level[course]
        academic = catalog.academic[district] + level - FIRST_HIGH_GRADE
        same = catalog.first[district, cluster] + level if cluster >= 0 else academic
        copied.course[at], copied.school[at], copied.section[at] = same, school, 0
    return replace(world, spans=replace(world.spans, school=schools), attempts=copied)
