"""Between two public releases a handful of people is not told; figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from p20w.disclosure import (
    Declaration,
    Profile,
    held_periods,
    hold,
    hold_decisions,
    parse_declaration,
    small_restatements,
)
from p20w.disclosure.restatements import SmallRestatement

PROFILES = {"public_default": Profile(10, 3)}


def declare(mart: str, *counts: dict[str, Any], period: str | None = "school_year") -> Declaration:
    dimensions: list[dict[str, Any]] = [{"column": "org", "parent_column": "parent"}]
    if period is not None:
        dimensions.append({"column": period})
    return parse_declaration(
        mart,
        {
            "student_derived": True,
            "profile": "public_default",
            "dimensions": dimensions,
            "counts": list(counts) or [{"column": "members"}],
        },
    )


def table(*rows: tuple[int, str, int | None], period: str = "school_year") -> pa.Table:
    return pa.table(
        {
            period: [row[0] for row in rows],
            "org": [row[1] for row in rows],
            "parent": ["WI"] * len(rows),
            "members": pa.array([row[2] for row in rows], pa.int64()),
            "members_status": ["withheld" if row[2] is None else "published" for row in rows],
        }
    )


def figures(rows: pa.Table) -> list[tuple[int, str, int | None]]:
    picked = ([row["school_year"], row["org"], row["members"]] for row in rows.to_pylist())
    return sorted((tuple(row) for row in picked), key=str)


MART = declare("mart")


def test_a_change_of_three_people_between_releases_is_found():
    before = table((2024, "N", 42), (2024, "S", 50), (2024, "E", 30), (2024, "W", None))
    after = table((2024, "W", 20), (2024, "E", 45), (2024, "N", 45), (2024, "S", 50))

    found = small_restatements({"mart": before}, {"mart": after}, {"mart": MART}, PROFILES)

    # 42 -> 45 is three people; 30 -> 45 is fifteen; 50 is unchanged; W was not printed.
    key = '{"org": "N", "school_year": 2024}'
    assert found == [SmallRestatement("mart", key, "members")]


def test_few_people_are_few_in_an_outcome_too():
    outcome = {"column": "members", "of": "all", "outcome": True}
    declaration = declare("mart", {"column": "all"}, outcome)
    before, after = (
        table((2024, "N", count)).append_column("all", pa.array([100])) for count in (42, 47)
    )

    found = small_restatements({"mart": before}, {"mart": after}, {"mart": declaration}, PROFILES)

    # The profile's minimum numerator is 3; a change of five is still five people.
    assert [item.column for item in found] == ["members"]


def test_a_change_of_ten_people_passes():
    before, after = table((2024, "N", 42)), table((2024, "N", 52))

    assert small_restatements({"mart": before}, {"mart": after}, {"mart": MART}, PROFILES) == []


def test_a_mart_whose_key_has_changed_is_not_compared():
    before = table((2024, "N", 42)).drop_columns(["org"])
    after = table((2024, "N", 45))

    assert small_restatements({"mart": before}, {"mart": after}, {"mart": MART}, PROFILES) == []


def test_a_held_period_is_as_it_was_and_the_others_are_new():
    before = table((2023, "N", 60), (2024, "N", 42), (2024, "S", 50), (2024, "W", None))
    after = table((2023, "N", 80), (2024, "N", 45), (2024, "S", 90), (2024, "W", 31))

    held = hold(before, after, MART, {("school_year", "2024")})

    # With S = 90 and a printed total, an old N among new figures would be worked out as new.
    assert figures(held) == [(2023, "N", 80), (2024, "N", 42), (2024, "S", 50), (2024, "W", None)]


def test_a_period_is_held_in_every_mart_that_has_it():
    other, cohorts = declare("other"), declare("cohorts", period="diploma_class")
    found = [SmallRestatement("mart", '{"org": "N", "school_year": 2024}', "members")]
    declarations = {"mart": MART, "other": other, "cohorts": cohorts}

    held = held_periods(found, declarations)

    before, after = (
        table((2024, "N", count), period="diploma_class").append_column(
            "school_year", pa.array([2024])
        )
        for count in (20, 40)
    )
    assert held == {("school_year", "2024")}
    assert figures(hold(before, after, other, held)) == [(2024, "N", 20)]
    assert figures(hold(before, after, cohorts, held)) == [(2024, "N", 40)]


def test_a_mart_without_periods_is_held_whole():
    whole = declare("whole", period=None)
    found = [SmallRestatement("whole", '{"org": "N"}', "members")]
    before, after = (table((2024, "N", count)) for count in (42, 45))

    held = held_periods(found, {"whole": whole})

    assert figures(hold(before, after, whole, held)) == [(2024, "N", 42)]


def test_a_mart_that_is_new_waits_with_the_held_period():
    after = table((2023, "N", 80), (2024, "N", 45))

    assert figures(hold(None, after, MART, {("school_year", "2024")})) == [(2023, "N", 80)]


def test_a_figure_that_is_new_since_then_is_not_yet_known_in_a_held_period():
    before = table((2024, "N", 42)).append_column("gone", pa.array(["x"]))
    after = table((2023, "N", 80), (2024, "N", 45))
    after = after.append_column("graduates", pa.array([30, 20]))
    after = after.append_column("graduates_status", pa.array(["published"] * 2))

    held = hold(before, after, MART, {("school_year", "2024")})

    assert held.column_names == after.column_names
    assert held["graduates"].to_pylist() == [30, None]
    assert held["graduates_status"].to_pylist() == ["published", "not_yet"]


def test_reasons_of_a_held_period_are_the_earlier_ones_and_the_cells_that_hold_it():
    def decisions(*rows: tuple[int, str, str]) -> pa.Table:
        return pa.table(
            {
                "mart": ["mart"] * len(rows),
                "cell_key": [f'{{"org": "{org}", "school_year": {year}}}' for year, org, _ in rows],
                "column_name": ["members"] * len(rows),
                "reason": [reason for *_, reason in rows],
            }
        )

    before = decisions((2023, "A", "complementary"), (2024, "W", "small_denominator"))
    after = decisions((2023, "B", "complementary"), (2024, "V", "small_denominator"))
    moved = [SmallRestatement("mart", '{"org": "N", "school_year": 2024}', "members")]

    told = hold_decisions(before, after, moved, {"mart": MART}).to_pylist()

    assert [(row["cell_key"], row["reason"]) for row in told] == [
        ('{"org": "B", "school_year": 2023}', "complementary"),
        ('{"org": "N", "school_year": 2024}', "held_restatement"),
        ('{"org": "W", "school_year": 2024}', "small_denominator"),
    ]
