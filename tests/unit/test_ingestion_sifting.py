"""Large texts are read in blocks; where few rows are taken, blocks without them are passed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion import delimited
from ingestion.contract import Contract
from ingestion.delimited import SMALL_BLOCK_BYTES
from ingestion.landing import LandedFile
from ingestion.parts import Part
from ingestion.readers import read_file
from ingestion.selection import filtered, wanted

ROWS = 120_000
OURS = "WI"


def contract(*keeps: dict[str, str], **layout: Any) -> Contract:
    """A source whose tables take some rows each of one file."""
    columns = [
        {
            "name": name,
            "data_type": "text",
            "description": name,
            "config": {"meta": {"names": [name], "required": False}},
        }
        for name in ("state", "place", "note")
    ]
    tables = [
        {
            "name": f"cells{number}",
            "description": "Cells.",
            "config": {
                "meta": {
                    "grain": "One row per line.",
                    "natural_key": ["place"],
                    "max_rejected_share": 0.1,
                    "layouts": [
                        {
                            "name": "official",
                            "files": "csv$",
                            "format": "csv",
                            "row_band": [0, 10**9],
                            "keep": keep,
                            **layout,
                        }
                    ],
                }
            },
            "columns": columns,
        }
        for number, keep in enumerate(keeps)
    ]
    meta = {
        "publisher": "x", "landing_page": "-", "official_url": "-", "licence": "-",
        "access": "public", "schedule": "0 0 * * *", "freshness_days": 1,
        "release_calendar": "Each spring.",
    }  # fmt: skip
    return Contract.model_validate(
        {
            "name": "few",
            "schema": "raw_few",
            "description": "Few rows.",
            "config": {"meta": meta},
            "tables": tables,
        }
    )


def text(row: Callable[[int], str]) -> str:
    return "state,place,note\n" + "".join(map(row, range(1, ROWS + 1)))


def usual(number: int) -> str:
    """Rows 50,001 to 50,010 are ours; six blocks and a bit in all."""
    state = OURS if 50_000 < number <= 50_010 else "MN"
    return f'{state},p{number},"{"-" * 100}"\n'


def read(
    path: Path, content: str, *keeps: dict[str, str], encoding: str = "utf-8", **layout: Any
) -> tuple[Part, list[tuple[int, dict[str, Any]]]]:
    """The part and the numbered rows that any of its tables takes."""
    path.write_bytes(content.encode(encoding))
    landed = LandedFile("few", "r", path.name, str(path), "", "", 0, datetime.now(UTC))
    found = {}
    with read_file(landed, contract(*keeps, encoding=["utf-8", encoding], **layout)) as (part,):
        for batch in part.open():
            for feed in part.feeds:
                mask = wanted(feed.layout, batch)
                rows = batch if mask is None else filtered(batch, mask)
                cells = zip(*(rows.text(name).to_pylist() for name in rows.columns), strict=True)
                for number, row in zip(rows.numbers.to_pylist(), cells, strict=True):
                    found[number] = dict(zip(rows.columns, row, strict=True))
    return part, sorted(found.items())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "few.csv"


def test_rows_keep_their_numbers_and_the_other_blocks_are_passed_over(path: Path) -> None:
    content = text(usual)
    part, rows = read(path, content, {"state": f"^{OURS}$"})

    assert len(content) > 5 * SMALL_BLOCK_BYTES
    assert [number for number, _ in rows] == list(range(50_001, 50_011))
    assert rows[0][1] == {"state": OURS, "place": "p50001", "note": "-" * 100}
    assert part.last_row == ROWS
    # One block of 2 MB, some 18,800 rows of 111 bytes, was handed out.
    assert ROWS - 19_500 < part.passed_over < ROWS - 18_000


def test_a_block_that_one_of_two_tables_wants_is_handed_out(path: Path) -> None:
    _, rows = read(path, text(usual), {"state": f"^{OURS}$"}, {"place": "^p(1|120000)$"})

    assert [number for number, _ in rows] == [1, *range(50_001, 50_011), ROWS]


def test_a_table_that_takes_all_rows_gets_them(path: Path) -> None:
    part, rows = read(path, text(usual), {"state": f"^{OURS}$"}, {})

    assert len(rows) == ROWS
    assert part.passed_over == 0


def test_cells_of_many_lines_are_not_cut(path: Path) -> None:
    lines = "line\n" * 30

    def long(number: int) -> str:
        return f'{OURS if number % 10_000 == 0 else "MN"},p{number},"{lines}"\n'

    _, rows = read(path, text(long), {"state": f"^{OURS}$"})

    assert [number for number, _ in rows] == list(range(10_000, ROWS + 1, 10_000))
    assert {row["note"] for _, row in rows} == {lines}


def test_a_ragged_row_in_a_block_that_nobody_wants_is_known_by_its_number(path: Path) -> None:
    def broken(number: int) -> str:
        return "MN,too,many,cells\n" if number in {7, 90_000} else usual(number)

    part, rows = read(path, text(broken), {"state": f"^{OURS}$"})

    assert part.ragged == [7, 90_000]
    assert [number for number, _ in rows] == list(range(50_001, 50_011))
    assert part.last_row == ROWS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8"])
def test_a_mark_of_the_byte_order_does_not_hide_the_first_row(path: Path, encoding: str) -> None:
    _, rows = read(path, text(usual), {"place": "^p1$"}, encoding=encoding)

    assert [number for number, _ in rows] == [1]


def test_a_text_without_a_last_line_end_is_read_to_its_end(path: Path) -> None:
    _, rows = read(path, text(usual).rstrip("\n"), {"place": f"^p{ROWS}$"})

    assert [number for number, _ in rows] == [ROWS]


QUOTED_NAMES = '"state","place","note"'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("names", [QUOTED_NAMES, QUOTED_NAMES.replace('"', "")])
def test_a_text_without_quotes_in_its_rows_is_read_whole_in_blocks(
    path: Path, names: str, end: str
) -> None:
    def row(number: int) -> str:
        return f"MN,p{number}" if number == 90_000 else f"MN,p{number},{'-' * 100}"

    part, rows = read(path, end.join([names, *map(row, range(1, ROWS + 1))]), {})

    assert [number for number, _ in rows] == [n for n in range(1, ROWS + 1) if n != 90_000]
    assert all(row["place"] == f"p{number}" for number, row in rows)
    assert part.ragged == [90_000]
    assert part.passed_over == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_below_quoted_names_a_quoted_cell_may_hold_line_ends(path: Path, end: str) -> None:
    rows_written = [f'MN,p{number},"two{end}lines"' for number in range(1, 1001)]

    _, rows = read(path, end.join([QUOTED_NAMES, *rows_written]), {})

    assert {row["note"] for _, row in rows} == {f"two{end}lines"}
    assert len(rows) == 1000


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1"])
def test_many_ragged_rows_among_letters_that_grow_in_utf_8_are_known_by_number(
    path: Path, encoding: str
) -> None:
    def row(number: int) -> str:
        return f"MN,p{number}\n" if number % 20 == 0 else f"MN,p{number},{'é' * 100}\n"

    part, rows = read(path, text(row), {}, encoding=encoding)
    _, again = read(path, text(row), {}, encoding=encoding)

    assert part.ragged == list(range(20, ROWS + 1, 20))
    assert all(row["place"] == f"p{number}" for number, row in rows)
    assert len(rows) == ROWS - len(part.ragged)
    assert again == rows


def small_blocks(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    for name in ("FIRST_BLOCK_BYTES", "BLOCK_BYTES"):
        monkeypatch.setattr(delimited, name, size)


BROKEN = ["", "a row of one cell\n"]
"""Behind each plain row: a block with a broken one is read by Arrow."""


@pytest.mark.parametrize("broken", BROKEN)
def test_a_mark_of_the_byte_order_within_a_text_belongs_to_its_cell(
    path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    small_blocks(monkeypatch, 60)

    _, rows = read(path, "state,place,note\n" + ("\ufeffMN,p,n\n" + broken) * 50, {})

    assert [row["state"] for _, row in rows] == ["\ufeffMN"] * 50


def test_the_bytes_of_a_mark_are_letters_in_other_encodings(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_blocks(monkeypatch, 16)
    content = "state,place,note\n" + "MN,é,n\n" + "ï»¿,p,n\n" * 9

    _, rows = read(path, content, {}, encoding="cp1252")

    assert [row["state"] for _, row in rows] == ["MN"] + ["ï»¿"] * 9


@pytest.mark.parametrize("broken", BROKEN)
def test_a_header_deeper_than_the_first_block_is_found(
    path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    small_blocks(monkeypatch, 64)
    notes = "a note\n" + "n" * 100 + "\n"
    content = notes + "state,place,note\n" + ("MN,p,n\n" + broken) * 50

    _, rows = read(path, content, {}, headers=[{"row": 3}])

    assert len(rows) == 50


def test_a_text_of_one_endless_line_is_not_read_as_one_block(path: Path) -> None:
    rows = "\r".join(f"MN,p{number},{'-' * 100}" for number in range(1, ROWS + 1))
    path.write_text(f"state,place,note\n{rows}\r\n", newline="")
    landed = LandedFile("few", "r", path.name, str(path), "", "", 0, datetime.now(UTC))

    with read_file(landed, contract({})) as (part,):
        sizes = [len(batch.numbers) for batch in part.open()]

    assert sum(sizes) == ROWS
    assert max(sizes) < ROWS / 4
