"""Small surroundings of withheld cells, in which most of them prove to be safe quickly.

Given one table consistent with what is printed, all unknowns outside a surrounding are held at
that table's counts. A range found inside is then really possible, so a cell that is wide there is
safe; one that is not is attacked again with nothing held. For the auditor alone.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from p20w.disclosure.attacker import Component, LinearRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


def surroundings(
    component: Component, table: Mapping[int, float], unknowns: Iterable[int], size: int
) -> Iterator[Component]:
    """Parts of a component that together cover some of its unknowns.

    Args:
        component: The component.
        table: A table of counts consistent with it; what lies outside is held at its counts.
        unknowns: The unknowns to cover.
        size: Number of unknowns in a part.
    """
    rows_of: dict[int, list[int]] = {unknown: [] for unknown in component.unknowns}
    for number, row in enumerate(component.rows):
        for unknown in row.terms:
            rows_of[unknown].append(number)
    bounds = {
        unknown: (component.lower[i], component.upper[i])
        for i, unknown in enumerate(component.unknowns)
    }
    uncovered = dict.fromkeys(unknowns)
    while uncovered:
        inside = _nearest(next(iter(uncovered)), component.rows, rows_of, size)
        # The outer half has its own neighbours cut off: it is covered by another surrounding.
        for unknown in inside[: max(1, len(inside) // 2)]:
            uncovered.pop(unknown, None)
        yield _part(component, inside, rows_of, (bounds, table))


def _nearest(
    start: int, rows: list[LinearRow], rows_of: Mapping[int, list[int]], size: int
) -> list[int]:
    found = {start: None}
    waiting = deque([start])
    while waiting:
        for number in rows_of[waiting.popleft()]:
            for unknown in rows[number].terms:
                if unknown not in found:
                    found[unknown] = None
                    waiting.append(unknown)
                if len(found) >= size:
                    return list(found)
    return list(found)


def _part(
    component: Component,
    inside: list[int],
    rows_of: Mapping[int, list[int]],
    known: tuple[Mapping[int, tuple[float, float]], Mapping[int, float]],
) -> Component:
    bounds, table = known
    members = set(inside)
    rows = []
    for number in sorted({number for unknown in inside for number in rows_of[unknown]}):
        row = component.rows[number]
        held = sum(value * table[name] for name, value in row.terms.items() if name not in members)
        terms = {name: value for name, value in row.terms.items() if name in members}
        rows.append(LinearRow(terms, row.lower - held, row.upper - held))
    return Component(
        unknowns=inside,
        lower=[bounds[unknown][0] for unknown in inside],
        upper=[bounds[unknown][1] for unknown in inside],
        rows=rows,
    )
