"""The cells of plain rows are found where they are; any other block is left to Arrow."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import cells
from ingestion.cells import find_cells
from ingestion.letters import spans_of

CELL = st.text(st.characters(codec="utf-8", exclude_characters=',\r\n"\ufeff'), max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 4))
    return draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=6))


@given(
    tables(),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 2),
    st.sampled_from(["", "\ufeff"]),
    st.sampled_from(["", "\n"]),
    st.integers(1, 40),
)
@settings(deadline=None)
def test_the_cells_of_plain_rows_are_found(
    rows: list[list[str]], end: str, above: int, mark: str, last_end: str, piece: int
) -> None:
    lines = ['A title, with "quotes"'] * above + [",".join(row) for row in rows]
    # Without its end a last line among such of \\r\\n is of another kind.
    block = (mark + end.join(lines) + (end if end == "\r\n" else last_end)).encode()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(cells, "PIECE_BYTES", piece)
        found = find_cells(block, ",", len(rows[0]), above)

    assert found is not None
    assert [column.text().to_pylist() for column in found] == list(
        map(list, zip(*rows, strict=True))
    )


@pytest.mark.parametrize(
    ("block", "skipped"),
    [
        (b"a,b\nc\n", 0),
        (b"a,b\nc,d,e\n", 0),
        (b"a\nb,c,d\n", 0),
        (b"a\nb\n", 0),
        (b"a,b\n\nc,d\n", 0),
        (b"a,b\r\nc,d\n", 0),
        (b"a,b\rc,d\n", 0),
        (b"a\r,b\nc,d\n", 0),
        (b"a,b\r\nc\r,d\r\n", 0),
        (b"a,b\r\nc,d", 0),
        (b"a,b\rc,d\r", 1),
        (b"h\r1,2\r\n3,4\r\n", 1),
        (b"a,b\n", 1),
        (b"a,b\n", 2),
        (b"", 0),
    ],
    ids=[
        "a short row",
        "a long row",
        "a short and a long row",
        "two short rows",
        "a blank line",
        "a line that ends otherwise",
        "a carriage return between lines",
        "a carriage return in a cell",
        "a carriage return too many",
        "a last line without its carriage return",
        "no line feed",
        "a header that ends otherwise",
        "nothing below the header",
        "fewer lines than the header has",
        "nothing",
    ],
)
def test_a_block_of_other_rows_is_not_taken(block: bytes, skipped: int) -> None:
    assert find_cells(block, ",", 2, skipped) is None


@pytest.mark.parametrize("width", [0, 1])
def test_rows_of_one_cell_or_none_are_not_told_from_blank_lines(width: int) -> None:
    assert find_cells(b"a\nb\n", ",", width, 0) is None


@given(st.text("a1,\r\n", max_size=30), st.integers(1, 4), st.integers(0, 2))
@settings(max_examples=1_000, deadline=None)
def test_whatever_a_block_is_its_cells_are_those_of_its_lines_or_left_to_arrow(
    text: str, width: int, skipped: int
) -> None:
    found = find_cells(text.encode(), ",", width, skipped)

    lines = re.split(r"\r\n|\r|\n", text)[skipped:]
    rows = [line.split(",") for line in lines if line]
    assert found is None or [column.text().to_pylist() for column in found] == list(
        map(list, zip(*rows, strict=True))
    )


@given(st.lists(st.none() | CELL, max_size=8), st.integers(0, 3), st.data())
@settings(deadline=None)
def test_spans_are_the_cells_of_a_column_whichever_are_kept(
    drawn: list[str | None], first: int, data: st.DataObject
) -> None:
    text = pa.array(["before", *drawn, "behind"], pa.string())[first:]
    keep = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))

    kept = spans_of(text).filter(pa.array(keep, pa.bool_()))

    expected = [cell or "" for cell, is_kept in zip(text.to_pylist(), keep, strict=True) if is_kept]
    assert kept.text().to_pylist() == expected
