"""Plain numbers are read as Python reads them; whatever is not plain is left to others."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingestion.digits import LONGEST, plain_numbers
from ingestion.letters import spans_of

LETTERS = "0123456789./:+-eEx \x00\x7f\u00e9\u0660"
"""Digits, what stands beside them among the letters, and what has more than one byte."""

numbers = st.from_regex(r"[0-9]{1,18}(\.[0-9]{0,7})?", fullmatch=True)
cells = st.lists(st.none() | numbers | st.text(LETTERS, max_size=20), max_size=8)


def plainly(cell: str | None, decimals: int) -> Decimal | None:
    """What a cell says in units of the last decimal, when it is plain; by the rule's own words."""
    pattern = rf"[0-9]+\.[0-9]{{{decimals}}}" if decimals else "[0-9]+"
    if cell is None or not re.fullmatch(pattern, cell) or len(cell) > LONGEST:
        return None
    return Decimal(cell).scaleb(decimals)


@given(cells, st.integers(0, 6), st.integers(0, 3))
@example(["12345678", "1", "1234567890123456", "12345678901234567", ""], 0, 0)
@example(["99999.99", "0.00", "1234567890123.45", ".05", "1.5", "100.00"], 2, 1)
@settings(max_examples=500, deadline=None)
def test_a_plain_cell_is_the_number_that_python_reads(
    drawn: list[str | None], decimals: int, first: int
) -> None:
    text = pa.array([*drawn, "7"], pa.string())[first:]

    units, is_plain = plain_numbers(spans_of(text), decimals)

    expected = [plainly(cell, decimals) for cell in text.to_pylist()]
    told = zip(units.tolist(), is_plain.tolist(), strict=True)
    assert [Decimal(unit) if plain else None for unit, plain in told] == expected


@pytest.mark.parametrize("decimals", [7, 12])
def test_of_more_decimals_than_a_word_has_letters_none_is_plain(decimals: int) -> None:
    _, is_plain = plain_numbers(spans_of(pa.array(["1." + "5" * decimals])), decimals)

    assert is_plain.tolist() == [False]
