"""Door 3 in SQL: small cells, statuses, rates and carried-over cells of a release.

What readers of `marts` will see is `release_<id>`; sums and shares are proved on the true figures
of `release_<id>_true`, which readers of `accountability` will see. Each mart declares its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from expectations.checks import nothing
from expectations.checks.additivity import sum_checks
from expectations.checks.councils import council_release_checks
from expectations.checks.industries import industry_release_checks
from expectations.checks.labor_force import labor_force_checks
from expectations.checks.labor_market import public_figures_agree, supply_of_first_majors
from expectations.checks.persons import person_checks
from expectations.checks.regions import region_checks
from expectations.doors import SqlCheck

if TYPE_CHECKING:
    from expectations.marts import Count, Dimension, Mart, Rate
    from expectations.subject import Subject

# Below this many, 0 % and 100 % tell about everybody in the group (NCES 2011-603).
UNANIMITY_BELOW = 300
SHARE_TOLERANCE = 0.001
LAYERS = ("staging", "identity", "core", "marts")
DOORS_BEFORE = ("staging", "core")
RATE_CHECKS = ("shares_follow_from_counts", "zero_percent_hundred_percent_coded")


def checks(subject: Subject) -> list[SqlCheck]:
    """Queries over the release's protected and true tables."""
    derived = [mart for mart in subject.marts if mart.student_derived]
    made = [
        lineage(subject.run_id),
        *presence(subject),
        supply_of_first_majors(subject.schema),
        *public_figures_agree(subject),
        *labor_force_checks(subject.schema),
        *region_checks(subject.schema),
        *industry_release_checks(subject.schema),
        *council_release_checks(subject.schema),
        unreported_programs(subject.true_schema),
        counted_when_due(subject),
    ]
    if not any(count.of for mart in derived for count in mart.counts):
        made.append(nothing("numerator_le_denominator", "no mart declares a part of a whole"))
    if not any(mart.rates for mart in derived):
        made += [nothing(check_id, "no mart declares a rate") for check_id in RATE_CHECKS]
    for mart in derived:
        for count in mart.counts:
            made.append(small_cells(subject.schema, mart, count))
            if count.of is not None:
                made.append(part_of_whole(subject.true_schema, mart, count))
        made += [withheld_is_empty(subject.schema, mart, column) for column in mart.cells]
        for rate in mart.rates:
            # An upper bound of 100 % says of nobody that they did.
            if not rate.plus_rest_of:
                made.append(unanimous_rates(subject.schema, mart, rate))
            made.append(share_follows(subject.true_schema, mart, rate))
        made.append(carried_over(subject, mart))
    made += same_cells(subject.schema, derived)
    made += sum_checks(subject.true_schema, derived)
    return [*made, *person_checks(subject)]


def small_cells(schema: str, mart: Mart, count: Count) -> SqlCheck:
    """Printed counts that the profile calls small; a part is small on either side of its wholes."""
    column = sql.SQL("mart.{}").format(sql.Identifier(count.column))
    implied = [
        (column, mart.least(count)),
        *(
            (
                sql.SQL("mart.{} - {}").format(sql.Identifier(whole), column),
                mart.least(count, whole),
            )
            for whole in mart.wholes(count.column)
        ),
    ]
    small = sql.SQL(" or ").join(
        sql.SQL("{} between 1 and profile.{} - 1").format(value, sql.Identifier(least))
        for value, least in implied
    )
    query = sql.SQL(
        "select count(*), count(*) filter (where profile.profile is null or {small})"
        " from {mart} as mart left join reference.suppression_profiles as profile"
        " on profile.profile = {profile} and profile.valid_to is null"
        " where mart.{status} = 'published'"
    ).format(
        small=small,
        mart=sql.Identifier(schema, mart.name),
        profile=sql.Literal(mart.profile),
        status=_status(count.column),
    )
    return SqlCheck("suppression_min_n", f"{mart.name}.{count.column}", query)


def withheld_is_empty(schema: str, mart: Mart, column: str) -> SqlCheck:
    """Cells whose status says printed but hold nothing, or the other way round."""
    query = sql.SQL(
        "select count(*), count(*) filter (where ({status} = 'published') <> ({cell} is not null))"
        " from {mart}"
    ).format(
        status=_status(column),
        cell=sql.Identifier(column),
        mart=sql.Identifier(schema, mart.name),
    )
    return SqlCheck("withheld_cells_are_empty", f"{mart.name}.{column}", query)


