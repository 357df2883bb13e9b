"""Invented students: names from invented lists, birth dates, identifiers, demographics.

No name list is taken from persons. Some surnames are shared by many (clans) and some students carry
two surnames, because both make linkage by name hard. Identifiers are permutations, unique by
construction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from p20w.synthetic.columns import Bools, Days, Ints, Words, chance, generator, in_days, word_column
from p20w.synthetic.organizations import Organizations

# The ids are a bijection i -> i * step mod modulus (a prime), so they do not repeat.
_ID_MODULUS: Final = 8_999_999_993
_ID_STEP: Final = 618_033_989
_ID_SPACING: Final = 10_000_019  # places between two seeds
_REQUEST_MODULUS: Final = 2**60 - 93  # the largest prime of 60 bits: twelve letters of five bits
_REQUEST_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_REQUEST_LENGTH: Final = 12

SEXES: Final = ("Female", "Male", "Non-binary", "Not Selected")
RACES: Final = (
    "American Indian or Alaska Native",
    "Asian",
    "Black or African American",
    "Native Hawaiian or Pacific Islander",
    "White",
    "Choose Not to Respond",
)
_ONSETS: Final = [
    "Ba",
    "Ce",
    "Da",
    "Fi",
    "Ga",
    "Jo",
    "Ka",
    "Le",
    "Mi",
    "No",
    "Pa",
    "Ro",
    "Sa",
    "Ti",
    "Va",
    "We",
]
_ENDINGS: Final = [
    "den",
    "la",
    "mir",
    "na",
    "rin",
    "sel",
    "tha",
    "vor",
    "wyn",
    "lia",
    "ko",
    "beth",
    "ran",
    "dri",
    "mo",
    "sha",
]
_SURNAME_STEMS: Final = [
    "Ander",
    "Brock",
    "Calder",
    "Dorn",
    "Esker",
    "Fald",
    "Gren",
    "Holm",
    "Ivers",
    "Jarn",
    "Kelm",
    "Lund",
    "Marr",
    "Nord",
    "Osk",
    "Prell",
    "Quist",
    "Rand",
    "Stell",
    "Thorn",
    "Ulver",
    "Voss",
    "Wenn",
    "Yarr",
]
_SURNAME_ENDINGS: Final = [
    "beck",
    "berg",
    "dahl",
    "er",
    "feldt",
    "gaard",
    "ic",
    "kamp",
    "low",
    "mann",
    "rup",
    "sen",
    "ski",
    "stad",
    "stone",
    "vik",
]
_CLANS: Final = ["Vhang", "Xiung", "Yhang", "Lhee", "Thaow", "Moah"]
_SECOND_SURNAMES: Final = [
    "Arreda",
    "Bolivo",
    "Castrin",
    "Delmora",
    "Escarro",
    "Fuentar",
    "Galdino",
    "Herranz",
]


@dataclass(frozen=True, slots=True)
class People:
    """Students as columns, one place per student.

    Attributes:
        student_id: DPI's `studentUniqueId`, ten digits.
        home: row number of the student's first district.
        class_of: school year in which an undelayed student finishes grade 12.
        races: bit mask over `RACES`.
        has_associations: False for the few without any education organization association, whose
            demographics and clearinghouse request id are therefore unknown.
        request_id: token under which the clearinghouse is asked, lower case, "" when there is none.
    """

    student_id: Words
    first_name: Words
    middle_name: Words
    last_name: Words
    birth_date: Days
    home: Ints
    class_of: Ints
    sex: Ints
    is_hispanic: Bools
    races: Ints
    is_english_learner: Bools
    has_disability: Bools
    has_associations: Bools
    request_id: Words

    def __len__(self) -> int:
        """Return the number of students."""
        return len(self.student_id)


def build_people(students: int, seed: int, organizations: Organizations, classes: Ints) -> People:
    """Invent the students of the state.

    Args:
        students: how many.
        seed: names the state.
        organizations: their districts.
        classes: for each student the school year of the expected end of grade 12.
    """
    rng = generator(seed, "people")
    home = _homes(rng, students, organizations, classes)
    diversity = organizations.diversity[home]
    hispanic = rng.random(students) < 0.06 + 0.22 * diversity
    races = _race_masks(rng, diversity)
    has_associations = chance(rng, 0.997, students)
    clan = (races == 1 << RACES.index("Asian")) & chance(rng, 0.7, students)
    age_days = rng.integers(0, 365, students)
    middle = _first_names(rng, students)
    middle[chance(rng, 0.2, students)] = None
    first: Days = (classes - 19 - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    born: Days = first + in_days(243 + age_days)
    return People(
        student_id=_student_ids(students, seed),
        first_name=_first_names(rng, students),
        middle_name=middle,
        last_name=_last_names(rng, hispanic, clan),
        birth_date=born,
        home=home,
        class_of=classes,
        sex=rng.choice(len(SEXES), students, p=[0.486, 0.508, 0.003, 0.003]).astype(np.int64),
        is_hispanic=hispanic,
        races=races,
        is_english_learner=rng.random(students) < 0.02 + 0.12 * diversity + 0.1 * hispanic,
        has_disability=chance(rng, 0.14, students),
        has_associations=has_associations,
        request_id=np.where(has_associations, _request_ids(students, seed), ""),
    )


def _homes(
    rng: np.random.Generator, students: int, organizations: Organizations, classes: Ints
) -> Ints:
    """Draw home districts; a class that is still below grade 9 needs a district with grades K-8."""
    weight = organizations.weight * 1.0
    small = weight * organizations.has_elementary
    home = rng.choice(len(weight), students, p=weight)
    young = classes > LAST_CLASS_OF_HIGH_SCHOOL
    home[young] = rng.choice(len(weight), int(young.sum()), p=small / small.sum())
    return home.astype(np.int64)


LAST_CLASS_OF_HIGH_SCHOOL: Final = 2028


def _student_ids(students: int, seed: int) -> Words:
    start = (seed + 1) * _ID_SPACING % _ID_MODULUS
    place = (np.arange(students, dtype=np.uint64) + np.uint64(start)) % np.uint64(_ID_MODULUS)
    numbers = place * np.uint64(_ID_STEP) % np.uint64(_ID_MODULUS) + np.uint64(1_000_000_000)
    return numbers.astype(str).astype(object)


def _request_ids(students: int, seed: int) -> Words:
    """Return twelve-character tokens; two never differ by case alone."""
    place = np.arange(1, students + 1, dtype=object) + (seed + 1) * _ID_SPACING
    numbers = np.array(place * 1_442_695_040_888_963_407 % _REQUEST_MODULUS, dtype=np.uint64)
    letters = np.array(list(_REQUEST_ALPHABET))
    shifts = np.arange(_REQUEST_LENGTH, dtype=np.uint64) * np.uint64(5)
    digits = (numbers[:, None] >> shifts) & np.uint64(31)
    joined = np.ascontiguousarray(letters[digits.astype(np.int64)]).view(f"<U{_REQUEST_LENGTH}")
    return joined.ravel().astype(object)


def _first_names(rng: np.random.Generator, students: int) -> Words:
    names = np.array([onset + ending for onset in _ONSETS for ending in _ENDINGS], dtype=object)
    return names[rng.integers(0, len(names), students)]


def _last_names(rng: np.random.Generator, hispanic: Bools, clan: Bools) -> Words:
    students = len(hispanic)
    plain = np.array([a + b for a in _SURNAME_STEMS for b in _SURNAME_ENDINGS], dtype=object)
    names = plain[rng.integers(0, len(plain), students)]
    second = np.array(_SECOND_SURNAMES, dtype=object)
    one, two = second[rng.integers(0, len(second), (2, students))]
    doubled = hispanic & chance(rng, 0.6, students)
    names = np.where(doubled, one + np.where(chance(rng, 0.3, students), "-", " ") + two, names)
    clans = np.array(_CLANS, dtype=object)
    return np.where(clan, clans[rng.integers(0, len(clans), students)], names)


def _race_masks(rng: np.random.Generator, diversity: np.ndarray) -> Ints:
    """Draw one race each, a second for four in a hundred."""
    students = len(diversity)
    point = rng.random(students)
    other = 0.05 + 0.45 * diversity
    edges = np.cumsum([0.10, 0.25, 0.60, 0.02, 0.03])
    minority = np.searchsorted(edges, point / other)
    order = np.array(
        [RACES.index(name) for name in RACES if name not in ("White", "Choose Not to Respond")]
        + [RACES.index("Choose Not to Respond"), RACES.index("White")]
    )
    race = order[np.minimum(minority, len(order) - 1)]
    mask = np.left_shift(1, race)
    silent = race == RACES.index("Choose Not to Respond")
    second = np.left_shift(1, rng.integers(0, len(RACES) - 1, students))
    twice = chance(rng, 0.04, students) & ~silent
    masks: Ints = np.where(twice, mask | second, mask).astype(np.int64)
    return masks


def people_table(people: People) -> pa.Table:
    """Return the table `students`: identity alone, one row per student."""
    return pa.table(
        {
            "student_id": word_column(people.student_id),
            "first_name": word_column(people.first_name),
            "middle_name": word_column(people.middle_name),
            "last_name": word_column(people.last_name),
            "birth_date": pa.array(people.birth_date.astype("datetime64[D]"), pa.date32()),
        }
    )
