"""The synthetic state as one value: what the sources deliver, and the truth behind it, kept apart."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from p20w.synthetic.columns import Ints, Words, date_column
from p20w.synthetic.organizations import build_organizations, organization_tables
from p20w.synthetic.people import People, build_people, people_table
from p20w.synthetic.schooling import (
    ENTRY_TYPES,
    EXIT_TYPES,
    Spans,
    draw_classes,
    simulate_schooling,
)


@dataclass(frozen=True, slots=True)
class SyntheticState:
    """An invented Wisconsin, as Arrow tables.

    Attributes:
        seed: names the state.
        districts: one row per district.
        schools: one row per school.
        students: one row per student id.
        enrollments: one row per student, school and entry date.
    """

    seed: int
    districts: pa.Table
    schools: pa.Table
    students: pa.Table
    enrollments: pa.Table


def build_state(students: int, seed: int) -> SyntheticState:
    """Invent a state.

    Args:
        students: number of student ids over the six school years, > 0.
        seed: the same number gives the same state.
    """
    organizations = build_organizations(students, seed)
    people = build_people(students, seed, organizations, draw_classes(students, seed, organizations))
    spans, _ = simulate_schooling(people, organizations, seed)
    tables = organization_tables(organizations)
    return SyntheticState(
        seed=seed,
        districts=tables["districts"],
        schools=tables["schools"],
        students=people_table(people),
        enrollments=_enrollments(people, organizations.school_id, spans),
    )


def words_at(words: tuple[str, ...], places: Ints) -> pa.Array:
    """Return a text column that names each place of a code list."""
    named: Words = np.array(words, dtype=object)[places]
    return pa.array(named, pa.string())


def _enrollments(people: People, school_id: Ints, spans: Spans) -> pa.Table:
    return pa.table(
        {
            "student_id": pa.array(people.student_id[spans.student], pa.string()),
            "school_id": school_id[spans.school],
            "school_year": spans.school_year,
            "grade": spans.grade,
            "entry_date": date_column(spans.entry),
            "exit_date": date_column(spans.exit),
            "exit_type": words_at(EXIT_TYPES, spans.exit_type),
            "entry_type": words_at(ENTRY_TYPES, spans.entry_type),
            "is_primary": spans.is_primary,
            "is_repeat": spans.is_repeat,
            "class_of": people.class_of[spans.student],
        }
    )
