"""Disclosure control: true marts -> protected marts, and the attacker who tries to undo it.

Reads Arrow tables, their declarations (`config.meta.disclosure` of a mart) and profiles; writes
nothing: values in, values out. `protect_marts` guarantees that every withheld count has, for a
reader of all marts together, a range of whole numbers at least as wide as the minimum group size.
`audit_marts` shares no code with it and measures that range again from the printed tables alone.
"""

from p20w.disclosure.audit import AuditResult, Exposure, audit_marts
from p20w.disclosure.declaration import (
    Count,
    Declaration,
    Dimension,
    Profile,
    Rate,
    parse_declaration,
)
from p20w.disclosure.protect import Protection, count_cells, protect_marts
from p20w.disclosure.restatements import (
    SmallRestatement,
    held_periods,
    hold,
    hold_decisions,
    small_restatements,
)

__all__ = [
    "AuditResult",
    "Count",
    "Declaration",
    "Dimension",
    "Exposure",
    "Profile",
    "Protection",
    "Rate",
    "SmallRestatement",
    "audit_marts",
    "count_cells",
    "held_periods",
    "hold",
    "hold_decisions",
    "parse_declaration",
    "protect_marts",
    "small_restatements",
]
