"""Checks in SQL of door 1: elements and unexpected ones of a few rows, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import staging
from expectations.checks.clearinghouse import clearinghouse_checks
from expectations.gate import run_check
from expectations.subject import read_contracts

pytestmark = pytest.mark.integration

RUN = 4711


@pytest.mark.parametrize(("completed", "unexpected"), [("2026-01-07", 0), ("2026-01-06", 1)])
def test_source_is_late_after_the_days_of_its_contract(
    few: Any, completed: str, unexpected: int
) -> None:
    few.ledger_run()
    few.database.execute("update ops.source_release set completed_at = %s", [completed])
    contracts = [one for one in read_contracts() if one.name == "edfi"]
    assert contracts[0].meta.freshness_days == 3

    assert few.counts(staging.freshness(RUN, contracts)) == (1, unexpected)


# Complete before: C2024_A.2 of ipeds and version-2 of edfi on 2026-01-09 08:00, HD2024 at 12:00.
@pytest.mark.parametrize(
    ("source", "release", "state", "opened", "unexpected"),
    [
        ("ipeds", "C2024_A", "refused", "2026-01-09 07:00", 0),
        ("ipeds", "C2024_A", "refused", "2026-01-09 09:00", 1),
        ("ipeds", "C2024_A.3", "refused", "2026-01-09 09:00", 1),
        ("ipeds", "C2024_A.3", "open", "2026-01-09 09:00", 1),
        ("ipeds", "C2023_A", "refused", "2026-01-09 07:00", 1),
        ("ipeds", "C2023_A", "refused", "2026-01-10 09:00", 0),
        ("edfi", "version-1", "refused", "2026-01-09 07:00", 0),
        ("edfi", "version-3", "refused", "2026-01-09 09:00", 1),
        ("nsc", "StudentTracker", "refused", "2026-01-09 07:00", 1),
    ],
)
def test_refused_release_is_told_until_a_later_one_replaces_it(
    few: Any, source: str, release: str, state: str, opened: str, unexpected: int
) -> None:
    few.ledger_run()
    few.database.execute(
        """
        update ops.run set started_at = '2026-01-10 02:00';
        update ops.source_release set release = 'version-2', completed_at = '2026-01-09 08:00';
        insert into ops.source_release (source_release_id, source, release, origin, state,
            opened_at, completed_at)
        values (4714, 'ipeds', 'C2024_A.2', 'endpoint', 'complete', '2026-01-09 07:30',
            '2026-01-09 08:00'),
            (4715, 'ipeds', 'HD2024', 'endpoint', 'complete', '2026-01-09 11:30',
            '2026-01-09 12:00');
        insert into ops.load (load_id, source, content_hash, contract_version, layout, row_counts,
            rejected_count, loaded_at)
        select number, 'ipeds', number::text, 'y', 'official', '{}', 0, '2026-01-09'
        from unnest(array[4714, 4715]) as number;
        insert into ops.run_input (run_id, load_id, source, source_release_id)
        values (4711, 4714, 'ipeds', 4714), (4711, 4715, 'ipeds', 4715)
        """
    )
    few.database.execute(
        "insert into ops.source_release (source, release, origin, state, opened_at)"
        " values (%s, %s, 'endpoint', %s, %s)",
        [source, release, state, opened],
    )

    # Three are complete; what comes after the run began is none of its business.
    offered = 3 if opened > "2026-01-10 02:00" else 4
    assert few.counts(staging.newest_in_use(RUN, read_contracts())) == (offered, unexpected)


@pytest.mark.parametrize(("rows", "unexpected"), [("1000000001", 0), ("", 1)])
def test_loaded_rows_that_do_not_reach_staging_are_found(
    few: Any, rows: str, unexpected: int
) -> None:
    few.ledger_run()
    few.make("staging.stg_edfi__students", "student_id_dpi:text", rows)
    contracts = tuple(one for one in read_contracts() if one.name == "edfi")
    known = {"stg_edfi__students": {"student_id_dpi": "text"}}

    (check,) = staging.arrivals(few.subject(tables=known, contracts=contracts))

    assert few.counts(check) == (2, unexpected)


@pytest.mark.parametrize(("known", "held"), [(199, "held"), (198, "failed")])
def test_one_unknown_code_in_two_hundred_is_allowed(few: Any, known: int, held: str) -> None:
    few.make("reference.exit_types", "descriptor_code:text", "Graduated\nGraduated")
    few.make("staging.stg_edfi__spans", "exit_reason:text", "Graduatde")
    few.database.execute(
        "insert into staging.stg_edfi__spans select 'Graduated' from generate_series(1, %s)",
        [known],
    )

    outcome = run_check(
        few.database,
        staging.codes_known("stg_edfi__spans", "exit_reason", "exit_types", "descriptor_code"),
    )

    assert outcome.unexpected_count == 1
    assert outcome.success is (held == "held")


def test_no_award_level_may_be_unknown(few: Any) -> None:
    few.make("reference.award_levels", "award_level:text", "5")
    few.make("staging.stg_ipeds__completions", "award_level:text", "12")
    few.database.execute(
        "insert into staging.stg_ipeds__completions select '5' from generate_series(1, 1000)"
    )

    (check,) = [one for one in staging.checks(few.subject()) if one.about.endswith(".award_level")]
    outcome = run_check(few.database, check)

    assert (outcome.unexpected_count, outcome.success) == (1, False)


def test_status_that_contradicts_its_figure_is_found(few: Any) -> None:
    few.make(
        "reference.source_statuses",
        "status:text, has_figure:boolean",
        "reported, true\ntop_coded, true\nsuppressed_at_source, false",
    )
    few.make(
        "staging.stg_bls_oews__wages",
        "wage:numeric, wage_status:text",
        """
        20.5, reported
        , top_coded
        , suppressed_at_source
        0, suppressed_at_source
        , reported
        """,
    )
    known = {"stg_bls_oews__wages": {"wage": "numeric", "wage_status": "text"}}

    (check,) = staging.marks_kept(few.subject(tables=known))

    assert few.counts(check) == (5, 2)


def returns(few: Any) -> None:
    """Requests a, b, c (b is held twice); load 1 finds a and b of four ids, load 2 all of one."""
    few.make(
        "staging.stg_edfi__student_identification_codes",
        "student_id_dpi:text, identification_system:text, identification_code:text",
        """
        1, NSC Request, a
        1, NSC Request, A
        2, NSC Request, b
        3, NSC Request, b
        4, NSC Request, c
        4, SEIS, d
        """,
    )
    few.make(
        "staging.stg_nsc__searches",
        "nsc_return_id:text, load_id:int",
        "a, 1\nb, 1\nc, 1\nd, 1",
    )
    few.make(
        "staging.stg_nsc__enrollments",
        "nsc_return_id:text, load_id:int, enrollment_begin_date:date, enrollment_end_date:date",
        """
        a, 1, 2024-08-20, 2024-12-15
        b, 1, 2024-12-15, 2024-08-20
        a, 2, 2024-08-20,
        """,
    )
    few.make("staging.stg_nsc__degrees", "nsc_return_id:text, load_id:int", "a, 1\ne, 1")


def test_returns_are_compared_with_requests(few: Any) -> None:
    returns(few)

    found = {check.check_id: few.counts(check) for check in clearinghouse_checks()}

    assert found == {
        "nsc_request_return_id_bijection": (3, 1),  # a, b and c; b has two holders
        "nsc_return_ids_known": (5, 2),  # d is another system's id, e nobody's
        "nsc_found_rate_in_band": (2, 1),  # load 1: a, b, e of five; load 2: all of one
        "nsc_terms_end_after_they_begin": (3, 1),
    }
