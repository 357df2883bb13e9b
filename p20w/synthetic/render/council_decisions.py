"""Decisions of invented councils about real occupations, in the neutral layout of the warehouse."""

from datetime import UTC, datetime
from typing import Final

from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import CSV, Edit, Row, SyntheticFile, csv_bytes

_NAME: Final = "council_decisions_2025.csv"
_HEADER: Final = (
    "region_scheme", "region_code", "subject_kind", "subject_code", "decision", "decision_date",
    "employers_consulted_count", "evidence",
)  # fmt: skip
_MINUTES: Final = "Minutes of the invented council"
_ROWS: Final[tuple[Row, ...]] = (
    ("pathway_region", "MADREP", "rule_set", "WI_HOT_JOBS", "adopt", "2025-03-12", 0, _MINUTES),
    ("pathway_region", "M7", "rule_set", "OR_HIGH_WAGE_DEMAND", "adopt", "2025-04-02", 0, _MINUTES),
    ("pathway_region", "MADREP", "occupation", "29-1141", "priority", "2025-03-12", 14, _MINUTES),
    (
        "pathway_region",
        "MADREP",
        "occupation",
        "35-3031",
        "not_priority",
        "2025-03-12",
        5,
        _MINUTES,
    ),
    ("pathway_region", "MADREP", "occupation", "51-4121", "priority", "2025-03-12", 9, _MINUTES),
    ("pathway_region", "M7", "occupation", "47-2111", "priority", "2025-04-02", 11, _MINUTES),
    ("pathway_region", "M7", "occupation", "39-9011", "priority", "2025-04-02", 6, _MINUTES),
    ("pathway_region", "NEWNORTH", "industry", "1013", "priority", "2025-05-20", 22, _MINUTES),
)


def files(_: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the one file."""
    modified = datetime(2025, 6, 2, 15, 0, tzinfo=UTC)
    return {_NAME: SyntheticFile(_NAME, CSV, modified, _render)}


def _render(edit: Edit) -> bytes:
    return csv_bytes(edit, _HEADER, _ROWS)
