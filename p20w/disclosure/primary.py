"""Primary suppression: cells that are withheld for what they are.

Rules P1-P3 and the two-category rule of the domain: small groups, small outcomes and their rests,
0 % and 100 % of small groups; of a factor with two groups either both sides or none is printed.
Zero is not small. Flow: `MartRows` + `CellSystem` -> `Primary`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from p20w.disclosure.rows import NO_CELL, MartRows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from p20w.disclosure.cells import CellSystem
    from p20w.disclosure.declaration import Count
    from p20w.disclosure.rows import Ints, Labels

    Bools = NDArray[np.bool_]
    Reasons = NDArray[np.str_]

SMALL_DENOMINATOR = "small_denominator"
SMALL_NUMERATOR = "small_numerator"
SMALL_COMPLEMENT = "small_complement"
UNANIMITY = "unanimity"
COMPLEMENTARY = "complementary"
SAME_CELL = "same_cell"
RATE_OF_WITHHELD = "rate_of_withheld"
REASON_TYPE = "<U20"
BOTH_SIDES = 2


@dataclass(frozen=True, slots=True)
class Primary:
    """What the rules withhold.

    Args:
        withheld: Per node, whether a rule withholds it.
        sensitive: Per node, whether its value must lie in a range that starts at its floor.
        floors: Per node, the least value a reader can assume once it is withheld.
        reasons: Per mart and count column, the rule per row; empty where none applies.
    """

    withheld: Bools
    sensitive: Bools
    floors: Ints
    reasons: Mapping[str, Mapping[str, Reasons]]


def find_primary(marts: Sequence[MartRows], cells: CellSystem) -> Primary:
    """Apply the primary rules to every cell."""
    withheld = np.zeros(len(cells.values), bool)
    floors = np.ones(len(cells.values), np.int64)
    floors[cells.explicit :] = 0
    reasons: dict[str, dict[str, Reasons]] = {}
    known = _known_zeros(marts, cells)
    for mart in marts:
        nodes = cells.nodes[mart.declaration.mart]
        found = {
            count.column: _reasons(mart, count, nodes, known) for count in mart.declaration.counts
        }
        for column, why in found.items():
            withheld[nodes[column][why != ""]] = True
            if mart.declaration.can_hide_zero(column):
                floors[nodes[column][nodes[column] >= 0]] = 0
        reasons[mart.declaration.mart] = found
    _spread_zeros(cells, known, withheld)
    for mart in marts:
        _name_zeros(mart, cells, withheld, reasons[mart.declaration.mart])
        _withhold_both_sides(mart, cells, withheld, reasons[mart.declaration.mart])
    small = (cells.values >= 1) & (cells.values < cells.thresholds)
    return Primary(withheld, small, _settle_floors(cells, floors), reasons)


def _reasons(mart: MartRows, count: Count, nodes: Mapping[str, Ints], known: Bools) -> Reasons:
    values = mart.counts[count.column]
    declaration, profile = mart.declaration, mart.profile
    why = np.full(mart.size, "", REASON_TYPE)
    for rate in declaration.rates:
        whole = mart.counts[rate.denominator]
        is_few = (whole >= 1) & (whole < profile.unanimity_size)
        is_known = known[nodes[rate.numerator]] & (nodes[rate.numerator] != NO_CELL)
        if rate.numerator == count.column:
            is_extreme = (values == 0) | (values == whole)
            why[is_extreme & is_few & ~is_known] = UNANIMITY
            why[(values >= 1) & (values < profile.minimum_numerator)] = SMALL_NUMERATOR
        if rate.denominator == count.column:
            # Nothing hides the numerator, so that of how many it is 0 % is what gives way.
            why[is_few & is_known] = UNANIMITY
    least = declaration.least(profile, count.column)
    for whole_column in declaration.wholes(count.column):
        rest = mart.counts[whole_column] - values
        is_small_rest = (rest >= 1) & (
            rest < declaration.least(profile, count.column, whole_column)
        )
        # A part of zero stays printed: its whole is the small one then, and withheld itself.
        why[(values >= 1) & is_small_rest] = SMALL_COMPLEMENT
    is_small = (values >= 1) & (values < least)
    why[is_small] = SMALL_DENOMINATOR if count.of is None else SMALL_NUMERATOR
    why[nodes[count.column] == NO_CELL] = ""
    return why


def _spread_zeros(cells: CellSystem, known: Bools, withheld: Bools) -> None:
    """Withhold the zeros that would tell a withheld zero: its total's, and all of its members'."""
    is_zero = (cells.values == 0) & ~known
    is_zero[cells.explicit :] = False
    equation, node, coefficient = cells.entries
    total_of = np.full(int(equation.max(initial=-1)) + 1, NO_CELL, np.int64)
    total_of[cells.sums[0]] = cells.sums[1]
    is_part = (coefficient > 0) & (total_of[equation] >= 0) & is_zero[node]
    part, total = node[is_part], total_of[equation[is_part]]
    part, total = part[is_zero[total]], total[is_zero[total]]
    names = np.strings.partition(cells.keys, "|")[0]
    is_member = names[part] == names[total]
    while True:
        before = int(withheld.sum())
        withheld[total[withheld[part]]] = True
        withheld[part[is_member & withheld[total]]] = True
        if int(withheld.sum()) == before:
            return


def _name_zeros(
    mart: MartRows, cells: CellSystem, withheld: Bools, reasons: dict[str, Reasons]
) -> None:
    for column, nodes in cells.nodes[mart.declaration.mart].items():
        is_spread = (mart.counts[column] == 0) & (reasons[column] == "") & withheld[nodes]
        reasons[column][is_spread] = UNANIMITY


def _known_zeros(marts: Sequence[MartRows], cells: CellSystem) -> Bools:
    """Zeros that nothing can hide: numerators of nobody, and totals of nothing but such zeros.

    A total can be one although its own group is not empty: where some of its places do not report,
    their members are in its denominator and in none of the reported ones.
    """
    known = _is_of_nobody(marts, cells)
    equation, node, coefficient = cells.entries
    is_part = coefficient > 0
    count = int(equation.max(initial=-1)) + 1
    while True:
        unsure = np.bincount(equation[is_part], ~known[node[is_part]], minlength=count)
        told = node[~is_part & (unsure[equation] == 0)]
        if known[told].all():
            return known
        known[told] = True


def _is_of_nobody(marts: Sequence[MartRows], cells: CellSystem) -> Bools:
    """Numerators of nobody: their zero is no news."""
    found = np.zeros(len(cells.values), bool)
    for mart in marts:
        nodes = cells.nodes[mart.declaration.mart]
        for rate in mart.declaration.rates:
            rows = (mart.counts[rate.denominator] == 0) & (nodes[rate.numerator] >= 0)
            found[nodes[rate.numerator][rows]] = True
    return found


def _withhold_both_sides(
    mart: MartRows, cells: CellSystem, withheld: Bools, reasons: dict[str, Reasons]
) -> None:
    """Of a factor's two groups, one withheld: the other would be total minus it."""
    factors = [item.column for item in mart.declaration.dimensions if item.within and item.additive]
    for dimension in factors:
        above = mart.parents[dimension]
        names = np.strings.partition(mart.labels[dimension], "=")[0]
        for column, nodes in cells.nodes[mart.declaration.mart].items():
            rows = np.flatnonzero((above >= 0) & (mart.counts[column] > 0))
            sides = _both_of_two(above[rows], names[rows], withheld[nodes[rows]])
            withheld[nodes[rows[sides]]] = True
            blank = rows[sides & (reasons[column][rows] == "")]
            reasons[column][blank] = COMPLEMENTARY


