"""The independent attacker: what can be worked out from the printed tables alone.

Shares no code with the protector (only the declaration's classes and the silent solver): it knows
every printed cell of all marts together, the declared sums, that counts are whole, that zeros are
printed, and the profile. Method: domain section 5.4. Flow: published marts -> `AuditResult`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from p20w.disclosure.attacker import Attack, Component, LinearRow, split
from p20w.disclosure.neighbourhoods import surroundings
from p20w.disclosure.printed import CellName, Knowledge, RateCell, read_printed
from p20w.errors import DisclosureUnsafe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from p20w.disclosure.declaration import Declaration, Profile

SIZES = (200, 200, 400, 800, 800)
LARGEST_WHOLE = 1_000
"""Up to so many connected cells are attacked at once: surroundings would prove little in them."""

Finding = Literal[
    "narrow_range",
    "implied_small",
    "printed_small",
    "printed_unanimity",
    "printed_elsewhere",
    "revealed_by_rate",
]


@dataclass(frozen=True, slots=True)
class Exposure:
    """A cell that readers could work out; for accountability only.

    Args:
        mart: The mart.
        cell_key: Its dimensions as JSON.
        column: The count or rate.
        finding: What went wrong.
        low: The least it can be.
        high: The most it can be.
    """

    mart: str
    cell_key: str
    column: str
    finding: Finding
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What the attacker found.

    Args:
        exposures: Exposed cells; none in a safe release.
        attacked: Number of withheld counts that were attacked.
    """

    exposures: tuple[Exposure, ...]
    attacked: int


def audit_marts(
    published: Mapping[str, pa.Table],
    declarations: Mapping[str, Declaration],
    profiles: Mapping[str, Profile],
) -> AuditResult:
    """Attack all published marts together.

    Args:
        published: Protected marts by name.
        declarations: Per mart, its declaration.
        profiles: Per name, the suppression profile.

    Raises:
        ConfigurationError: A mart cannot be read through its declaration.
        DisclosureUnsafe: The printed tables contradict each other, so that nothing can be said.
    """
    knowledge = read_printed(published, declarations, profiles)
    if knowledge.contradictions:
        raise DisclosureUnsafe(
            "A cell must have one printed value in all marts; found"
            f" {len(knowledge.contradictions)} with two. Rebuild the release."
        )
    attack = _Audit(knowledge)
    exposures = [*_printed_exposures(knowledge), *attack.exposures()]
    return AuditResult(tuple(exposures), attacked=len(attack.unknowns))


def _printed_exposures(knowledge: Knowledge) -> Iterator[Exposure]:
    """What needs no program: small, unanimous or twofold printing."""
    for name, cell in knowledge.cells.items():
        if cell.value is not None and 1 <= cell.value < cell.threshold:
            yield _exposure(knowledge, name, "printed_small", cell.value, cell.value)
        if cell.value is not None and cell.withheld_in:
            yield _exposure(knowledge, name, "printed_elsewhere", cell.value, cell.value)
    for part, whole, least in knowledge.parts:
        pair = _value(knowledge, part), _value(knowledge, whole)
        if pair[0] is not None and pair[1] is not None and 1 <= pair[1] - pair[0] < least:
            yield _exposure(knowledge, part, "implied_small", pair[1] - pair[0], pair[1] - pair[0])
    yield from _rate_exposures(knowledge)


def _rate_exposures(knowledge: Knowledge) -> Iterator[Exposure]:
    """Rates that tell a withheld count, or that all or none of a small group did."""
    for rate in knowledge.rates:
        finding = _rate_finding(knowledge, rate)
        if finding is not None:
            yield Exposure(rate.mart, rate.key, rate.column, finding, None, None)


def _rate_finding(knowledge: Knowledge, rate: RateCell) -> Finding | None:
    part, whole = _value(knowledge, rate.numerator), _value(knowledge, rate.denominator)
    is_rest_printed = all(_value(knowledge, name) is not None for name in rate.plus_rest_of)
    if part is None or whole is None or not is_rest_printed:
        return "revealed_by_rate" if rate.is_printed else None
    is_few = 1 <= whole < rate.unanimity_size
    return "printed_unanimity" if is_few and part in {0, whole} else None


def _value(knowledge: Knowledge, name: CellName) -> int | None:
    cell = knowledge.cells.get(name)
    return None if cell is None else cell.value


def _exposure(
    knowledge: Knowledge, name: CellName, finding: Finding, low: int, high: int
) -> Exposure:
    cell = knowledge.cells[name]
    return Exposure(cell.mart, cell.key, cell.column, finding, low, high)


