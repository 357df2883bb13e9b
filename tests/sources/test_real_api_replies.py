"""Recorded replies of the BLS public API v2, against the figures of their README."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.sources.reading import tables_of


def read_tables(shared_data: Path, name: str) -> dict[str, list[dict[str, Any]]]:
    read = tables_of("bls_api", shared_data / "bls_api" / name)
    return {table: rows for table, (_, rows) in read.items()}


def test_a_recorded_reply_holds_25_months_of_which_two_are_preliminary(shared_data: Path) -> None:
    tables = read_tables(shared_data, "v2_LAUCN040010000000005.json")

    months = {(row["calendar_year"], row["period_code"]): row for row in tables["observations"]}
    assert [row["reply_status"] for row in tables["replies"]] == ["REQUEST_SUCCEEDED"]
    assert len(months) == 25
    assert months[2022, "M12"]["series_value"] == Decimal(16945)
    assert sum(row["footnote_codes"] == "P" for row in months.values()) == 2
    assert months[2022, "M12"]["footnote_texts"] == "Preliminary."
    # `[{}]` is no footnote; the year's average was not asked for.
    assert months[2022, "M11"]["footnote_codes"] is None
    assert not any(period == "M13" for _, period in months)
    assert [row["series_state"] for row in tables["series"]] == ["answered"]


def test_a_reply_of_the_latest_month_alone_is_one_figure(shared_data: Path) -> None:
    tables = read_tables(shared_data, "v2_doc_latest_LAUCN040010000000005.json")

    [only] = tables["observations"]
    assert (only["calendar_year"], only["period_code"]) == (2013, "M11")
    assert only["series_value"] == Decimal(16393)
    assert only["footnote_codes"] == "P"


def test_a_list_of_popular_series_names_them_and_holds_no_figure(
    shared_data: Path,
) -> None:
    tables = read_tables(shared_data, "v2_popular_survey_LA.json")

    assert tables["observations"] == []
    assert len(tables["series"]) == 25
    places = {row["series_id"]: row["row_number"] for row in tables["series"]}
    assert places["LASST550000000000003"] == 13
    assert {row["series_state"] for row in tables["series"]} == {"listed"}
