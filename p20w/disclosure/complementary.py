"""Complementary suppression: withhold more cells until every withheld one can move far enough.

One protection program per need that no earlier move has met: every move is a table a reader cannot
rule out, so it widens the range of all cells it touches. A need is first met among the siblings
under one place, then under the place above, then anywhere.
Flow: `CellSystem` + `Primary` -> which nodes are withheld.
"""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from p20w.disclosure.blocks import Block, Move
from p20w.disclosure.costs import costs, processing_order
from p20w.disclosure.rows import NO_CELL
from p20w.errors import DisclosureUnsafe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from p20w.disclosure.cells import CellSystem
    from p20w.disclosure.primary import Primary
    from p20w.disclosure.rows import Ints

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

EVERYWHERE = -2
DEPTH = 20
WIDER = 4


class Complement:
    """The search: which nodes are withheld so far, and how far each is known to move."""

    def __init__(self, cells: CellSystem, primary: Primary, secret: Floats) -> None:
        self.cells = cells
        self.primary = primary
        self.secret = secret
        self.withheld = primary.withheld.copy()
        self.high = np.zeros(len(cells.values), np.int64)
        self.low = np.zeros(len(cells.values), np.int64)
        self.costs = costs(cells, self.withheld, secret)
        equation, node, coefficient = cells.entries
        shape = (int(equation.max(initial=-1)) + 1, len(cells.values))
        self._matrix = sparse.csc_matrix((coefficient.astype(float), (equation, node)), shape)
        self._room = np.maximum(cells.values - primary.floors, 0)
        is_implied = np.arange(len(cells.values)) >= cells.explicit
        self._movable = (cells.values > 0) | self.withheld | is_implied
        self._components = _components(self._matrix, self._movable)
        self._blocks: dict[tuple[int, int], Block] = {}

    def run(self) -> Bools:
        """Meet every need; returns which nodes are withheld.

        Raises:
            DisclosureUnsafe: A cell cannot be protected even by withholding all others.
        """
        first = np.flatnonzero(self.withheld | self.primary.sensitive)
        order = processing_order(self._needs()[first], self.secret[first])
        waiting = collections.deque(first[order].tolist())
        known = set(waiting)
        while waiting:
            before = self.withheld.copy()
            self._protect(waiting.popleft())
            fresh = np.flatnonzero(self.withheld & ~before)
            for node in fresh[np.argsort(self.secret[fresh])].tolist():
                if node not in known:
                    known.add(node)
                    waiting.append(node)
        return self.withheld

    def _needs(self) -> Ints:
        """How far a cell is from the size to which its range must reach if it is small."""
        needs: Ints = np.maximum(self.cells.widths - self.cells.values, 0)
        return needs

    def _protect(self, node: int) -> None:
        for down, up in self._demands(node):
            if self._move(node, up - self.high[node], up) and self._move(
                node, down - self.low[node], -down
            ):
                return
        raise DisclosureUnsafe(
            f"Each withheld cell must have room for {self.cells.widths[node]} counts; one cell"
            f" ({str(self.cells.keys[node]).split('|')[0]}) has not, even with all others"
            " withheld. Coarsen the mart, then rebuild the release.",
        )

    def _demands(self, node: int) -> Iterator[tuple[int, int]]:
        """How far down and up; small cells from their floor on, others as far as they can."""
        width = int(self.cells.widths[node])
        room, low, high = (int(array[node]) for array in (self._room, self.low, self.high))
        if self.primary.sensitive[node]:
            yield room, max(0, width - room)
        elif low + high >= width:
            yield low, high
        down = min(room, max(0, width - high))
        yield down, width - down
        yield min(low, width), max(0, width - low)

    def _move(self, node: int, missing: int, need: int) -> bool:
        if missing <= 0:
            return True
        for place in self._places(node):
            block = self._block(node, place)
            move = block.move(node, need, self.costs[block.nodes])
            if move is not None:
                self._record(move)
                return True
        return False

    def _places(self, node: int) -> Iterator[int]:
        place = int(self.cells.places[node])
        for _ in range(DEPTH):
            place = int(self.cells.place_parents[place]) if place >= 0 else NO_CELL
            if place < 0:
                break
            yield place
        yield EVERYWHERE

    def _block(self, node: int, place: int) -> Block:
        name = (int(self._components[node]), place)
        if name not in self._blocks:
            inside = self._movable & (self._components == name[0])
            if place != EVERYWHERE:
                inside &= self._below(place)[self.cells.places]
            nodes = np.flatnonzero(inside)
            self._blocks[name] = Block(nodes, self._matrix, self._room[nodes])
        return self._blocks[name]

    def _below(self, place: int) -> Bools:
        """Places below a place; the last entry stands for cells without a place."""
        parents = self.cells.place_parents
        is_below = np.zeros(len(parents) + 1, bool)
        is_below[:-1] = parents == place
        for _ in range(DEPTH):
            further = is_below[:-1] | ((parents >= 0) & is_below[parents])
            if (further == is_below[:-1]).all():
                break
            is_below[:-1] = further
        return is_below

    def _record(self, move: Move) -> None:
        """Withhold what moved, and remember the move and its mirror, as far as floors allow."""
        nodes = move.nodes[move.steps != 0]
        steps = move.steps[move.steps != 0]
        room = self._room[nodes]
        limit = WIDER * int(self.cells.widths.max(initial=1))
        for direction in (1, -1):
            taken = steps * direction
            going_down = taken < 0
            most = (room[going_down] // -taken[going_down]).min(initial=limit)
            most = min(int(most), max(1, limit // int(np.abs(taken).max())))
            if most >= 1:
                self.high[nodes] = np.maximum(self.high[nodes], taken * most)
                self.low[nodes] = np.maximum(self.low[nodes], -taken * most)
        fresh = nodes[(nodes < self.cells.explicit) & ~self.withheld[nodes]]
        if len(fresh):
            self.withheld[fresh] = True
            self.costs = costs(self.cells, self.withheld, self.secret)


def _components(matrix: sparse.csc_matrix, movable: Bools) -> Ints:
    """Which cells hang together through equations; printed zeros connect nothing."""
    part = matrix[:, np.flatnonzero(movable)]
    rows, columns = part.shape
    graph = sparse.bmat([[None, part], [part.T, None]]) if rows else None
    labels = np.full(len(movable), NO_CELL, np.int64)
    found = (
        csgraph.connected_components(graph, directed=False)[1][rows:]
        if graph is not None
        else np.arange(columns)
    )
    labels[movable] = found
    return labels
