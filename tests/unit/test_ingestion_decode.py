"""Text becomes the contract's exact types; what cannot is rejected, nothing is lost in silence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.cells import find_cells
from ingestion.contract import TableContract
from ingestion.decode import Decoded, Rejected, decode
from ingestion.parts import RawRows
from ingestion.selection import claimed


def table(column: dict[str, Any], *, absent: list[str] | None = None) -> TableContract:
    meta = {"names": ["X"], **column.pop("meta", {})}
    columns = [{"name": "x", "description": "A column.", "config": {"meta": meta}, **column}]
    generated = ["x_status"] if "marks" in meta else []
    for name in [*generated, "load_id", "row_number"]:
        kind = "text" if name.endswith("_status") else "bigint"
        columns.append(
            {
                "name": name,
                "data_type": kind,
                "description": "Generated.",
                "config": {"meta": {"generated": True}},
            }
        )
    layout = {
        "name": "official",
        "files": "x",
        "format": "csv",
        "row_band": (0, 9),
        "absent": absent or [],
    }
    return TableContract.model_validate(
        {
            "name": "t",
            "description": "A table.",
            "columns": columns,
            "config": {
                "meta": {
                    "grain": "One row per x of the file.",
                    "natural_key": ["x"],
                    "max_rejected_share": 0,
                    "layouts": [layout],
                }
            },
        }
    )


def decoded(contract: TableContract, *cells: str | None, constants: Any = None) -> Decoded:
    columns = {} if not cells else {"x": pa.array(cells, pa.string())}
    numbers = pa.array(range(1, max(len(cells), 1) + 1), pa.int64())
    rows = RawRows(columns, numbers)
    return decode(contract, contract.meta.layouts[0], rows, constants or {}, 7)


def one(data_type: str, cell: str | None, **meta: Any) -> Any:
    """The value a cell becomes, or its rejection."""
    result = decoded(table({"data_type": data_type, "meta": meta}), cell)
    return result.rejected[0] if result.rejected else result.batch.column("x")[0].as_py()


@pytest.mark.parametrize(
    ("data_type", "cell", "value"),
    [
        ("text", "  01.0000 ", "01.0000"),
        ("integer", "-2147483648", -(2**31)),
        ("integer", "+12", 12),
        ("integer", "2885990.0", 2885990),
        ("bigint", "9007199254740993", 9007199254740993),
        ("bigint", "9223372036854775807", 2**63 - 1),
        ("bigint", "-9223372036854775808", -(2**63)),
        ("bigint", "0000000000000000000000012", 12),
        ("numeric(6,2)", "1234.5", Decimal("1234.50")),
        ("numeric(6,2)", "0.500", Decimal("0.50")),
        ("numeric(6,2)", "-.5", Decimal("-0.50")),
        ("numeric(6,2)", "00000001.5", Decimal("1.50")),
        ("numeric(4,0)", "-17.0", Decimal(-17)),
        ("numeric(2,2)", "0.25", Decimal("0.25")),
        ("boolean", "TRUE", True),
        ("boolean", "false", False),
        ("date", "2024-02-29", date(2024, 2, 29)),
        ("date", "2003-11-13T00:00:00", date(2003, 11, 13)),
        (
            "timestamptz",
            "2024-05-01T12:00:00.1234567Z",
            datetime(2024, 5, 1, 12, 0, 0, 123456, tzinfo=UTC),
        ),
        ("timestamptz", "2024-05-01T12:00:00+02:00", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("jsonb", '{"a":[1]}', '{"a":[1]}'),
    ],
)
def test_a_cell_becomes_its_exact_value(data_type: str, cell: str, value: object) -> None:
    assert one(data_type, cell) == value


@pytest.mark.parametrize(
    ("data_type", "cell"),
    [
        ("integer", "2147483648"),
        ("integer", "1.5"),
        ("integer", "0x10"),
        ("integer", "1,000"),
        ("bigint", "99999999999999999999"),
        ("bigint", "9223372036854775808"),
        ("numeric(4,0)", "1.5"),
        ("numeric(2,2)", "1.25"),
        ("numeric(6,2)", "1e2"),
        ("numeric(6,2)", "1.239"),
        ("numeric(6,2)", "12345.1"),
        ("numeric(6,2)", "abc"),
        ("boolean", "yes"),
        ("date", "2023-02-30"),
        ("date", "20230201"),
        ("date", "2023-13-01"),
        ("timestamptz", "2024-05-01T12:00:00"),
        ("text", "a\0b"),
        ("jsonb", '"a\\u0000b"'),
    ],
)
def test_a_cell_that_would_change_in_the_database_is_rejected(data_type: str, cell: str) -> None:
    rejection = one(data_type, cell)

    assert isinstance(rejection, Rejected)
    assert rejection.column == "x"
    assert rejection.value == cell.replace("\0", "\\0")


def test_an_empty_required_cell_is_rejected_and_an_empty_optional_one_is_null() -> None:
    assert one("integer", "  ").reason == "is empty, but required"
    assert one("integer", "", required=False) is None


def test_the_value_of_a_personal_column_is_never_told() -> None:
    rejection = one("date", "born in May", personal=True)

    assert rejection == Rejected(1, "x", "is not a date", None)


def test_a_mark_becomes_a_status_and_no_number() -> None:
    marks = {"*": "suppressed_at_source", "#": "top_coded", "": "not_applicable"}
    contract = table({"data_type": "numeric(6,2)", "meta": {"marks": marks}})

    batch = decoded(contract, "1.5", "*", "#", "", " * ", "0").batch

    assert batch.column("x").to_pylist() == [
        Decimal("1.50"),
        None,
        None,
        None,
        None,
        Decimal("0.00"),
    ]
    assert batch.column("x_status").to_pylist() == [
        "reported",
        "suppressed_at_source",
        "top_coded",
        "not_applicable",
        "suppressed_at_source",
        "reported",
    ]


def test_an_empty_cell_without_a_mark_of_its_own_is_missing() -> None:
    contract = table(
        {"data_type": "integer", "meta": {"required": False, "marks": {"-2": "not_applicable"}}}
    )

    batch = decoded(contract, "", "-2", "3").batch

    assert batch.column("x_status").to_pylist() == ["missing", "not_applicable", "reported"]


def test_a_column_that_the_layout_lacks_was_never_collected() -> None:
    marks = {"-2": "not_applicable"}
    contract = table(
        {"data_type": "integer", "meta": {"required": False, "marks": marks}}, absent=["x"]
    )

    batch = decoded(contract).batch

    assert batch.column("x").to_pylist() == [None]
    assert batch.column("x_status").to_pylist() == ["never_collected"]


def test_codes_get_their_leading_zeros_back_and_are_then_checked() -> None:
    padded = {"pad": 5, "pattern": r"^\d{5}$"}

    assert one("text", "9009", **padded) == "09009"
    assert one("text", "90x9", **padded).reason == r"does not look like ^\d{5}$"
    assert one("text", "05", strip_zeros=True) == "5"
    assert one("text", "0", strip_zeros=True) == "0"
    assert one("text", "20", strip_zeros=True) == "20"
    assert one("text", "f", upper_case=True, pattern="^[FQ]$") == "F"


def test_a_blank_may_stand_for_a_value() -> None:
    assert one("boolean", "", blank="false") is False


def test_dates_are_read_in_the_forms_promised_and_no_other() -> None:
    forms = {"formats": ["%Y%m%d", "%m/%d/%Y"]}

    assert one("date", "20230201", **forms) == date(2023, 2, 1)
    assert one("date", "02/01/2023", **forms) == date(2023, 2, 1)
    assert one("date", "20230230", **forms).reason == "is not a date"
    assert one("date", "2023-02-01", **forms).reason == "is not a date"


def test_a_rejected_row_keeps_its_number_and_leaves_its_neighbours() -> None:
    result = decoded(table({"data_type": "integer"}), "1", "two", "3")

    assert result.batch.column("row_number").to_pylist() == [1, 3]
    assert result.batch.column("load_id").to_pylist() == [7, 7]
    assert result.rejected == [Rejected(2, "x", "is not a integer", "two")]


CELLS = {
    "text": ["55001", "x", "", "*", "55\0", None],
    "integer": ["1", "two", "", "*", "0x1", "1\0", "99999999999", "-7", "1234567", "007", None],
    "numeric(5,2)": [
        "1.25",
        "1.255",
        "",
        "*",
        "x",
        "-1.25",
        "7",
        "123.45",
        "1234.56",
        "1e2",
        "0001.2",
        None,
    ],
    "date": ["2024-02-29", "2023-02-29", "", "*", "x", None],
}


@given(st.sampled_from(sorted(CELLS)), st.data(), st.booleans(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_cell_is_judged_as_if_it_stood_alone(
    data_type: str,
    data: st.DataObject,
    required: bool,  # noqa: FBT001 - drawn
    has_marks: bool,  # noqa: FBT001 - drawn
) -> None:
    cells = data.draw(st.lists(st.sampled_from(CELLS[data_type]), min_size=1, max_size=6))
    meta: dict[str, Any] = {"required": required}
    if has_marks:
        meta["marks"] = {"*": "suppressed_at_source"}
    if data_type == "text":
        meta["pattern"] = r"^\d{5}$|^\*$"
    contract = table({"data_type": data_type, "meta": meta})

    together = decoded(contract, *cells)
    alone = [decoded(contract, cell) for cell in cells]

    values = [row["x"] for one in alone for row in one.batch.to_pylist()]
    assert together.batch.column("x").to_pylist() == values
    assert {(bad.row_number, bad.reason) for bad in together.rejected} == {
        (number, bad.reason) for number, one in enumerate(alone, start=1) for bad in one.rejected
    }
    assert len(values) + len({bad.row_number for bad in together.rejected}) == len(cells)
    assert together.is_marked.to_pylist() == [one.is_marked[0].as_py() for one in alone]
    for status in contract.statuses:
        told = [one.every.column(status)[0].as_py() for one in alone]
        assert together.every.column(status).to_pylist() == told


@given(st.sampled_from(sorted(CELLS)), st.data())
@settings(deadline=None)
def test_cells_in_a_block_become_what_they_become_as_a_column(
    data_type: str, data: st.DataObject
) -> None:
    written = [cell for cell in CELLS[data_type] if cell is not None]
    cells = data.draw(st.lists(st.sampled_from(written), min_size=1, max_size=6))
    contract = table({"data_type": data_type, "meta": {"marks": {"*": "suppressed_at_source"}}})
    found = find_cells("".join(f"{cell},\n" for cell in cells).encode(), ",", 2, 0)
    assert found is not None
    rows = RawRows({"x": found[0]}, pa.array(range(1, len(cells) + 1), pa.int64()))

    in_block = decode(contract, contract.meta.layouts[0], rows, {}, 7)

    assert in_block == decoded(contract, *cells)


def test_a_code_that_does_not_look_right_leaves_its_neighbours_values() -> None:
    contract = table({"data_type": "text", "meta": {"pattern": r"^\d{5}$"}})

    result = decoded(contract, "55001", "55oo3", "55005", "")

    assert result.batch.column("x").to_pylist() == ["55001", "55005"]
    assert [(bad.row_number, bad.reason) for bad in result.rejected] == [
        (2, r"does not look like ^\d{5}$"),
        (4, "is empty, but required"),
    ]


def test_a_column_from_the_files_name_is_the_same_in_every_row() -> None:
    contract = table({"data_type": "integer", "meta": {"names": (), "from_file": r"(\d{4})"}})

    batch = decoded(contract, constants={"x": "2024"}).batch

    assert batch.column("x").to_pylist() == [2024]


def test_rows_are_claimed_by_the_tables_condition() -> None:
    contract = table({"data_type": "text"})
    meta = contract.meta.model_copy(update={"where": {"x": ("Y", "")}})
    chosen = contract.model_copy(
        update={"config": contract.config.model_copy(update={"meta": meta})}
    )
    rows = RawRows({"x": pa.array(["y ", "N", None])}, pa.array([1, 2, 3]))

    assert claimed(chosen, rows).to_pylist() == [True, False, True]


@settings(deadline=None)
@given(
    st.decimals(min_value=-9999, max_value=9999, places=4, allow_nan=False, allow_infinity=False)
)
def test_a_decimal_is_kept_exactly_or_rejected(number: Decimal) -> None:
    result = one("numeric(6,2)", f"{number:f}")

    fits = number == number.quantize(Decimal("0.01"))
    assert result == number if fits else isinstance(result, Rejected)


def test_a_mark_of_digits_is_no_number() -> None:
    result = decoded(
        table({"data_type": "integer", "meta": {"marks": {"-1": "missing", "99": "top_coded"}}}),
        "99", "100", "-1",
    )  # fmt: skip

    assert result.every.column("x").to_pylist() == [None, 100, None]
    assert result.every.column("x_status").to_pylist() == ["top_coded", "reported", "missing"]


def test_a_plain_number_must_look_as_its_contract_says() -> None:
    found = one("integer", "123", pattern=r"^\d{2}$")

    assert found == Rejected(1, "x", r"does not look like ^\d{2}$", "123")


def test_of_a_plain_number_only_what_is_extracted_counts() -> None:
    assert one("integer", "2024", extract=r"^20(?P<cell>\d\d)$") == 24
