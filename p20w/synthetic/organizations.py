"""Invented districts and schools in Wisconsin's real counties and CESAs.

About 60 districts at the default size, each in one county. A third teach kindergarten to grade 12,
the others are union high school districts (grades 9 to 12). District and school codes are four
digits; a school's code is unique only within its district.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from p20w.synthetic.columns import Bools, Ints, Words, generator, weights_of
from p20w.synthetic.geography import CESA_NUMBERS, COUNTIES

STUDENTS_PER_DISTRICT: Final = 420
FEWEST_DISTRICTS: Final = 8
MOST_DISTRICTS: Final = 400
NON_PERKINS_EVERY: Final = 17
NON_PERKINS_PLACE: Final = 5
SCHOOL_ID_FACTOR: Final = 10_000
_CITY: Final = 300  # thousand people in the county

_FIRST: Final = (
    "Alder", "Ashen", "Birch", "Bluff", "Cedar", "Clear", "Clover", "Crane", "Deer", "Elder",
    "Fern", "Flint", "Gold", "Heron", "Juniper", "Larch", "Loon", "Maple", "Otter", "Pine",
    "Quarry", "Rush", "Sand", "Tamarack",
)  # fmt: skip
_SECOND: Final = (
    "bridge", "brook", "crest", "dale", "fall", "field", "ford", "glen", "grove", "haven", "hollow",
    "lake", "landing", "marsh", "mere", "moor", "point", "ridge", "shore", "valley", "ville",
    "water", "wick", "wood",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organizations:
    """Districts and schools as columns; a school names its district by row number.

    Attributes:
        district_code: four digits, ascending.
        district_county: row number in `geography.COUNTIES`.
        has_elementary: the district teaches kindergarten to grade 8 too.
        in_perkins: the district takes part in Perkins; the others report no CTE associations.
        weight: share of a class of students that belongs to the district; sums to 1.
        diversity: 0 to 1, drives race, language and income of its students.
        school_district: row number of the school's district.
        school_low, school_high: lowest and highest grade, 0 is kindergarten.
    """

    district_code: Words
    district_name: Words
    district_county: Ints
    district_cesa: Ints
    has_elementary: Bools
    in_perkins: Bools
    weight: np.ndarray
    diversity: np.ndarray
    school_district: Ints
    school_code: Words
    school_name: Words
    school_low: Ints
    school_high: Ints

    @property
    def district_id(self) -> Ints:
        """Ed-Fi's `localEducationAgencyId`: the district code as a number."""
        return self.district_code.astype(np.int64)

    @property
    def school_id(self) -> Ints:
        """Ed-Fi's `schoolId`: district code x 10,000 + school code."""
        codes: Ints = self.school_code.astype(np.int64)
        return self.district_id[self.school_district] * SCHOOL_ID_FACTOR + codes


def build_organizations(students: int, seed: int) -> Organizations:
    """Invent districts and schools for about so many students.

    Args:
        students: number of students of the whole state, > 0.
        seed: names the state; the same seed gives the same organizations.
    """
    count = int(np.clip(students // STUDENTS_PER_DISTRICT, FEWEST_DISTRICTS, MOST_DISTRICTS))
    rng = generator(seed, "districts")
    population = np.array([county.population for county in COUNTIES], dtype=np.float64)
    county = _spread_over_counties(rng, population, count)
    size = rng.lognormal(0.0, 0.55, count) * np.sqrt(population[county])
    has_elementary = np.arange(count) % 3 == 0
    stems = rng.permutation(len(_FIRST) * len(_SECOND))[:count]
    names = np.array(
        [_district_name(int(stem), full) for stem, full in zip(stems, has_elementary, strict=True)],
        dtype=object,
    )
    codes = 14 + 7 * np.sort(rng.permutation(950)[:count])
    district = _schools_of(has_elementary, weights_of(size), names)
    return Organizations(
        district_code=np.array([f"{code:04d}" for code in codes], dtype=object),
        district_name=names,
        district_county=county,
        district_cesa=np.array([COUNTIES[row].cesa for row in county], dtype=np.int64),
        has_elementary=has_elementary,
        in_perkins=np.arange(count) % NON_PERKINS_EVERY != NON_PERKINS_PLACE,
        weight=weights_of(size),
        diversity=np.clip(rng.beta(1.2, 3.0, count) + (population[county] > _CITY) * 0.3, 0, 0.95),
        **district,
    )


def _spread_over_counties(rng: np.random.Generator, population: np.ndarray, count: int) -> Ints:
    """Give every CESA at least one district while there are enough, the rest by population."""
    cesa = np.array([county.cesa for county in COUNTIES])
    largest = [
        int(np.flatnonzero(cesa == number)[np.argmax(population[cesa == number])])
        for number in CESA_NUMBERS
    ]
    seats = rng.choice(len(COUNTIES), size=count, p=weights_of(np.sqrt(population)))
    given = np.array(largest[:count], dtype=np.int64)
    seats[: len(given)] = given
    return seats.astype(np.int64)


def _district_name(stem: int, full: bool) -> str:  # noqa: FBT001 - a column of the table, not a switch
    name = _FIRST[stem // len(_SECOND)] + _SECOND[stem % len(_SECOND)]
    return f"{name} School District" if full else f"{name} Union High School District"


def _schools_of(has_elementary: Bools, weight: np.ndarray, names: Words) -> dict[str, np.ndarray]:
    """List the schools: one high school a district, two in the largest, and K-8 schools."""
    rows: list[tuple[int, str, str, int, int]] = []
    large = weight > 2.5 / len(weight)
    for district, full in enumerate(has_elementary):
        stem = str(names[district]).split(" ", 1)[0]
        highs = ["High", "East High"] if large[district] else ["High"]
        for place, word in enumerate(highs):
            rows.append((district, f"{400 + 10 * place:04d}", f"{stem} {word} School", 9, 12))
        lows = ["Elementary", "West Elementary"] if full and large[district] else ["Elementary"]
        for place, word in enumerate(lows if full else []):
            rows.append((district, f"{20 + 10 * place:04d}", f"{stem} {word} School", 0, 8))
    return {
        "school_district": np.array([row[0] for row in rows], dtype=np.int64),
        "school_code": np.array([row[1] for row in rows], dtype=object),
        "school_name": np.array([row[2] for row in rows], dtype=object),
        "school_low": np.array([row[3] for row in rows], dtype=np.int64),
        "school_high": np.array([row[4] for row in rows], dtype=np.int64),
    }


def organization_tables(organizations: Organizations) -> dict[str, pa.Table]:
    """Return the tables `districts` and `schools`, one row each."""
    county = organizations.district_county
    districts = pa.table(
        {
            "district_code": pa.array(organizations.district_code, pa.string()),
            "district_id": organizations.district_id,
            "district_name": pa.array(organizations.district_name, pa.string()),
            "county_fips": [COUNTIES[row].fips for row in county],
            "county_name": [COUNTIES[row].name for row in county],
            "cesa": organizations.district_cesa,
            "in_perkins": organizations.in_perkins,
        }
    )
    of = organizations.school_district
    schools = pa.table(
        {
            "school_id": organizations.school_id,
            "district_code": pa.array(organizations.district_code[of], pa.string()),
            "district_id": organizations.district_id[of],
            "school_code": pa.array(organizations.school_code, pa.string()),
            "school_name": pa.array(organizations.school_name, pa.string()),
            "county_name": [COUNTIES[row].name for row in county[of]],
            "lowest_grade": organizations.school_low,
            "highest_grade": organizations.school_high,
        }
    )
    return {"districts": districts, "schools": schools}