def unanimous_rates(schema: str, mart: Mart, rate: Rate) -> SqlCheck:
    """Printed rates of 0 % or 100 % in groups that are small enough to name everybody."""
    query = sql.SQL(
        "select count(*), count(*) filter (where {rate} in (0, 1)"
        " and coalesce({whole}, 1) < {bound}) from {mart} where {status} = 'published'"
    ).format(
        rate=sql.Identifier(rate.column),
        whole=sql.Identifier(rate.denominator),
        bound=sql.Literal(UNANIMITY_BELOW),
        mart=sql.Identifier(schema, mart.name),
        status=_status(rate.column),
    )
    return SqlCheck("zero_percent_hundred_percent_coded", f"{mart.name}.{rate.column}", query)


def part_of_whole(schema: str, mart: Mart, count: Count) -> SqlCheck:
    """True counts of a part that exceed their whole."""
    query = sql.SQL("select count(*), count(*) filter (where {part} > {whole}) from {mart}").format(
        part=sql.Identifier(count.column),
        whole=sql.Identifier(count.of or count.column),
        mart=sql.Identifier(schema, mart.name),
    )
    return SqlCheck("numerator_le_denominator", f"{mart.name}.{count.column}", query)


def share_follows(schema: str, mart: Mart, rate: Rate) -> SqlCheck:
    """True shares that do not follow from their counts; of nobody there is no share."""
    whole = sql.Identifier(rate.denominator)
    part = sql.SQL(" + ").join(
        [
            sql.Identifier(rate.numerator),
            *(
                sql.SQL("({} - {})").format(whole, sql.Identifier(column))
                for column in rate.plus_rest_of
            ),
        ]
    )
    query = sql.SQL(
        "select count(*), count(*) filter (where {rate} is not null and ({whole} = 0 or"
        " abs({rate} - cast(({part}) as numeric) / nullif({whole}, 0)) > {tolerance})) from {mart}"
    ).format(
        rate=sql.Identifier(rate.column),
        part=part,
        whole=whole,
        tolerance=sql.Literal(SHARE_TOLERANCE),
        mart=sql.Identifier(schema, mart.name),
    )
    return SqlCheck("shares_follow_from_counts", f"{mart.name}.{rate.column}", query)


def carried_over(subject: Subject, mart: Mart) -> SqlCheck:
    """Off publication dates, rows that differ from those of the release they were carried from."""
    check_id = "student_cells_change_only_on_publication_dates"
    now = sql.Identifier(subject.schema, mart.name)
    if subject.carried_from is None:
        return nothing(check_id, f"{mart.name}: a publication date")
    before = subject.carried_tables.get(mart.name)
    if before is None:
        query = sql.SQL("select count(*), count(*) from {}").format(now)
        return SqlCheck(check_id, f"{mart.name}: new since the last publication date", query)
    shared = [name for name in subject.tables.get(mart.name, {}) if name in before]
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in shared if name != "release_id")
    query = sql.SQL(
        "select (select count(*) from {now}), count(*) from ("
        "(select {columns} from {now} except all select {columns} from {before}) union all"
        " (select {columns} from {before} except all select {columns} from {now})) as changed"
    ).format(now=now, columns=columns, before=sql.Identifier(subject.carried_from, mart.name))
    return SqlCheck(check_id, mart.name, query)


def counted_when_due(subject: Subject) -> SqlCheck:
    """Student cells counted anew although no date has passed since a published release did so."""
    check_id = "student_cells_change_only_on_publication_dates"
    if subject.carried_from is not None:
        return nothing(check_id, "carried over")
    query = sql.SQL(
        "select count(*), count(*) filter (where not exists ("
        " select from reference.publication_calendar as calendar"
        " where calendar.publication_date > last.as_of_date"
        " and calendar.publication_date <= own.as_of_date))"
        " from (select counted.as_of_date from ops.release as earlier"
        " inner join ops.run as counted on earlier.run_id = counted.run_id"
        " where earlier.state = 'published' and earlier.publication_date and earlier.release_id <"
        " (select release_id from ops.release where run_id = {run})"
        " order by earlier.release_id desc limit 1) as last"
        " cross join (select as_of_date from ops.run where run_id = {run}) as own"
    ).format(run=sql.Literal(subject.run_id))
    return SqlCheck(check_id, "counted anew", query)


def same_cells(schema: str, marts: list[Mart]) -> list[SqlCheck]:
    """Cells that two marts share must be decided and printed alike."""
    check_id = "cross_mart_cell_consistency"
    made = [
        check
        for place, one in enumerate(marts)
        for other in marts[place + 1 :]
        for check in _shared_cells(schema, one, other)
    ]
    return made or [nothing(check_id, "no two marts share a count")]


