"""Rows that break an expectation, counted by our own SQL as Great Expectations judges them."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.counting import count_rows, count_unexpected

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("kind", "kwargs", "expected"),
    [
        ("expect_column_values_to_not_be_null", {"column": "grade"}, 1),
        ("expect_column_values_to_be_in_set", {"column": "grade", "value_set": ["09", "10"]}, 1),
        ("expect_column_values_to_be_between", {"column": "credits", "min_value": 0}, 1),
        (
            "expect_column_values_to_be_between",
            {"column": "credits", "min_value": 0, "max_value": 2},
            2,
        ),
        ("expect_column_values_to_match_regex", {"column": "grade", "regex": r"^\d{2}$"}, 1),
        (
            "expect_column_pair_values_a_to_be_greater_than_b",
            {"column_A": "credits", "column_B": "earned", "or_equal": True},
            1,
        ),
        (
            "expect_column_pair_values_a_to_be_greater_than_b",
            {"column_A": "credits", "column_B": "earned"},
            2,
        ),
        ("expect_column_values_to_be_unique", {"column": "grade"}, 2),
        ("expect_compound_columns_to_be_unique", {"column_list": ["grade", "credits"]}, 0),
        ("expect_table_row_count_to_be_between", {"min_value": 9}, None),
        (
            "expect_column_values_to_not_be_null",
            {"column": "grade", "row_condition": "credits > 0"},
            None,
        ),
    ],
)
def test_rows_that_break_an_expectation_are_counted(
    few: Any, kind: str, kwargs: dict[str, Any], expected: int | None
) -> None:
    few.make(
        "staging.taken",
        "grade:text, credits:numeric, earned:numeric",
        """
        09, 1, 1
        09, 3, 1
        ninth, -1, 0
        , 0.5,
        """,
    )

    assert count_unexpected(few.database, "staging", "taken", kind, kwargs) == expected
    assert count_rows(few.database, "staging", "taken") == 4
