"""Files as publishers offer them: csv, xlsx and zip bytes, with damage on demand.

The same state gives the same bytes: no clock, no random zip stamp.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter

Cell = str | int | float | None
Row = Sequence[Cell]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
ZIP: Final = "application/x-zip-compressed"
_STAMP: Final = datetime(2025, 1, 15, 12, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Edit:
    """Damage done to every table of a file; the default leaves it whole.

    Attributes:
        drop: header of a column that is left out.
        rename: old and new header of a column.
        half: keep the first half of the rows.
        duplicate: write every row twice.
    """

    drop: str = ""
    rename: tuple[str, str] = ("", "")
    half: bool = False
    duplicate: bool = False

    def apply(
        self, header: Sequence[str], rows: Iterable[Row]
    ) -> tuple[list[str], list[list[Cell]]]:
        """Return the damaged header and rows."""
        old, new = self.rename
        names = [new if name == old and old else name for name in header]
        kept = [place for place, name in enumerate(header) if not self.drop or name != self.drop]
        cells = [[row[place] for place in kept] for row in rows]
        if self.half:
            cells = cells[: len(cells) // 2]
        if self.duplicate:
            cells = [row for row in cells for _ in range(2)]
        return [names[place] for place in kept], cells


WHOLE: Final = Edit()


@dataclass(frozen=True, slots=True)
class SyntheticFile:
    """One file of a file source.

    Attributes:
        name: as the publisher names it.
        content_type: as the publisher's server says it.
        modified: when the publisher last changed it.
        render: returns its bytes under an edit.
    """

    name: str
    content_type: str
    modified: datetime
    render: Callable[[Edit], bytes]


def csv_bytes(
    edit: Edit, header: Sequence[str], rows: Iterable[Row], *, encoding: str = "utf-8"
) -> bytes:
    """Return a csv with CRLF line ends; None is an empty field."""
    names, cells = edit.apply(header, rows)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows(cells)
    return text.getvalue().encode(encoding)


def zip_bytes(members: Sequence[tuple[str, bytes]]) -> bytes:
    """Return a zip of the members, in order, with fixed stamps."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2025, 1, 15, 12, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


def xlsx_bytes(
    edit: Edit,
    sheets: Sequence[tuple[str, Sequence[str], Iterable[Row]]],
    *,
    above: Sequence[Row] = (),
    below: Sequence[Row] = (),
    titles: Sequence[str] = (),
) -> bytes:
    """Return a workbook; the edit damages the first sheet.

    Args:
        edit: the damage.
        sheets: name, header and rows of each sheet; numbers become numeric cells, text stays text.
        above: lines over the header of the first sheet, such as its title.
        below: lines under the rows of the first sheet, such as its source.
        titles: lines above the headers, one a sheet from the first on.
    """
    buffer = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True, "constant_memory": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": _STAMP.replace(tzinfo=None)})
    for place, (name, header, rows) in enumerate(sheets):
        names, cells = (edit if place == 0 else WHOLE).apply(header, rows)
        sheet = book.add_worksheet(name)
        over: list[Row] = [[titles[place]]] if place < len(titles) else []
        if place == 0:
            over = [*above, *over]
        lines: list[Row] = [*over, names, *cells, *(below if place == 0 else ())]
        for line, row in enumerate(lines):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                elif cell is not None:
                    sheet.write_number(line, column, cell)
    book.close()
    return buffer.getvalue()
