"""The attacker's programs: how small and how large can an unknown count be.

Unknown counts are columns between bounds, what is printed are linear rows. One HiGHS object per
connected component, objective changes only, primal simplex without presolve (measured fastest for
this use). Every solution is a table consistent with what is printed, so it widens what is known
possible for all unknowns at once; a count is whole, so only whole tables are kept as proof.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import highspy
import numpy as np

from p20w.disclosure.solver import QuietHighs
from p20w.errors import DisclosureUnsafe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

PRIMAL_SIMPLEX = 4
NEARLY = 1e-6
NODES_FOR_WHOLE = 500
ANY_GAP = 1e6


@dataclass(slots=True)
class LinearRow:
    """lower <= sum of coefficient x unknown <= upper."""

    terms: dict[int, float]
    lower: float
    upper: float


@dataclass(slots=True)
class Component:
    """Unknowns that hang together, with their rows.

    Args:
        unknowns: Their numbers.
        lower: Least value of each.
        upper: Largest value of each.
        rows: Linear rows over these unknowns only.
    """

    unknowns: list[int]
    lower: list[float]
    upper: list[float]
    rows: list[LinearRow] = field(default_factory=list)


class Attack:
    """One component under attack."""

    def __init__(self, component: Component) -> None:
        self._component = component
        self._at = {unknown: i for i, unknown in enumerate(component.unknowns)}
        self._size = len(component.unknowns)
        self._highs = self._solver()
        self._highs.setOptionValue("presolve", "off")
        self._highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        self._last_whole = np.zeros(self._size)
        self._finder: highspy.Highs | None = None
        self._objective = np.zeros(self._size)
        self.seen_low = np.full(self._size, np.inf)
        self.seen_high = np.full(self._size, -np.inf)
        self._broken_low = np.full(self._size, np.inf)
        self._broken_high = np.full(self._size, -np.inf)

    def whole_table(self, number: int) -> dict[int, float] | None:
        """One of several whole tables consistent with what is printed; None if not found quickly.

        Args:
            number: Which one; the same number finds the same table.
        """
        seen = self._last_whole
        self._find_whole(0, self._component.lower[0], self._component.upper[0], number)
        if self._last_whole is seen:
            return None
        return dict(zip(self._component.unknowns, self._last_whole.tolist(), strict=True))

    def learn(self, nearby: Attack) -> None:
        """Take over what another attack has seen of some of these unknowns."""
        at = np.array([self._at[unknown] for unknown in nearby._component.unknowns])
        self.seen_low[at] = np.minimum(self.seen_low[at], nearby.seen_low)
        self.seen_high[at] = np.maximum(self.seen_high[at], nearby.seen_high)

    def seems_wide(self, unknown: int, width: int) -> bool:
        """Whether tables seen so far put an unknown far enough apart.

        Whole tables by the width, others by twice the width: then whole ones are never as close.
        """
        at = self._at[unknown]
        whole = self.seen_high[at] - self.seen_low[at]
        broken = self._broken_high[at] - self._broken_low[at]
        return bool(whole >= width or broken >= 2 * width)

    def extreme(self, terms: Mapping[int, float], *, largest: bool) -> int:
        """Smallest or largest whole value of a combination of unknowns.

        Raises:
            DisclosureUnsafe: The printed tables contradict each other.
        """
        sign = -1.0 if largest else 1.0
        objective = np.zeros(self._size)
        for unknown, coefficient in terms.items():
            objective[self._at[unknown]] = sign * coefficient
        changed = np.flatnonzero(objective != self._objective).astype(np.int32)
        self._highs.changeColsCost(len(changed), changed, objective[changed])
        self._objective = objective
        self._highs.run()
        self._require_optimal(self._highs)
        self._see(np.array(self._highs.getSolution().col_value))
        found = sign * self._highs.getInfo().objective_function_value
        return int(np.floor(found + NEARLY) if largest else np.ceil(found - NEARLY))

    def proves_width(self, unknown: int, width: int) -> bool:
        """Whether an unknown is wide, after looking for whole tables that say so."""
        at = self._at[unknown]
        low, high = self._component.lower[at], self._component.upper[at]
        if not np.isfinite(self.seen_low[at]):
            self._find_whole(at, low, high)
        for _ in range(2):
            if not self.seems_wide(unknown, width):
                self._find_whole(at, self.seen_low[at] + width, high)
            if not self.seems_wide(unknown, width):
                self._find_whole(at, low, self.seen_high[at] - width)
        return self.seems_wide(unknown, width)

    def whole_extreme(self, terms: Mapping[int, float], *, largest: bool) -> int:
        """As `extreme`, over whole tables only; a bound that is certain, if not always reached."""
        sign = -1.0 if largest else 1.0
        highs = self._solver(whole=True)
        for unknown, coefficient in terms.items():
            highs.changeColCost(self._at[unknown], sign * coefficient)
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            self._require_optimal(highs)
        info = highs.getInfo()
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            self._see(np.array(highs.getSolution().col_value))
        bound = sign * info.mip_dual_bound
        return int(np.floor(bound + NEARLY) if largest else np.ceil(bound - NEARLY))

    def _find_whole(self, at: int, lower: float, upper: float, number: int = 0) -> None:
        """Any whole table with an unknown between two bounds; other numbers find others."""
        if lower > upper:
            return
        if self._finder is None:
            self._finder = self._solver(whole=True)
            self._finder.setOptionValue("mip_rel_gap", ANY_GAP)
        every = np.arange(self._size, dtype=np.int32)
        goal = np.random.default_rng(number).uniform(-1, 1, self._size) * (number > 0)
        self._finder.changeColsCost(self._size, every, goal)
        self._finder.changeColBounds(at, lower, upper)
        self._finder.run()
        info = self._finder.getInfo()
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            self._see(np.array(self._finder.getSolution().col_value))
        bounds = self._component.lower[at], self._component.upper[at]
        self._finder.changeColBounds(at, *bounds)

    def _see(self, values: NDArray[np.float64]) -> None:
        self._broken_low = np.minimum(self._broken_low, values)
        self._broken_high = np.maximum(self._broken_high, values)
        whole = np.rint(values)
        if np.abs(values - whole).max(initial=0.0) <= NEARLY:
            self.seen_low = np.minimum(self.seen_low, whole)
            self.seen_high = np.maximum(self.seen_high, whole)
            self._last_whole = whole

    def _require_optimal(self, highs: highspy.Highs) -> None:
        status = highs.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise DisclosureUnsafe(
                f"Printed tables must allow at least one true table; HiGHS answered {status} for"
                f" {self._size} connected cells. Rebuild the release from the candidate marts."
            )

    def _solver(self, *, whole: bool = False) -> highspy.Highs:
        rows = self._component.rows
        starts = np.cumsum([0, *(len(row.terms) for row in rows)]).astype(np.int32)
        columns = [self._at[unknown] for row in rows for unknown in row.terms]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._size, len(rows)
        model.col_cost_ = np.zeros(self._size)
        model.col_lower_ = np.array(self._component.lower)
        model.col_upper_ = np.array(self._component.upper)
        model.row_lower_ = np.array([row.lower for row in rows])
        model.row_upper_ = np.array([row.upper for row in rows])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = np.array(columns, dtype=np.int32)
        model.a_matrix_.value_ = np.array(
            [value for row in rows for value in row.terms.values()], dtype=np.float64
        )
        highs = QuietHighs()
        highs.passModel(model)
        if whole:
            every = np.arange(self._size, dtype=np.int32)
            kinds = np.ones(self._size, dtype=np.uint8)
            highs.changeColsIntegrality(self._size, every, kinds)
            highs.setOptionValue("mip_max_nodes", NODES_FOR_WHOLE)
        return highs


def split(
    lower: Sequence[float], upper: Sequence[float], rows: Sequence[LinearRow]
) -> list[Component]:
    """Unknowns 0..n-1 and their rows, as connected components."""
    roots = list(range(len(lower)))

    def root(unknown: int) -> int:
        while roots[unknown] != unknown:
            roots[unknown] = roots[roots[unknown]]
            unknown = roots[unknown]
        return unknown

    for row in rows:
        first, *others = row.terms
        for other in others:
            roots[root(other)] = root(first)
    found: dict[int, Component] = {}
    for unknown in range(len(lower)):
        component = found.setdefault(root(unknown), Component([], [], []))
        component.unknowns.append(unknown)
        component.lower.append(lower[unknown])
        component.upper.append(upper[unknown])
    for row in rows:
        found[root(next(iter(row.terms)))].rows.append(row)
    return list(found.values())