def _both_of_two(above: Ints, names: Labels, is_withheld: Bools) -> Bools:
    if not len(above):
        return np.zeros(0, bool)
    factor = np.unique(names, return_inverse=True)[1]
    pair = np.unique(above * (factor.max() + 1) + factor, return_inverse=True)[1]
    sizes = np.bincount(pair)
    small = np.bincount(pair, is_withheld)
    return np.asarray((sizes[pair] == BOTH_SIDES) & (small[pair] > 0))


def _settle_floors(cells: CellSystem, floors: Ints) -> Ints:
    """A sum is at least the sum of its parts' floors; printed zeros have none."""
    floors = np.minimum(floors, cells.values)
    equation, node, coefficient = cells.entries
    total_of = np.full(int(equation.max(initial=-1)) + 1, NO_CELL, np.int64)
    total_of[cells.sums[0]] = cells.sums[1]
    is_part = (coefficient > 0) & (total_of[equation] >= 0)
    equation, node = equation[is_part], node[is_part]
    for _ in range(20):
        least = np.bincount(equation, floors[node], minlength=len(total_of)).astype(np.int64)
        settled = floors.copy()
        np.maximum.at(settled, cells.sums[1], least[cells.sums[0]])
        if (settled == floors).all():
            break
        floors = settled
    return floors
