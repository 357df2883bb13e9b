"""Demographics that change: economic status by school year, and characteristics of few students."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.columns import Bools, Ints, Words, chance, generator
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.people import RACES, People
from p20w.synthetic.schooling import SCHOOL_YEARS

CHARACTERISTICS: Final = ("Homeless", "Foster Care", "Parent in Military", "Single Parent")
_SHARES: Final = (0.02, 0.004, 0.006, 0.003)
UNKNOWN: Final = "Unknown"
TWO_OR_MORE: Final = "Two or More"
HISPANIC: Final = "Hispanic"


@dataclass(frozen=True, slots=True)
class Demographics:
    """Changing demographics as columns, one place per student.

    Attributes:
        economic_years: bit mask over `SCHOOL_YEARS`: economically disadvantaged in that year.
        characteristics: bit mask over `CHARACTERISTICS`.
    """

    economic_years: Ints
    characteristics: Ints


def draw_demographics(people: People, organizations: Organizations, seed: int) -> Demographics:
    """Draw economic status (a few change it between two school years) and characteristics."""
    rng = generator(seed, "demographics")
    students = len(people)
    diversity = organizations.diversity[people.home]
    status = chance(rng, 0.25 + 0.45 * diversity, students)
    mask = np.zeros(students, dtype=np.int64)
    for place in range(len(SCHOOL_YEARS)):
        mask |= status.astype(np.int64) << place
        status = status ^ chance(rng, 0.04, students)
    characteristics = np.zeros(students, dtype=np.int64)
    for place, share in enumerate(_SHARES):
        characteristics |= chance(rng, share, students).astype(np.int64) << place
    return Demographics(economic_years=mask, characteristics=characteristics)


def is_disadvantaged(demographics: Demographics, student: Ints, school_year: Ints) -> Bools:
    """Return economic status of students (row numbers) in school years."""
    mask = demographics.economic_years[student]
    return (mask >> (school_year - SCHOOL_YEARS[0]) & 1).astype(np.bool_)


def race_ethnicity(people: People) -> Words:
    """Return the reporting group: Hispanic first, then one race, then Two or More, else Unknown."""
    silent = 1 << RACES.index("Choose Not to Respond")
    table = np.full(1 << len(RACES), TWO_OR_MORE, dtype=object)
    table[0] = table[silent] = UNKNOWN
    for place, name in enumerate(RACES[:-1]):
        table[1 << place] = name
    groups = np.where(people.is_hispanic, HISPANIC, table[people.races])
    return np.where(people.has_associations, groups, UNKNOWN)
