"""Safety for any table: what a reader can work out is found by other means and compared.

Two-way tables are enumerated (every table of small counts that agrees with what is printed),
three-way and nested ones are put to scipy's integer programs, cell by cell.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from p20w.disclosure import Profile, audit, audit_marts, parse_declaration, protect_marts

Key = tuple[str, ...]
SLOW = settings(
    max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


def declaration(axes: int, counts: list[dict[str, Any]], rates: list[dict[str, Any]]):
    return parse_declaration(
        "mart",
        {
            "student_derived": True,
            "profile": "p",
            "dimensions": [{"column": f"axis{i}", "total": "All"} for i in range(axes)],
            "counts": counts,
            "rates": rates,
        },
    )


def cube(inner: np.ndarray[Any, Any]) -> dict[Key, int]:
    """A table with all of its margins."""
    cells = {}
    for index in itertools.product(*[(*range(size), "All") for size in inner.shape]):
        part = tuple(slice(None) if i == "All" else i for i in index)
        cells[tuple(map(str, index))] = int(inner[part].sum())
    return cells


def as_table(counts: dict[str, dict[Key, int]], *, share: bool = False) -> pa.Table:
    first = next(iter(counts.values()))
    data: dict[str, list[Any]] = {
        f"axis{i}": [key[i] for key in first] for i in range(len(next(iter(first))))
    }
    for name, cells in counts.items():
        data[name] = [cells[key] for key in first]
        data[f"{name}_status"] = ["reported"] * len(first)
    if share:
        data["share"] = [counts["x"][k] / n if n else None for k, n in counts["n"].items()]
        data["share_status"] = ["reported" if n else "not_applicable" for n in first.values()]
    return pa.table(data)


def read(table: pa.Table, column: str, axes: int) -> dict[Key, int | None]:
    return {tuple(row[f"axis{i}"] for i in range(axes)): row[column] for row in table.to_pylist()}


def members(key: Key, shape: tuple[int, ...]) -> list[int]:
    """Positions of the inner cells that a cell sums."""
    ranges = [range(size) if i == "All" else [int(i)] for i, size in zip(key, shape, strict=True)]
    return [int(np.ravel_multi_index(at, shape)) for at in itertools.product(*ranges)]


def ranges_by_programs(
    printed: dict[str, dict[Key, int | None]], shape: tuple[int, ...], least: dict[str, int]
) -> dict[tuple[str, Key], tuple[float, float]]:
    """Smallest and largest whole count of every withheld cell."""
    size = int(np.prod(shape))
    names = list(printed)
    rows, lower, upper = [], [], []
    for number, name in enumerate(names):
        for key, value in printed[name].items():
            row = np.zeros(size * len(names))
            row[[number * size + at for at in members(key, shape)]] = 1
            rows.append(row)
            lower.append(least[name] if value is None else value)
            upper.append(np.inf if value is None else value)
            if number:
                row = row.copy()
                row[members(key, shape)] = -1
                rows.append(row)
                lower.append(-np.inf)
                upper.append(0)
    known = LinearConstraint(np.array(rows), np.array(lower), np.array(upper))
    found = {}
    for number, name in enumerate(names):
        for key in [key for key, value in printed[name].items() if value is None]:
            goal = np.zeros(size * len(names))
            goal[[number * size + at for at in members(key, shape)]] = 1
            extremes = [
                sign
                * milp(
                    sign * goal, constraints=known, bounds=Bounds(0, 500), integrality=goal * 0 + 1
                ).fun
                for sign in (1, -1)
            ]
            found[name, key] = (round(extremes[0]), round(extremes[1]))
    return found


@SLOW
@given(st.lists(st.integers(0, 4), min_size=6, max_size=6), st.binary(min_size=1, max_size=4))
def test_no_withheld_cell_of_a_two_way_table_can_be_recomputed(counts: list[int], key: bytes):
    profiles = {"p": Profile(3, 1)}
    table = as_table({"n": cube(np.array(counts).reshape(2, 3))})
    declared = {"mart": declaration(2, [{"column": "n"}], [])}

    public = protect_marts({"mart": table}, declared, profiles, key).tables

    assert audit_marts(public, declared, profiles).exposures == ()
    printed = read(public["mart"], "n", 2)
    possible = np.indices((8,) * 6).reshape(6, -1)
    for cell, value in printed.items():
        total = possible[members(cell, (2, 3))].sum(axis=0)
        possible = possible[:, total >= 1 if value is None else total == value]
    for cell in [cell for cell, value in printed.items() if value is None]:
        total = possible[members(cell, (2, 3))].sum(axis=0)
        assert total.max() - total.min() >= 3


@SLOW
@given(st.lists(st.integers(0, 40), min_size=12, max_size=12))
def test_no_withheld_cell_of_a_three_way_table_can_be_recomputed(counts: list[int]):
    profiles = {"p": Profile(10, 3)}
    table = as_table({"n": cube(np.array(counts).reshape(2, 2, 3))})
    declared = {"mart": declaration(3, [{"column": "n"}], [])}

    public = protect_marts({"mart": table}, declared, profiles, b"key").tables

    assert audit_marts(public, declared, profiles).exposures == ()
    printed = {"n": read(public["mart"], "n", 3)}
    for low, high in ranges_by_programs(printed, (2, 2, 3), {"n": 1}).values():
        assert high - low >= 10


@SLOW
@given(
    st.lists(
        st.integers(0, 60).flatmap(
            lambda n: st.tuples(st.sampled_from([n, 5 * n]), st.just(0) | st.integers(0, n))
        ),
        min_size=6,
        max_size=6,
    ),
    st.booleans(),
)
def test_no_withheld_part_of_a_whole_can_be_recomputed(
    pairs: list[tuple[int, int]],
    has_rate: bool,  # noqa: FBT001 - drawn by Hypothesis
):
    profiles = {"p": Profile(10, 3)}
    wholes, parts = (cube(np.array(side).reshape(2, 3)) for side in zip(*pairs, strict=True))
    table = as_table({"n": wholes, "x": parts}, share=True)
    rates = [{"column": "share", "numerator": "x", "denominator": "n"}] if has_rate else []
    declared = {"mart": declaration(2, [{"column": "n"}, {"column": "x", "of": "n"}], rates)}

    public = protect_marts({"mart": table}, declared, profiles, b"key").tables

    assert audit_marts(public, declared, profiles).exposures == ()
    printed = {name: read(public["mart"], name, 2) for name in ("n", "x")}
    least = {"n": 1, "x": 0 if has_rate else 1}
    for low, high in ranges_by_programs(printed, (2, 3), least).values():
        assert high - low >= 10
    for key, share in read(public["mart"], "share", 2).items():
        n, x = printed["n"][key], printed["x"][key]
        assert not has_rate or (share is None) == (n is None or x is None or n == 0)
        assert x is None or n is None or x in {0, n} or min(x, n - x) >= 10


@pytest.mark.parametrize("largest", [audit.LARGEST_WHOLE, 0], ids=["whole", "by surroundings"])
@SLOW
@given(counts=st.lists(st.integers(0, 30), min_size=8, max_size=8))
def test_the_attacker_finds_exactly_what_small_cells_alone_leave_open(
    largest: int, counts: list[int]
):
    profiles = {"p": Profile(10, 3)}
    cells = cube(np.array(counts).reshape(2, 4))
    table = as_table({"n": cells})
    careless = [None if 1 <= n < 10 else n for n in cells.values()]
    statuses = ["withheld" if n is None else "published" for n in careless]
    table = table.set_column(2, "n", pa.array(careless, pa.int64()))
    table = table.set_column(3, "n_status", pa.array(statuses))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "LARGEST_WHOLE", largest)
        patch.setattr(audit, "SIZES", (4, 6))
        result = audit_marts(
            {"mart": table}, {"mart": declaration(2, [{"column": "n"}], [])}, profiles
        )

    printed = {"n": dict(zip(cells, careless, strict=True))}
    expected = {
        key: bounds
        for (_, key), bounds in ranges_by_programs(printed, (2, 4), {"n": 1}).items()
        if bounds[1] - bounds[0] < 10
    }
    assert {(item.low, item.high) for item in result.exposures} == set(expected.values())
    assert len(result.exposures) == len(expected)


def withheld(table: pa.Table) -> set[Key]:
    return {key for key, value in read(table, "n", 2).items() if value is None}


SQUARE = as_table({"n": cube(np.array([[4, 40, 40], [40, 40, 40], [40, 40, 40]]))})
SQUARE_DECLARED = {"mart": declaration(2, [{"column": "n"}], [])}
PROFILES = {"p": Profile(10, 3)}


@given(st.permutations(range(16)))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_the_order_of_rows_does_not_matter(order: list[int]):
    first = protect_marts({"mart": SQUARE}, SQUARE_DECLARED, PROFILES, b"key")

    second = protect_marts({"mart": SQUARE.take(order)}, SQUARE_DECLARED, PROFILES, b"key")

    assert second.tables["mart"].equals(first.tables["mart"].take(order))


def test_the_secret_key_decides_between_equal_cells():
    patterns = {
        frozenset(
            withheld(protect_marts({"mart": SQUARE}, SQUARE_DECLARED, PROFILES, key).tables["mart"])
        )
        for key in (b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8")
    }

    assert all(len(pattern) == 4 for pattern in patterns)
    assert len(patterns) > 1


def test_the_same_key_gives_the_same_pattern():
    first, second = (
        protect_marts({"mart": SQUARE}, SQUARE_DECLARED, PROFILES, b"key") for _ in range(2)
    )

    assert first.tables["mart"].equals(second.tables["mart"])
    assert first.decisions.equals(second.decisions)
