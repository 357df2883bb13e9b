"""The checks of decisions of councils, on a few rows worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.checks import councils

pytestmark = pytest.mark.integration

DECISIONS = """
    pathway_region, M7, industry, 1013, priority, 2025-03-01,, 4, minutes
    pathway_region, M7, occupation, 29-1141, priority, 2025-03-01,, 9, minutes
    pathway_region, M7, pathway, MFG, grow, 2024-03-01, 2025-03-01, 3, minutes
    pathway_region, M7, pathway, MFG, withdraw, 2025-03-01,, 3, minutes
    pathway_region, M7, pathway, LAW, grow, 2026-03-01,, 3, minutes
"""
PUBLISHED = """
    pathway_region, M7, industry, 1013, priority, 2025-03-01, 4, minutes
    pathway_region, M7, occupation, 29-1141, priority, 2025-03-01, 9, minutes
    pathway_region, M7, occupation, 35-3031, no_decision,,,
"""


def decided(few: Any, rows: str) -> None:
    few.make(
        "core.fct_council_decision",
        "region_scheme:text, region_code:text, subject_kind:text, subject_code:text,"
        " decision:text, decision_date:date, superseded_date:date,"
        " employers_consulted_count:integer, evidence:text",
        rows,
    )
    few.make("core.dim_snapshot", "as_of_date:date", "2025-09-01")


def published(few: Any, rows: str) -> None:
    few.make(
        "release_7.mart_region_priorities",
        "region_scheme:text, region_code:text, subject_kind:text, subject_code:text,"
        " council_decision:text, decision_date:date, employers_consulted_count:integer,"
        " evidence:text",
        rows,
    )


def test_the_list_has_every_decision_in_force_and_not_those_that_are_over(few: Any) -> None:
    decided(few, DECISIONS)
    published(few, PUBLISHED)

    assert few.counts(councils.decisions_published("release_7")) == (2, 0)


def test_a_decision_about_an_industry_that_is_not_in_the_list_is_found(few: Any) -> None:
    decided(few, DECISIONS)
    published(few, PUBLISHED.replace("industry, 1013", "industry, 1012"))

    assert few.counts(councils.decisions_published("release_7")) == (2, 1)


def test_a_decision_shown_with_another_number_of_employers_is_found(few: Any) -> None:
    decided(few, DECISIONS)
    published(few, PUBLISHED.replace("2025-03-01, 9", "2025-03-01, 90"))

    assert few.counts(councils.decisions_published("release_7")) == (2, 1)


@pytest.mark.parametrize(("region", "expected"), [("M7", 0), ("MSEVEN", 1)])
def test_a_misspelt_region_of_a_decision_is_found(few: Any, region: str, expected: int) -> None:
    decided(few, DECISIONS.replace("M7, industry", f"{region}, industry"))
    few.make("core.dim_region", "region_scheme:text, region_code:text", "pathway_region, M7")

    assert few.counts(councils.regions_known()) == (2, expected)
