"""Career and technical education programs: who is in one, work-based learning, credentials.

Only districts that take part in Perkins report associations. One association per student, district
and school year in which the student takes a CTE course.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from p20w.synthetic.clusters import CLUSTERS
from p20w.synthetic.columns import Bools, Ints, chance, generator
from p20w.synthetic.coursework import Attempts, Catalog
from p20w.synthetic.organizations import Organizations
from p20w.synthetic.people import SEXES, People

PROGRAM_NAME: Final = "Career and Technical Education"
WORK_TYPES: Final = (
    "Youth Apprenticeship",
    "Internship/Local Co-op",
    "School-based Enterprise",
    "Simulated Worksite Supervised",
    "Supervised Agricultural Experience",
    "Entrepreneurial Student Business",
)
CREDENTIALS: Final = (
    "OSHA 10",
    "Certified Nursing Assistant",
    "AWS Certified Welder",
    "ServSafe",
    "CompTIA A+",
)
_OLD_ENOUGH: Final = 11
_YOUTH_APPRENTICESHIP_HOURS: Final = 450


@dataclass(frozen=True, slots=True)
class Associations:
    """CTE associations as columns.

    Attributes:
        clusters: bit mask over `CLUSTERS`.
        work: row number in `WORK_TYPES`, -1 for none; `hours` of it.
        credential: row number in `CREDENTIALS`, -1 for none.
    """

    student: Ints
    district: Ints
    school_year: Ints
    clusters: Ints
    is_nontraditional: Bools
    work: Ints
    hours: Ints
    credential: Ints


def draw_associations(
    people: People, organizations: Organizations, catalog: Catalog, attempts: Attempts, seed: int
) -> Associations:
    """Derive associations from CTE courses taken and draw what goes with them."""
    rng = generator(seed, "programs")
    cluster = catalog.cluster[attempts.course]
    district = organizations.school_district[attempts.school]
    rows = np.flatnonzero((cluster >= 0) & organizations.in_perkins[district])
    order = rows[np.lexsort((attempts.student[rows], attempts.school_year[rows]))]
    key = attempts.school_year[order] * 2**40 + attempts.student[order]
    first = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    masks = np.bitwise_or.reduceat(np.left_shift(1, cluster[order]), first)
    kept = order[first]
    count = len(kept)
    senior = attempts.grade[kept] >= _OLD_ENOUGH
    works = senior & chance(rng, 0.16, count)
    kind = rng.integers(0, len(WORK_TYPES), count)
    hours = np.where(kind == 0, _YOUTH_APPRENTICESHIP_HOURS, 0) + rng.integers(40, 320, count)
    certified = senior & chance(rng, 0.09, count)
    return Associations(
        student=attempts.student[kept],
        district=district[kept],
        school_year=attempts.school_year[kept],
        clusters=masks.astype(np.int64),
        is_nontraditional=_is_nontraditional(people.sex[attempts.student[kept]], masks),
        work=np.where(works, kind, -1),
        hours=np.where(works, hours, 0),
        credential=np.where(certified, rng.integers(0, len(CREDENTIALS), count), -1),
    )


def _is_nontraditional(sex: Ints, clusters: Ints) -> Bools:
    result = np.zeros(len(sex), dtype=np.bool_)
    for place, cluster in enumerate(CLUSTERS):
        if cluster.minority:
            in_cluster = (clusters >> place & 1).astype(np.bool_)
            result |= in_cluster & (sex == SEXES.index(cluster.minority))
    return result
