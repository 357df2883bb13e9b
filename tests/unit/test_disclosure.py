"""Protector and attacker on tables small enough to check by hand (domain fixtures 1, 1b, 2)."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from p20w.disclosure import Profile, audit_marts, parse_declaration, protect_marts
from p20w.errors import ConfigurationError

KEY = b"a key for these tests"
PROFILES = {"public_default": Profile(10, 3)}
DECLARED = {
    "student_derived": True,
    "profile": "public_default",
    "dimensions": [
        {"column": "organization_code", "parent_column": "parent_organization_code"},
        {"column": "demographic_group", "within": "demographic_factor", "total": "All"},
    ],
    "counts": [{"column": "member_count"}],
}
DECLARATIONS = {"mart_probe": parse_declaration("mart_probe", DECLARED)}

Row = tuple[str, str | None, str, str, int]


def table(rows: Sequence[Row]) -> pa.Table:
    return pa.table(
        {
            "organization_code": [row[0] for row in rows],
            "parent_organization_code": pa.array([row[1] for row in rows], pa.string()),
            "demographic_factor": [row[2] for row in rows],
            "demographic_group": [row[3] for row in rows],
            "member_count": pa.array([row[4] for row in rows], pa.int64()),
            "member_count_status": ["reported"] * len(rows),
        }
    )


def one_place(groups: dict[str, int]) -> pa.Table:
    """One organisation with the groups of one factor and their total."""
    rows: list[Row] = [("WI", None, "All", "All", sum(groups.values()))]
    rows += [("WI", None, "factor", name, count) for name, count in groups.items()]
    return table(rows)


def cross(cells: dict[str, tuple[int, int]]) -> pa.Table:
    """Districts by two groups, with all totals."""
    rows: list[Row] = []
    places = {**cells, "WI": tuple(map(sum, zip(*cells.values(), strict=True)))}
    for place, (x, y) in places.items():
        parent = None if place == "WI" else "WI"
        rows.append((place, parent, "All", "All", x + y))
        rows += [(place, parent, "factor", "X", x), (place, parent, "factor", "Y", y)]
    return table(rows)


def published(true: pa.Table, key: bytes = KEY) -> pa.Table:
    return protect_marts({"mart_probe": true}, DECLARATIONS, PROFILES, key).tables["mart_probe"]


def printed(protected: pa.Table) -> dict[tuple[str, str], int]:
    """What a reader sees: figures by place and group."""
    return {
        (row["organization_code"], row["demographic_group"]): row["member_count"]
        for row in protected.to_pylist()
        if row["member_count"] is not None
    }


def test_two_categories_are_both_withheld_and_the_total_stays() -> None:
    assert printed(published(one_place({"EL": 4, "not EL": 46}))) == {("WI", "All"): 50}


def test_the_residual_is_a_cell_too() -> None:
    seen = printed(published(one_place({"A": 46, "B": 4, "Unknown": 3})))

    assert ("WI", "B") not in seen
    assert ("WI", "Unknown") not in seen
    assert seen.get(("WI", "All"), 53) == 53
    # Withholding B and the residual alone would tell that they are 7 together: too narrow.
    assert ("WI", "A") not in seen or ("WI", "All") not in seen


def test_a_small_cell_of_a_cross_table_hides_in_a_rectangle() -> None:
    true = cross({"A": (4, 20), "B": (15, 12), "C": (30, 11)})
    protected = published(true)
    seen = printed(protected)

    assert ("A", "X") not in seen
    assert ("A", "Y") not in seen or ("A", "All") not in seen
    assert len(seen) >= 6
    assert not audit_marts({"mart_probe": protected}, DECLARATIONS, PROFILES).exposures


def test_the_attacker_finds_what_primaries_alone_leave_open() -> None:
    true = cross({"A": (4, 20), "B": (15, 12), "C": (30, 11)})
    careless = [
        (None, "withheld") if row["member_count"] == 4 else (row["member_count"], "published")
        for row in true.to_pylist()
    ]
    leaking = true.set_column(
        true.schema.get_field_index("member_count"),
        "member_count",
        pa.array([figure for figure, _ in careless], pa.int64()),
    ).set_column(
        true.schema.get_field_index("member_count_status"),
        "member_count_status",
        pa.array([status for _, status in careless]),
    )

    exposures = audit_marts({"mart_probe": leaking}, DECLARATIONS, PROFILES).exposures

    assert exposures
    assert exposures[0].low == exposures[0].high == 4


def test_a_zero_is_printed() -> None:
    seen = printed(published(one_place({"A": 40, "B": 0, "Unknown": 0})))

    assert seen[("WI", "B")] == 0
    assert seen[("WI", "Unknown")] == 0
    assert seen[("WI", "A")] == 40


def test_the_same_key_gives_the_same_pattern_whatever_the_order_of_rows() -> None:
    true = cross({"A": (4, 20), "B": (15, 12), "C": (30, 11)})
    turned = true.take(list(reversed(range(true.num_rows))))

    assert printed(published(true)) == printed(published(turned)) == printed(published(true))


def test_statuses_say_withheld_and_never_why() -> None:
    protected = published(one_place({"EL": 4, "not EL": 46}))

    assert set(protected["member_count_status"].to_pylist()) == {"published", "withheld"}


def test_a_declaration_with_an_unknown_key_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="mart_probe"):
        parse_declaration("mart_probe", {**DECLARED, "tabels": []})


counts = st.integers(0, 60)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=3, max_size=6))
def test_no_withheld_cell_of_a_random_table_can_be_computed(cells: list[tuple[int, int]]) -> None:
    # A state large enough to hide in: tiny ones are refused, which is safe too.
    true = cross({f"D{place}": pair for place, pair in enumerate([*cells, (400, 380), (350, 420)])})
    protected = published(true)
    seen = printed(protected)
    hidden = {
        (row["organization_code"], row["demographic_group"])
        for row in true.to_pylist()
        if (row["organization_code"], row["demographic_group"]) not in seen
    }

    places = {place for place, _ in hidden}
    for place in places:
        row_cells = {(place, "X"), (place, "Y"), (place, "All")}
        assert len(row_cells & hidden) != 1, "a row's sum gives its only hidden cell"
    for group in ("X", "Y", "All"):
        column = {one for one in hidden if one[1] == group}
        assert len(column) != 1, "a column's sum gives its only hidden cell"
    assert not {count for count in seen.values() if 1 <= count <= 9}
