"""Marked people in every restricted step of a night: what fails says what, and nobody who."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingestion.registry import sources
from p20w import ledger
from p20w.dbt_runner import PARSED, DbtLayer
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.errors import DatabaseError, GateBlocked, Terminal
from p20w.synthetic.server import SyntheticServer
from tests.integration.conftest import WITH_PEOPLE, ingest_all, started_warehouse
from tests.integration.marked_night import PERSONAL, STEPS, Night
from tests.integration.marked_people import (
    CELL,
    MARKS,
    Search,
    ServerLog,
    lay_traps,
    marked_state,
    tables,
)

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def marked_night(tmp_path_factory: pytest.TempPathFactory, parsed_project: Path) -> Iterator[Night]:
    state = marked_state(300, 7)
    with (
        started_warehouse(tmp_path_factory.mktemp("marked") / "home", parsed_project) as settings,
        SyntheticServer(state) as wisconsin,
        pytest.MonkeyPatch.context() as patch,
    ):
        for source in sources():
            patch.setenv(f"P20W_{source.name.upper()}_URL", wisconsin.source_url(source.name))
        ingest_all(settings, WITH_PEOPLE)
        lay_traps(settings)
        log = ServerLog(EmbeddedPostgres(settings.home, durable=False).log, 0)
        made = Night(settings, log, ledger.start_run(settings))
        for step in STEPS:
            step(made)
        yield made


REASONS = r"nodes failed: .*Reasons are in ops.dbt_result"
FAILURES: dict[str, tuple[type[Exception], str]] = {
    "staging": (Terminal, f"7 {REASONS}"),
    "door staging": (
        GateBlocked,
        r"exits_after_entries.*could not be evaluated|could not be evaluated.*exits_after_entries",
    ),
    "identity unique": (DatabaseError, r"sqlstate=23505, relation=identity.person.*resolve.py:"),
    "identity check": (DatabaseError, r"sqlstate=23514, relation=identity.person.*resolve.py:"),
    "identity trigger": (DatabaseError, r"sqlstate=P0001.*resolve.py:"),
    "airflow": (RuntimeError, r"exit code 1"),
    "core": (Terminal, f"5 {REASONS}"),
    "door core": (GateBlocked, r"could not be evaluated \(RaiseException\).*spans_in_range"),
    "marts": (Terminal, f"3 {REASONS}"),
    "protect cast": (DatabaseError, r"sqlstate=22P02.*release/tables.py:"),
    "protect trigger": (DatabaseError, r"sqlstate=P0001.*release/tables.py:"),
    "audit": (DatabaseError, r"sqlstate=P0001.*release/tables.py:"),
    "door release": (GateBlocked, r"no_text_free_form_pii.*mart_enrollment: 1 of "),
    "export": (DatabaseError, r"sqlstate=22P02.*release/tables.py:"),
}


@pytest.mark.parametrize("step", FAILURES)
def test_a_step_that_fails_on_a_marked_person_says_what_failed(
    marked_night: Night, step: str
) -> None:
    kind, expected = FAILURES[step]

    error = marked_night.told[step].error

    assert type(error) is kind
    assert re.search(expected, str(error), re.DOTALL)


@pytest.mark.parametrize("step", FAILURES)
def test_a_step_that_fails_on_a_marked_person_tells_nobody_who(
    marked_night: Night, step: str
) -> None:
    assert marked_night.places[step] == []


def test_a_door_tells_of_an_expectation_and_of_a_query_that_failed_on_a_row(
    marked_night: Night,
) -> None:
    error = marked_night.told["door staging"].error

    assert isinstance(error, GateBlocked)
    told = str(error)
    assert re.search(r"student_school_associations.exit_date, entry_date: [1-9]\d* of ", told)
    assert "stg_edfi__students.student_id_dpi: 2 of 301" in told
    assert "stg_nsc__enrollments: could not be evaluated (InvalidTextRepresentation)" in told
    assert re.search(r"stg_edfi__course_transcripts\S*: could not be evaluated \(Raise", told)


def test_a_task_of_airflow_prints_class_state_and_constraint(marked_night: Night) -> None:
    assert (
        "AirflowFailException: DatabaseError: The database refused a statement (UniqueViolation;"
        " sqlstate=23505, relation=identity.person, constraint=person_student_id_dpi_key"
    ) in marked_night.told["airflow"].text


INVALID = "invalid input syntax for type {}: (value not shown)"
WITHHELD = "(text not shown: it may hold a row)"
FOUND = "Got 1 result, configured to fail if != 0"
NULL = 'null value in column "{}" of relation "{}__dbt_tmp" violates not-null constraint'
REPEATED = 'duplicate key value violates unique constraint "{}"'
MESSAGES: dict[DbtLayer, dict[str, str]] = {
    "staging": {
        "stg_edfi__student_diplomas": INVALID.format("date"),
        "stg_edfi__student_characteristics": INVALID.format("date"),
        "stg_nsc__degrees": INVALID.format("integer"),
        "stg_nsc__enrollments": WITHHELD,
        "unique_combination_stg_edfi__student_identification_codes_": FOUND,
        "unique_combination_stg_edfi__students_": FOUND,
        "not_null_stg_nsc__searches_": FOUND,
    },
    "core": {
        "fct_course_outcome": INVALID.format("integer"),
        "fct_enrollment_span": REPEATED.format("fct_enrollment_span__dbt_tmp_pkey"),
        "fct_ps_enrollment": NULL.format("enrollment_end_date", "fct_ps_enrollment"),
        "int_clearinghouse__contacts_counted": WITHHELD,
        "relationships_fct_ps_award_student_key_": FOUND,
    },
    "marts": {
        "mart_enrollment": NULL.format("organization_name", "mart_enrollment"),
        "mart_pathway_participation": WITHHELD,
        "mart_postsecondary_transition": NULL.format(
            "organization_name", "mart_postsecondary_transition"
        ),
    },
}


@pytest.mark.parametrize("layer", MESSAGES)
def test_the_ledger_says_why_a_node_failed_without_a_value(
    marked_night: Night, layer: DbtLayer
) -> None:
    messages = marked_night.messages(layer)

    reasons = {
        expected: [
            message.splitlines()[-1].strip()
            for name, message in messages.items()
            if name.startswith(expected)
        ]
        for expected in MESSAGES[layer]
    }
    assert reasons == {name: [reason] for name, reason in MESSAGES[layer].items()}
    assert len(messages) == len(reasons)


def test_dbt_keeps_no_results_and_no_log(marked_night: Night) -> None:
    folder = marked_night.settings.home / "dbt"

    assert (folder / PARSED).exists()
    assert not list(folder.rglob("run_results.json"))
    assert not list(folder.rglob("*.log"))
    assert folder.stat().st_mode & 0o077 == 0


def test_the_searched_places_are_the_ones_that_a_night_writes(marked_night: Night) -> None:
    names = {name for name, _ in marked_night.written()}

    assert {
        "server.log",
        "ops.dbt_result",
        "ops.check_result",
        "ops.rejected_row",
        "ops.source_release",
        f"dbt/{PARSED}",
        "data_docs/index.html",
    } <= names
    assert any(re.fullmatch(r"data_docs/.*/stg_edfi__students.html", name) for name in names)
    assert any(re.fullmatch(r"exports/public/.*mart_enrollment.parquet", name) for name in names)
    assert any(re.fullmatch(r"exports/restricted/.*mart_enrollment.csv", name) for name in names)


def test_marked_people_are_in_the_restricted_schemas_and_in_no_other(marked_night: Night) -> None:
    people = Search(set(MARKS) - {CELL})

    found = {
        name.partition(".")[0]
        for name, content in tables(marked_night.settings, lambda _: True)
        if people.finds(content)
    }

    assert found == PERSONAL


def test_the_random_keys_of_marked_people_end_in_the_star_schema(marked_night: Night) -> None:
    keys = Search(marked_night.keys)

    found = {
        name.partition(".")[0]
        for name, content in tables(marked_night.settings, lambda _: True)
        if keys.finds(content)
    }

    assert found == {"identity", "core", "trap"}
