"""Which rows show a figure, how small an outcome is, and zeros that nothing hides; by hand."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest

from p20w.disclosure import (
    Declaration,
    Profile,
    audit_marts,
    parse_declaration,
    protect_marts,
)
from p20w.errors import ConfigurationError

PROFILES = {"public_default": Profile(10, 3)}
KEY = b"secret of the release"
ORGANIZATION = {"column": "organization", "parent_column": "parent"}
COHORT: dict[str, Any] = {"column": "cohort"}
ENROLLED: dict[str, Any] = {"column": "enrolled", "of": "cohort"}
SHARE = {"column": "share", "numerator": "enrolled", "denominator": "cohort"}
# Everybody enrolled who was not found: (enrolled + cohort - found) / cohort.
UPPER = {**SHARE, "column": "upper", "plus_rest_of": ["found"]}


def declare(*counts: dict[str, Any], rates: tuple[dict[str, Any], ...] = ()) -> Declaration:
    return parse_declaration(
        "mart",
        {
            "student_derived": True,
            "profile": "public_default",
            "dimensions": [ORGANIZATION],
            "counts": list(counts),
            "rates": list(rates),
        },
    )


def table(names: str, *rows: tuple[Any, ...]) -> pa.Table:
    """Organisation, parent, then figures; one that is None is not collected."""
    columns = ["organization", "parent", *names.split()]
    data = dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))
    data["level"] = ["state" if parent is None else "school" for parent in data["parent"]]
    for name in names.split():
        data[f"{name}_status"] = [
            "not_collected" if value is None else "reported" for value in data[name]
        ]
    return pa.table(data)


def public(rows: pa.Table, declaration: Declaration) -> pa.Table:
    """Protect one mart and let the attacker confirm that nothing is exposed."""
    protection = protect_marts({"mart": rows}, {"mart": declaration}, PROFILES, KEY)
    assert audit_marts(protection.tables, {"mart": declaration}, PROFILES).exposures == ()
    return protection.tables["mart"]


STATE_ALONE = {**ENROLLED, "where": [{"level": ["state"]}]}
TWO_SCHOOLS = table(
    "cohort enrolled share",
    ("WI", None, 200, 120, 0.6),
    ("S1", "WI", 80, 60, 0.75),
    ("S2", "WI", 120, 60, 0.5),
)


def test_a_count_is_shown_only_in_the_rows_it_is_declared_for():
    shown = public(TWO_SCHOOLS, declare(COHORT, STATE_ALONE, rates=(SHARE,)))

    assert shown["cohort"].to_pylist() == [200, 80, 120]
    assert shown["enrolled"].to_pylist() == [120, None, None]
    assert shown["share"].to_pylist() == [0.6, None, None]
    for name in ("enrolled", "share"):
        assert shown[f"{name}_status"].to_pylist() == ["published", *["not_applicable"] * 2]


def test_a_rate_made_of_a_third_count_is_shown_only_where_that_is_too():
    found = {"column": "found", "of": "cohort", "where": [{"level": ["state"]}]}
    rows = table(
        "cohort found enrolled share upper",
        ("WI", None, 200, 160, 120, 0.6, 0.8),
        ("S1", "WI", 80, 70, 60, 0.75, 0.875),
        ("S2", "WI", 120, 90, 60, 0.5, 0.75),
    )

    shown = public(rows, declare(COHORT, found, {**ENROLLED, "of": "found"}, rates=(SHARE, UPPER)))

    assert shown["enrolled"].to_pylist() == [120, 60, 60]
    assert shown["share"].to_pylist() == [0.6, 0.75, 0.5]
    assert shown["upper"].to_pylist() == [0.8, None, None]


def test_a_rate_made_of_a_withheld_third_count_is_withheld():
    found = {"column": "found", "of": "cohort"}
    rows = table("cohort found enrolled share upper", ("WI", None, 200, 196, 120, 0.6, 0.62))

    shown = public(rows, declare(COHORT, found, {**ENROLLED, "of": "found"}, rates=(SHARE, UPPER)))

    # Four were not found: that count and what it is part of, not the share of those enrolled.
    assert shown["found"].to_pylist() == [None]
    assert shown["share"].to_pylist() == [0.6]
    assert shown["upper_status"].to_pylist() == ["withheld"]


def test_figures_that_are_not_shown_are_not_counted_as_cells():
    declaration = declare(COHORT, STATE_ALONE, rates=(SHARE,))

    protection = protect_marts({"mart": TWO_SCHOOLS}, {"mart": declaration}, PROFILES, KEY)

    # Three cohorts, one count, one share.
    assert (protection.cells_total, protection.cells_printed) == (5, 5)


@pytest.mark.parametrize(
    ("level", "printed"), [("school", [120, 60, 60]), ("district", [120, None, None])]
)
def test_a_row_shows_a_count_if_it_fits_all_of_one_alternative(
    level: str, printed: list[int | None]
):
    where = [{"level": ["state"]}, {"organization": ["S1", "S2"], "level": [level]}]

    shown = public(TWO_SCHOOLS, declare(COHORT, {**ENROLLED, "where": where}))

    assert shown["enrolled"].to_pylist() == printed


def test_a_condition_that_parts_the_members_of_a_sum_is_refused():
    where = [{"organization": ["WI", "S1"]}]

    with pytest.raises(ConfigurationError, match="must add up"):
        public(TWO_SCHOOLS, declare(COHORT, {**ENROLLED, "where": where}))


def test_a_figure_keeps_its_own_status_in_rows_that_do_not_show_it():
    rows = table("cohort enrolled", ("WI", None, 200, 120), ("S1", "WI", 200, None))

    shown = public(rows, declare(COHORT, STATE_ALONE))

    assert shown["enrolled_status"].to_pylist() == ["published", "not_collected"]


def test_a_condition_on_a_column_that_the_mart_lacks_is_refused():
    declaration = declare(COHORT, {**ENROLLED, "where": [{"levle": ["state"]}]})

    with pytest.raises(ConfigurationError, match=r"enrolled\.where names levle"):
        protect_marts({"mart": TWO_SCHOOLS}, {"mart": declaration}, PROFILES, KEY)


def test_an_outcome_of_three_is_printed_and_its_rest_of_three():
    outcome = declare(COHORT, {**ENROLLED, "outcome": True}, rates=(SHARE,))
    rows = table("cohort enrolled share", ("A", None, 40, 3, 0.075), ("B", None, 40, 37, 0.925))

    assert public(rows, outcome)["enrolled"].to_pylist() == [3, 37]


def test_the_difference_of_two_outcomes_is_a_group_and_not_an_outcome():
    fall = {"column": "fall", "of": "enrolled", "outcome": True}
    declaration = declare(
        COHORT,
        {**ENROLLED, "outcome": True},
        fall,
        rates=(SHARE, {"column": "fall_share", "numerator": "fall", "denominator": "cohort"}),
    )
    rows = table("cohort enrolled share fall fall_share", ("A", None, 100, 40, 0.4, 35, 0.35))

    shown = public(rows, declaration)

    # 40 - 35 = 5 enrolled after the fall; alone, 35 of 100 would be printed.
    assert shown["enrolled"].to_pylist() == [40]
    assert shown["fall"].to_pylist() == [None]


def test_a_withheld_outcome_can_be_any_of_ten_counts():
    outcome = declare(COHORT, {**ENROLLED, "outcome": True}, rates=(SHARE,))
    rows = table(
        "cohort enrolled share",
        ("WI", None, 400, 200, 0.5),
        ("A", "WI", 100, 2, 0.02),
        ("B", "WI", 100, 4, 0.04),
        ("C", "WI", 100, 97, 0.97),
        ("D", "WI", 100, 97, 0.97),
    )

    enrolled = public(rows, outcome)["enrolled"].to_pylist()

    # A is small. With B alone the two would share 6: enough for three counts, not for ten.
    assert enrolled[1] is None
    assert enrolled[3] is None or enrolled[4] is None or enrolled[0] is None


def test_the_attacker_wants_ten_counts_of_an_outcome_too():
    outcome = declare(COHORT, {**ENROLLED, "outcome": True}, rates=(SHARE,))
    rows = pa.table(
        {
            "organization": ["WI", "A", "B", "C"],
            "parent": [None, "WI", "WI", "WI"],
            "cohort": [300, 100, 100, 100],
            "enrolled": [56, None, None, 50],
            "share": pa.array([56 / 300, None, None, 0.5]),
            **{f"{name}_status": ["published"] * 4 for name in ("cohort",)},
            **{
                f"{name}_status": ["published", "withheld", "withheld", "published"]
                for name in ("enrolled", "share")
            },
        }
    )

    found = audit_marts({"mart": rows}, {"mart": outcome}, PROFILES).exposures

    assert {(item.finding, item.low, item.high) for item in found} == {("narrow_range", 0, 6)}


@pytest.mark.parametrize(("members", "printed"), [(12, None), (299, None), (300, 300)])
def test_a_zero_that_nothing_hides_is_printed_and_its_small_group_is_not(
    members: int, printed: int | None
):
    # All members are of a district that does not report; the one that does has nobody.
    rows = table(
        "cohort enrolled share",
        ("R", None, members, 0, 0.0),
        ("D1", "R", 0, 0, None),
        ("D2", "R", members, None, None),
    )

    shown = public(rows, declare(COHORT, ENROLLED, rates=(SHARE,)))

    assert shown["enrolled"].to_pylist() == [0, 0, None]
    assert shown["cohort"].to_pylist()[0] == printed
    assert shown["share"].to_pylist()[0] == (None if printed is None else 0.0)


def test_the_solver_prints_no_banner():
    made = subprocess.run(
        [sys.executable, "-c", "from p20w.disclosure.solver import QuietHighs; QuietHighs().run()"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert (made.stdout, made.stderr) == ("", "")


def test_overlapping_members_need_not_reach_their_total_beside_one_that_is_not_shown():
    pathway = {"column": "pathway", "total": "All", "additive": False}
    shown_members = [{"pathway": ["All", "A", "B"]}]
    declaration = parse_declaration(
        "mart",
        {
            "student_derived": True,
            "profile": "public_default",
            "dimensions": [pathway],
            "counts": [{**COHORT, "where": shown_members}],
        },
    )
    rows = pa.table(
        {
            "pathway": ["All", "A", "B", "UNKNOWN"],
            "cohort": [100, 40, 4, 60],
            "cohort_status": ["reported"] * 4,
        }
    )

    shown = public(rows, declaration)

    assert shown["cohort"].to_pylist() == [100, 40, None, None]
    assert shown["cohort_status"].to_pylist()[2:] == ["withheld", "not_applicable"]
