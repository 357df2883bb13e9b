"""Parts of a file: one table-like thing each, opened anew whenever its rows are wanted.

Flow: `readers` (and a source's own) -> `Part` -> batches of text columns -> `ingestion.decode`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingestion.letters import text_of

if TYPE_CHECKING:
    import pyarrow as pa

    from ingestion.headers import Claim
    from ingestion.letters import Written


@dataclass(slots=True)
class RawRows:
    """A batch: cells of text by contract name, and each row's number in the file (from 1)."""

    columns: dict[str, Written]
    numbers: pa.Array

    def text(self, name: str) -> pa.StringArray:
        """A column's cells in Arrow's form."""
        return text_of(self.columns[name])


@dataclass(slots=True)
class Part:
    """One table-like thing in a file: a CSV, a sheet, a member of a zip.

    `open` reads it once more each time; `ragged` then holds the numbers of rows that had too few
    or too many cells (or were not JSON), as far as it was read. Where rows are not handed out
    because no table takes them, `passed_over` is their count; `last_row` is then the highest number
    all the same. `notes` are the lines around the table: what stands above its header and below its
    rows.
    """

    name: str
    feeds: tuple[Claim, ...]
    open: Callable[[], Iterator[RawRows]]
    ragged: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    passed_over: int = 0
    last_row: int = 0
