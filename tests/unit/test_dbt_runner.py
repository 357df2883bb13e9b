"""The runner's pure part: what a retry builds again."""

from __future__ import annotations

from dataclasses import dataclass, field

from p20w.dbt_runner import _built, _unbuilt


@dataclass
class DependsOn:
    nodes: list[str]


@dataclass
class Node:
    depends_on: DependsOn


@dataclass
class Manifest:
    child_map: dict[str, list[str]] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)


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


def test_a_failed_test_has_its_model_built_again() -> None:
    manifest = Manifest(nodes={"test.unique_a": Node(DependsOn(["model.a"]))})
    passed = {"model.a": "success", "model.b": "success", "test.unique_a": "pass"}
    failed = passed | {"test.unique_a": "fail"}

    assert _built(manifest, passed) == {"model.a", "model.b", "test.unique_a"}
    assert _built(manifest, failed) == {"model.b"}
