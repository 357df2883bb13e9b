"""Files become rows of text: encodings, archives, ragged rows, drifting headers."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import delimited, readers
from ingestion.contract import Contract
from ingestion.headers import Claim
from ingestion.landing import LandedFile
from ingestion.parts import Part
from ingestion.readers import read_file
from p20w.errors import ContractViolation


def contract(*, columns: list[dict[str, Any]] | None = None, access: str = "public", **layout: Any):
    columns = columns or [
        {"name": "code", "config": {"meta": {"names": ["CODE", "Code "]}}},
        {"name": "title", "config": {"meta": {"names": ["TITLE"]}}},
    ]
    columns = [{"data_type": "text", "description": "A column.", **one} for one in columns]
    restricted = {"agreement_id": "A", "legal_basis": "B", "destroy_by": "2030-01-01"}
    return Contract.model_validate(
        {
            "name": "fruit",
            "schema": "raw_fruit",
            "description": "Fruit.",
            "config": {
                "meta": {
                    "publisher": "P",
                    "landing_page": "L",
                    "official_url": "U",
                    "licence": "F",
                    "access": access,
                    "schedule": "0 4 * * 1",
                    "freshness_days": 9,
                    "release_calendar": "Each spring.",
                    **(restricted if access == "restricted" else {}),
                }
            },
            "tables": [
                {
                    "name": "apples",
                    "description": "Apples.",
                    "columns": columns,
                    "config": {
                        "meta": {
                            "grain": "One row per code.",
                            "natural_key": [columns[0]["name"]],
                            "max_rejected_share": 0,
                            "layouts": [
                                {
                                    "name": "official",
                                    "files": ".",
                                    "format": "csv",
                                    "row_band": (0, 9),
                                    **layout,
                                }
                            ],
                        }
                    },
                }
            ],
        }
    )


@pytest.fixture
def read(tmp_path: Path):
    def rows(name: str, content: bytes, wanted: Contract | None = None) -> list[dict[str, Any]]:
        path = tmp_path / name
        path.write_bytes(content)
        landed = LandedFile("fruit", "r", name, str(path), "", "", 0, datetime.now(UTC))
        with read_file(landed, wanted or contract()) as parts:
            return [row for part in parts for row in all_rows(part)]

    return rows


def all_rows(part: Part) -> list[dict[str, Any]]:
    found = []
    for batch in part.open():
        columns = {name: batch.text(name).to_pylist() for name in batch.columns}
        for place, number in enumerate(batch.numbers.to_pylist()):
            found.append({"row": number, **{name: cells[place] for name, cells in columns.items()}})
    return [*found, *[{"ragged": number} for number in part.ragged]]


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, inside in members.items():
            archive.writestr(name.replace("__", "/") + ".csv", inside)
    return content.getvalue()


ROW = [{"row": 1, "code": "01", "title": "Gala"}]


@pytest.mark.parametrize(
    "content",
    [
        b"CODE,TITLE\n01,Gala\n",
        b"TITLE,CODE\r\nGala,01\r\n",
        b"\xef\xbb\xbfCODE,TITLE\n01,Gala",
        b'"Code ","TITLE"\n"01","Gala"\n\n',
    ],
    ids=["plain", "other order and line ends", "byte order mark", "quoted, spelled otherwise"],
)
def test_the_same_rows_come_out_of_every_spelling_of_a_file(read, content: bytes) -> None:
    assert read("a.csv", content) == ROW


def test_a_gzipped_file_is_opened(read) -> None:
    assert read("a.csv.gz", gzip.compress(b"CODE,TITLE\n01,Gala\n")) == ROW


def test_the_first_encoding_that_fits_the_whole_file_is_taken(read) -> None:
    wanted = contract(encoding=["utf-8", "windows-1252"])

    old = read("old.csv", "CODE,TITLE\n01,Königsapfel rot\n".encode("windows-1252"), wanted)
    new = read("new.csv", "CODE,TITLE\n01,Königsapfel rot\n".encode(), wanted)

    assert old == new == [{"row": 1, "code": "01", "title": "Königsapfel rot"}]


def test_a_file_in_no_promised_encoding_is_refused(read) -> None:
    with pytest.raises(ContractViolation, match="none of the encodings promised: utf-8"):
        read("a.csv", b"CODE,TITLE\n01,K\xf6nig\n")


def test_a_character_split_between_two_blocks_is_read(read, monkeypatch) -> None:
    monkeypatch.setattr(delimited, "FIRST_BLOCK_BYTES", 16)
    monkeypatch.setattr(delimited, "BLOCK_BYTES", 16)
    content = "CODE,TITLE\n01,xé\n02,yy\n".encode()
    assert content.index("é".encode()) == 15

    assert [row["title"] for row in read("a.csv", content)] == ["xé", "yy"]


def test_ragged_rows_are_counted_with_their_numbers_and_the_others_kept(read) -> None:
    content = b'CODE,TITLE\n01,Gala\n02\n\n03,"a\nb"\n04,x,y\n05,Elstar\n'

    assert read("a.csv", content) == [
        {"row": 1, "code": "01", "title": "Gala"},
        {"row": 3, "code": "03", "title": "a\nb"},
        {"row": 5, "code": "05", "title": "Elstar"},
        {"ragged": 2},
        {"ragged": 4},
    ]


@pytest.mark.parametrize("end", [b"", b"02\n"], ids=["plain", "with a broken row"])
def test_two_columns_may_be_made_of_one_cell(read, end: bytes) -> None:
    wanted = contract()
    table = wanted.tables[0]
    title = table.columns[1]
    twin = title.model_copy(update={"name": "name"})
    two = table.model_copy(update={"columns": (*table.columns, twin)})

    found = read(
        "a.csv", b"CODE,TITLE\n01,Gala\n" + end, wanted.model_copy(update={"tables": (two,)})
    )

    assert found[0] == {"row": 1, "code": "01", "title": "Gala", "name": "Gala"}


@pytest.mark.parametrize("quote", ["", '"'], ids=["in blocks", "streamed"])
def test_row_numbers_step_over_ragged_rows_across_batches(read, monkeypatch, quote: str) -> None:
    for name in ("FIRST_BLOCK_BYTES", "BLOCK_BYTES", "SMALL_BLOCK_BYTES"):
        monkeypatch.setattr(delimited, name, 64)
    lines = [
        f"{number:03d},{quote}apple{quote}" if number % 7 else f"{number:03d}"
        for number in range(1, 51)
    ]

    found = read("a.csv", ("CODE,TITLE\n" + "\n".join(lines) + "\n").encode())

    kept = [row for row in found if "row" in row]
    assert len(kept) == 43
    assert all(int(row["code"]) == row["row"] for row in kept)
    assert [row["ragged"] for row in found if "ragged" in row] == [7, 14, 21, 28, 35, 42, 49]


def test_the_preferred_member_of_a_zip_is_read_and_only_that(read) -> None:
    wanted = contract(member=[r"_rv\.csv$", r"\.csv$"])
    content = zipped(c2023_a=b"CODE,TITLE\n01,first\n", x__c2023_a_rv=b"CODE,TITLE\n01,revised\n")

    assert read("C2023_A.zip", content, wanted) == [{"row": 1, "code": "01", "title": "revised"}]


def test_a_zip_without_the_member_names_what_it_has(read) -> None:
    with pytest.raises(ContractViolation, match=r"a\.zip holds readme\.csv: expected .*apples"):
        read("a.zip", zipped(readme=b""), contract(member=["apples"]))


@pytest.mark.parametrize("name", ["a.zip", "a.csv.gz", "a.xlsx"])
def test_a_broken_file_is_refused_as_such(read, name: str) -> None:
    kind = "xlsx" if name.endswith("xlsx") else "csv"
    wanted = contract(member=["."], format=kind)

    with pytest.raises(ContractViolation, match=r"a\.(zip|csv\.gz|xlsx)"):
        read(name, gzip.compress(b"CODE,TITLE\n" * 999)[:-9] if "gz" in name else b"PK\3\4", wanted)


@pytest.mark.parametrize(
    "above",
    [b"", b"CODE,TITLE\n", b"CODE,TITLE\n01,Gala\n02,x\n", b"CODE,TITLE\n01,Gala\n02\n03,x\n"],
    ids=["in the header", "in the first row", "below", "below a ragged row"],
)
def test_a_quote_that_never_closes_is_told_as_a_fault_of_the_file(read, above: bytes) -> None:
    content = above + b'04,"' + b"Boskoop\n" * 50_000

    with pytest.raises(ContractViolation, match=r"^a\.csv cannot be read as CSV") as refused:
        read("a.csv", content)

    assert "Boskoop" not in str(refused.value)


def test_a_cell_too_long_to_count_ragged_rows_by_is_told(read) -> None:
    content = b'CODE,TITLE\n01,Gala\n02\n03,"' + b"Boskoop\n" * 50_000 + b'"\n'

    with pytest.raises(ContractViolation, match=r"^a\.csv cannot be read as CSV"):
        read("a.csv", content)


@pytest.mark.parametrize("rows", [b'02,"x\n03,y\n', b'02,"x\n03,y', b'02,"x""\n03,y\n'])
def test_rows_below_a_quote_that_never_closes_do_not_become_one_cell(read, rows: bytes) -> None:
    with pytest.raises(ContractViolation, match=r"^a\.csv cannot be read as CSV"):
        read("a.csv", b"CODE,TITLE\n01,Gala\n" + rows)


def test_a_single_quote_inside_a_cell_is_a_sign_like_any_other(read) -> None:
    assert read("a.csv", b'CODE,TITLE\n01,6" pipe\n02,y') == [
        {"row": 1, "code": "01", "title": '6" pipe'},
        {"row": 2, "code": "02", "title": "y"},
    ]


def marked(content: bytes, *, flags: int, method: int) -> bytes:
    """A zip of one member whose two headers say that it is packed otherwise than it is."""
    changed = bytearray(content)
    for header, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(header) + place
        changed[start : start + 4] = flags.to_bytes(2, "little") + method.to_bytes(2, "little")
    return bytes(changed)


@pytest.mark.parametrize(
    ("flags", "method", "told"),
    [(1, 0, "is encrypted"), (0, 9, r"is packed by a method that is not known here \(9\)")],
    ids=["encrypted", "Deflate64"],
)
def test_a_zip_that_cannot_be_unpacked_names_itself_and_the_reason(
    read, flags: int, method: int, told: str
) -> None:
    content = marked(zipped(apples=b"CODE,TITLE\n01,Gala\n"), flags=flags, method=method)

    with pytest.raises(ContractViolation, match=rf"^a\.zip, member apples\.csv {told}"):
        read("a.zip", content, contract(member=["."]))


def workbook(rows: list[list[object]], *, name: str = "Data") -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.add_worksheet("Notes").write_row(0, 0, ["nothing here"])
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return content.getvalue()


def test_a_sheet_is_read_as_text_and_blank_rows_are_no_rows(read) -> None:
    content = workbook([["CODE", "TITLE"], ["01", 2.5], [None, None], ["03", 154187380]])

    assert read("a.xlsx", content, contract(format="xlsx", sheet="^Data$")) == [
        {"row": 1, "code": "01", "title": "2.5"},
        {"row": 3, "code": "03", "title": "154187380"},
    ]


def test_a_workbook_without_the_sheet_names_the_ones_it_has(read) -> None:
    with pytest.raises(ContractViolation, match="sheets Notes, Other: expected one like"):
        read("a.xlsx", workbook([["CODE"]], name="Other"), contract(format="xlsx", sheet="^Data$"))


def test_json_numbers_keep_their_digits_and_paths_reach_inside(read) -> None:
    columns = [
        {"name": "code", "config": {"meta": {"path": "ref.code"}}},
        {"name": "weight", "config": {"meta": {"path": "weight", "required": False}}},
        {"name": "ripe", "config": {"meta": {"path": "ripe", "required": False}}},
        {"name": "tags", "data_type": "jsonb", "config": {"meta": {"path": "tags"}}},
    ]
    lines = [
        '{"ref":{"code":255901107},"weight":0.10000000000000000001,"ripe":true,"tags":[{"a":1.5}]}',
        "not json",
        '{"ref":null,"tags":"é"}',
        '{"ref":{"code":"\\ud800"},"tags":[]}',
    ]

    found = read("a.ndjson", "\n".join(lines).encode(), contract(columns=columns, format="json"))

    assert found == [
        {
            "row": 1,
            "code": "255901107",
            "weight": "0.10000000000000000001",
            "ripe": "true",
            "tags": '[{"a":1.5}]',
        },
        {"row": 3, "code": None, "weight": None, "ripe": None, "tags": '"é"'},
        {"ragged": 2},
        {"ragged": 4},
    ]


def test_unknown_missing_and_repeated_columns_are_told_together(read) -> None:
    with pytest.raises(ContractViolation) as refused:
        read("a.csv", b"CODE,KODE,CODE\n1,2,3\n")

    assert refused.value.facts == {"missing": ["TITLE"], "unknown": ["KODE"], "repeated": ["CODE"]}


@pytest.mark.parametrize("header", ["CODE,TITLE,KODE", "KODE,TITLE,CODE"])
def test_two_accepted_spellings_of_one_column_are_a_column_that_comes_twice(
    read, header: str
) -> None:
    columns = [
        {"name": "code", "config": {"meta": {"names": ["CODE", "KODE"]}}},
        {"name": "title", "config": {"meta": {"names": ["TITLE"]}}},
    ]

    with pytest.raises(ContractViolation, match="more than once: CODE, KODE") as refused:
        read("a.csv", f"{header}\n01,Gala,02\n".encode(), contract(columns=columns))

    assert refused.value.facts == {"missing": [], "unknown": [], "repeated": ["CODE", "KODE"]}


def test_ignored_columns_may_come_and_optional_ones_may_stay_away(read) -> None:
    columns = [
        {"name": "code", "config": {"meta": {"names": ["CODE"]}}},
        {"name": "title", "config": {"meta": {"names": ["TITLE"], "optional": True}}},
    ]

    found = read("a.csv", b"XC1,CODE\nR,01\n", contract(columns=columns, ignored_columns=["X.*"]))

    assert found == [{"row": 1, "code": "01"}]


def test_loose_names_compare_letters_and_digits_only(read) -> None:
    columns = [{"name": "code", "config": {"meta": {"names": ["2-year / 4-year"]}}}]

    assert read("a.csv", b"2_YEAR_4_YEAR\nx\n", contract(columns=columns, loose_names=True)) == [
        {"row": 1, "code": "x"}
    ]


def test_a_restricted_file_without_a_header_shows_no_cell(read) -> None:
    with pytest.raises(ContractViolation) as refused:
        read("a.csv", b"Quellmalz,1999\nx,y\n", contract(access="restricted"))

    assert "Quellmalz" not in str(refused.value)
    assert "is the header missing?" in str(refused.value)


def test_a_file_name_that_fits_no_layout_is_refused(read) -> None:
    with pytest.raises(ContractViolation, match=r"b\.csv fits no layout"):
        read("b.csv", b"", contract(files=r"^a\.csv$"))


def test_an_empty_file_has_no_header(read) -> None:
    with pytest.raises(ContractViolation, match="no header in row 1: it is empty"):
        read("a.csv", b"")


cell = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), max_size=9)


@settings(deadline=None)
@given(st.lists(st.tuples(cell, cell), min_size=1, max_size=20))
def test_whatever_a_json_line_holds_comes_back(cells: list[tuple[str, str]]) -> None:
    columns = [
        {"name": name, "config": {"meta": {"path": name, "required": False}}}
        for name in ("code", "title")
    ]
    lines = [json.dumps({"code": code, "title": title}) for code, title in cells]
    part = readers._part(
        "a.ndjson",
        "a.ndjson",
        lambda: io.BytesIO("\n".join(lines).encode()),
        [
            Claim(table, table.meta.layouts[0])
            for table in contract(columns=columns, format="json").tables
        ],
        contract(columns=columns, format="json"),
    )

    found = all_rows(part)

    assert [(row["code"], row["title"]) for row in found] == cells


def test_numbers_step_over_what_is_left_out() -> None:
    numbers, following = delimited._numbers(10, 3, [11, 12, 14, 99])

    assert numbers.equals(pa.array([10, 13, 15], pa.int64()))
    assert following == 16
