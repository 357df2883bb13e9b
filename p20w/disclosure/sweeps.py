"""Cheap proofs first: tables in which many withheld cells move at once.

Before any cell is sacrificed, the withheld ones are pushed up and down together at random, all
printed cells fixed. Each answer is a table that a reader cannot rule out; most cells of a table
with much withheld need no protection program after a few of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from p20w.disclosure.blocks import Move, quiet_solver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from p20w.disclosure.rows import Ints

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

PRIMAL_SIMPLEX = 4
SMALLEST = 2
WHOLE = 1e-6
SECONDS_FOR_WHOLE = 2.0
GAP = 0.5


class Sweep:
    """Withheld cells that hang together, and how far each may go.

    Args:
        nodes: Nodes of the component, sorted.
        matrix: Equations over these nodes (columns in their order).
        room: Per node, how far it may go down.
        limit: How far any node is pushed up.
    """

    def __init__(self, nodes: Ints, matrix: sparse.csc_matrix, room: Ints, limit: int) -> None:
        self.nodes = nodes
        self._matrix = matrix
        self._room = room.astype(np.float64)
        self._model = self._build(limit)
        self._highs = quiet_solver()
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        self._highs.passModel(self._model)

    def push(self, directions: Floats) -> Move | None:
        """Push cells up (positive) or down (negative) together, as far as they go."""
        size = len(self.nodes)
        self._highs.changeColsCost(size, np.arange(size, dtype=np.int32), -directions)
        self._highs.run()
        steps = np.array(self._highs.getSolution().col_value)
        if not self._is_whole(steps):
            steps = self._push_whole(directions)
        return Move(self.nodes, np.rint(steps).astype(np.int64)) if self._is_whole(steps) else None

    def _push_whole(self, directions: Floats) -> Floats:
        size = len(self.nodes)
        every = np.arange(size, dtype=np.int32)
        highs = quiet_solver()
        highs.passModel(self._model)
        highs.changeColsCost(size, every, -directions)
        highs.changeColsIntegrality(size, every, np.ones(size, dtype=np.uint8))
        highs.setOptionValue("time_limit", SECONDS_FOR_WHOLE)
        highs.setOptionValue("mip_rel_gap", GAP)
        highs.run()
        return np.array(highs.getSolution().col_value)

    def _is_whole(self, steps: Floats) -> bool:
        if len(steps) != len(self.nodes):
            return False
        rounded = np.rint(steps)
        return bool(
            np.abs(steps - rounded).max(initial=0.0) <= WHOLE
            and (rounded >= -self._room).all()
            and not (self._matrix @ rounded).any()
        )

    def _build(self, limit: int) -> highspy.HighsLp:
        rows, size = self._matrix.shape
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = size, rows
        model.col_cost_ = np.zeros(size)
        model.col_lower_ = -self._room
        model.col_upper_ = np.full(size, float(limit))
        model.row_lower_ = model.row_upper_ = np.zeros(rows)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = self._matrix.indptr.astype(np.int32)
        model.a_matrix_.index_ = self._matrix.indices.astype(np.int32)
        model.a_matrix_.value_ = self._matrix.data.astype(np.float64)
        return model


def sweeps_over(nodes: Ints, matrix: sparse.csc_matrix, room: Ints, limit: int) -> Iterator[Sweep]:
    """One sweep per component of the nodes; components of one node cannot move.

    Args:
        nodes: Nodes that may move, sorted.
        matrix: Equations over all nodes.
        room: Per node of all, how far it may go down.
        limit: How far any node is pushed up.
    """
    part = matrix[:, nodes].tocsr()
    part = part[np.diff(part.indptr) > 0]
    rows = part.shape[0]
    if not rows:
        return
    graph = sparse.bmat([[None, part], [part.T, None]])
    labels = csgraph.connected_components(graph, directed=False)[1]
    by_row, by_node = np.argsort(labels[:rows], kind="stable"), np.argsort(labels[rows:], kind="stable")
    found, sizes = np.unique(labels[rows:], return_counts=True)
    row_starts = np.searchsorted(labels[:rows][by_row], found)
    row_ends = np.searchsorted(labels[:rows][by_row], found, side="right")
    start = 0
    for size, first, last in zip(sizes.tolist(), row_starts, row_ends, strict=True):
        members = np.sort(by_node[start : start + size])
        start += size
        if size >= SMALLEST and last > first:
            inside = part[by_row[first:last]].tocsc()[:, members]
            yield Sweep(nodes[members], inside, room[nodes[members]], limit)
