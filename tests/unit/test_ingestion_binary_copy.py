"""Arrow batches as PostgreSQL's binary COPY rows, compared with bytes put together by hand."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import binary_copy
from ingestion.binary_copy import encode


def wire(batch: pa.RecordBatch) -> bytes:
    return b"".join(encode(batch))


def batch(**columns: pa.Array) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(columns)


def fields(*cells: bytes | None) -> bytes:
    """A row as the manual describes it."""
    row = struct.pack(">h", len(cells))
    for cell in cells:
        row += struct.pack(">i", -1 if cell is None else len(cell)) + (cell or b"")
    return row


def numeric(weight: int, sign: int, scale: int, *digits: int) -> bytes:
    return struct.pack(f">hhHH{len(digits)}h", len(digits), weight, sign, scale, *digits)


def test_a_row_is_its_number_of_fields_then_length_and_bytes_of_each() -> None:
    rows = batch(
        small=pa.array([7, -1], pa.int32()),
        large=pa.array([2**40, None], pa.int64()),
        truth=pa.array([True, False]),
        day=pa.array([date(2000, 1, 2), date(1999, 12, 31)]),
        moment=pa.array([datetime(2000, 1, 1, 0, 0, 1, tzinfo=UTC), None]),
        code=pa.array(["01", "02"]),
        title=pa.array(["Äpfel", None]),
        document=pa.array(['{"a":1}', None], pa.json_()),
    )

    assert wire(rows) == fields(
        struct.pack(">i", 7),
        struct.pack(">q", 2**40),
        b"\1",
        struct.pack(">i", 1),
        struct.pack(">q", 1_000_000),
        b"01",
        "Äpfel".encode(),
        b'\1{"a":1}',
    ) + fields(struct.pack(">i", -1), None, b"\0", struct.pack(">i", -1), None, b"02", None, None)


@pytest.mark.parametrize(
    ("number", "kind", "expected"),
    [
        ("12345.67", pa.decimal128(12, 2), numeric(1, 0, 4, 1, 2345, 6700)),
        ("-0.05", pa.decimal128(12, 2), numeric(-1, 0x4000, 4, 500)),
        ("0.00", pa.decimal128(12, 2), numeric(-1, 0, 4, 0)),
        ("7", pa.decimal128(5, 0), numeric(0, 0, 0, 7)),
        ("10000", pa.decimal128(5, 0), numeric(1, 0, 0, 1, 0)),
        ("1.000000001", pa.decimal128(18, 9), numeric(0, 0, 12, 1, 0, 0, 1000)),
        ("-123456789012345678.9", pa.decimal128(19, 1), numeric(
            4, 0x4000, 4, 12, 3456, 7890, 1234, 5678, 9000
        )),
        ("9" * 38, pa.decimal128(38, 0), numeric(9, 0, 0, 99, *[9999] * 9)),
    ],
)  # fmt: skip
def test_a_decimal_is_digits_of_base_10000_that_meet_at_the_point(
    number: str, kind: pa.DataType, expected: bytes
) -> None:
    rows = batch(x=pa.array([Decimal(number)], kind))

    assert wire(rows) == fields(expected)


def test_all_decimals_of_a_slice_get_as_many_digits_as_the_longest() -> None:
    rows = batch(x=pa.array([Decimal("1.50"), Decimal("12345.00")], pa.decimal128(7, 2)))

    assert wire(rows) == fields(numeric(1, 0, 4, 0, 1, 5000)) + fields(numeric(1, 0, 4, 1, 2345, 0))


CELLS = st.tuples(
    st.none() | st.text(max_size=3),
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.none() | st.booleans(),
    st.none() | st.sampled_from(["[]", '{"ö":null}']),
)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=12), st.integers(0, 3))
def test_a_row_reads_the_same_whatever_stands_beside_it(
    cells: list[tuple[str | None, int | None, bool | None, str | None]], start: int
) -> None:
    whole = batch(
        text=pa.array([row[0] for row in cells], pa.string()),
        number=pa.array([row[1] for row in cells], pa.int32()),
        truth=pa.array([row[2] for row in cells], pa.bool_()),
        document=pa.array([row[3] for row in cells], pa.json_()),
    )
    expected = b"".join(
        fields(
            None if text is None else text.encode(),
            None if number is None else struct.pack(">i", number),
            None if truth is None else struct.pack(">?", truth),
            None if document is None else b"\1" + document.encode(),
        )
        for text, number, truth, document in cells[start:]
    )

    assert wire(whole.slice(start)) == expected


def test_a_large_batch_leaves_in_slices_of_whole_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binary_copy, "SLICE_BYTES", 1_000)
    rows = batch(x=pa.array(["a" * 96] * 50))

    slices = [bytes(some) for some in encode(rows)]

    assert len(slices) > 4
    assert max(len(some) for some in slices) < 1_200
    assert all(len(some) % (2 + 4 + 96) == 0 for some in slices)
    assert b"".join(slices) == fields(b"a" * 96) * 50


def test_a_type_that_no_contract_has_is_refused() -> None:
    with pytest.raises(TypeError, match="duration"):
        wire(batch(x=pa.array([timedelta(1)])))
