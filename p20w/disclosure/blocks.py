"""The protection program of one block: which cells must give way so that one cell may move.

Minimise the cost of moves y+ and y- with A (y+ - y-) = 0 over the cells of the block, all others
fixed, no cell below its floor, one cell moved by its need (Kelly, Golden & Assad 1992; measured
fastest here with HiGHS's dual simplex from the empty basis, without presolve). Moves are whole
numbers, so that a reader who knows that counts are whole gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse

from p20w.disclosure.costs import WALK
from p20w.disclosure.solver import QuietHighs
from p20w.errors import DisclosureUnsafe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from p20w.disclosure.rows import Ints

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]

DUAL_SIMPLEX = 1
WHOLE = 1e-6
MULTIPLES = (1, 2, 3, 4, 6)
NODES_FOR_WHOLE = 200
ANY_GAP = 1e6
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Move:
    """A table that differs from the true one: how far each cell of the block is moved."""

    nodes: Ints
    steps: Ints


class Block:
    """Cells that may move together, and the solver that remembers where it stood.

    Args:
        nodes: Nodes of the block.
        matrix: Equations (rows) over all nodes; those that touch the block are used.
        room: Per node of the block, how far it may go down.
    """

    def __init__(self, nodes: Ints, matrix: sparse.csc_matrix, room: Ints) -> None:
        self.nodes = nodes
        part = matrix[:, nodes].tocsr()
        self._matrix = part[np.diff(part.indptr) > 0].tocsc()
        self._room = room.astype(np.float64)
        self._costs = np.full(len(nodes), -1.0)
        self._spread = np.random.default_rng(len(nodes)).random((ATTEMPTS, len(nodes)))
        self._highs: highspy.Highs | None = None

    def move(self, node: int, need: int, costs: Floats) -> Move | None:
        """The cheapest move of a node by its need (negative: down), or None if there is none."""
        at = int(np.searchsorted(self.nodes, node))
        if need < 0 and -need > self._room[at]:
            return None
        tried = costs
        for attempt in range(ATTEMPTS):
            steps = self._solve(at, need, tried)
            whole = None if steps is None else self._whole(steps)
            if steps is None or whole is not None:
                break
            tried = costs * (1 + self._spread[attempt])
        if steps is not None and whole is None:
            near = (np.abs(steps) > WHOLE) | (costs <= WALK)
            whole = self._solve_whole(at, need, costs, near)
        return None if whole is None else Move(self.nodes, whole)

    def _model(self, costs: Floats) -> highspy.HighsLp:
        size = len(self.nodes)
        both = sparse.hstack([self._matrix, -self._matrix]).tocsc()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * size, both.shape[0]
        model.col_cost_ = np.concatenate([costs, costs])
        model.col_lower_ = np.zeros(2 * size)
        model.col_upper_ = np.concatenate([np.full(size, highspy.kHighsInf), self._room])
        model.row_lower_ = model.row_upper_ = np.zeros(both.shape[0])
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = both.indptr.astype(np.int32)
        model.a_matrix_.index_ = both.indices.astype(np.int32)
        model.a_matrix_.value_ = both.data.astype(np.float64)
        return model

    def _solver(self, costs: Floats) -> highspy.Highs:
        if self._highs is None:
            self._highs = QuietHighs()
            self._highs.setOptionValue("presolve", "off")
            self._highs.setOptionValue("simplex_strategy", DUAL_SIMPLEX)
            self._highs.passModel(self._model(costs))
        else:
            changed = np.flatnonzero(costs != self._costs)
            if len(changed):
                columns = np.concatenate([changed, changed + len(self.nodes)]).astype(np.int32)
                values = np.concatenate([costs[changed], costs[changed]])
                self._highs.changeColsCost(len(columns), columns, values)
        self._costs = costs
        return self._highs

    def _solve(self, at: int, need: int, costs: Floats) -> Floats | None:
        highs = self._solver(costs)
        highs.clearSolver()  # no cost is negative: dual simplex starts best from the empty basis
        self._demand(highs, at, need)
        highs.run()
        status = highs.getModelStatus()
        steps = None
        if status == highspy.HighsModelStatus.kOptimal:
            steps = self._steps(highs)
        self._release(highs, at)
        if steps is None and status != highspy.HighsModelStatus.kInfeasible:
            raise DisclosureUnsafe(
                f"The protection program must be optimal or infeasible; HiGHS ended with {status}"
                f" on a block of {len(self.nodes)} cells. Nothing is published; report the case."
            )
        return steps

    def _solve_whole(self, at: int, need: int, costs: Floats, near: Bools) -> Ints | None:
        """As `_solve`, in whole numbers and near its answer: what gives way there, or is free.

        Needed only where three or more dimensions cross; any whole answer will do.
        """
        highs = QuietHighs()
        highs.passModel(self._model(costs))
        size = len(self.nodes)
        every = np.arange(2 * size, dtype=np.int32)
        highs.changeColsIntegrality(2 * size, every, np.ones(2 * size, dtype=np.uint8))
        fixed = every[np.concatenate([~near, ~near])]
        highs.changeColsBounds(len(fixed), fixed, np.zeros(len(fixed)), np.zeros(len(fixed)))
        highs.setOptionValue("mip_max_nodes", NODES_FOR_WHOLE)
        highs.setOptionValue("mip_rel_gap", ANY_GAP)
        self._demand(highs, at, need)
        highs.run()
        if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None
        return self._whole(self._steps(highs))

    def _demand(self, highs: highspy.Highs, at: int, need: int) -> None:
        up, down = at, at + len(self.nodes)
        if need > 0:
            highs.changeColBounds(up, float(need), highspy.kHighsInf)
            highs.changeColBounds(down, 0.0, 0.0)
        else:
            highs.changeColBounds(up, 0.0, 0.0)
            highs.changeColBounds(down, float(-need), float(self._room[at]))

    def _release(self, highs: highspy.Highs, at: int) -> None:
        highs.changeColBounds(at, 0.0, highspy.kHighsInf)
        highs.changeColBounds(at + len(self.nodes), 0.0, float(self._room[at]))

    def _steps(self, highs: highspy.Highs) -> Floats:
        values = np.array(highs.getSolution().col_value)
        return np.asarray(values[: len(self.nodes)] - values[len(self.nodes) :])

    def _whole(self, steps: Floats) -> Ints | None:
        """The steps, or the smallest multiple of them, in whole numbers and above the floors."""
        for multiple in MULTIPLES:
            scaled = steps * multiple
            rounded = np.rint(scaled)
            if np.abs(scaled - rounded).max(initial=0.0) > WHOLE * multiple:
                continue
            is_exact = not (self._matrix @ rounded).any()
            if is_exact and (rounded >= -self._room).all():
                return rounded.astype(np.int64)
        return None
