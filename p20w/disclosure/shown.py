"""Which rows of a mart show a figure to readers at all.

A mart publishes few tables, never the cube: a count declared `where` an organisation is the state
is not a cell of its districts' rows. There its public status is `not_applicable`, and the true copy
keeps the figure. Flow: true mart + `Declaration` -> the mart as far as it is published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from p20w.disclosure.rows import REPORTED, STATUS_SUFFIX
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from p20w.disclosure.declaration import Count, Declaration

    Bools = NDArray[np.bool_]

NOT_SHOWN = "not_applicable"


def only_shown(table: pa.Table, declaration: Declaration) -> pa.Table:
    """The mart without the figures that its declaration keeps from some rows.

    Raises:
        ConfigurationError: A `where` names a column that the mart lacks.
    """
    shown = {count.column: _rows_with(table, declaration, count) for count in declaration.counts}
    shown |= {
        rate.column: np.all([shown[column] for column in rate.counts], axis=0)
        for rate in declaration.rates
    }
    for column, is_shown in shown.items():
        if not is_shown.all() and column in table.column_names:
            table = _without(table, column, is_shown)
    return table


def _rows_with(table: pa.Table, declaration: Declaration, count: Count) -> Bools:
    is_shown = np.full(table.num_rows, not count.where)
    for alternative in count.where:
        fits = np.ones(table.num_rows, bool)
        for column, values in alternative.items():
            if column not in table.column_names:
                raise ConfigurationError(
                    f"{declaration.mart}: {count.column}.where names {column}, which the mart"
                    " lacks. Add it to the model or correct config.meta.disclosure.",
                    mart=declaration.mart,
                )
            is_one = pc.is_in(table[column].cast("string"), pa.array(values, pa.string()))
            fits &= is_one.to_numpy(zero_copy_only=False)
        is_shown |= fits
    return is_shown


def _without(table: pa.Table, column: str, is_shown: Bools) -> pa.Table:
    status = column + STATUS_SUFFIX
    mask = pc.or_(pa.array(is_shown), pc.not_equal(table[status].cast("string"), REPORTED))
    changes: Mapping[str, pa.Scalar] = {
        column: pa.scalar(None, table.schema.field(column).type),
        status: pa.scalar(NOT_SHOWN, table.schema.field(status).type),
    }
    for name, other in changes.items():
        kept = pc.if_else(mask, table[name], other)
        table = table.set_column(table.column_names.index(name), name, kept)
    return table
