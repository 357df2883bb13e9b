"""Rows that contradict themselves, documents with a list of records, and what contracts refuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from ingestion.contract import Contract
from ingestion.decode import Decoded, decode
from ingestion.landing import LandedFile
from ingestion.parts import RawRows
from ingestion.readers import read_file
from p20w.errors import ContractViolation

RULE = {"reason": "a change from nothing", "when": {"base": "zero", "change_pct": "not_zero"}}


def contract(rules: list[dict[str, Any]], **layout: Any) -> Contract:
    columns = [
        ("code", "text", {"names": ["Code"], "path": "Code"}),
        ("base", "bigint", {"names": ["Base"], "path": "Base", "required": False}),
        ("change_pct", "numeric(8,1)", {"names": ["Pct"], "path": "Pct", "required": False}),
        ("load_id", "bigint", {"generated": True}),
        ("row_number", "bigint", {"generated": True}),
    ]
    meta = {"publisher": "P", "landing_page": "L", "official_url": "U", "licence": "F"}
    shape = {"name": "official", "files": ".", "format": "json", "row_band": (0, 9), **layout}
    return Contract.model_validate(
        {
            "name": "jobs",
            "schema": "raw_jobs",
            "description": "Jobs.",
            "config": {
                "meta": {
                    **meta,
                    "access": "public",
                    "schedule": "0 4 * * 1",
                    "freshness_days": 9,
                    "release_calendar": "Each spring.",
                }
            },
            "tables": [
                {
                    "name": "jobs",
                    "description": "Jobs.",
                    "columns": [
                        {
                            "name": name,
                            "data_type": kind,
                            "description": "A column.",
                            "config": {"meta": told},
                        }
                        for name, kind, told in columns
                    ],
                    "config": {
                        "meta": {
                            "grain": "One row per code.",
                            "natural_key": ["code"],
                            "max_rejected_share": 0.5,
                            "layouts": [shape],
                            "contradictions": rules,
                        }
                    },
                }
            ],
        }
    )


def decoded(rules: list[dict[str, Any]], *cells: tuple[str, str | None, str | None]) -> Decoded:
    (table,) = contract(rules).tables
    columns = {
        name: pa.array([row[place] for row in cells], pa.string())
        for place, name in enumerate(("code", "base", "change_pct"))
    }
    rows = RawRows(columns, pa.array(range(1, len(cells) + 1), pa.int64()))
    return decode(table, table.meta.layouts[0], rows, {}, 1)


def test_a_change_of_nothing_is_rejected_with_its_reason() -> None:
    result = decoded([RULE], ("a", "0", "25"), ("b", "0", "0"), ("c", "10", "25"))

    assert [(one.row_number, one.column, one.reason) for one in result.rejected] == [
        (1, None, "a change from nothing")
    ]
    assert result.batch.column("code").to_pylist() == ["b", "c"]


def test_an_empty_cell_contradicts_nothing() -> None:
    result = decoded([RULE], ("a", None, "25"), ("b", "0", None))

    assert result.rejected == []


def test_a_row_that_cannot_be_typed_is_told_once() -> None:
    result = decoded([RULE], ("a", "0", "many"))

    assert [one.column for one in result.rejected] == ["change_pct"]


def test_a_negative_number_can_contradict() -> None:
    rule = {"reason": "negative jobs that grow", "when": {"base": "negative", "change_pct": "zero"}}

    result = decoded([rule], ("a", "-3", "0.0"), ("b", "3", "0.0"))

    assert [one.row_number for one in result.rejected] == [1]


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ({"base": "zero", "other": "zero"}, "columns that do not exist: other"),
        ({"base": "zero", "code": "zero"}, "code is none"),
        ({"base": "zero"}, "at least 2 items"),
        ({"base": "zero", "change_pct": "odd"}, "not_zero"),
    ],
)
def test_a_rule_about_no_numbers_is_refused(when: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        contract([{"reason": "a change from nothing", "when": when}])


def records(tmp_path: Path, document: Any) -> list[dict[str, Any]]:
    path = tmp_path / "page.json"
    path.write_text(json.dumps(document, indent=1))
    landed = LandedFile("jobs", "r", path.name, str(path), "", "", 0, datetime.now(UTC))
    with read_file(landed, contract([], records="answer.rows")) as (part,):
        rows = [row for batch in part.open() for row in pa.table(batch.columns).to_pylist()]
        assert part.ragged == [2] * (len(rows) == 1)
        return rows


def test_the_records_of_a_document_are_read_by_their_path(tmp_path: Path) -> None:
    document = {"answer": {"rows": [{"Code": "a", "Base": "0"}, {"Code": "b", "Pct": 2.50}]}}

    assert records(tmp_path, document) == [
        {"code": "a", "base": "0", "change_pct": None},
        {"code": "b", "base": None, "change_pct": "2.5"},
    ]


def test_a_record_that_is_no_object_is_a_ragged_row(tmp_path: Path) -> None:
    assert len(records(tmp_path, {"answer": {"rows": [{"Code": "a"}, 7]}})) == 1


@pytest.mark.parametrize("document", [{"answer": {}}, {"answer": {"rows": {}}}, [], {"rows": []}])
def test_a_document_without_its_list_is_refused(tmp_path: Path, document: Any) -> None:
    with pytest.raises(ContractViolation, match=r"page\.json: .* list of records under answer\.ro"):
        records(tmp_path, document)
