"""The synthetic state as one value: what the sources deliver, and the truth behind it, apart."""

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from p20w.synthetic.clearinghouse import draw_links, simulate_college
from p20w.synthetic.coursework import build_catalog, take_courses
from p20w.synthetic.demographics import draw_demographics
from p20w.synthetic.organizations import build_organizations, organization_tables
from p20w.synthetic.people import build_people, people_table
from p20w.synthetic.programs import draw_associations
from p20w.synthetic.schooling import (
    FIRST_HIGH_GRADE,
    accountable_rows,
    draw_classes,
    simulate_schooling,
)
from p20w.synthetic.tables import (
    associations_table,
    attempt_tables,
    college_tables,
    courses_table,
    demographics_table,
    enrollments_table,
    records_table,
    search_table,
)
from p20w.synthetic.truth import Truth, build_truth
from p20w.synthetic.world import World


@dataclass(frozen=True, repr=False, eq=False)
class SyntheticState:
    """An invented Wisconsin, as Arrow tables; ids are those that the sources show.

    Attributes:
        seed: names the state.
        districts: one row per district.
        schools: one row per school.
        students: one row per student id.
        enrollments: one row per student, school and entry date.
        demographics: one row per student and district, for those with an association.
        courses: one row per district and course.
        sections: one row per section that somebody is in.
        attempts: one row per student, course and school year.
        associations: one row per student, district and school year in a CTE program.
        records: one row per student of grades 9 to 12 and school year, with the diploma.
        searches: one row per student for whom the clearinghouse was asked.
        college_terms: one row per student, college and term.
        college_awards: one row per student and award.
        world: the simulated columns behind the tables.
    """

    seed: int
    districts: pa.Table
    schools: pa.Table
    students: pa.Table
    enrollments: pa.Table
    demographics: pa.Table
    courses: pa.Table
    sections: pa.Table
    attempts: pa.Table
    associations: pa.Table
    records: pa.Table
    searches: pa.Table
    college_terms: pa.Table
    college_awards: pa.Table
    world: World

    @cached_property
    def truth(self) -> Truth:
        """The true figures, for tests; worked out when first asked for."""
        return build_truth(self.world)


def build_state(students: int, seed: int) -> SyntheticState:
    """Invent a state.

    Args:
        students: number of student ids over the six school years, > 0.
        seed: the same number gives the same state.
    """
    return state_of(_build_world(students, seed), seed)


def _build_world(students: int, seed: int) -> World:
    organizations = build_organizations(students, seed)
    classes = draw_classes(students, seed, organizations)
    people = build_people(students, seed, organizations, classes)
    spans, diplomas = simulate_schooling(people, organizations, seed)
    accountable = accountable_rows(spans)
    catalog = build_catalog(organizations, seed)
    terms, awards = simulate_college(organizations, diplomas, seed)
    return World(
        organizations=organizations,
        people=people,
        demographics=draw_demographics(people, organizations, seed),
        spans=spans,
        diplomas=diplomas,
        accountable=accountable,
        catalog=catalog,
        attempts=take_courses(spans, accountable, organizations, catalog, seed),
        links=draw_links(people, diplomas, seed),
        terms=terms,
        awards=awards,
    )


def state_of(world: World, seed: int) -> SyntheticState:
    """Return the tables that the sources of a world deliver."""
    people, organizations, spans = world.people, world.organizations, world.spans
    high = world.accountable[spans.grade[world.accountable] >= FIRST_HIGH_GRADE]
    catalog, attempts = world.catalog, world.attempts
    associations = draw_associations(people, organizations, catalog, attempts, seed)
    return SyntheticState(
        seed=seed,
        **organization_tables(organizations),
        students=people_table(people),
        enrollments=enrollments_table(people, organizations, spans),
        demographics=demographics_table(
            people, organizations, world.demographics, world.links, spans
        ),
        courses=courses_table(organizations, catalog),
        **attempt_tables(people, organizations, catalog, attempts),
        associations=associations_table(people, organizations, associations),
        records=records_table(people, organizations, spans, high, world.diplomas),
        searches=search_table(people, world.diplomas, world.links),
        **college_tables(world.terms, world.awards, world.links.is_searched),
        world=world,
    )
