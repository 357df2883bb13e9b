"""The catalogue: read strictly, and complete in both directions."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from expectations.catalogue import CATALOGUE, Catalogue, read_catalogue
from p20w.errors import ConfigurationError
from p20w.settings import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path

CODE = [
    path for folder in ("suites", "checks") for path in (CATALOGUE.parent / folder).glob("*.py")
]
ENTRY = """
checks:
  - id: spans_in_range
    door: core
    severity: block
    meaning: An enrollment lasts at least a day.
    when_it_matters: Always, for every figure.
    how_to_fix: The district corrects the enrollment.
    owner: data steward
"""


def ids_in_code() -> set[str]:
    """First arguments of `tag`, `SqlCheck` and `nothing`, and names bound to `check_id`."""
    found: set[str] = set()
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            named: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                named = node.args[:1] if node.func.id in {"tag", "SqlCheck", "nothing"} else []
            elif isinstance(node, ast.Assign):
                told = [one.id for one in node.targets if isinstance(one, ast.Name)]
                named = [node.value] if told == ["check_id"] else []
            found |= {
                one.value
                for one in named
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return found


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "catalogue.yml"
    path.write_text(text)
    return path


def test_every_check_in_code_is_in_the_catalogue_and_the_reverse() -> None:
    assert ids_in_code() == read_catalogue().ids()


def test_doors_name_only_tables_that_are_models() -> None:
    models = {path.stem for path in (CHECKOUT / "dbt_project" / "models").rglob("*.sql")}

    named = {
        name
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in re.findall(r"\b(?:stg|dim|fct|bridge|mart)_[a-z0-9_]*[a-z0-9]\b", node.value)
    }

    assert named
    assert named <= models


def test_every_door_has_a_blocking_check() -> None:
    catalogue = read_catalogue()

    doors = {
        entry.door
        for door in ("staging", "core", "release")
        for entry in catalogue.of_door(door)
        if entry.severity == "block"
    }

    assert doors == {"staging", "core", "release"}


def test_whole_entry_is_read(tmp_path: Path) -> None:
    catalogue = read_catalogue(written(tmp_path, ENTRY))

    assert catalogue.entry("spans_in_range").owner == "data steward"
    assert [entry.id for entry in catalogue.of_door("core")] == ["spans_in_range"]
    assert catalogue.of_door("staging") == ()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("    owner: data steward\n", "", "checks.0.owner"),
        ("owner:", "owners:", "checks.0.owners"),
        ("door: core", "door: marts", "checks.0.door"),
        ("severity: block", "severity: stop", "checks.0.severity"),
        ("id: spans_in_range", "id: Spans", "checks.0.id"),
        ("The district corrects the enrollment.", "Mend it.", "checks.0.how_to_fix"),
        ("checks:", "checks: [", "not YAML"),
    ],
)
def test_faulty_entry_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        read_catalogue(written(tmp_path, ENTRY.replace(before, after)))


def test_id_that_stands_twice_is_refused() -> None:
    entry = read_catalogue().of_door("core")[0]

    with pytest.raises(ConfigurationError, match="twice"):
        Catalogue([entry, entry])
