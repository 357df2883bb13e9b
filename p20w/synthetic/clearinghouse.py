"""What graduates do after school: college terms and awards, and how the clearinghouse finds them.

The clearinghouse is asked once for each graduate's request id and returns it with every row. Some
returned ids are broken, a few request ids are held by two students, a few students block their
records, some colleges report late: `Links` and `reported` say so, for the truth.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.colleges import COLLEGES, PUBLIC
from p20w.synthetic.columns import Bools, Days, Ints, Words, chance, day, generator, in_days
from p20w.synthetic.geography import COUNTIES
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.people import People
from p20w.synthetic.schooling import REGULAR, Diplomas

RETURN_DATES: Final = (day("2025-03-31"), day("2025-08-29"), day("2025-11-18"))
STATUSES: Final = ("F", "Q", "H", "L", "W", "A", "")
LINKS: Final = ("ok", "truncated", "altered", "shared", "none")
LINK_OK, LINK_TRUNCATED, LINK_ALTERED, LINK_SHARED, LINK_NONE = range(5)
CERTIFICATE, ASSOCIATE, BACHELOR = range(3)
TITLES: Final = ("TECHNICAL DIPLOMA", "ASSOCIATE OF APPLIED SCIENCE", "BACHELOR OF SCIENCE")
MAJORS: Final = (
    ("NURSING", "513801"), ("ACCOUNTING", "520301"), ("WELDING", "480508"),
    ("COMPUTER SCIENCE", "110701"), ("BUSINESS MANAGEMENT", "520201"), ("BIOLOGY", "260101"),
    ("CRIMINAL JUSTICE", "430107"), ("MECHANICAL ENGINEERING", "141901"),
    ("EARLY CHILDHOOD EDUCATION", "131210"), ("AGRIBUSINESS", "010101"),
    ("ELECTRICIAN", "460302"), ("MEDICAL ASSISTANT", "510801"),
)  # fmt: skip
_TERMS_NEEDED: Final = np.array([2, 4, 8])
_LAST_BEGIN: Final = day("2025-10-15")
_MOST_TERMS: Final = 12
_LEAP: Final = 4
_FEBRUARY_28: Final = np.timedelta64(59, "D")


@dataclass(frozen=True, slots=True)
class Links:
    """By student: how the clearinghouse's answer finds back; `is_searched` where it was asked.

    `request_id` is what Ed-Fi delivers, `return_id` what the clearinghouse sends back.
    """

    kind: Ints
    is_searched: Bools
    request_id: Words
    return_id: Words


@dataclass(frozen=True, slots=True)
class Terms:
    """College terms as columns; student and college are row numbers."""

    student: Ints
    college: Ints
    begin: Days
    end: Days
    status: Ints
    place: Ints
    major: Ints
    reported: Days


@dataclass(frozen=True, slots=True)
class Awards:
    """College awards as columns; student and college are row numbers, `kind` indexes `TITLES`."""

    student: Ints
    college: Ints
    awarded: Days
    kind: Ints
    major: Ints
    reported: Days


def draw_links(people: People, diplomas: Diplomas, seed: int) -> Links:
    """Decide for each student with a diploma whether its clearinghouse answer can be linked."""
    rng = generator(seed, "links")
    request = people.request_id.copy()
    kind = np.full(len(people), LINK_NONE)
    asked = diplomas.student[request[diplomas.student] != ""]
    kind[asked] = LINK_OK
    broken = asked[chance(rng, 0.01, len(asked))]
    kind[broken] = np.where(chance(rng, 0.5, len(broken)), LINK_TRUNCATED, LINK_ALTERED)
    whole = asked[kind[asked] == LINK_OK]
    pairs = rng.permutation(whole)[: 2 * (len(whole) // 1000)].reshape(2, -1)
    request[pairs[1]] = request[pairs[0]]
    kind[pairs] = LINK_SHARED
    searched = kind != LINK_NONE
    searched[pairs[1]] = False
    returned = np.full(len(people), "", dtype=object)
    returned[asked] = "_" + request[asked]
    cut, bent = np.flatnonzero(kind == LINK_TRUNCATED), np.flatnonzero(kind == LINK_ALTERED)
    returned[cut] = [text[:-4] for text in returned[cut]]
    returned[bent] = [text[:5] + "?" + text[6:] for text in returned[bent]]
    return Links(kind=kind, is_searched=searched, request_id=request, return_id=returned)


def simulate_college(
    organizations: Organizations, diplomas: Diplomas, seed: int
) -> tuple[Terms, Awards]:
    """Send graduates to college, term after term.

    Returns:
        Terms and awards as the clearinghouse will know them; blocked students have none.
    """
    rng = generator(seed, "college")
    goes = np.where(diplomas.kind == REGULAR, 0.64, 0.25)
    rows = np.flatnonzero(chance(rng, goes, len(goes)) & ~chance(rng, 0.03, len(goes)))
    student, year = diplomas.student[rows], diplomas.school_year[rows]
    district = organizations.school_district[diplomas.school[rows]]
    home = _home_college(organizations)[district]
    college = _first_college(rng, home)
    first_term = rng.choice([0, 1, 2, 3], len(rows), p=[0.90, 0.03, 0.05, 0.02])
    walk = _Walk(rng, student, year, college, home, first_term)
    for place in range(_MOST_TERMS):
        walk.step(place)
    _add_dual_credit(rng, organizations, diplomas, walk)
    return walk.terms(), walk.awards()


def _home_college(organizations: Organizations) -> Ints:
    """Return the technical college of each district's county."""
    row = {college.college_district: place for place, college in enumerate(COLLEGES)}
    return np.array([row[COUNTIES[c].college_district] for c in organizations.district_county])


