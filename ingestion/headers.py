"""Headers of files against contracts: which layout a file has, and which column is where.

Order of columns is free, spellings are listed per vintage, and nothing unknown or missing passes.
Flow: file name + header row -> `Part` (tables, their layouts, positions of their columns).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestion.contract import Column, Contract, TableContract
    from ingestion.layout import HeaderForm, Layout


@dataclass(frozen=True, slots=True)
class Found:
    """Where the header is (its last row, how many it spans), its width, where each column is."""

    header_row: int
    height: int
    width: int
    positions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """A table of the contract that a file feeds, in one of its layouts."""

    table: TableContract
    layout: Layout


def claims(name: str, contract: Contract, *, synthetic: bool) -> list[Claim]:
    """Which tables a file feeds, judged by its name.

    Args:
        name: The file's name.
        contract: The source's contract.
        synthetic: Whether the file says that it is invented; its synthetic layouts then go first.

    Raises:
        ContractViolation: No layout of the contract has such a name.
    """
    found = []
    for table in contract.tables:
        fitting = [one for one in table.meta.layouts if re.search(one.files, name)]
        preferred = [one for one in fitting if one.is_synthetic == synthetic] or fitting
        if preferred:
            found.append(Claim(table, preferred[0]))
    if not found:
        patterns = {one.files for table in contract.tables for one in table.meta.layouts}
        raise ContractViolation(
            f"{contract.name}: the file name {name} fits no layout of the contract. Expected one"
            f" of: {', '.join(sorted(patterns))}. Rename the file, or add a layout."
        )
    return found


def normalised(name: str, layout: Layout) -> str:
    """A header as the layout compares it."""
    text = " ".join(name.replace("\ufeff", "").split())
    if layout.loose_names:
        return re.sub(r"[^0-9a-z]", "", text.casefold())
    return text.casefold() if layout.ignore_case else text


def columns_found(
    head: Sequence[Sequence[str]], feeds: Sequence[Claim], where: str, *, restricted: bool
) -> Found:
    """The first form of the header that the contract's columns are found in.

    Args:
        head: The first rows, down to the lowest that may be a header.
        feeds: The tables that the file feeds.
        where: File (and member) for messages.
        restricted: Whether an unrecognisable header row may be a person and must not be shown.

    Raises:
        ContractViolation: There is none; it tells what is wrong with the first one that is there.
    """
    layout = feeds[0].layout
    refused: ContractViolation | None = None
    for form in layout.headers:
        if len(head) < form.row:
            continue
        try:
            names = _names(head, form, layout)
            found = positions(names, feeds, where, restricted=restricted)
        except ContractViolation as error:
            refused = refused or error
        else:
            return Found(form.row, form.height, len(names), found)
    if refused is None:
        raise ContractViolation(
            f"{where} has no header in row {layout.headers[0].row}: it is empty."
        )
    raise refused


def _names(head: Sequence[Sequence[str]], form: HeaderForm, layout: Layout) -> list[str]:
    """The header's cells: of several rows joined, of an ambiguous one as the contract reads it."""
    above = head[form.row - form.height : form.row]
    written = [" ".join(cell for cell in cells if cell) for cells in zip_longest(*above)]
    if not form.cells:
        return written
    expected = [normalised(cell, layout) for cell, _ in form.cells]
    if [normalised(cell, layout) for cell in written] != expected:
        return written
    return [name for _, name in form.cells]


def positions(
    header: Sequence[str], feeds: Sequence[Claim], where: str, *, restricted: bool
) -> dict[str, int]:
    """Where each promised column is.

    Args:
        header: The cells of the header row.
        feeds: The tables that the file feeds; a column's name means the same in all of them.
        where: File (and member) for messages.
        restricted: Whether an unrecognisable header row may be a person and must not be shown.

    Returns:
        Position by column name, for all columns that the file has.

    Raises:
        ContractViolation: Columns unknown, missing, or twice (also in two accepted spellings).
    """
    layout = feeds[0].layout
    cells = [normalised(cell, layout) for cell in header]
    pairs = list(zip(header, cells, strict=True))
    found, missing, spellings = {}, [], set()
    twice = {name for name, cell in pairs if cells.count(cell) > 1}
    for column, is_promised in _expected(feeds):
        accepted = [normalised(name, layout) for name in column.meta.names]
        spellings.update(accepted)
        there = [index for index, cell in enumerate(cells) if cell in accepted]
        if there:
            found[column.name] = there[0]
            if len(there) > 1:  # in two spellings: the order of columns may not decide
                twice.update(header[index] for index in there)
        elif is_promised:
            missing.append(column.meta.names[0])
    unknown = [name for name, cell in pairs if not _known(cell, feeds, spellings)]
    repeated = sorted(twice)
    if missing or unknown or repeated:
        if restricted and len(found) <= len(header) // 2:
            raise ContractViolation(
                f"{where}: the header row has {len(header)} cells of which {len(found)} are"
                " columns of the contract: is the header missing? (Cells are not shown: they may"
                " be a person's.)"
            )
        raise ContractViolation(
            f"{where}: the columns are not those of layout {layout.name}. Missing:"
            f" {_list(missing)}; unknown: {_list(unknown)}; more than once: {_list(repeated)}."
            " Add the new spelling to the contract, list the column as ignored, or ask the"
            " publisher.",
            missing=missing,
            unknown=unknown,
            repeated=repeated,
        )
    return found


def _expected(feeds: Sequence[Claim]) -> list[tuple[Column, bool]]:
    """Named columns of all tables, and whether the file must have them."""
    wanted: dict[str, tuple[Column, bool]] = {}
    for feed in feeds:
        for column in feed.table.arriving:
            if column.meta.names:
                must = not column.meta.optional and column.name not in feed.layout.absent
                known = wanted.get(column.name)
                wanted[column.name] = (column, must or (known is not None and known[1]))
    return list(wanted.values())


def _known(cell: str, feeds: Sequence[Claim], spellings: set[str]) -> bool:
    if cell in spellings:
        return True
    for feed in feeds:
        layout = feed.layout
        flags = re.IGNORECASE if layout.ignore_case or layout.loose_names else 0
        for pattern in layout.ignored_columns:
            wanted = normalised(pattern, layout) if layout.loose_names else pattern
            if re.fullmatch(wanted, cell, flags):
                return True
    return False


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) if names else "none"
