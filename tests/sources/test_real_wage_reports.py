"""Reports and reduced files of the wage survey, against the figures of their README."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.sources.reading import tables_of


def test_a_report_by_area_has_386_areas_and_keeps_what_was_not_released(shared_data: Path) -> None:
    path = shared_data / "bls_oews" / "OES_Report_2022_financial_analysts_by_area.xlsx"
    tables = tables_of("bls_oews", path)

    [(layout, rows)] = tables.values()
    by_label = {row["area_label"]: row for row in rows}
    assert (list(tables), layout) == (["reports"], "report")
    assert len(by_label) == 386
    madison = by_label["0031540"]
    assert (madison["area_title"], madison["employment_count"]) == ("Madison, WI", 810)
    states = Counter(row["employment_count_status"] for row in rows)
    assert states == {"reported": 385, "suppressed_at_source": 1}
    assert {(row["vintage_year"], row["occupation_code"]) for row in rows} == {(2022, "132051")}
    assert {row["extracted_date"] for row in rows} == {date(2023, 10, 31)}
    assert {row["hourly_median_wage_usd_status"] for row in rows} == {"never_collected"}


def test_a_report_by_state_is_another_layout_of_the_same(shared_data: Path) -> None:
    path = shared_data / "bls_oews" / "OES_Report_2024_all_occupations_by_state.xlsx"
    [(layout, rows)] = tables_of("bls_oews", path).values()

    by_label = {row["area_label"]: row for row in rows}
    wisconsin = by_label["55-00000"]
    assert layout == "report"
    assert len(by_label) == 54
    assert wisconsin["area_title"] == "Wisconsin"
    assert wisconsin["employment_count"] == 2923420
    assert wisconsin["annual_median_wage_usd"] == Decimal(48930)
    assert {(row["vintage_year"], row["occupation_code"]) for row in rows} == {(2024, "00-0000")}
    assert {row["extracted_date"] for row in rows} == {date(2026, 3, 10)}
    assert round(wisconsin["mean_wage_rse_percent"], 1) == Decimal("0.2")


def test_a_file_reduced_to_titles_keeps_its_duplicates_and_its_marks(shared_data: Path) -> None:
    path = shared_data / "bls_oews" / "OEWS_2021_all_areas_4col_reduced.xlsx"
    tables = tables_of("bls_oews", path)

    [(layout, rows)] = tables.values()
    titles = {(row["area_title"], row["occupation_title"]): row for row in rows}
    written = Counter(
        (
            row["area_title"],
            row["occupation_title"],
            row["annual_median_wage_usd"],
            row["annual_median_wage_usd_status"],
            row["employment_count"],
            row["employment_count_status"],
        )
        for row in rows
    )
    assert (list(tables), layout) == (["titled_wages"], "extract_titles")
    assert len(rows) == 37964
    assert len({row["area_title"] for row in rows}) == 52
    assert titles["Wisconsin", "All Occupations"]["employment_count"] == 2754870
    assert len(rows) - len(written) == 264
    hidden = Counter(row["employment_count_status"] for row in rows)
    assert hidden["suppressed_at_source"] == 1208
    assert {row["vintage_year"] for row in rows} == {2021}
