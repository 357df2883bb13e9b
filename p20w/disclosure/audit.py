"""The independent attacker: what can be worked out from the printed tables alone.

Shares no code with the protector (only the declaration's classes): it knows every printed cell of
all marts together, the declared sums, that counts are whole, that zeros are printed, and the
profile. Method: domain section 5.4. Flow: published marts -> `AuditResult`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from p20w.disclosure.attacker import Attack, LinearRow, split
from p20w.disclosure.printed import CellName, Knowledge, read_printed
from p20w.errors import DisclosureUnsafe

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from p20w.disclosure.declaration import Declaration, Profile

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
        programs: Number of linear programs solved.
    """

    exposures: tuple[Exposure, ...]
    attacked: int
    programs: int


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
    return AuditResult(tuple(exposures), attacked=len(attack.unknowns), programs=attack.programs)


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
        part_value = _value(knowledge, rate.numerator)
        whole_value = _value(knowledge, rate.denominator)
        if part_value is None or whole_value is None:
            if rate.is_printed:
                yield Exposure(rate.mart, rate.key, rate.column, "revealed_by_rate", None, None)
        elif 1 <= whole_value < rate.unanimity_size and part_value in {0, whole_value}:
            yield Exposure(
                rate.mart, rate.key, rate.column, "printed_unanimity", part_value, part_value
            )


def _value(knowledge: Knowledge, name: CellName) -> int | None:
    cell = knowledge.cells.get(name)
    return None if cell is None else cell.value


def _exposure(
    knowledge: Knowledge, name: CellName, finding: Finding, low: int, high: int
) -> Exposure:
    cell = knowledge.cells[name]
    return Exposure(cell.mart, cell.key, cell.column, finding, low, high)


class _Audit:
    """Unknown cells, their linear rows, and the attack on each."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.names = [name for name, cell in knowledge.cells.items() if cell.value is None]
        self.unknowns = {name: i for i, name in enumerate(self.names)}
        self.programs = 0
        largest = max((cell.value or 0 for cell in knowledge.cells.values()), default=0)
        self.lower = [float(knowledge.cells[name].least) for name in self.names]
        self.upper = [4.0 * largest + 1000.0] * len(self.names)

    def exposures(self) -> Iterator[Exposure]:
        """Every withheld count, then the rest of every whole with an unknown part."""
        rows = list(self._rows())
        attacks: dict[int, Attack] = {}
        for component in split(self.lower, self.upper, rows):
            attack = Attack(component)
            attacks.update(dict.fromkeys(component.unknowns, attack))
            for unknown in component.unknowns:
                yield from self._attack_cell(attack, unknown)
        for part, whole, least in self.knowledge.parts:
            yield from self._attack_rest(attacks, part, whole, least)

    def _attack_cell(self, attack: Attack, unknown: int) -> Iterator[Exposure]:
        width = self.knowledge.cells[self.names[unknown]].threshold
        if attack.seems_wide(unknown, width):
            return
        low = high = 0
        for search in (attack.extreme, attack.whole_extreme):
            high = search({unknown: 1.0}, largest=True)
            low = search({unknown: 1.0}, largest=False)
            self.programs += 2
            if high - low < width:
                break
            if attack.proves_width(unknown, width):
                return
        yield _exposure(self.knowledge, self.names[unknown], "narrow_range", low, high)

    def _attack_rest(
        self, attacks: Mapping[int, Attack], part: CellName, whole: CellName, least: int
    ) -> Iterator[Exposure]:
        """Is a reader certain that the rest of a whole is somebody, but few?"""
        if part not in self.knowledge.cells or whole not in self.knowledge.cells:
            return
        constant = (_value(self.knowledge, whole) or 0) - (_value(self.knowledge, part) or 0)
        terms = {
            self.unknowns[name]: sign
            for name, sign in ((whole, 1.0), (part, -1.0))
            if name in self.unknowns
        }
        if not terms:
            return
        attack = attacks[next(iter(terms))]
        if len(terms) == 1 and attack.seems_wide(next(iter(terms)), least):
            return
        self.programs += 1
        high = attack.extreme(terms, largest=True) + constant
        if high >= least:
            return
        self.programs += 1
        low = attack.extreme(terms, largest=False) + constant
        if low >= 1:
            yield _exposure(self.knowledge, part, "implied_small", low, high)

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
