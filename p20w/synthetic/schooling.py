"""Six school years of every student: entries, exits, moves, repeated grades, diplomas.

Years are simulated one after another, all students of a year at once. The result is what schools
would report (spans and diplomas), not what a report should make of it: that is in `truth`.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from p20w.synthetic.columns import (
    Bools,
    Days,
    Floats,
    Ints,
    chance,
    day,
    first_day,
    generator,
    in_days,
    last_day,
)
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.people import LAST_CLASS_OF_HIGH_SCHOOL, People

SCHOOL_YEARS: Final = (2020, 2021, 2022, 2023, 2024, 2025)
LAST_CLASS: Final = SCHOOL_YEARS[-1] + 12
FIRST_HIGH_GRADE: Final = 9
LAST_GRADE: Final = 12

EXIT_TYPES: Final = (
    "End of school year",
    "Graduated",
    "Completed",
    "Dropout",
    "Transferred",
    "Withdrawn",
    "Died or is permanently incapacitated",
    "No show",
    "Other",
)
END, GRADUATED, COMPLETED, DROPOUT, TRANSFERRED, WITHDRAWN, DIED, NO_SHOW, OTHER = range(9)
ENTRY_TYPES: Final = ("New to education system", "Transfer", "Next year school", "Re-entry")
NEW, TRANSFER, NEXT_YEAR, _ = range(4)
DIPLOMA_TYPES: Final = (
    "Regular diploma",
    "High school equivalency credential, other than GED",
)
REGULAR, EQUIVALENCY = range(2)

_MOVE, _LEAVE, _WITHDRAW, _DIE = 0.03, 0.006, 0.003, 0.0002
_WINTER, _SUMMER = 0.02, 0.015  # diplomas before and after June
_NO_SHOW, _PART_TIME = 0.003, 0.005
_DROPOUT_BY_GRADE: Final = {9: 0.004, 10: 0.006, 11: 0.010, 12: 0.020}


@dataclass(frozen=True, slots=True)
class Spans:
    """Enrollment spans as columns: student and school are row numbers, days are dates."""

    student: Ints
    school: Ints
    school_year: Ints
    grade: Ints
    entry: Days
    exit: Days
    exit_type: Ints
    entry_type: Ints
    is_primary: Bools
    is_repeat: Bools


@dataclass(frozen=True, slots=True)
class Diplomas:
    """Diplomas as columns: student and school are row numbers."""

    student: Ints
    school: Ints
    school_year: Ints
    awarded: Days
    kind: Ints


@dataclass(slots=True)
class _Progress:
    """Where every student stands between two school years."""

    start: Ints
    grade: Ints
    school: Ints
    is_repeat: Bools
    is_late: Bools
    is_gone: Bools
    is_transfer: Bools
    spans: list[Spans] = field(default_factory=list)
    diplomas: list[Diplomas] = field(default_factory=list)


def draw_classes(students: int, seed: int, organizations: Organizations) -> Ints:
    """Draw each student's class: classes still below grade 9 exist only where grades K-8 do."""
    rng = generator(seed, "classes")
    classes = np.arange(SCHOOL_YEARS[0], LAST_CLASS + 1)
    full = float(organizations.weight[organizations.has_elementary].sum())
    share = np.where(classes <= LAST_CLASS_OF_HIGH_SCHOOL, 1.0, full)
    return rng.choice(classes, students, p=share / share.sum()).astype(np.int64)


def simulate_schooling(
    people: People, organizations: Organizations, seed: int
) -> tuple[Spans, Diplomas]:
    """Simulate all school years.

    Returns:
        The spans in order of school year and the diplomas in order of school year.
    """
    choose = _SchoolChoice(organizations)
    progress = _begin(people, organizations, generator(seed, "starts"))
    for year in SCHOOL_YEARS:
        _simulate_year(year, people, progress, choose, generator(seed, f"year {year}"))
    return _join_spans(progress.spans), _join_diplomas(progress.diplomas)