def _shared_cells(schema: str, one: Mart, other: Mart) -> list[SqlCheck]:
    shared = [key for key in one.keys if key in other.keys]
    only = [*_totals("one", one, shared), *_totals("other", other, shared)]
    if None in only:
        return []
    pairs = [
        (count.column, twin.column)
        for count in one.counts
        for twin in other.counts
        if count.cell == twin.cell
    ]
    on = sql.SQL(" and ").join(
        sql.SQL("one.{key} = other.{key}").format(key=sql.Identifier(key)) for key in shared
    )
    where = sql.SQL(" and ").join([sql.SQL("true"), *(part for part in only if part is not None)])
    return [
        SqlCheck(
            "cross_mart_cell_consistency",
            f"{one.name}.{column}, {other.name}.{twin}",
            sql.SQL(
                "select count(*), count(*) filter (where (one.{cell}, one.{status})"
                " is distinct from (other.{twin}, other.{twin_status}))"
                " from {one} as one inner join {other} as other on {on} where {where}"
            ).format(
                cell=sql.Identifier(column),
                status=_status(column),
                twin=sql.Identifier(twin),
                twin_status=_status(twin),
                one=sql.Identifier(schema, one.name),
                other=sql.Identifier(schema, other.name),
                on=on,
                where=where,
            ),
        )
        for column, twin in pairs
    ]


def _totals(alias: str, mart: Mart, shared: list[str]) -> list[sql.Composed | None]:
    """Conditions that keep a mart's own dimensions at their totals; None where one has no total."""
    return [_total(alias, one) for one in mart.dimensions if one.column not in shared]


def _total(alias: str, dimension: Dimension) -> sql.Composed | None:
    if dimension.total is not None:
        return sql.SQL("{}.{} = {}").format(
            sql.Identifier(alias), sql.Identifier(dimension.column), sql.Literal(dimension.total)
        )
    if dimension.parent_column is not None:
        return sql.SQL("{}.{} is null").format(
            sql.Identifier(alias), sql.Identifier(dimension.parent_column)
        )
    return None


def presence(subject: Subject) -> list[SqlCheck]:
    """Marts without a table in the release, and marts without a true row.

    A public table may be empty: a mart that no pattern protects, or one that is new since the last
    publication date.
    """
    made = []
    for mart in subject.marts:
        found = mart.name in subject.tables
        made.append(
            SqlCheck(
                "every_mart_in_release",
                mart.name,
                sql.SQL("select 1, {}").format(sql.Literal(0 if found else 1)),
            )
        )
        if found:
            query = sql.SQL("select 1, case when exists (select from {}) then 0 else 1 end").format(
                sql.Identifier(subject.true_schema, mart.name)
            )
            made.append(SqlCheck("marts_not_empty", mart.name, query))
    return made


def lineage(run_id: int) -> SqlCheck:
    """Inputs, layers and doors of the run that the ledger cannot account for."""
    query = sql.SQL(
        "select count(*), count(*) filter (where not known) from ("
        " select exists (select from ops.landed_file as file"
        " inner join ops.source_release as origin"
        " on file.source_release_id = origin.source_release_id"
        " where origin.state = 'complete' and file.load_id = input.load_id) as known"
        " from ops.run_input as input where input.run_id = {run}"
        " union all select exists (select from ops.run_input where run_id = {run})"
        " union all select exists (select from ops.layer_build as built where built.run_id = {run}"
        " and built.layer = needed and built.state = 'complete')"
        " from unnest({layers}::text[]) as needed"
        " union all select exists (select from ops.check_result as result where"
        " result.run_id = {run} and result.door = needed) from unnest({doors}::text[]) as needed"
        " union all select length(code_commit) > 0 from ops.run where run_id = {run}"
        ") as accounts"
    ).format(
        run=sql.Literal(run_id),
        layers=sql.Literal(list(LAYERS)),
        doors=sql.Literal(list(DOORS_BEFORE)),
    )
    return SqlCheck("lineage_complete", "ops", query)


def unreported_programs(schema: str) -> SqlCheck:
    """Districts without a CTE program that have participants, zero included, in the mart."""
    query = sql.SQL(
        "select count(*), count(*) filter (where coalesce(mart.participant_count,"
        " mart.concentrator_count) is not null) from {mart} as mart"
        " inner join core.dim_organization as organization"
        " on mart.organization_code = organization.organization_code"
        " where organization.has_cte_program = false"
    ).format(mart=sql.Identifier(schema, "mart_pathway_participation"))
    return SqlCheck("nonperkins_lea_is_null_not_zero", "mart_pathway_participation", query)


def _status(column: str) -> sql.Identifier:
    return sql.Identifier(f"{column}_status")
