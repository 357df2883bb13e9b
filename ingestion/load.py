"""A landed file into raw tables: whole, once, or not at all.

One connection carries the rows, `ops.rejected_row`, the manifest `ops.load` and the release's
state in one transaction; success is the manifest read again after the commit, on a new connection.
Flow: landed file -> `readers` -> `decode` -> `raw_<source>.<table>` + `ops.load`.
"""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from ingestion import binary_copy
from ingestion.decode import Decoded, Rejected, decode, require_columns
from ingestion.keys import KeyHashes
from ingestion.load_ledger import COMPLETE, LINK, LoadResult, known_load
from ingestion.parts import Part, RawRows
from ingestion.raw_tables import ensure_tables
from ingestion.read_ahead import read_ahead
from ingestion.readers import read_file
from ingestion.refusals import refuse_duplicates, refuse_groups, refuse_volume
from ingestion.selection import claimed, filtered, wanted
from ingestion.session import Session, transaction
from p20w.errors import ContractViolation, DatabaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ingestion.contract import Contract, TableContract
    from ingestion.headers import Claim
    from ingestion.landing import LandedFile

    Reader = Callable[[LandedFile, Contract], AbstractContextManager[list[Part]]]

logger = logging.getLogger(__name__)
WORTH_A_COPY_BYTES = 16 << 20
MOST_REJECTED = 50_000
"""More bad cells than this in one file refuse it at once, so that memory stays bounded."""

ROWS_TOLD = 3

REJECTED_SCHEMA = pa.schema(
    [
        ("load_id", pa.int64()),
        ("table_name", pa.string()),
        ("row_number", pa.int64()),
        ("column_name", pa.string()),
        ("reason", pa.string()),
        ("value", pa.string()),
    ]
)


@dataclass(slots=True)
class _Tally:
    """Counts of one table while a file streams through, and whether its cells may be told."""

    may_tell_cells: bool
    rows: int = 0
    rejected_rows: set[int] = field(default_factory=set)
    cells: list[tuple[str, Rejected]] = field(default_factory=list)
    keys: KeyHashes | None = None


def load_file(
    landed: LandedFile,
    contract: Contract,
    dsn: str,
    *,
    read: Reader = read_file,
    source_release_id: int | None = None,
    volume_allowed: bool = False,
) -> LoadResult:
    """Load a file whole, once: running it twice equals running it once.

    Args:
        landed: The file in the landing zone.
        contract: The source's contract.
        dsn: The loader's libpq URL.
        read: The source's reader.
        source_release_id: The release whose file it is; with its last file it becomes complete.
        volume_allowed: Whether a person has allowed an unusual number of rows.

    Raises:
        ContractViolation: The file is not what the contract promises; nothing of it is loaded.
        DatabaseBusy: Try again later.
        DatabaseError: The server refused; nothing is loaded.
    """
    for table in contract.tables:
        require_columns(table)
    ensure_tables(contract, dsn)
    result = _load_once(landed, contract, dsn, read, source_release_id, volume_allowed)
    if result.is_new:
        _read_manifest_again(dsn, landed, contract, result)
    logger.info(
        "loaded source=%s file=%s load_id=%s rows=%s rejected=%s new=%s",
        landed.source,
        landed.name,
        result.load_id,
        sum(result.row_counts.values()),
        result.rejected_count,
        result.is_new,
    )
    return result


def _load_once(
    landed: LandedFile,
    contract: Contract,
    dsn: str,
    read: Reader,
    source_release_id: int | None,
    volume_allowed: bool,  # noqa: FBT001 - a private step of load_file
) -> LoadResult:
    with transaction(dsn) as session:
        lock = f"p20w.load {landed.source} {landed.content_hash}"
        session.rows("select pg_advisory_xact_lock(hashtextextended($1, 0))", lock)
        # A statement of its own: it sees what a holder of the lock has committed.
        result = known_load(session, landed, contract)
        if result is None:
            with read(landed, contract) as parts:
                result = _load_parts(session, landed, contract, parts, volume_allowed)
        if source_release_id is not None:
            session.rows(LINK, result.load_id, source_release_id, landed.name)
            session.rows(COMPLETE, source_release_id)
        session.commit()
    return result