class _SchoolChoice:
    """Picks a school of a district for a grade, or a school somewhere else."""

    def __init__(self, organizations: Organizations) -> None:
        districts = len(organizations.district_code)
        is_high = organizations.school_high == LAST_GRADE
        self.district = organizations.school_district
        self._first = [self._firsts(districts, mask) for mask in (~is_high, is_high)]
        self._count = [
            np.bincount(self.district[mask], minlength=districts) for mask in (~is_high, is_high)
        ]
        full = organizations.weight * organizations.has_elementary
        self._weights = (full / full.sum(), organizations.weight)

    def _firsts(self, districts: int, mask: Bools) -> Ints:
        firsts = np.full(districts, -1, dtype=np.int64)
        rows = np.flatnonzero(mask)[::-1]
        firsts[self.district[rows]] = rows
        return firsts

    def at_home(self, district: Ints, grade: Ints, chance: Floats) -> Ints:
        """Return the school row for each student of a district and grade."""
        high = (grade >= FIRST_HIGH_GRADE).astype(np.int64)
        first = np.where(high == 1, self._first[1][district], self._first[0][district])
        count = np.where(high == 1, self._count[1][district], self._count[0][district])
        return first + np.floor(chance * count).astype(np.int64)

    def elsewhere(self, rng: np.random.Generator, school: Ints, grade: Ints) -> Ints:
        """Return another school that teaches the grade, for each student."""
        target = np.empty(len(school), dtype=np.int64)
        for high in (0, 1):
            rows = np.flatnonzero((grade >= FIRST_HIGH_GRADE) == bool(high))
            weight = self._weights[high]
            district = rng.choice(len(weight), len(rows), p=weight)
            same = district == self.district[school[rows]]
            around = np.flatnonzero(weight > 0)
            following = around[(np.searchsorted(around, district) + 1) % len(around)]
            district = np.where(same, following, district)
            target[rows] = self.at_home(district, grade[rows], rng.random(len(rows)))
        return target


def _begin(people: People, organizations: Organizations, rng: np.random.Generator) -> _Progress:
    """Set each first year: natives when their district begins, others later, from outside."""
    students = len(people)
    lowest = np.where(organizations.has_elementary[people.home], 0, FIRST_HIGH_GRADE)
    native = np.maximum(SCHOOL_YEARS[0], people.class_of - (LAST_GRADE - lowest))
    latest = np.minimum(people.class_of, SCHOOL_YEARS[-1])
    late = native + 1 + np.floor(rng.random(students) * (latest - native)).astype(np.int64)
    from_outside = chance(rng, 0.08, students) & (late <= latest)
    return _Progress(
        start=np.where(from_outside, late, native),
        grade=np.full(students, -1, dtype=np.int64),
        school=np.full(students, -1, dtype=np.int64),
        is_repeat=np.zeros(students, dtype=np.bool_),
        is_late=from_outside & chance(rng, 0.3, students),
        is_gone=np.zeros(students, dtype=np.bool_),
        is_transfer=from_outside,
    )


def _simulate_year(
    year: int,
    people: People,
    progress: _Progress,
    choose: _SchoolChoice,
    rng: np.random.Generator,
) -> None:
    starting = np.flatnonzero(progress.start == year)
    progress.grade[starting] = LAST_GRADE - (people.class_of[starting] - year)
    progress.school[starting] = choose.at_home(
        people.home[starting], progress.grade[starting], rng.random(len(starting))
    )
    here = np.flatnonzero((progress.start <= year) & ~progress.is_gone)
    entry = np.full(len(here), first_day(year))
    late = (progress.start[here] == year) & progress.is_late[here]
    entry[late] += rng.integers(40, 200, int(late.sum()))
    reached, exit_type, exit_day = _events(year, progress.grade[here], entry, rng)
    moved = reached == TRANSFERRED
    new_school = progress.school[here]
    new_school[moved] = choose.elsewhere(rng, new_school[moved], progress.grade[here][moved])
    entry_type = np.full(len(here), NEXT_YEAR, dtype=np.int64)
    fresh = progress.start[here] == year
    entry_type[fresh] = np.where(progress.is_transfer[here][fresh], TRANSFER, NEW)
    spans = Spans(
        student=here,
        school=progress.school[here],
        school_year=np.full(len(here), year),
        grade=progress.grade[here],
        entry=entry,
        exit=exit_day,
        exit_type=exit_type,
        entry_type=entry_type,
        is_primary=np.ones(len(here), dtype=np.bool_),
        is_repeat=progress.is_repeat[here],
    )
    _finish_year(year, progress, choose, rng, spans, moved, new_school)


