"""LABSTAT flat files: tab-delimited texts in which series and figures are padded with blanks."""

from collections.abc import Iterable
from typing import Final

from p20w.synthetic.wire import Edit, Row

TEXT: Final = "text/plain"
DATA_HEADER: Final = ("series_id", "year", "period", "value", "footnote_codes")
ANNUAL: Final = "M13"
_SERIES_WIDTH, _VALUE_WIDTH = 30, 12


def data_row(series: str, year: int, period: str, told: str, mark: str = "") -> Row:
    """Return a line of a data file; `told` is the figure as text."""
    return [series.ljust(_SERIES_WIDTH), str(year), period, told.rjust(_VALUE_WIDTH), mark]


def labstat_bytes(
    edit: Edit, header: tuple[str, ...], rows: Iterable[Row], *, end: str = ""
) -> bytes:
    """Return the text of a flat file; `end` closes every line but the header."""
    names, cells = edit.apply(header, rows)
    lines = ["\t".join(names), *("\t".join(str(cell) for cell in row) + end for row in cells)]
    return ("\n".join(lines) + "\n").encode("ascii")
