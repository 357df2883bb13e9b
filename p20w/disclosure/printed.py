"""What a reader of the published marts knows: which counts, which sums, which limits.

Written for the auditor alone and read row by row, another way than the protector's, on purpose:
an error in one must not be an error in both. Flow: published tables -> `Knowledge`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from p20w.disclosure.declaration import Count, Declaration, Dimension, Profile

WITHHELD = "withheld"
PRINTED = "published"
NOT_SHOWN = "not_applicable"
Members = tuple[str, ...]
CellName = tuple[str, frozenset[tuple[str, str]]]


@dataclass(slots=True)
class Cell:
    """A count as readers know it; several marts may show the same one.

    Args:
        mart: A mart that shows it.
        key: Its dimensions there, as JSON.
        column: Its column there.
        threshold: Counts of 1 to one less are small.
        width: How many counts must remain possible while it is withheld.
        value: The printed count, or None.
        withheld_in: Number of places that withhold it.
        least: The least it can be when withheld (zeros are printed).
    """

    mart: str
    key: str
    column: str
    threshold: int
    width: int
    value: int | None = None
    withheld_in: int = 0
    least: int = 1


@dataclass(frozen=True, slots=True)
class Sum:
    """Members add up to the whole; where they overlap, each is within it and it within them."""

    whole: CellName
    members: tuple[CellName, ...]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class RateCell:
    """A rate and the counts it is made of."""

    mart: str
    key: str
    column: str
    is_printed: bool
    numerator: CellName
    denominator: CellName
    plus_rest_of: tuple[CellName, ...]
    unanimity_size: int


@dataclass(slots=True)
class Knowledge:
    """All that is printed: cells by name, their sums, parts of wholes, rates.

    Args:
        contradictions: Cells that two places print differently.
    """

    cells: dict[CellName, Cell] = field(default_factory=dict)
    sums: list[Sum] = field(default_factory=list)
    parts: list[tuple[CellName, CellName, int]] = field(default_factory=list)
    rates: list[RateCell] = field(default_factory=list)
    contradictions: list[CellName] = field(default_factory=list)


def read_printed(
    published: Mapping[str, pa.Table],
    declarations: Mapping[str, Declaration],
    profiles: Mapping[str, Profile],
) -> Knowledge:
    """Read all published marts as one body of knowledge.

    Raises:
        ConfigurationError: A mart has no declaration, profile, or status column.
    """
    knowledge = Knowledge()
    for mart, table in published.items():
        if mart not in declarations or declarations[mart].profile not in profiles:
            raise ConfigurationError(
                f"{mart} must have a declaration and its profile to be audited; found none."
                " Add config.meta.disclosure to its yml, or the profile to its seed."
            )
        _MartReader(table, declarations[mart], profiles[declarations[mart].profile]).read(knowledge)
    return knowledge


class _MartReader:
    def __init__(self, table: pa.Table, declaration: Declaration, profile: Profile) -> None:
        self.declaration = declaration
        self.profile = profile
        self.rows = table.to_pylist()
        self.members = [self._members(row) for row in self.rows]
        self.numbers = {members: i for i, members in enumerate(self.members)}

    def read(self, knowledge: Knowledge) -> None:
        for count in self.declaration.counts:
            for number in range(len(self.rows)):
                self._read_cell(knowledge, count, number)
        groups = list(self._groups())
        for count in self.declaration.counts:
            for column, whole, numbers, is_exact in groups:
                if column not in count.regardless_of:
                    self._read_sum(knowledge, count, whole, numbers, is_exact=is_exact)
            for larger in self.declaration.wholes(count.column):
                knowledge.parts += [
                    (self.name(count.column, i), self.name(larger, i), self._least(count, larger))
                    for i in range(len(self.rows))
                ]
        for number in range(len(self.rows)):
            self._read_rates(knowledge, number)

    def name(self, column: str, number: int) -> CellName:
        """Name of a cell in any mart: what is counted, and of whom, totals left out."""
        count = next(count for count in self.declaration.counts if count.column == column)
        columns = [dimension.column for dimension in self.declaration.dimensions]
        pairs = zip(columns, self.members[number], strict=True)
        return count.counted_as, frozenset(
            (name, member) for name, member in pairs if member and name not in count.regardless_of
        )

    def _members(self, row: Mapping[str, object]) -> Members:
        return tuple(self._member(row, dimension) for dimension in self.declaration.dimensions)

    def _member(self, row: Mapping[str, object], dimension: Dimension) -> str:
        member = str(row[dimension.column])
        if member == dimension.total:
            return ""
        if dimension.within is None:
            return member
        return f"{row[dimension.within]} / {member}"

    def _least(self, count: Count, whole: str | None = None) -> int:
        return self.declaration.least(self.profile, count.column, whole)

    def _read_cell(self, knowledge: Knowledge, count: Count, number: int) -> None:
        row = self.rows[number]
        status, value = row[f"{count.column}_status"], row[count.column]
        if status not in {WITHHELD, PRINTED}:
            return
        name = self.name(count.column, number)
        cell = knowledge.cells.get(name)
        if cell is None:
            least, width = self._least(count), self.profile.minimum_group_size
            cell = Cell(self.declaration.mart, self._key(row), count.column, least, width)
            knowledge.cells[name] = cell
        cell.threshold = max(cell.threshold, self._least(count))
        cell.width = max(cell.width, self.profile.minimum_group_size)
        cell.least = min(cell.least, int(not self.declaration.can_hide_zero(count.column)))
        cell.withheld_in += status == WITHHELD
        if value is not None:
            if cell.value is not None and cell.value != value:
                knowledge.contradictions.append(name)
            cell.value = int(value)

    def _key(self, row: Mapping[str, object]) -> str:
        names = [(item.within, item.column) for item in self.declaration.dimensions]
        flat = [name for pair in names for name in pair if name is not None]
        return json.dumps({name: row[name] for name in flat}, default=str)

    def _groups(self) -> Iterator[tuple[str, int, list[int], bool]]:
        """(dimension, row of the whole, rows of its members, whether they add up exactly)."""
        for place, dimension in enumerate(self.declaration.dimensions):
            found: dict[tuple[int, object], list[int]] = {}
            for number, row in enumerate(self.rows):
                members = self.members[number]
                if dimension.parent_column is not None:
                    above = str(row[dimension.parent_column] or "")
                elif dimension.total is not None:
                    above = ""
                else:
                    continue
                whole = self.numbers.get((*members[:place], above, *members[place + 1 :]))
                if whole is not None and whole != number:
                    factor = row[dimension.within] if dimension.within else None
                    found.setdefault((whole, factor), []).append(number)
            for (whole, _), numbers in found.items():
                yield dimension.column, whole, numbers, dimension.additive

    def _read_sum(
        self, knowledge: Knowledge, count: Count, whole: int, numbers: list[int], *, is_exact: bool
    ) -> None:
        name = self.name(count.column, whole)
        members = tuple(self.name(count.column, number) for number in numbers)
        members = tuple(member for member in members if member in knowledge.cells)
        if name not in knowledge.cells or not members:
            return
        # Members that overlap need not reach their total beside one that is not shown.
        statuses = {self.rows[number][f"{count.column}_status"] for number in numbers}
        if is_exact or NOT_SHOWN not in statuses:
            knowledge.sums.append(Sum(name, members, is_exact))
        if not is_exact:
            knowledge.parts += [(member, name, self._least(count)) for member in members]

    def _read_rates(self, knowledge: Knowledge, number: int) -> None:
        row = self.rows[number]
        for rate in self.declaration.rates:
            if row[f"{rate.column}_status"] not in {WITHHELD, PRINTED}:
                continue
            knowledge.rates.append(
                RateCell(
                    mart=self.declaration.mart,
                    key=self._key(row),
                    column=rate.column,
                    is_printed=row[rate.column] is not None,
                    numerator=self.name(rate.numerator, number),
                    denominator=self.name(rate.denominator, number),
                    plus_rest_of=tuple(self.name(column, number) for column in rate.plus_rest_of),
                    unanimity_size=self.profile.unanimity_size,
                )
            )
