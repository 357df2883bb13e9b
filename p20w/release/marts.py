"""What the marts are: names, columns and disclosure declarations, from dbt's manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from p20w.disclosure import Declaration, parse_declaration
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Mart:
    """A published table: its grain's columns and, where it counts students, its declaration."""

    name: str
    grain: tuple[str, ...]
    declaration: Declaration | None

    @property
    def is_student_derived(self) -> bool:
        """Whether its cells count people, so that they are protected and keep publication dates."""
        return self.declaration is not None


def read_marts(manifest: Any) -> list[Mart]:
    """All marts of the project, by name.

    Raises:
        ConfigurationError: A mart that descends from a restricted source does not declare its
            disclosure, or has no primary key.
    """
    return sorted(
        (
            _mart(manifest, node)
            for node in manifest.nodes.values()
            if node.resource_type == "model" and node.original_file_path.startswith("models/marts/")
        ),
        key=lambda mart: mart.name,
    )


def _mart(manifest: Any, node: Any) -> Mart:
    declared: Mapping[str, Any] = node.config.meta.get("disclosure", {})
    is_derived = bool(declared.get("student_derived", False))
    if not is_derived and _has_restricted_ancestor(manifest, node.unique_id):
        raise ConfigurationError(
            f"{node.name} descends from a restricted source but does not declare its disclosure:"
            f" set config.meta.disclosure in its yml (student_derived: true, dimensions, counts)."
        )
    return Mart(
        name=node.name,
        grain=_primary_key(node),
        declaration=parse_declaration(node.name, declared) if is_derived else None,
    )


def _primary_key(node: Any) -> tuple[str, ...]:
    for constraint in node.constraints:
        if str(constraint.type.value) == "primary_key":
            return tuple(constraint.columns)
    for column in node.columns.values():
        if any(str(constraint.type.value) == "primary_key" for constraint in column.constraints):
            return (str(column.name),)
    raise ConfigurationError(
        f"{node.name} has no primary_key constraint in its yml: add its grain."
    )


def _has_restricted_ancestor(manifest: Any, unique_id: str) -> bool:
    waiting, seen = [unique_id], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        source = manifest.sources.get(name)
        if source is not None and source.source_meta.get("access") == "restricted":
            return True
        waiting.extend(manifest.parent_map.get(name, []))
    return False