def _load_parts(
    session: Session,
    landed: LandedFile,
    contract: Contract,
    parts: list[Part],
    volume_allowed: bool,  # noqa: FBT001 - a private step of load_file
) -> LoadResult:
    feeds = list({id(feed): feed for part in parts for feed in part.feeds}.values())
    layout = feeds[0].layout.name
    load_id = session.rows(
        "insert into ops.load (source, content_hash, contract_version, layout, row_counts,"
        " rejected_count, loaded_at) values ($1, $2, $3, $4, '{}', 0, now()) returning load_id",
        landed.source,
        landed.content_hash,
        contract.contract_version,
        layout,
    )[0][0]
    counts: dict[str, int] = {}
    rejected = 0
    for feed in feeds:
        tally = _load_table(session, contract, feed, parts, load_id)
        _refuse_many_rejected(landed, feed, tally)
        if tally.keys is not None and tally.keys.has_suspicion():
            refuse_duplicates(session, landed, contract, feed.table, load_id)
        if not volume_allowed:
            refuse_volume(session, landed, feed, tally.rows)
            refuse_groups(session, landed, contract, feed, load_id)
        counts[feed.table.name] = tally.rows
        rejected += len(tally.rejected_rows)
    session.rows(
        "update ops.load set row_counts = cast($1 as jsonb), rejected_count = $2"
        " where load_id = $3",
        json.dumps(counts),
        rejected,
        load_id,
    )
    return LoadResult(load_id, layout, counts, rejected, is_new=True)


def _load_table(
    session: Session, contract: Contract, feed: Claim, parts: list[Part], load_id: int
) -> _Tally:
    # A row shifted by a cell has a name where its contract expects a date.
    tally = _Tally(may_tell_cells=not contract.is_restricted)
    if feed.table.meta.duplicates == "refuse":
        tally.keys = KeyHashes(feed.table.meta.natural_key)
    where = contract.schema_name, feed.table.name
    with read_ahead(_encoded(feed.table, _typed(feed, parts, load_id, tally))) as rows:
        taken = sum(
            session.copy(*where, columns, (some for _, some in alike))
            for columns, alike in groupby(rows, key=itemgetter(0))
        )
    if taken != tally.rows:
        raise DatabaseError(
            f"The server took {taken} of {tally.rows} rows for {feed.table.name}: rolled back."
        )
    if tally.cells:
        rejected = _rejected_batch(feed.table, load_id, tally)
        session.copy("ops", "rejected_row", REJECTED_SCHEMA.names, binary_copy.encode(rejected))
    return tally


def _typed(feed: Claim, parts: list[Part], load_id: int, tally: _Tally) -> Iterator[Decoded]:
    """Typed batches of all parts, numbered on from part to part."""
    highest = left_out = 0
    for part in parts:
        if not any(one is feed for one in part.feeds):
            continue
        constants = file_constants(feed.table, part)
        offset = highest
        for rows in part.open():
            rows.numbers = pc.add(rows.numbers, offset)
            highest = max(highest, pc.max(rows.numbers).as_py() or 0)
            if (mask := wanted(feed.layout, rows)) is not None:
                left_out += len(mask) - mask.true_count
                rows = filtered(rows, mask)  # noqa: PLW2901 - the rows that count from here on
            mine = _mine(feed, part, rows, tally)
            decoded = decode(feed.table, feed.layout, mine, constants, load_id)
            _note(feed.table, tally, decoded.rejected)
            tally.rows += decoded.is_right.true_count
            if tally.keys is not None:
                tally.keys.add(decoded.batch)
            yield decoded
        left_out += part.passed_over
        highest = max(highest, offset + part.last_row)
        ragged = [
            Rejected(offset + number, None, "has another number of cells") for number in part.ragged
        ]
        if feed is part.feeds[0]:
            _note(feed.table, tally, ragged)
    if left_out:
        logger.info("left out by the contract table=%s rows=%s", feed.table.name, left_out)


def _encoded(
    table: TableContract, typed: Iterator[Decoded]
) -> Iterator[tuple[tuple[str, ...], memoryview]]:
    """Rows as COPY takes them, after the names of their columns.

    Where all statuses are what the table has by default, they need not travel. The other rows wait
    until they are worth a COPY of their own.
    """
    every = tuple(column.name for column in table.columns)
    brief = tuple(name for name in every if name not in table.statuses)
    waiting: list[pa.RecordBatch] = []
    size = 0
    for decoded in typed:
        is_plain = pc.and_not(decoded.is_right, decoded.is_marked)
        for rows in binary_copy.encode(_kept(decoded.every.select(brief), is_plain)):
            yield brief, rows
        waiting.append(_kept(decoded.every, pc.and_(decoded.is_right, decoded.is_marked)))
        size += waiting[-1].nbytes
        if size > WORTH_A_COPY_BYTES:
            for rows in binary_copy.encode(pa.concat_batches(waiting)):
                yield every, rows
            waiting, size = [], 0
    if waiting:
        for rows in binary_copy.encode(pa.concat_batches(waiting)):
            yield every, rows