@dataclass(frozen=True, slots=True)
class _Target:
    """What is attacked: a withheld cell, or the rest of a whole (of which `cell` is the part).

    Args:
        cell: The withheld cell, or the part.
        terms: The unknowns it is made of, with their signs.
        constant: What is printed of it.
        width: How many counts must remain possible.
        is_rest: Whether it is the rest of a whole.
    """

    cell: CellName
    terms: Mapping[int, float]
    constant: int
    width: int
    is_rest: bool = False

    def is_safe(self, attack: Attack) -> bool:
        """Whether tables the attacker has seen or now finds leave it enough room."""
        first = next(iter(self.terms))
        if self.is_seen_safe(attack):
            return True
        if self.is_rest:
            return attack.extreme(self.terms, largest=True) + self.constant >= self.width
        low, high = (attack.extreme(self.terms, largest=largest) for largest in (False, True))
        return high - low >= self.width and attack.proves_width(first, self.width)

    def is_seen_safe(self, attack: Attack) -> bool:
        """Whether tables the attacker has already seen leave it enough room."""
        return len(self.terms) == 1 and attack.seems_wide(next(iter(self.terms)), self.width)

    def exposure(self, knowledge: Knowledge, attack: Attack) -> Exposure | None:
        """What is known of it with nothing held; None where it is safe after all."""
        if self.is_safe(attack):
            return None
        search = attack.extreme if self.is_rest else attack.whole_extreme
        low, high = (
            search(self.terms, largest=largest) + self.constant for largest in (False, True)
        )
        if self.is_rest and low < 1:
            return None  # it may be nobody
        if not self.is_rest and attack.seems_wide(next(iter(self.terms)), self.width):
            return None  # the extremes themselves are whole tables
        finding: Finding = "implied_small" if self.is_rest else "narrow_range"
        return _exposure(knowledge, self.cell, finding, low, high)


def _safe_inside(part: Component, nearby: Attack, waiting: list[_Target]) -> set[int]:
    """Ids of the targets that a surrounding proves to be safe.

    Asked only of its inner half: others are in the inner half of another surrounding.
    """
    core = set(part.unknowns[: max(1, len(part.unknowns) // 2)])
    inside = set(part.unknowns)
    return {
        id(target)
        for target in waiting
        if not core.isdisjoint(target.terms)
        and inside.issuperset(target.terms)
        and target.is_safe(nearby)
    }


class _Audit:
    """Unknown cells, their linear rows, and the attack on each."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.names = [name for name, cell in knowledge.cells.items() if cell.value is None]
        self.unknowns = {name: i for i, name in enumerate(self.names)}
        largest = max((cell.value or 0 for cell in knowledge.cells.values()), default=0)
        self.lower = [float(knowledge.cells[name].least) for name in self.names]
        self.upper = [4.0 * largest + 1000.0] * len(self.names)

    def exposures(self) -> Iterator[Exposure]:
        """Every withheld count, and the rest of every whole with an unknown part."""
        targets: dict[int, list[_Target]] = {}
        for target in self._targets():
            targets.setdefault(next(iter(target.terms)), []).append(target)
        for component in split(self.lower, self.upper, list(self._rows())):
            waiting = [
                target for unknown in component.unknowns for target in targets.get(unknown, [])
            ]
            attack = Attack(component)
            for target in self._unproved(component, attack, waiting):
                exposure = target.exposure(self.knowledge, attack)
                if exposure is not None:
                    yield exposure

    def _unproved(
        self, component: Component, attack: Attack, waiting: list[_Target]
    ) -> list[_Target]:
        """Targets that no surrounding proves to be safe."""
        for number, size in enumerate(SIZES if len(component.unknowns) > LARGEST_WHOLE else ()):
            table = attack.whole_table(number)
            if table is None:
                break
            unknowns = dict.fromkeys(next(iter(target.terms)) for target in waiting)
            for part in surroundings(component, table, unknowns, size):
                nearby = Attack(part)
                proved = _safe_inside(part, nearby, waiting)
                attack.learn(nearby)
                waiting = [
                    target
                    for target in waiting
                    if id(target) not in proved and not target.is_seen_safe(attack)
                ]
        return waiting

    def _targets(self) -> Iterator[_Target]:
        for unknown, name in enumerate(self.names):
            yield _Target(name, {unknown: 1.0}, 0, self.knowledge.cells[name].width)
        for part, whole, least in dict.fromkeys(self.knowledge.parts):
            if part not in self.knowledge.cells or whole not in self.knowledge.cells:
                continue
            known = (_value(self.knowledge, whole) or 0) - (_value(self.knowledge, part) or 0)
            terms = {
                self.unknowns[name]: sign
                for name, sign in ((whole, 1.0), (part, -1.0))
                if name in self.unknowns
            }
            if terms:
                yield _Target(part, terms, known, least, is_rest=True)

    def _rows(self) -> Iterator[LinearRow]:
        seen: set[object] = set()
        for total in self.knowledge.sums:
            if total in seen:
                continue
            seen.add(total)
            terms = [(name, 1.0) for name in total.members] + [(total.whole, -1.0)]
            yield from self._row(terms, 0.0 if total.is_exact else float("inf"))
        for part, whole, _ in self.knowledge.parts:
            if (part, whole) in seen:
                continue
            seen.add((part, whole))
            if part in self.knowledge.cells and whole in self.knowledge.cells:
                yield from self._row([(whole, 1.0), (part, -1.0)], float("inf"))

    def _row(self, terms: list[tuple[CellName, float]], most: float) -> Iterator[LinearRow]:
        """0 <= sum of terms <= most, with what is printed moved to the sides."""
        known = 0.0
        unknown: dict[int, float] = {}
        for name, sign in terms:
            if name in self.unknowns:
                number = self.unknowns[name]
                unknown[number] = unknown.get(number, 0.0) + sign
            else:
                known += sign * (_value(self.knowledge, name) or 0)
        if unknown:
            yield LinearRow(unknown, -known, most - known)
        elif not 0 <= known <= most:
            raise DisclosureUnsafe(
                "Printed members must add up to their printed total as declared; found a sum that"
                " does not. Rebuild the release from the candidate marts."
            )
