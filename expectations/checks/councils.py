"""Doors 2 and 3 for decisions of councils: none is lost on its way to the published list.

Source of the rule: the priority list shows what the data say and what the council decided, side by
side, whatever the decision is about.
"""

from __future__ import annotations

from psycopg import sql

from expectations.doors import SqlCheck

IN_FORCE = sql.SQL(
    "select decision.* from core.fct_council_decision as decision"
    " cross join core.dim_snapshot as snapshot where decision.decision <> 'withdraw'"
    " and decision.decision_date <= snapshot.as_of_date"
    " and coalesce(decision.superseded_date > snapshot.as_of_date, true)"
)


def council_core_checks() -> list[SqlCheck]:
    """Queries over what councils decided."""
    return [regions_known()]


def council_release_checks(schema: str) -> list[SqlCheck]:
    """Queries over the priority list of a release."""
    return [decisions_published(schema)]


def regions_known() -> SqlCheck:
    """Decisions in force, and those of a region that does not exist."""
    query = sql.SQL(
        "select count(*), count(*) filter (where region.region_code is null)"
        " from ({in_force}) as decision left join core.dim_region as region"
        " on decision.region_scheme = region.region_scheme"
        " and decision.region_code = region.region_code"
    ).format(in_force=IN_FORCE)
    return SqlCheck("council_regions_exist", "fct_council_decision", query)


def decisions_published(schema: str) -> SqlCheck:
    """Decisions in force, and those that the priority list does not have as they were taken."""
    query = sql.SQL(
        "select count(*), count(*) filter (where not exists (select 1 from {mart} as mart"
        " where mart.region_scheme = decision.region_scheme"
        " and mart.region_code = decision.region_code"
        " and mart.subject_kind = decision.subject_kind"
        " and mart.subject_code = decision.subject_code"
        " and mart.council_decision = decision.decision"
        " and mart.decision_date = decision.decision_date"
        " and mart.employers_consulted_count = decision.employers_consulted_count"
        " and mart.evidence = decision.evidence)) from ({in_force}) as decision"
    ).format(mart=sql.Identifier(schema, "mart_region_priorities"), in_force=IN_FORCE)
    return SqlCheck("council_decisions_published", "mart_region_priorities", query)
