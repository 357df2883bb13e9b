"""A real file under its contract, as the database would get it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.decode import decode
from ingestion.landing import LandedFile
from ingestion.load import file_constants
from ingestion.registry import source
from ingestion.selection import claimed, filtered, wanted


def tables_of(
    name: str, path: Path, *, synthetic: bool = False
) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """By table that the file feeds: the layout it has, and its rows; nothing may be rejected."""
    contract = source(name).contract
    landed = LandedFile(name, "test", path.name, str(path), "", "", 0, datetime.now(UTC))
    landed = replace(landed, is_synthetic=synthetic)
    found: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    with source(name).module.read(landed, contract) as parts:
        for part in parts:
            for claim in part.feeds:
                _, rows = found.setdefault(claim.table.name, (claim.layout.name, []))
                constants = file_constants(claim.table, part)
                for batch in part.open():
                    mask = wanted(claim.layout, batch)
                    taken = batch if mask is None else filtered(batch, mask)
                    taken = filtered(taken, claimed(claim.table, taken))
                    result = decode(claim.table, claim.layout, taken, constants, 1)
                    assert result.rejected == []
                    rows += result.batch.to_pylist()
                assert part.ragged == []
    for table, (layout, rows) in found.items():
        meta = contract.table(table).meta
        low, high = next(one.row_band for one in meta.layouts if one.name == layout)
        assert low <= len(rows) <= high
        if meta.duplicates == "refuse":
            keys = Counter(tuple(row[key] for key in meta.natural_key) for row in rows)
            assert set(keys.values()) <= {1}
    return found


def rows_of(name: str, path: Path, *, synthetic: bool = False) -> tuple[str, list[dict[str, Any]]]:
    """The same for a file that feeds one table."""
    ((layout, rows),) = tables_of(name, path, synthetic=synthetic).values()
    return layout, rows
