"""True marts -> protected marts and the decision on every withheld cell.

Flow: tables of `candidate` + declarations + profiles + secret key -> `Protection`. Method: domain
section 5.3 (rules) and 5.4 (complementary suppression); rates follow their counts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from p20w.disclosure.cells import build_cells
from p20w.disclosure.complementary import Complement
from p20w.disclosure.costs import ties
from p20w.disclosure.primary import (
    COMPLEMENTARY,
    RATE_OF_WITHHELD,
    SAME_CELL,
    find_primary,
)
from p20w.disclosure.rows import REPORTED, STATUS_SUFFIX, MartRows, read_rows
from p20w.disclosure.shown import only_shown
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from p20w.disclosure.declaration import Declaration, Profile
    from p20w.disclosure.rows import Labels

    Bools = NDArray[np.bool_]

PUBLISHED = "published"
WITHHELD = "withheld"
DECISION_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("mart", "cell_key", "column_name", "reason")]
)


@dataclass(frozen=True, slots=True)
class Protection:
    """What readers may see, and why they do not see the rest.

    Args:
        tables: Per mart, its rows with withheld counts and rates set to null, and public statuses.
        decisions: One row per withheld count or rate: mart, cell_key (JSON), column_name, reason.
            For accountability only.
        cells_total: Counts and rates that have a value.
        cells_printed: Those of them that readers see.
    """

    tables: Mapping[str, pa.Table]
    decisions: pa.Table
    cells_total: int
    cells_printed: int


def protect_marts(
    tables: Mapping[str, pa.Table],
    declarations: Mapping[str, Declaration],
    profiles: Mapping[str, Profile],
    key: bytes,
) -> Protection:
    """Protect all marts together.

    Args:
        tables: True marts by name; counts with statuses, one row per cell of the declaration.
        declarations: Per mart, its declaration.
        profiles: Per name, the suppression profile.
        key: Secret of the release; the same key withholds the same cells.

    Raises:
        ConfigurationError: A mart does not fit its declaration, or names an unknown profile.
        DisclosureUnsafe: A cell cannot be protected; coarsen the mart.
    """
    shown = {
        name: only_shown(table, _declaration(name, declarations)) for name, table in tables.items()
    }
    marts = [_read(shown[name], declarations[name], profiles) for name in sorted(shown)]
    marts = [mart for mart in marts if mart.size]
    withheld: dict[str, dict[str, Labels]] = {}
    if marts:
        cells = build_cells(marts)
        primary = find_primary(marts, cells)
        is_withheld = Complement(cells, primary, ties(cells.keys, key)).run()
        for mart in marts:
            name = mart.declaration.mart
            withheld[name] = {
                column: _count_reasons(
                    primary.reasons[name][column],
                    (nodes >= 0) & is_withheld[nodes],
                    (nodes >= 0) & primary.withheld[nodes],
                )
                for column, nodes in cells.nodes[name].items()
            }
    return _publish(shown, declarations, withheld)


def count_cells(
    public: Mapping[str, pa.Table], declarations: Mapping[str, Declaration]
) -> tuple[int, int]:
    """Counts and rates of protected marts that have a value, and how many of them are printed."""
    total = printed = 0
    for name, table in public.items():
        figures = [count.column for count in declarations[name].counts]
        figures += [rate.column for rate in declarations[name].rates]
        for column in figures:
            statuses = table[column + STATUS_SUFFIX].to_pylist()
            printed += statuses.count(PUBLISHED)
            total += statuses.count(PUBLISHED) + statuses.count(WITHHELD)
    return total, printed


def _declaration(name: str, declarations: Mapping[str, Declaration]) -> Declaration:
    if name not in declarations:
        raise ConfigurationError(
            f"{name} must have a disclosure declaration to be protected; found none."
            " Add config.meta.disclosure to its yml."
        )
    return declarations[name]


def _read(table: pa.Table, declaration: Declaration, profiles: Mapping[str, Profile]) -> MartRows:
    if declaration.profile not in profiles:
        raise ConfigurationError(
            f"{declaration.mart}: profile {declaration.profile!r} must be a row of"
            f" suppression_profiles; found {sorted(profiles)}. Correct the"
            " declaration or add the row."
        )
    return read_rows(table, declaration, profiles[declaration.profile])


def _count_reasons(reasons: Labels, is_withheld: Bools, is_primary: Bools) -> Labels:
    named = np.where(reasons != "", reasons, np.where(is_primary, SAME_CELL, COMPLEMENTARY))
    return np.where(is_withheld, named, "")


def _publish(
    tables: Mapping[str, pa.Table],
    declarations: Mapping[str, Declaration],
    withheld: Mapping[str, Mapping[str, Labels]],
) -> Protection:
    public: dict[str, pa.Table] = {}
    decisions: list[pa.Table] = []
    for name, table in tables.items():
        reasons = dict(withheld.get(name, {}))
        for rate in declarations[name].rates:
            if reasons:
                counts = [reasons[column] for column in rate.counts]
                reasons[rate.column] = _rate_reasons(table, rate.column, counts)
        public[name] = table
        for column, why in reasons.items():
            public[name] = _withhold(public[name], column, why)
            decisions.append(_decisions(table, declarations[name], column, why))
    total, printed = count_cells(public, declarations)
    return Protection(
        tables=public,
        decisions=pa.concat_tables([DECISION_SCHEMA.empty_table(), *decisions]),
        cells_total=total,
        cells_printed=printed,
    )


def _rate_reasons(table: pa.Table, column: str, counts: list[Labels]) -> Labels:
    has_value = _has_value(table, column)
    own, *others = counts
    is_of_withheld = np.any([other != "" for other in others], axis=0)
    why = np.where(own != "", own, np.where(is_of_withheld, RATE_OF_WITHHELD, ""))
    why = np.where(np.isin(why, [COMPLEMENTARY, SAME_CELL]), RATE_OF_WITHHELD, why)
    return np.where(has_value, why, "")


def _has_value(table: pa.Table, column: str) -> Bools:
    statuses = table[column + STATUS_SUFFIX].cast("string").fill_null("")
    return np.asarray(statuses.to_numpy(zero_copy_only=False) == REPORTED, dtype=bool)


def _withhold(table: pa.Table, column: str, why: Labels) -> pa.Table:
    """The table with a column's withheld cells null and its statuses for readers."""
    has_value = _has_value(table, column)
    is_withheld = has_value & (why != "")
    status_column = column + STATUS_SUFFIX
    statuses = np.asarray(table[status_column].to_numpy(zero_copy_only=False), dtype=object).copy()
    statuses[has_value] = PUBLISHED
    statuses[is_withheld] = WITHHELD
    values = table[column].combine_chunks()
    hidden = pa.compute.if_else(pa.array(is_withheld), pa.scalar(None, type=values.type), values)
    for name, array in ((column, hidden), (status_column, pa.array(statuses, pa.string()))):
        table = table.set_column(table.column_names.index(name), name, array)
    return table


def _decisions(table: pa.Table, declaration: Declaration, column: str, why: Labels) -> pa.Table:
    rows = np.flatnonzero(why != "")
    names = [
        name
        for dimension in declaration.dimensions
        for name in (dimension.within, dimension.column)
        if name is not None
    ]
    keys = table.select(names).take(pa.array(rows)).to_pylist()
    return pa.table(
        {
            "mart": [declaration.mart] * len(rows),
            "cell_key": [json.dumps(key, default=str) for key in keys],
            "column_name": [column] * len(rows),
            "reason": why[rows].tolist(),
        },
        schema=DECISION_SCHEMA,
    )
