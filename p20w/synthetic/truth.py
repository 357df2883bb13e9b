"""The true figures of a synthetic state, for tests only; nothing here is ever served.

Definitions follow the published ones. Accountable school: primary spans, the longest, then the
latest entry. Participant: passed a CTE course in grades 9 to 12 in the year (until 2020-21:
took one). Concentrator: on a June 30 in grade 11 or 12 had passed two courses of one cluster in
grades 9 to 12 (the rule since 2019-20; no earlier year is simulated), and ever after. Cohort:
school year of the first high-school enrollment + 12 - grade; a transfer or death before a diploma
leaves it. Fall: a college term that begins after the diploma date and overlaps August 15 to
October 31 of the class year, with a status other than A and W; as the last clearinghouse return
shows it.
"""

from dataclasses import dataclass

import pyarrow as pa

from p20w.synthetic.truth_figures import (
    COHORT_FLAGS,
    GRADUATION_FLAGS,
    count_flags,
    count_members,
    count_participation,
)
from p20w.synthetic.truth_rows import (
    cluster_rows,
    cohort_rows,
    graduate_rows,
    person_year_rows,
)
from p20w.synthetic.world import World


@dataclass(frozen=True, slots=True)
class Truth:
    """True tables.

    Attributes:
        person_years: one row per student and school year: accountable school, grade, reporting
            groups, whether enrolled on the third Friday of September, CTE flags.
        clusters: one row per student, school year and cluster with a CTE course so far.
        graduates: one row per diploma: link to the clearinghouse and what it shows.
        cohorts: one row per student of a four-year cohort that has ended.
        members: counts by school year, organization, grade and reporting group.
        participation: counts by school year, organization and cluster (or All), grades 9 to 12.
        graduation: counts by class and organization: diplomas, of these the regular ones, of these
            the linkable ones, of these what the clearinghouse shows.
        cohort_figures: counts by cohort and organization.
    """

    person_years: pa.Table
    clusters: pa.Table
    graduates: pa.Table
    cohorts: pa.Table
    members: pa.Table
    participation: pa.Table
    graduation: pa.Table
    cohort_figures: pa.Table


def build_truth(world: World) -> Truth:
    """Work out the true figures."""
    clusters = cluster_rows(world)
    person_years = person_year_rows(world, clusters)
    graduates = graduate_rows(world)
    cohorts = cohort_rows(world)
    return Truth(
        person_years=person_years,
        clusters=clusters,
        graduates=graduates,
        cohorts=cohorts,
        members=count_members(person_years),
        participation=count_participation(person_years, clusters),
        graduation=count_flags(graduates, "class_year", GRADUATION_FLAGS),
        cohort_figures=count_flags(cohorts, "cohort", COHORT_FLAGS),
    )
