"""Door 1 in SQL: inputs against the ledger, codes against their lists, marks against figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from expectations.checks import nothing
from expectations.checks.api_replies import api_reply_checks
from expectations.checks.clearinghouse import clearinghouse_checks
from expectations.checks.labor_force import series_listed
from expectations.doors import SqlCheck
from expectations.suites.staging import staged_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from expectations.subject import Subject
    from ingestion.contract import Contract

# Codes that a list in `reference` must know: staging table, column, list, the list's column.
CODES = (
    (
        "stg_edfi__student_school_associations",
        "entry_grade_level",
        "grade_level_descriptors",
        "descriptor_code",
    ),
    ("stg_edfi__student_school_associations", "exit_reason", "exit_types", "descriptor_code"),
    ("stg_edfi__student_races", "race", "race_descriptors", "descriptor_code"),
    (
        "stg_edfi__student_education_organization_associations",
        "sex",
        "sex_descriptors",
        "descriptor_code",
    ),
    ("stg_edfi__courses", "career_pathway", "career_clusters", "descriptor_code"),
    ("stg_edfi__course_transcripts", "course_result", "course_results", "descriptor_code"),
    ("stg_edfi__student_diplomas", "diploma_name", "diploma_types", "descriptor_code"),
    ("stg_ipeds__completions", "award_level", "award_levels", "award_level"),
    (
        "stg_nsc__enrollments",
        "enrollment_status",
        "nsc_enrollment_statuses",
        "enrollment_status",
    ),
)
# A feed with more unknown codes than this would shift figures (domain: quarantine below 0.5 %).
UNKNOWN_CODES_SHARE = 0.005
# A release that was corrected by its publisher is loaded as `<name>.2`, `<name>.3`.
CORRECTION = "[.][0-9]+$"
# Awards have no residual member that could hold them.
NONE_UNKNOWN = frozenset({("stg_ipeds__completions", "award_level")})


def checks(subject: Subject) -> list[SqlCheck]:
    """Queries over staging and the ledger."""
    return [
        freshness(subject.run_id, subject.contracts),
        newest_in_use(subject.run_id, subject.contracts),
        *arrivals(subject),
        *(codes_known(*code) for code in CODES),
        *marks_kept(subject),
        *clearinghouse_checks(),
        *api_reply_checks(),
        series_listed(),
    ]


def freshness(run_id: int, contracts: Sequence[Contract]) -> SqlCheck:
    """Sources of the run whose newest complete release is older than their contract allows."""
    query = sql.SQL(
        "select count(*), count(*) filter (where newest.completed_at <"
        " run.as_of_date - promised.days) from unnest({sources}::text[], {days}::int[])"
        " as promised (source, days) cross join ops.run inner join (select source,"
        " max(completed_at) as completed_at from ops.source_release where state = 'complete'"
        " group by source) as newest on promised.source = newest.source where run.run_id = {run}"
    ).format(
        sources=sql.Literal([contract.name for contract in contracts]),
        days=sql.Literal([contract.meta.freshness_days for contract in contracts]),
        run=sql.Literal(run_id),
    )
    return SqlCheck("freshness_within_sla", "ops.source_release", query)


def newest_in_use(run_id: int, contracts: Sequence[Contract]) -> SqlCheck:
    """Releases on offer before the run, and those that neither it nor a later one of theirs uses.

    The same rule as refused_inputs of release_info: a later release in use replaces one of the same
    name without the `.2` of a correction, or any where each release replaces all before it.
    """
    query = sql.SQL(
        "select count(*), count(*) filter (where offered.state <> 'complete' and not exists"
        " (select from ops.run_input as input inner join ops.source_release as used"
        " on input.source_release_id = used.source_release_id where input.run_id = run.run_id"
        " and used.source = offered.source and used.completed_at > offered.opened_at"
        " and (promised.replaces_all or regexp_replace(used.release, {correction}, '')"
        " = regexp_replace(offered.release, {correction}, '')))) from ops.source_release as offered"
        " inner join unnest({sources}::text[], {replacing}::boolean[]) as promised"
        " (source, replaces_all) on offered.source = promised.source"
        " inner join ops.run on offered.opened_at <= run.started_at where run.run_id = {run}"
    ).format(
        sources=sql.Literal([contract.name for contract in contracts]),
        replacing=sql.Literal(
            [contract.meta.each_release == "replaces_all" for contract in contracts]
        ),
        correction=sql.Literal(CORRECTION),
        run=sql.Literal(run_id),
    )
    return SqlCheck("newest_release_in_use", "ops.source_release", query)


def arrivals(subject: Subject) -> list[SqlCheck]:
    """Tables that the ledger says were loaded, and those of them that staging does not have."""
    made = [
        SqlCheck(
            "inputs_reach_staging",
            name,
            sql.SQL(
                "select coalesce(sum((load.row_counts ->> {table})::bigint), 0), case"
                " when coalesce(sum((load.row_counts ->> {table})::bigint), 0) > 0"
                " and not exists (select from {staged}) then 1 else 0 end"
                " from ops.run_input as input inner join ops.load on input.load_id = load.load_id"
                " where input.run_id = {run} and input.source = {source}"
            ).format(
                table=sql.Literal(table.name),
                staged=sql.Identifier("staging", name),
                run=sql.Literal(subject.run_id),
                source=sql.Literal(contract.name),
            ),
        )
        for contract, table, name in staged_tables(subject)
    ]
    return made or [nothing("inputs_reach_staging", "no staging model")]


def codes_known(table: str, column: str, listed: str, code: str) -> SqlCheck:
    """Codes of a staging column that their list does not know."""
    query = sql.SQL(
        "select count(*), count(*) filter (where known.code is null) from {table} as staged"
        " left join (select distinct {code} as code from {listed}) as known"
        " on staged.{column} = known.code where staged.{column} is not null"
    ).format(
        listed=sql.Identifier("reference", listed),
        code=sql.Identifier(code),
        column=sql.Identifier(column),
        table=sql.Identifier("staging", table),
    )
    share = 0.0 if (table, column) in NONE_UNKNOWN else UNKNOWN_CODES_SHARE
    return SqlCheck("codes_in_codelist", f"{table}.{column}", query, share)


def marks_kept(subject: Subject) -> list[SqlCheck]:
    """Cells whose status says a figure is there while none is, or the other way round.

    A top-coded cell has no figure yet: core puts the bound of its vintage there.
    """
    made = [
        SqlCheck(
            "source_marks_preserved",
            f"{table}.{column}",
            sql.SQL(
                "select count(*), count(*) filter (where (staged.{column} is not null)"
                " <> (known.has_figure and known.status <> 'top_coded')) from {table} as staged"
                " inner join reference.source_statuses as known on staged.{status} = known.status"
            ).format(
                column=sql.Identifier(column),
                status=sql.Identifier(f"{column}_status"),
                table=sql.Identifier("staging", table),
            ),
        )
        for table, columns in sorted(subject.tables.items())
        for column in columns
        if f"{column}_status" in columns
    ]
    return made or [nothing("source_marks_preserved", "no marks in staging")]
