"""The runner's pure parts: what is built again, and what a message may say."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from p20w.dbt_runner import _unbuilt, without_values


@dataclass
class Manifest:
    child_map: dict[str, list[str]] = field(default_factory=dict)


CHAIN = Manifest({"a": ["b", "test_a"], "b": ["c"], "c": [], "d": [], "test_a": []})
NODES = {"a", "b", "c", "d", "test_a"}


def test_a_first_try_builds_everything() -> None:
    assert _unbuilt(CHAIN, NODES, set()) == NODES


def test_a_retry_keeps_what_was_built() -> None:
    assert _unbuilt(CHAIN, NODES, {"a", "test_a", "d"}) == {"b", "c"}


def test_what_stands_on_a_node_not_built_is_built_again() -> None:
    assert _unbuilt(CHAIN, NODES, {"b", "c", "d", "test_a"}) == {"a", "b", "c", "test_a"}


def test_nodes_of_other_layers_are_never_drawn_in() -> None:
    assert _unbuilt(CHAIN, {"a", "b"}, set()) == {"a", "b"}


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            'Database Error\n  null value in column "name" violates not-null constraint\n'
            "  DETAIL:  Failing row contains (7, Marker Person).",
            'Database Error\n  null value in column "name" violates not-null constraint',
        ),
        (
            'invalid input syntax for type integer: "Marker Person"',
            "invalid input syntax for type integer: (value not shown)",
        ),
        (
            'invalid input syntax for type date: "two\nlines" of it\nLINE 3: select',
            "invalid input syntax for type date: (value not shown)",
        ),
        (
            'value "Marker" is out of range for type integer',
            "value (not shown) is out of range for type integer",
        ),
        (
            'relation "core.dim_student" does not exist',
            'relation "core.dim_student" does not exist',
        ),
    ],
)
def test_a_message_never_shows_a_value(message: str, told: str) -> None:
    assert without_values(message) == told