def _kept(batch: pa.RecordBatch, keep: pa.BooleanArray) -> pa.RecordBatch:
    """As `filter`, which copies even what it keeps whole."""
    return batch if keep.false_count == 0 else batch.filter(keep)


def _mine(feed: Claim, part: Part, rows: RawRows, tally: _Tally) -> RawRows:
    """The rows that the table claims; the first table also answers for rows that none claims."""
    if not feed.table.meta.where:
        return rows
    if feed is part.feeds[0]:
        by_any = None
        for other in part.feeds:
            mask = claimed(other.table, rows)
            by_any = mask if by_any is None else pc.or_(by_any, mask)
        lost = rows.numbers.filter(pc.invert(by_any)).to_pylist()
        _note(feed.table, tally, [Rejected(one, None, "belongs to no table") for one in lost])
    return filtered(rows, claimed(feed.table, rows))


def file_constants(table: TableContract, part: Part) -> dict[str, str]:
    """Texts of the columns that come from the name of the file or its member, or from its notes."""
    made = {}
    for column in table.arriving:
        for pattern, texts, where in (
            (column.meta.from_file, [part.name], "the file's name"),
            (column.meta.from_note, part.notes, "a note above or below the table"),
        ):
            if pattern is None:
                continue
            found = [one for text in texts if (one := re.search(pattern, text)) is not None]
            if len(found) != 1:
                raise ContractViolation(
                    f"{part.name}: expected {column.name} once in {where}, like {pattern}; found"
                    f" it {len(found)} times."
                )
            made[column.name] = found[0][1]
    return made


def _note(table: TableContract, tally: _Tally, rejected: list[Rejected]) -> None:
    tally.cells += [(table.name, cell) for cell in rejected]
    tally.rejected_rows.update(cell.row_number for cell in rejected)
    if len(tally.cells) > MOST_REJECTED:
        raise ContractViolation(
            f"Table {table.name}: more than {MOST_REJECTED} bad cells: {_reasons(tally)}."
        )


def _reasons(tally: _Tally) -> str:
    """What is wrong most often, and where it begins: the first three rows."""
    counted = Counter(
        f"{cell.column or 'row'} {cell.reason}" for _, cell in tally.cells
    ).most_common(3)
    told = "; ".join(f"{reason} ({count})" for reason, count in counted)
    by_row = {cell.row_number: cell for _, cell in reversed(tally.cells)}
    first = "; ".join(_place(by_row[row], tally) for row in sorted(by_row)[:ROWS_TOLD])
    return f"{told}. First: {first}"


def _place(cell: Rejected, tally: _Tally) -> str:
    place = f"row {cell.row_number}"
    if cell.column is not None:
        place += f", {cell.column}"
    if cell.value is not None and tally.may_tell_cells:
        place += f" {cell.value!r}"
    return f"{place} {cell.reason}"


def _rejected_batch(table: TableContract, load_id: int, tally: _Tally) -> pa.RecordBatch:
    cells = [cell for _, cell in tally.cells]
    values = [cell.value if tally.may_tell_cells else None for cell in cells]
    return pa.RecordBatch.from_arrays(
        [
            pa.array([load_id] * len(cells), pa.int64()),
            pa.array([table.name] * len(cells), pa.string()),
            pa.array([cell.row_number for cell in cells], pa.int64()),
            pa.array([cell.column for cell in cells], pa.string()),
            pa.array([cell.reason for cell in cells], pa.string()),
            pa.array(values, pa.string()),
        ],
        schema=REJECTED_SCHEMA,
    )


def _refuse_many_rejected(landed: LandedFile, feed: Claim, tally: _Tally) -> None:
    bad, total = len(tally.rejected_rows), len(tally.rejected_rows) + tally.rows
    allowed = feed.table.meta.max_rejected_share
    if bad > allowed * total:
        raise ContractViolation(
            f"{landed.name}: {bad} of {total} rows of {feed.table.name} are not as promised, the"
            f" contract allows a share of {allowed}: {_reasons(tally)}. Mend the contract or ask"
            " the publisher.",
            rejected=bad,
            rows=total,
        )


def _read_manifest_again(
    dsn: str, landed: LandedFile, contract: Contract, told: LoadResult
) -> None:
    with transaction(dsn) as session:
        found = known_load(session, landed, contract)
    if found is None or (found.load_id, found.row_counts) != (told.load_id, told.row_counts):
        raise DatabaseError(
            f"Load {told.load_id} was committed but its manifest is not there: nothing of it"
            " counts. Run the ingest again."
        )