def _events(
    year: int, grade: Ints, entry: Days, rng: np.random.Generator
) -> tuple[Ints, Ints, Days]:
    """Draw what happens to each student before the year ends.

    Returns:
        TRANSFERRED where the student moves within the state (END otherwise), and the exit type and
        day of the first span.
    """
    count = len(grade)
    point = rng.random(count)
    leaving = np.zeros(count)
    for high, share in _DROPOUT_BY_GRADE.items():
        leaving[grade == high] = share
    edges = np.cumsum(
        [np.full(count, p) for p in (_MOVE, _LEAVE, _WITHDRAW, _DIE)] + [leaving], axis=0
    )
    event = (point[None, :] >= edges).sum(axis=0)
    senior = grade == LAST_GRADE
    event[senior & (event == 0) & (entry > first_day(year))] = len(edges)
    exit_type = np.array([TRANSFERRED, TRANSFERRED, WITHDRAWN, DIED, DROPOUT, END])[event]
    wait = rng.integers(5, 110, count)
    wait[senior & (event == 0)] %= 35  # so that the school of the diploma is the longer span too
    middle = np.maximum(entry, day(f"{year - 1}-10-05")) + in_days(wait)
    middle = np.minimum(middle, last_day(year) - in_days(10))
    exit_day = np.where(event < len(edges), middle, last_day(year))
    moved = np.where(event == 0, TRANSFERRED, END)
    return moved, exit_type.astype(np.int64), exit_day


def _finish_year(
    year: int,
    progress: _Progress,
    choose: _SchoolChoice,
    rng: np.random.Generator,
    spans: Spans,
    moved: Bools,
    new_school: Ints,
) -> None:
    """Close the year: second spans of movers, diplomas, promotion, summer moves, odd records."""
    second = _second_spans(year, spans, moved, new_school)
    last = Spans(*(np.r_[getattr(spans, f)[~moved], getattr(second, f)] for f in Spans.__slots__))
    staying = np.flatnonzero(last.exit_type == END)
    outcome = _outcomes(rng, last.grade[staying])
    diplomas = _award(year, rng, last, staying, outcome)
    progress.is_gone[last.student[last.exit_type != END]] = True
    going_on = staying[outcome == END]
    student = last.student[going_on]
    high = last.grade[going_on] >= FIRST_HIGH_GRADE
    repeats = high & (chance(rng, 0.015, len(going_on)) | (last.grade[going_on] == LAST_GRADE))
    progress.is_repeat[student] = repeats
    grade = last.grade[going_on] + ~repeats
    progress.grade[student] = grade
    school = last.school[going_on]
    entering_high = grade == FIRST_HIGH_GRADE
    district = choose.district[school]
    home = choose.at_home(district, grade, rng.random(len(grade)))
    school = np.where(entering_high & ~repeats, home, school)
    summer = chance(rng, 0.02, len(going_on))
    school[summer] = choose.elsewhere(rng, school[summer], grade[summer])
    last.exit_type[going_on[summer]] = TRANSFERRED
    progress.school[student] = school
    gone = chance(rng, 0.004, len(going_on))
    last.exit_type[going_on[gone]] = TRANSFERRED
    progress.is_gone[student[gone]] = True
    first = Spans(*(getattr(spans, f)[moved] for f in Spans.__slots__))
    progress.spans += [first, last, *_odd_spans(year, choose, rng, last)]
    progress.diplomas.append(diplomas)


