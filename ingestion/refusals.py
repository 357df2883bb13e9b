"""Why a load is rolled back: keys that repeat, too few or too many rows, groups with gaps.

Flow: rows just loaded, in the loader's transaction -> an error, or nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psycopg import sql

from ingestion.load_ledger import LAST_COUNT, LAST_LOAD
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from ingestion.contract import Contract, TableContract
    from ingestion.headers import Claim
    from ingestion.landing import LandedFile
    from ingestion.layout import Groups
    from ingestion.session import Session


class UnusualVolume(ContractViolation):
    """Too few or too many rows: what a person may allow, by a command that `ingest` tells."""


def refuse_duplicates(
    session: Session, landed: LandedFile, contract: Contract, table: TableContract, load_id: int
) -> None:
    """Refuse a file in which a natural key occurs more than once.

    Raises:
        ContractViolation: It does; ask the publisher.
    """
    statement = sql.SQL(
        "select count(*) from (select 1 from {} where load_id = $1"
        " group by {} having count(*) > 1) as repeated"
    ).format(
        sql.Identifier(contract.schema_name, table.name),
        sql.SQL(", ").join(sql.Identifier(name) for name in table.meta.natural_key),
    )
    session.rows("set local work_mem = '256MB'")
    repeated = session.rows(statement, load_id)[0][0]
    if repeated:
        raise ContractViolation(
            f"{landed.name}: {repeated} keys of {table.name} ({', '.join(table.meta.natural_key)})"
            " occur more than once. Ask the publisher; nothing was loaded.",
            repeated=repeated,
        )


def refuse_volume(session: Session, landed: LandedFile, feed: Claim, rows: int) -> None:
    """Refuse a file whose rows are outside the layout's band, or far fewer than last time.

    A layout with groups is judged by `refuse_groups` instead: a file that grows by a quarter at a
    time begins each year with a quarter of the rows.

    Raises:
        UnusualVolume: They are; a person may allow it.
    """
    low, high = feed.layout.row_band
    if not low <= rows <= high:
        raise UnusualVolume(
            f"{landed.name}: {rows} rows for {feed.table.name}, expected {low} to {high}.",
            rows=rows,
        )
    if feed.layout.is_selection or feed.layout.groups is not None:
        return  # the size of a whole says nothing, or less than the size of its groups
    name = re.sub(r"[0-9]+", "0", landed.name)
    last = session.rows(LAST_COUNT, feed.table.name, landed.source, name)
    if last and last[0][0] > 2 * rows:
        raise UnusualVolume(
            f"{landed.name}: {rows} rows for {feed.table.name}, less than half of the"
            f" {last[0][0]} of the last complete release.",
            rows=rows,
            last=last[0][0],
        )


def refuse_groups(
    session: Session, landed: LandedFile, contract: Contract, feed: Claim, load_id: int
) -> None:
    """Refuse a file in which a group of rows, such as a state and period, is incomplete or lost.

    Raises:
        UnusualVolume: Its rows are outside the band, fewer than the file before had, or none though
            the last file of the same name had some.
    """
    if feed.layout.groups is not None:
        table = sql.Identifier(contract.schema_name, feed.table.name)
        _refuse_incomplete(session, landed, feed, feed.layout.groups, table, load_id)
        _refuse_lost(session, landed, feed.layout.groups, table, load_id)


def _refuse_incomplete(
    session: Session,
    landed: LandedFile,
    feed: Claim,
    groups: Groups,
    table: sql.Identifier,
    load_id: int,
) -> None:
    by = [sql.Identifier(name) for name in groups.by]
    # The newest load, not the largest: what a person has allowed once is what counts from then on.
    statement = sql.SQL(
        "with counted as (select load_id, {by}, count(*) as found from {table}"
        " group by load_id, {by}), newest as (select {by}, max(load_id) as load_id from counted"
        " where load_id <> $1 and load_id in (select load_id from ops.load where source = $5"
        " and layout = any($6)) group by {by}), earlier as (select counted.* from counted"
        " inner join newest on counted.load_id = newest.load_id and ({mine}) = ({newest}))"
        " select concat_ws(' ', {mine}), counted.found, earlier.found from counted"
        " left join earlier on ({mine}) = ({earlier}) where counted.load_id = $1 and"
        " (counted.found < $2 or counted.found > $3"
        " or counted.found < cast($4 as numeric) * earlier.found) order by 1 limit 3"
    ).format(
        by=sql.SQL(", ").join(by),
        table=table,
        mine=_columns_of("counted", by),
        newest=_columns_of("newest", by),
        earlier=_columns_of("earlier", by),
    )
    low, high = groups.row_band
    whole = [one.name for one in feed.table.meta.layouts if one.groups is not None]
    least = str(groups.least_share)
    found = session.rows(statement, load_id, low, high, least, landed.source, whole)
    if found:
        told = "; ".join(
            f"{group}: {rows} rows" + (f", earlier {before}" if before is not None else "")
            for group, rows, before in found
        )
        raise UnusualVolume(
            f"{landed.name} is incomplete by {', '.join(groups.by)}: {told};"
            f" expected {low} to {high} and at least {groups.least_share:g} of the file before.",
        )


def _columns_of(relation: str, by: list[sql.Identifier]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL(".").join([sql.Identifier(relation), one]) for one in by)


def _refuse_lost(
    session: Session, landed: LandedFile, groups: Groups, table: sql.Identifier, load_id: int
) -> None:
    last = session.rows(LAST_LOAD, landed.source, landed.name)
    if not last:
        return
    statement = sql.SQL(
        "select concat_ws(' ', {by}) from (select {by} from {table} where load_id = $1"
        " except select {by} from {table} where load_id = $2) as lost order by 1"
    ).format(by=sql.SQL(", ").join(map(sql.Identifier, groups.lasting)), table=table)
    lost = [group for (group,) in session.rows(statement, last[0][0], load_id)]
    if lost:
        raise UnusualVolume(
            f"{landed.name} has no rows of groups that the last such file had, {len(lost)} in all,"
            f" by {', '.join(groups.lasting)}: {'; '.join(lost[:3])}.",
            lost=len(lost),
        )
