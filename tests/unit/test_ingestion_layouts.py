"""Layouts of official statistics: headers in several lines, notes, sheets, rows of other states."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter

from ingestion.contract import Contract
from ingestion.decode import decode
from ingestion.landing import LandedFile
from ingestion.load import file_constants
from ingestion.parts import RawRows
from ingestion.readers import read_file
from ingestion.selection import filtered, wanted
from p20w.errors import ContractViolation

CODE = {"name": "code", "config": {"meta": {"names": ["Area Code"]}}}
COUNT = {"name": "jobs", "data_type": "bigint", "config": {"meta": {"names": ["Jobs"]}}}


def column(one: dict[str, Any]) -> list[dict[str, Any]]:
    whole = {"data_type": "text", "description": "A column.", **one}
    if "marks" not in one["config"]["meta"]:
        return [whole]
    told = {"data_type": "text", "description": "Told.", "config": {"meta": {"generated": True}}}
    return [whole, {"name": f"{one['name']}_status", **told}]


def table(name: str, columns: list[dict[str, Any]], **layout: Any) -> dict[str, Any]:
    lineage = [
        {"name": one, "data_type": "bigint", "config": {"meta": {"generated": True}}}
        for one in ("load_id", "row_number")
    ]
    shape = {"name": "official", "files": ".", "format": "xlsx", "row_band": (0, 9), **layout}
    return {
        "name": name,
        "description": "A table.",
        "columns": [whole for one in [*columns, *lineage] for whole in column(one)],
        "config": {
            "meta": {
                "grain": "One row per code.",
                "natural_key": [columns[0]["name"]],
                "max_rejected_share": 0,
                "layouts": [shape],
            }
        },
    }


def contract(*tables: dict[str, Any]) -> Contract:
    meta = {
        "publisher": "P",
        "landing_page": "L",
        "official_url": "U",
        "licence": "F",
        "access": "public",
        "schedule": "0 4 * * 1",
        "freshness_days": 9,
        "release_calendar": "Each spring.",
    }
    return Contract.model_validate(
        {
            "name": "jobs",
            "schema": "raw_jobs",
            "description": "Jobs.",
            "config": {"meta": meta},
            "tables": list(tables),
        }
    )


def book(**sheets: Iterable[Iterable[Any]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if cell is not None:
                        sheet.write(line, place, cell)
    return content.getvalue()


@pytest.fixture
def read(tmp_path: Path):
    """Typed rows by table, as the loader would make them."""

    def rows(name: str, content: bytes, wanted_contract: Contract) -> dict[str, list[Any]]:
        path = tmp_path / name
        path.write_bytes(content)
        landed = LandedFile("jobs", "r", name, str(path), "", "", 0, datetime.now(UTC))
        found: dict[str, list[Any]] = {}
        with read_file(landed, wanted_contract) as parts:
            for part in parts:
                for feed in part.feeds:
                    constants = file_constants(feed.table, part)
                    for batch in part.open():
                        mask = wanted(feed.layout, batch)
                        taken = batch if mask is None else filtered(batch, mask)
                        result = decode(feed.table, feed.layout, taken, constants, 1)
                        assert result.rejected == []
                        found.setdefault(feed.table.name, []).extend(result.batch.to_pylist())
                assert part.ragged == []
        return found

    return rows


def test_a_header_in_several_lines_is_read_from_top_to_bottom(read) -> None:
    lines = [
        ["Jobs by area"],
        ["Area"],
        ["Code", "Jobs"],
        [],
        ["A1", 7],
    ]

    found = read(
        "a.xlsx",
        book(a=lines),
        contract(table("jobs", [CODE, COUNT], headers=[{"row": 1}, {"row": 3, "height": 2}])),
    )

    assert [(row["code"], row["jobs"]) for row in found["jobs"]] == [("A1", 7)]


def test_a_header_whose_names_do_not_tell_columns_apart_is_read_cell_by_cell(read) -> None:
    title = {"name": "title", "config": {"meta": {"names": ["Area Title"]}}}
    cells = [["Code", "Area Code"], ["Code", "Area Title"], ["Number", "Jobs"]]

    found = read(
        "a.xlsx",
        book(a=[["Code", "Code", "Number"], ["A1", "Dane", 7]]),
        contract(table("jobs", [CODE, title, COUNT], headers=[{"row": 1, "cells": cells}])),
    )

    assert [(row["code"], row["title"], row["jobs"]) for row in found["jobs"]] == [
        ("A1", "Dane", 7)
    ]


def test_another_header_than_the_one_spelled_out_is_refused_with_its_own_names(read) -> None:
    cells = [["Code", "Area Code"], ["Number", "Jobs"]]

    with pytest.raises(ContractViolation, match=r"Missing: Area Code, Jobs; unknown: Number, Code"):
        read(
            "a.xlsx",
            book(a=[["Number", "Code"], [7, "A1"]]),
            contract(table("jobs", [CODE, COUNT], headers=[{"row": 1, "cells": cells}])),
        )


def test_lines_below_the_table_are_notes_and_tell_the_day_of_publication(read) -> None:
    told = {"from_note": r"^([A-Z]\w+ \d+, \d{4})$", "formats": ["%B %d, %Y"]}
    released = {"name": "released", "data_type": "date", "config": {"meta": told}}
    lines = [["Area Code", "Jobs"], ["A1", 7], [], ["SOURCE: us"], ["April 5, 2024"]]

    found = read(
        "a.xlsx",
        book(a=lines),
        contract(
            table("jobs", [CODE, COUNT, released], notes=r"^(SOURCE: .*|[A-Z]\w+ \d+, \d{4})$")
        ),
    )

    assert [(row["code"], row["released"]) for row in found["jobs"]] == [("A1", date(2024, 4, 5))]


def test_a_note_that_is_absent_is_named_with_its_column(read) -> None:
    released = {"name": "released", "data_type": "date", "config": {"meta": {"from_note": "(May)"}}}

    with pytest.raises(ContractViolation, match=r"expected released once in a note .* 0 times"):
        read(
            "a.xlsx",
            book(a=[["Area Code"], ["A1"]]),
            contract(table("jobs", [CODE, released])),
        )


def test_a_line_like_a_note_between_rows_stays_a_row(read) -> None:
    lines = [["Area Code", "Jobs"], ["A1", 7], ["SOURCE: us"], ["A2", 8]]
    jobs = {**COUNT, "config": {"meta": {"names": ["Jobs"], "required": False}}}

    found = read("a.xlsx", book(a=lines), contract(table("jobs", [CODE, jobs], notes="^SOURCE")))

    assert [row["code"] for row in found["jobs"]] == ["A1", "SOURCE: us", "A2"]


def test_each_table_is_read_from_its_own_sheet(read) -> None:
    wages = {"name": "wage", "data_type": "bigint", "config": {"meta": {"names": ["Wage"]}}}

    found = read(
        "a.xlsx",
        book(one=[["Area Code", "Jobs"], ["A1", 7]], two=[["Area Code", "Wage"], ["A1", 9]]),
        contract(
            table("jobs", [CODE, COUNT], sheet="^one$"),
            table("wages", [CODE, wages], sheet="^two$"),
        ),
    )

    assert [row["jobs"] for row in found["jobs"]] == [7]
    assert [row["wage"] for row in found["wages"]] == [9]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_may_end_in_a_delimiter_that_the_header_lacks(read, end: str) -> None:
    text = end.join(["Area Code\tJobs", "A1\t7\t", "A2\t8\t", ""])

    found = read(
        "a.txt",
        text.encode(),
        contract(
            table("jobs", [CODE, COUNT], format="csv", delimiter="\t", trailing_delimiter=True)
        ),
    )

    assert [(row["code"], row["jobs"]) for row in found["jobs"]] == [("A1", 7), ("A2", 8)]


def test_rows_of_other_states_are_left_out(read) -> None:
    found = read(
        "a.csv",
        b'Area Code,Jobs\n"55025",7\n"17031",8\n" 55079 ",9\n',
        contract(table("jobs", [CODE, COUNT], format="csv", keep={"code": r"^55"})),
    )

    assert [row["code"] for row in found["jobs"]] == ["55025", "55079"]


def test_a_mark_in_another_column_makes_a_printed_zero_no_figure(read) -> None:
    meta = {"names": ["Jobs"], "marks": {"N": "suppressed_at_source"}, "marked_by": "told"}
    jobs = {"name": "jobs", "data_type": "bigint", "config": {"meta": meta}}
    told = {"name": "told", "config": {"meta": {"names": ["Told"], "required": False}}}

    found = read(
        "a.csv",
        b"Area Code,Jobs,Told\nA1,0,N\nA2,0,\nA3,,\nA4,,N\n",
        contract(
            table(
                "jobs",
                [CODE, {**jobs, "config": {"meta": {**meta, "required": False}}}, told],
                format="csv",
            )
        ),
    )

    assert [(row["jobs"], row["jobs_status"]) for row in found["jobs"]] == [
        (None, "suppressed_at_source"),
        (0, "reported"),
        (None, "missing"),
        (None, "suppressed_at_source"),
    ]


@pytest.mark.parametrize(
    ("cell", "inside"),
    [('="01.0000"', "01.0000"), ('=""', None), ("01.0000", "01.0000"), ("", None)],
)
def test_a_code_wrapped_for_a_spreadsheet_comes_out_of_its_wrapping(
    cell: str, inside: str | None
) -> None:
    meta = {"names": ["X"], "extract": '^="(?P<cell>.*)"$', "required": False}
    made = contract(table("codes", [{"name": "code", "config": {"meta": meta}}])).tables[0]
    rows = RawRows({"code": pa.array([cell])}, pa.array([1], pa.int64()))

    result = decode(made, made.meta.layouts[0], rows, {}, 1)

    assert result.batch.column("code").to_pylist() == [inside]


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ({"headers": [{"row": 1, "height": 2}]}, "cannot span more rows"),
        ({"format": "csv", "notes": "x"}, "`notes` can only stand in a sheet"),
        ({"keep": {"absent_column": "x"}}, "names columns that do not exist: absent_column"),
    ],
)
def test_a_layout_that_contradicts_itself_is_refused(layout: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        contract(table("jobs", [CODE], **layout))


@pytest.mark.parametrize(
    ("meta", "told"),
    [
        ({"extract": "(x)"}, "one group, named cell"),
        ({"marked_by": "code"}, "`marked_by` needs marks"),
    ],
)
def test_a_column_that_contradicts_itself_is_refused(meta: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        contract(table("jobs", [{"name": "code", "config": {"meta": {"names": ["X"], **meta}}}]))
