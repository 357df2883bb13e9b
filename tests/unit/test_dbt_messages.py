"""What a message of dbt or PostgreSQL may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from p20w.dbt_messages import WITHHELD, is_passing, without_values

MARKED = "Zzyzxqvar"


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            'Database Error\n  null value in column "name" violates not-null constraint\n'
            "  DETAIL:  Failing row contains (7, Marker Person).",
            'Database Error\n  null value in column "name" violates not-null constraint',
        ),
        (
            'invalid input syntax for type integer: "Marker Person"',
            "invalid input syntax for type integer: (value not shown)",
        ),
        (
            'invalid input syntax for type date: "two\nlines" of it\nLINE 3: select',
            "invalid input syntax for type date: (value not shown)",
        ),
        (
            'value "Marker" is out of range for type integer',
            "value (not shown) is out of range for type integer",
        ),
        (
            "Database Error in model fct_award (models/core/facts/fct_award.sql)\n"
            "  row refused: (7, Marker Person)\n  CONTEXT:  PL/pgSQL function refuse()",
            f"Database Error in model fct_award (models/core/facts/fct_award.sql)\n  {WITHHELD}",
        ),
        ('time zone "Marker Person" not recognized', WITHHELD),
        ("Database Error\n  MARKER PERSON 1999", f"Database Error\n  {WITHHELD}"),
    ],
)
def test_a_message_never_shows_a_value(message: str, told: str) -> None:
    assert without_values(message) == told


@pytest.mark.parametrize(
    "message",
    [
        'relation "core.dim_student" does not exist',
        'duplicate key value violates unique constraint "dim_student_pkey"',
        "permission denied for table students",
        "canceling statement due to lock timeout",
        "Database Error in test unique_a (models/a.yml)\n  deadlock detected",
        "Got 3 results, configured to fail if != 0",
        "SELECT 699",
        "INSERT 0 5",
        "Compilation Error in model a (models/a.sql)\n  This model's contract is not kept.",
    ],
)
def test_a_message_of_names_and_counts_passes(message: str) -> None:
    assert without_values(message) == message


SENTENCES = (
    "{}",
    "row refused: {}",
    'invalid input syntax for type date: "{}"',
    'date/time field value out of range: "{}"',
    'value "{}" is out of range for type integer',
    'invalid input value for enum mood: "{}"',
    'malformed array literal: "{}"',
    'duplicate key value violates unique constraint "a_pkey"\nDETAIL:  Key (name)=({}) exists.',
    'null value in column "a" of relation "b" violates not-null constraint\n'
    "DETAIL:  Failing row contains ({}).\nHINT:  {}\nCONTEXT:  {}",
)
HEADS = ("", "Database Error\n  ", "Database Error in model a (models/a.sql)\n  ")


@given(st.sampled_from(HEADS), st.sampled_from(SENTENCES), st.text(), st.text())
def test_no_value_passes_whatever_stands_around_it(
    head: str, sentence: str, before: str, after: str
) -> None:
    value = f"{before}{MARKED}{after}"

    assert MARKED not in without_values(head + sentence.replace("{}", value))


@pytest.mark.parametrize(
    ("message", "passes"),
    [
        ("Database Error\n  server closed the connection unexpectedly\n\tThis probably", True),
        ("terminating connection due to unexpected postmaster exit", True),
        ('connection to server at "127.0.0.1", port 5432 failed: Connection refused', True),
        ('connection to server at "db", port 5432 failed: FATAL:  the database system is', True),
        ("deadlock detected\nDETAIL:  Process 7 waits", True),
        ('null value in column "name" violates not-null constraint', False),
        ("Got 3 results, configured to fail if != 0", False),
        ('relation "core.dim_student" does not exist', False),
    ],
)
def test_what_passes_by_itself_is_told_from_what_a_person_has_to_mend(
    message: str,
    passes: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    assert is_passing(message) is passes
