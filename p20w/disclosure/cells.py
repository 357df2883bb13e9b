"""All cells of all marts as one system: a cell a node, a sum an equation.

Cells of several marts with the same members (totals left out) and the same `counted_as` are one
cell and get one decision. Parts of a count imply the rest of it: `whole = part + rest` adds an
implied cell, never printed. Method: domain rules P4-P6 (every linear combination of published
cells is a cell). Flow: `MartRows` of every mart -> `CellSystem`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from p20w.disclosure.rows import ALL, NO_CELL, MartRows
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from p20w.disclosure.declaration import Count
    from p20w.disclosure.rows import Ints, Labels

NO_PLACE = -1


@dataclass(frozen=True, slots=True)
class CellSystem:
    """Nodes and equations; arrays run over nodes unless said otherwise.

    Args:
        keys: Canonical text of each node; implied cells after the explicit ones.
        values: True counts >= 0.
        thresholds: Counts of 1 to one less are small; 0 for slack that is no count of people.
        widths: How many counts must remain possible while a cell is withheld.
        explicit: Number of nodes that are cells of a mart; the others are implied.
        places: Place (organisation) of each node as an index, or -1.
        place_parents: Per place, the place above it, or -1.
        above: A larger cell that contains this one, or -1; costs look there.
        ranks: How many totals and nested counts a node stands for; higher is dearer.
        entries: (equation, node, coefficient) of every equation, which sum to zero.
        sums: (equation, node) for equations that say: this node is the sum of the others.
        nodes: Per mart and count column, the node of each row, or -1.
    """

    keys: NDArray[np.str_]
    values: Ints
    thresholds: Ints
    widths: Ints
    explicit: int
    places: Ints
    place_parents: Ints
    above: Ints
    ranks: Ints
    entries: tuple[Ints, Ints, Ints]
    sums: tuple[Ints, Ints]
    nodes: Mapping[str, Mapping[str, Ints]]


@dataclass(slots=True)
class _Equations:
    """Equations and implied nodes in the making."""

    first_implied: int
    parts: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    sums: list[tuple[Ints, Ints]] = field(default_factory=list)
    implied: list[tuple[NDArray[np.str_], Ints, Ints, Ints]] = field(default_factory=list)
    above: list[tuple[Ints, Ints]] = field(default_factory=list)
    count: int = 0
    node_count: int = 0

    def add(self, rows: Ints, nodes: Ints, coefficients: Ints) -> None:
        """Entries of the next equations, numbered from the next free number."""
        self.parts.append((rows + self.count, nodes, coefficients))

    def imply(self, keys: NDArray[np.str_], values: Ints, thresholds: Ints, like: Ints) -> Ints:
        """New implied nodes, at the places of the nodes they are like."""
        first = self.first_implied + self.node_count
        self.implied.append((keys, values, thresholds, like))
        self.node_count += len(values)
        return np.arange(first, first + len(values), dtype=np.int64)


def build_cells(marts: Sequence[MartRows]) -> CellSystem:
    """One system of all marts' cells.

    Raises:
        ConfigurationError: Members do not add up as declared, or one cell has two values.
    """
    keys, nodes = _register(marts)
    described = _describe(marts, keys, nodes)
    values = described[0]
    equations = _Equations(first_implied=len(keys))
    for mart in marts:
        of_mart = nodes[mart.declaration.mart]
        for count in mart.declaration.counts:
            for dimension in (name for name in mart.parents if name not in count.regardless_of):
                _add_sums(equations, mart, count, dimension, (of_mart[count.column], values, keys))
            for whole in mart.declaration.wholes(count.column):
                least = mart.declaration.least(mart.profile, count.column, whole)
                _add_rest(equations, (of_mart[count.column], of_mart[whole]), (keys, values, least))
    return _assemble(equations, keys, described, nodes)


def _register(
    marts: Sequence[MartRows],
) -> tuple[NDArray[np.str_], dict[str, dict[str, Ints]]]:
    """Canonical keys in sorted order (whatever the rows' order), and each row's node."""
    slots: list[tuple[MartRows, str]] = []
    texts: list[Labels] = []
    for mart in marts:
        for count in mart.declaration.counts:
            slots.append((mart, count.column))
            texts.append(np.strings.add(f"{count.counted_as}|", _members(mart, count)))
    keys, inverse = np.unique(np.concatenate(texts), return_inverse=True)
    used = np.zeros(len(keys), bool)
    nodes: dict[str, dict[str, Ints]] = {}
    start = 0
    for mart, column in slots:
        found = inverse[start : start + mart.size].astype(np.int64)
        start += mart.size
        found = np.where(mart.counts[column] == NO_CELL, NO_CELL, found)
        used[found[found >= 0]] = True
        nodes.setdefault(mart.declaration.mart, {})[column] = found
    renumbered = np.where(used, np.cumsum(used) - 1, NO_CELL)
    for columns in nodes.values():
        for column, found in columns.items():
            columns[column] = np.where(found >= 0, renumbered[found], NO_CELL)
    return keys[used], nodes


def _members(mart: MartRows, count: Count) -> Labels:
    text = np.full(mart.size, "")
    for column in sorted(set(mart.labels) - set(count.regardless_of)):
        labels = mart.labels[column]
        named = np.strings.add(f"{column}={{", np.strings.add(labels, "};"))
        text = np.strings.add(text, np.where(labels == ALL, "", named))
    return text


def _describe(
    marts: Sequence[MartRows], keys: NDArray[np.str_], nodes: Mapping[str, Mapping[str, Ints]]
) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    values = np.full(len(keys), NO_CELL, np.int64)
    thresholds = np.zeros(len(keys), np.int64)
    widths = np.zeros(len(keys), np.int64)
    ranks = np.zeros(len(keys), np.int64)
    places = np.full(len(keys), NO_PLACE, np.int64)
    place_column, place_names, place_parents = _place_tree(marts)
    for mart in marts:
        row_ranks = _row_ranks(mart)
        row_places = np.full(mart.size, NO_PLACE, np.int64)
        if place_column in mart.labels:
            row_places = np.searchsorted(place_names, mart.labels[place_column]).astype(np.int64)
        for count in mart.declaration.counts:
            found = nodes[mart.declaration.mart][count.column]
            rows = np.flatnonzero(found >= 0)
            at, counts = found[rows], mart.counts[count.column][rows]
            before = values[at]
            values[at] = counts
            is_other = (before != NO_CELL) & (before != counts)
            _require_one_value(mart, count.column, is_other | (values[at] != counts))
            least = mart.declaration.least(mart.profile, count.column)
            thresholds[at] = np.maximum(thresholds[at], least)
            widths[at] = np.maximum(widths[at], mart.profile.minimum_group_size)
            parts = sum(
                count.column in mart.declaration.wholes(other.column)
                for other in mart.declaration.counts
            )
            ranks[at] = np.maximum(ranks[at], row_ranks[rows] + parts)
            places[at] = row_places[rows]
    return values, thresholds, widths, ranks, places, place_parents


def _require_one_value(mart: MartRows, column: str, is_other: NDArray[np.bool_]) -> None:
    if is_other.any():
        raise ConfigurationError(
            f"{mart.declaration.mart}.{column}: a cell with the same members and the same"
            f" `counted_as` must have one value in all marts; found {int(is_other.sum())} cells"
            " that differ. Correct the models, or give the count another `counted_as`."
        )


def _place_tree(marts: Sequence[MartRows]) -> tuple[str, Labels, Ints]:
    """The hierarchical dimension (of the first mart that has one): its members, their parents."""
    columns = [
        dimension.column
        for mart in marts
        for dimension in mart.declaration.dimensions
        if dimension.parent_column is not None
    ]
    if not columns:
        return "", np.array([], dtype=np.str_), np.array([], dtype=np.int64)
    column = columns[0]
    having = [mart for mart in marts if column in mart.labels]
    names = np.unique(np.concatenate([mart.labels[column] for mart in having]))
    parents = np.full(len(names), NO_PLACE, np.int64)
    for mart in having:
        above = mart.parents.get(column)
        if above is None:
            continue
        rows = np.flatnonzero(above >= 0)
        labels = mart.labels[column]
        parents[np.searchsorted(names, labels[rows])] = np.searchsorted(names, labels[above[rows]])
    return column, names, parents


def _row_ranks(mart: MartRows) -> Ints:
    ranks = np.zeros(mart.size, np.int64)
    for column, above in mart.parents.items():
        is_sum = np.zeros(mart.size, bool)
        is_sum[above[above >= 0]] = True
        ranks += is_sum + (is_sum & (mart.labels[column] != ALL))
    return ranks


def _add_sums(
    equations: _Equations,
    mart: MartRows,
    count: Count,
    column: str,
    cells: tuple[Ints, Ints, NDArray[np.str_]],
) -> None:
    """Members add up to their total, factor by factor; where they overlap, at least to it."""
    nodes, values, keys = cells
    dimension = next(item for item in mart.declaration.dimensions if item.column == column)
    above = mart.parents[column]
    every = np.flatnonzero(above >= 0)
    every = every[nodes[above[every]] >= 0]
    rows = _once(mart, count, nodes, every[nodes[every] >= 0])
    if not dimension.additive:
        least = mart.declaration.least(mart.profile, count.column)
        _add_rest(equations, (nodes[rows], nodes[above[rows]]), (keys, values, least))
        # Beside a member that is not shown the others need not reach the total.
        rows = rows[~np.isin(above[rows], above[every[nodes[every] < 0]])]
    if not len(rows):
        return
    factors = np.zeros(len(rows), np.int64)
    if dimension.within is not None:
        names = np.strings.partition(mart.labels[column][rows], "=")[0]
        factors = np.unique(names, return_inverse=True)[1].astype(np.int64)
    groups = above[rows] * (factors.max() + 1) + factors
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    group = group.astype(np.int64)
    members, totals = nodes[rows], nodes[above[rows[first]]]
    surplus = np.bincount(group, values[members]).astype(np.int64) - values[totals]
    if dimension.additive:
        _require_sums(mart, count.column, column, surplus != 0)
    else:
        _require_sums(mart, count.column, column, surplus < 0)
    _add_equation_block(equations, group, members, totals)
    if dimension.additive:
        equations.sums.append((np.arange(len(totals)) + equations.count, totals))
    else:
        named = np.strings.add("overlap|", keys[totals])
        like = members[np.unique(group, return_index=True)[1]]
        slack = equations.imply(named, surplus, np.zeros_like(surplus), like)
        equations.add(np.arange(len(totals)), slack, np.full(len(totals), -1))
    equations.above.append((members, totals[group]))
    equations.count += len(totals)


def _once(mart: MartRows, count: Count, nodes: Ints, rows: Ints) -> Ints:
    """One row per cell where several rows repeat it: the one with most totals."""
    if not count.regardless_of:
        return rows
    rows = rows[np.lexsort([mart.labels[column][rows] for column in count.regardless_of])]
    return rows[np.unique(nodes[rows], return_index=True)[1]]


def _add_equation_block(equations: _Equations, group: Ints, members: Ints, totals: Ints) -> None:
    equations.add(group, members, np.ones(len(members), np.int64))
    equations.add(np.arange(len(totals)), totals, np.full(len(totals), -1))


def _require_sums(mart: MartRows, count: str, column: str, is_wrong: NDArray[np.bool_]) -> None:
    if is_wrong.any():
        raise ConfigurationError(
            f"{mart.declaration.mart}.{count}: members of {column} must add up to their total"
            f" (overlapping ones at least to it); {int(is_wrong.sum())} of {len(is_wrong)} sums"
            " do not. Add the residual member, or declare additive: false where members overlap."
        )


def _add_rest(
    equations: _Equations,
    pair: tuple[Ints, Ints],
    cells: tuple[NDArray[np.str_], Ints, int],
) -> None:
    """Whole = part + rest, the rest being an implied cell."""
    keys, values, threshold = cells
    both = (pair[0] >= 0) & (pair[1] >= 0)
    if not both.any():
        return
    parts, wholes = np.unique(np.stack([pair[0][both], pair[1][both]]), axis=1)
    rest = values[wholes] - values[parts]
    if (rest < 0).any():
        raise ConfigurationError(
            f"A part of a count must not exceed it; found {int((rest < 0).sum())} cells where it"
            " does. Correct the marts' models or the `of` and `additive` of their declarations."
        )
    named = np.strings.add(np.strings.add(keys[wholes], "|minus|"), keys[parts])
    implied = equations.imply(named, rest, np.full(len(rest), threshold), parts)
    number = np.arange(len(rest))
    one = np.ones(len(rest), np.int64)
    equations.add(number, parts, one)
    equations.add(number, implied, one)
    equations.add(number, wholes, -one)
    equations.sums.append((number + equations.count, wholes))
    equations.above.append((parts, wholes))
    equations.count += len(rest)


def _assemble(
    equations: _Equations,
    keys: NDArray[np.str_],
    described: tuple[Ints, Ints, Ints, Ints, Ints, Ints],
    nodes: Mapping[str, Mapping[str, Ints]],
) -> CellSystem:
    values, thresholds, widths, ranks, places, place_parents = described
    above = np.full(len(keys) + equations.node_count, NO_CELL, np.int64)
    for members, totals in equations.above:
        above[members] = totals
    empty = np.array([], dtype=np.int64)
    like = np.concatenate([empty, *(item[3] for item in equations.implied)])
    entries = [
        np.concatenate([empty, *(part[i] for part in equations.parts)]).astype(np.int64)
        for i in range(3)
    ]
    sums = [
        np.concatenate([empty, *(part[i] for part in equations.sums)]).astype(np.int64)
        for i in range(2)
    ]
    return CellSystem(
        keys=np.concatenate([keys, *(item[0] for item in equations.implied)]),
        values=np.concatenate([values, *(item[1] for item in equations.implied)]),
        thresholds=np.concatenate([thresholds, *(item[2] for item in equations.implied)]),
        widths=np.concatenate([widths, *(item[2] for item in equations.implied)]),
        explicit=len(keys),
        places=np.concatenate([places, places[like]]),
        place_parents=place_parents,
        above=above,
        ranks=np.concatenate([ranks, np.zeros(len(like), np.int64)]),
        entries=(entries[0], entries[1], entries[2]),
        sums=(sums[0], sums[1]),
        nodes=nodes,
    )