def _second_spans(year: int, spans: Spans, moved: Bools, new_school: Ints) -> Spans:
    """Return the spans of movers at their new school, until the year's end."""
    count = int(moved.sum())
    return Spans(
        student=spans.student[moved],
        school=new_school[moved],
        school_year=spans.school_year[moved],
        grade=spans.grade[moved],
        entry=spans.exit[moved] + in_days(3),
        exit=np.full(count, last_day(year)),
        exit_type=np.full(count, END),
        entry_type=np.full(count, TRANSFER),
        is_primary=np.ones(count, dtype=np.bool_),
        is_repeat=spans.is_repeat[moved],
    )


def _outcomes(rng: np.random.Generator, grade: Ints) -> Ints:
    """Draw what the year's end brings: END (goes on) below grade 12, else mostly a diploma."""
    drawn = rng.choice(
        [GRADUATED, COMPLETED, DROPOUT, END], len(grade), p=[0.93, 0.015, 0.02, 0.035]
    )
    return np.where(grade == LAST_GRADE, drawn, END).astype(np.int64)


def _award(
    year: int, rng: np.random.Generator, last: Spans, staying: Ints, outcome: Ints
) -> Diplomas:
    """Write exits of the year's end into the spans and return the diplomas."""
    last.exit_type[staying] = outcome
    rows = staying[(outcome == GRADUATED) | (outcome == COMPLETED)]
    point = rng.random(len(rows))
    winter = day(f"{year}-01-20")
    early = (point < _WINTER) & (last.entry[rows] == first_day(year))
    last.exit[rows[early]] = winter
    awarded = np.where(early, winter, day(f"{year}-06-02"))
    summer = (point >= _WINTER) & (point < _WINTER + _SUMMER)
    awarded[summer] = day(f"{year}-08-10")
    return Diplomas(
        student=last.student[rows],
        school=last.school[rows],
        school_year=np.full(len(rows), year),
        awarded=awarded,
        kind=np.where(last.exit_type[rows] == GRADUATED, REGULAR, EQUIVALENCY),
    )


def _odd_spans(
    year: int, choose: _SchoolChoice, rng: np.random.Generator, last: Spans
) -> list[Spans]:
    """Return records that are no second membership: no-shows and part-time study elsewhere."""
    at_start = last.entry == first_day(year)
    point = rng.random(len(last.student))
    no_show = np.flatnonzero(at_start & (point < _NO_SHOW))
    part_time = np.flatnonzero(
        at_start & (last.grade >= FIRST_HIGH_GRADE) & (point > 1 - _PART_TIME)
    )
    result = []
    for rows, exit_type, exit_day in (
        (no_show, NO_SHOW, first_day(year)),
        (part_time, OTHER, day(f"{year}-01-17")),
    ):
        count = len(rows)
        result.append(
            Spans(
                student=last.student[rows],
                school=choose.elsewhere(rng, last.school[rows], last.grade[rows]),
                school_year=np.full(count, year),
                grade=last.grade[rows],
                entry=last.entry[rows],
                exit=np.full(count, exit_day),
                exit_type=np.full(count, exit_type),
                entry_type=np.full(count, TRANSFER),
                is_primary=np.zeros(count, dtype=np.bool_),
                is_repeat=last.is_repeat[rows],
            )
        )
    return result


def accountable_rows(spans: Spans) -> Ints:
    """Return the row of each student's accountable span of each school year.

    The rule: of the primary spans the longest, then the latest entry. Rows come in the order of
    school year and student.
    """
    rows = np.flatnonzero(spans.is_primary)
    length = (spans.exit[rows] - spans.entry[rows]).astype(np.int64)
    entry = spans.entry[rows].astype(np.int64)
    order = np.lexsort((entry, length, spans.student[rows], spans.school_year[rows]))
    rows = rows[order]
    year, student = spans.school_year[rows], spans.student[rows]
    is_last = np.r_[(year[1:] != year[:-1]) | (student[1:] != student[:-1]), True]
    return rows[is_last]


def _join_spans(parts: list[Spans]) -> Spans:
    columns = {f: np.concatenate([getattr(p, f) for p in parts]) for f in Spans.__slots__}
    return Spans(**columns)


def _join_diplomas(parts: list[Diplomas]) -> Diplomas:
    return Diplomas(
        **{f: np.concatenate([getattr(p, f) for p in parts]) for f in Diplomas.__slots__}
    )
