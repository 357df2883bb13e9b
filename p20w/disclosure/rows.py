"""A true mart as arrays: one label a dimension, one count a row, the row above each row.

Flow: Arrow table + `Declaration` -> `MartRows`, the protector's view of a mart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa
    from numpy.typing import NDArray

    from p20w.disclosure.declaration import Declaration, Dimension, Profile

    Ints = NDArray[np.int64]
    Labels = NDArray[Any]

ALL = ""
NO_CELL = -1
STATUS_SUFFIX = "_status"
REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class MartRows:
    """A mart's rows.

    Args:
        declaration: What the mart says of itself.
        profile: The profile it names.
        labels: Per dimension, each row's member; empty text for the total.
        parents: Per dimension with a total or a parent, the row each row adds up to, or -1.
        counts: Per count column, the counts >= 0; -1 where there is no reported count.
    """

    declaration: Declaration
    profile: Profile
    labels: Mapping[str, Labels]
    parents: Mapping[str, Ints]
    counts: Mapping[str, Ints]

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(next(iter(self.labels.values())))


def read_rows(table: pa.Table, declaration: Declaration, profile: Profile) -> MartRows:
    """Read a true mart through its declaration.

    Raises:
        ConfigurationError: A declared column is absent, a key is null or twice, a count
            contradicts its status. Correct the mart's model or its declaration.
    """
    _require_columns(table, declaration)
    labels = {
        dimension.column: _labels(table, declaration.mart, dimension)
        for dimension in declaration.dimensions
    }
    index = _RowIndex(labels)
    if index.has_duplicates:
        raise ConfigurationError(
            f"{declaration.mart}: each combination of the declared dimensions must be one row;"
            " found some twice. Declare the missing key column as a dimension."
        )
    return MartRows(
        declaration=declaration,
        profile=profile,
        labels=labels,
        parents={
            dimension.column: _parents(table, dimension, index)
            for dimension in declaration.dimensions
            if dimension.total is not None or dimension.parent_column is not None
        },
        counts={
            count.column: _counts(table, declaration.mart, count.column)
            for count in declaration.counts
        },
    )


def _require_columns(table: pa.Table, declaration: Declaration) -> None:
    figures = [count.column for count in declaration.counts]
    figures += [rate.column for rate in declaration.rates]
    wanted = [item.column for item in declaration.dimensions] + figures
    wanted += [name + STATUS_SUFFIX for name in figures]
    for dimension in declaration.dimensions:
        wanted += [name for name in (dimension.parent_column, dimension.within) if name]
    absent = sorted(set(wanted) - set(table.column_names))
    if absent:
        raise ConfigurationError(
            f"{declaration.mart}: the declaration needs columns that the mart lacks: {absent}."
            " Add them to the model or correct config.meta.disclosure.",
            mart=declaration.mart,
        )


def _labels(table: pa.Table, mart: str, dimension: Dimension) -> Labels:
    members = _texts(table, dimension.column)
    if table[dimension.column].null_count:
        raise ConfigurationError(
            f"{mart}: dimension {dimension.column} must not be null; found"
            f" {table[dimension.column].null_count} rows. Name the residual member (Unknown)."
        )
    is_total = members == (dimension.total or ALL)
    if dimension.within is not None:
        members = np.strings.add(np.strings.add(_texts(table, dimension.within), "="), members)
    return np.where(is_total, ALL, members)


def _texts(table: pa.Table, column: str) -> Labels:
    texts = table[column].cast("string").fill_null("")
    return np.asarray(texts.to_numpy(zero_copy_only=False), dtype=np.str_)


class _RowIndex:
    """Finds the row with given labels: labels become digits of one number."""

    def __init__(self, labels: Mapping[str, Labels]) -> None:
        self.members: dict[str, Labels] = {}
        self.places: dict[str, int] = {}
        self.digits: dict[str, Ints] = {}
        place = 1
        for column, values in labels.items():
            members, digits = np.unique(values, return_inverse=True)
            self.members[column], self.digits[column] = members, digits.astype(np.int64)
            self.places[column] = place
            place *= max(1, len(members))
        self.numbers = np.zeros(len(next(iter(labels.values()))), np.int64)
        for column, digits in self.digits.items():
            self.numbers += digits * self.places[column]
        self.order = np.argsort(self.numbers, kind="stable")
        self.sorted = self.numbers[self.order]

    @property
    def has_duplicates(self) -> bool:
        return bool((np.diff(self.sorted) == 0).any())

    def rows_with(self, column: str, labels: Labels) -> Ints:
        """Per row, the row that differs from it only in one label; -1 where there is none."""
        members = self.members[column]
        digits = np.searchsorted(members, labels).clip(max=max(0, len(members) - 1))
        is_member = members[digits] == labels if len(members) else np.zeros(len(labels), bool)
        wanted = self.numbers + (digits - self.digits[column]) * self.places[column]
        found = np.searchsorted(self.sorted, wanted).clip(max=max(0, len(self.sorted) - 1))
        is_row = is_member & (self.sorted[found] == wanted)
        return np.where(is_row, self.order[found], NO_CELL).astype(np.int64)


def _parents(table: pa.Table, dimension: Dimension, index: _RowIndex) -> Ints:
    if dimension.parent_column is not None:
        labels = _texts(table, dimension.parent_column)
        own = index.members[dimension.column][index.digits[dimension.column]]
        parents = index.rows_with(dimension.column, labels)
        return np.where((labels == ALL) | (labels == own), NO_CELL, parents)
    digits = index.digits[dimension.column]
    totals = np.full(len(digits), ALL)
    parents = index.rows_with(dimension.column, totals)
    return np.where(index.members[dimension.column][digits] == ALL, NO_CELL, parents)


def _counts(table: pa.Table, mart: str, column: str) -> Ints:
    is_reported = _texts(table, column + STATUS_SUFFIX) == REPORTED
    values = table[column].cast("int64")
    is_null = np.asarray(values.is_null().to_numpy(zero_copy_only=False), dtype=bool)
    counts = np.asarray(values.fill_null(NO_CELL).to_numpy(zero_copy_only=False), dtype=np.int64)
    wrong = int(((is_reported == is_null) | (~is_null & (counts < 0))).sum())
    if wrong:
        raise ConfigurationError(
            f"{mart}.{column}: a count is >= 0 exactly where {column}{STATUS_SUFFIX} is"
            f" {REPORTED!r}; found {wrong} rows where it is not. Correct the mart's model."
        )
    return counts