def _first_college(rng: np.random.Generator, home: Ints) -> Ints:
    """Choose: the home technical college, or a university, private or out-of-state college."""
    technical = np.array([college.is_technical for college in COLLEGES])
    in_state = np.array([college.state == "WI" for college in COLLEGES])
    public = np.array([college.control == PUBLIC for college in COLLEGES])
    weight = np.where(technical, 0.002, np.where(~in_state, 0.02, np.where(public, 0.05, 0.012)))
    elsewhere = rng.choice(len(COLLEGES), len(home), p=weight / weight.sum())
    return np.where(chance(rng, 0.42, len(home)), home, elsewhere)


class _Walk:
    """College goers and the rows that they leave behind."""

    def __init__(
        self,
        rng: np.random.Generator,
        student: Ints,
        year: Ints,
        college: Ints,
        home: Ints,
        first_term: Ints,
    ) -> None:
        self._rng = rng
        self._student, self._year, self._college, self._home = student, year, college, home
        self._first = first_term
        self._technical = np.array([college.is_technical for college in COLLEGES])
        count = len(student)
        self._is_active = np.ones(count, dtype=np.bool_)
        self._done = np.zeros(count, dtype=np.int64)
        short = chance(rng, 0.45, count)
        self._aim = np.where(
            self._technical[college], np.where(short, CERTIFICATE, ASSOCIATE), BACHELOR
        )
        self._major = rng.integers(0, len(MAJORS), count)
        self._terms: list[tuple[np.ndarray, ...]] = []
        self._awards: list[tuple[np.ndarray, ...]] = []

    def step(self, place: int) -> None:
        """Let every active student spend the term of this place (0 is the first fall)."""
        rng = self._rng
        is_fall = place % 2 == 0
        year = self._year + (place + 1) // 2
        offset = self._college % 12
        autumn, spring = _days(year, "08-21") + offset, _days(year, "01-22") + offset
        begin = autumn if is_fall else spring
        end = _days(year, "12-14") if is_fall else _days(year, "05-12")
        here = np.flatnonzero(self._is_active & (self._first <= place) & (begin <= _LAST_BEGIN))
        self.add_terms(here, self._college[here], begin[here], end[here])
        aside = here[~self._technical[self._college[here]] & chance(rng, 0.02, len(here))]
        self.add_terms(aside, self._home[aside], begin[aside] + in_days(3), end[aside])
        self._done[here] += 1
        ready = here[self._done[here] >= _TERMS_NEEDED[self._aim[here]]]
        self._award(ready[chance(rng, 0.85, len(ready))], end)
        onward = chance(rng, 0.25, len(ready)) & (self._aim[ready] == ASSOCIATE)
        self._is_active[ready[~onward]] = False
        transfer = ready[onward]
        self._aim[transfer] = BACHELOR
        self._college[transfer] = _university(rng, len(transfer))
        self._is_active[here[chance(rng, 0.06, len(here))]] = False

    def add_terms(self, rows: Ints, college: Ints, begin: Days, end: Days) -> None:
        """Write one term for each row of the walk."""
        rng, count = self._rng, len(rows)
        status = rng.choice(len(STATUSES), count, p=[0.72, 0.05, 0.12, 0.06, 0.03, 0.01, 0.01])
        late = np.where(chance(rng, 0.03, count), rng.integers(170, 330, count), 0)
        reported = begin + in_days(20 + rng.integers(0, 40, count) + late)
        place = np.minimum(self._done[rows] // 2, 3)
        self._terms.append(
            (self._student[rows], college, begin, end, status, place, self._major[rows], reported)
        )

    def _award(self, rows: Ints, end: Days) -> None:
        awarded = end[rows] + in_days(5)
        reported = awarded + in_days(self._rng.integers(30, 80, len(rows)))
        self._awards.append(
            (self._student[rows], self._college[rows], awarded, self._aim[rows], self._major[rows],
             reported)
        )  # fmt: skip

    def add_student_terms(self, student: Ints, college: Ints, begin: Days, end: Days) -> None:
        """Write one term for students that need not be in the walk."""
        zeros = np.zeros(len(student), dtype=np.int64)
        status = zeros + STATUSES.index("L")
        self._terms.append(
            (student, college, begin, end, status, zeros, zeros, begin + in_days(40))
        )

    def terms(self) -> Terms:
        """Return all terms."""
        return Terms(*(np.concatenate(column) for column in zip(*self._terms, strict=True)))

    def awards(self) -> Awards:
        """Return all awards."""
        return Awards(*(np.concatenate(column) for column in zip(*self._awards, strict=True)))


def _add_dual_credit(
    rng: np.random.Generator,
    organizations: Organizations,
    diplomas: Diplomas,
    walk: _Walk,
) -> None:
    """Write terms that begin before most diplomas: in the last spring, or across diploma day."""
    home = _home_college(organizations)
    point = rng.random(len(diplomas.student))
    for rows, first, last in (
        (np.flatnonzero(point < DUAL_CREDIT), "01-22", "05-14"),
        (
            np.flatnonzero((point >= DUAL_CREDIT) & (point < DUAL_CREDIT + STRADDLING)),
            "05-19",
            "08-22",
        ),
    ):
        year = diplomas.school_year[rows]
        college = home[organizations.school_district[diplomas.school[rows]]]
        walk.add_student_terms(
            diplomas.student[rows], college, _days(year, first), _days(year, last)
        )


DUAL_CREDIT: Final = 0.10
STRADDLING: Final = 0.02


def _university(rng: np.random.Generator, count: int) -> Ints:
    rows = [
        place
        for place, college in enumerate(COLLEGES)
        if college.state == "WI" and college.control == PUBLIC and not college.is_technical
    ]
    return rng.choice(rows, count).astype(np.int64)


def _days(year: Ints, month_and_day: str) -> Days:
    """Return the same month and day of each year."""
    january = day(f"2001-{month_and_day}") - day("2001-01-01")
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    leap = ((year % _LEAP == 0) & (january >= _FEBRUARY_28)).astype(np.int64)
    days: Days = start + january + leap
    return days
