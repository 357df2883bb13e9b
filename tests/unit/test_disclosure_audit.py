"""The attacker finds what a careless release would give away."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from p20w.disclosure import Profile, audit_marts, parse_declaration
from p20w.errors import DisclosureUnsafe

PROFILES = {"public_default": Profile(10, 3)}
DECLARATION = parse_declaration(
    "mart",
    {
        "student_derived": True,
        "profile": "public_default",
        "dimensions": [{"column": "organization", "total": "All"}],
        "counts": [{"column": "cohort"}, {"column": "graduates", "of": "cohort"}],
        "rates": [{"column": "share", "numerator": "graduates", "denominator": "cohort"}],
    },
)
Row = tuple[str, int | None, int | None, float | None]


def published(*rows: Row) -> pa.Table:
    """What readers see: None is withheld."""
    names = ("organization", "cohort", "graduates", "share")
    data: dict[str, list[Any]] = {name: [row[i] for row in rows] for i, name in enumerate(names)}
    for name in names[1:]:
        data[f"{name}_status"] = [
            "withheld" if value is None else "published" for value in data[name]
        ]
    return pa.table(data)


def findings(*rows: Row) -> set[tuple[str, str]]:
    result = audit_marts({"mart": published(*rows)}, {"mart": DECLARATION}, PROFILES)
    return {(exposure.column, exposure.finding) for exposure in result.exposures}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("N", 40, 20, 0.5)], set()),
        ([("N", 40, None, None)], set()),
        ([("N", 9, None, None)], {("cohort", "printed_small"), ("graduates", "narrow_range")}),
        ([("N", 40, 4, 0.1)], {("graduates", "printed_small")}),
        ([("N", 40, 35, 0.875)], {("graduates", "implied_small")}),
        ([("N", 40, None, 0.5)], {("share", "revealed_by_rate")}),
        ([("N", 40, 40, 1.0)], {("share", "printed_unanimity")}),
        ([("N", 400, 400, 1.0)], set()),
        (
            [("All", 80, 40, 0.5), ("N", 40, None, None), ("S", 40, 20, 0.5)],
            {("graduates", "narrow_range")},
        ),
        ([("All", 80, 40, 0.5), ("N", 40, None, None), ("S", 40, None, None)], set()),
    ],
)
def test_the_attacker_finds_each_kind_of_leak(rows: list[Row], found: set[tuple[str, str]]):
    assert findings(*rows) == found


def test_a_rate_that_tells_a_withheld_third_count_is_found():
    declaration = parse_declaration(
        "mart",
        {
            "student_derived": True,
            "profile": "public_default",
            "dimensions": [{"column": "organization"}],
            "counts": [
                {"column": "cohort"},
                {"column": "graduates", "of": "cohort"},
                {"column": "known", "of": "cohort"},
            ],
            "rates": [
                {
                    "column": "share",
                    "numerator": "graduates",
                    "denominator": "cohort",
                    "plus_rest_of": ["known"],
                }
            ],
        },
    )
    rows = published(("N", 40, 20, 0.6))
    hidden = rows.append_column("known", pa.array([None], pa.int64()))
    hidden = hidden.append_column("known_status", pa.array(["withheld"]))

    result = audit_marts({"mart": hidden}, {"mart": declaration}, PROFILES)

    # (20 + 40 - known) / 40 = 0.6 says that 36 are known, 4 are not.
    assert ("share", "revealed_by_rate") in {
        (exposure.column, exposure.finding) for exposure in result.exposures
    }


def test_a_cell_printed_in_one_mart_and_withheld_in_another_is_found():
    other = parse_declaration(
        "other",
        {
            "student_derived": True,
            "profile": "public_default",
            "dimensions": [{"column": "organization"}],
            "counts": [{"column": "cohort"}],
        },
    )
    tables = {"mart": published(("N", None, None, None)), "other": published(("N", 12, None, None))}

    result = audit_marts(tables, {"mart": DECLARATION, "other": other}, PROFILES)

    assert ("cohort", "printed_elsewhere") in {
        (exposure.column, exposure.finding) for exposure in result.exposures
    }


@pytest.mark.parametrize(
    "rows",
    [
        [("All", 80, 40, 0.5), ("N", 40, 20, 0.5), ("S", 41, 20, 0.5)],
        [("All", 30, 15, 0.5), ("N", None, None, None), ("S", 40, 20, 0.5)],
    ],
)
def test_tables_that_contradict_themselves_stop_the_audit(rows: list[Row]):
    with pytest.raises(DisclosureUnsafe, match="Rebuild"):
        findings(*rows)


def test_a_withheld_count_is_known_not_to_be_zero():
    declaration = parse_declaration(
        "mart",
        {
            "student_derived": True,
            "profile": "public_default",
            "dimensions": [{"column": "pair", "parent_column": "of_pair"}],
            "counts": [{"column": "cohort"}],
        },
    )
    rows = pa.table(
        {
            "pair": ["xy", "x", "y"],
            "of_pair": [None, "xy", "xy"],
            "cohort": [11, None, None],
            "cohort_status": ["published", "withheld", "withheld"],
        }
    )

    result = audit_marts({"mart": rows}, {"mart": declaration}, PROFILES)

    # Zeros are printed, so both are 1..10: nine apart, one too few.
    assert {(item.low, item.high) for item in result.exposures} == {(1, 10)}
