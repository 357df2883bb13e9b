"""Rules of the house that are tests: import direction, stems, names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from p20w.cli import app
from p20w.settings import CHECKOUT, Settings

STAGING = CHECKOUT / "dbt_project" / "models" / "staging"
GUIDES = ["README.md", *sorted(f"docs/{path.name}" for path in (CHECKOUT / "docs").glob("*.md"))]


def stems(pattern: str, suffix: str) -> set[str]:
    return {
        path.name.removesuffix(suffix)
        for path in CHECKOUT.glob(pattern)
        if not path.name.startswith("__")
    }


def test_imports_go_one_way() -> None:
    script = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [script, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[-2000:]


def test_nothing_imports_dags() -> None:
    importing = [
        path.name
        for folder in ("p20w", "ingestion", "expectations")
        for path in (CHECKOUT / folder).rglob("*.py")
        if re.search(r"^\s*(from|import) dags\b", path.read_text(), re.MULTILINE)
    ]

    assert importing == []


def test_a_source_stands_in_its_four_places_under_one_stem() -> None:
    contracts = {path.parent.name for path in STAGING.glob("*/_*__sources.yml")}

    assert contracts
    assert stems("ingestion/sources/*.py", ".py") == contracts
    assert stems("p20w/synthetic/render/*.py", ".py") == contracts
    assert {path.name for path in STAGING.iterdir() if path.is_dir()} == contracts
    assert all((STAGING / stem / f"_{stem}__sources.yml").exists() for stem in contracts)


def test_there_are_no_rooms_for_odds_and_ends() -> None:
    odd = [
        path
        for folder in ("p20w", "ingestion", "expectations", "dags")
        for path in (CHECKOUT / folder).rglob("*")
        if path.stem in {"utils", "helpers", "common", "util", "misc"}
    ]

    assert odd == []


def test_modules_and_dag_files_stay_small() -> None:
    limits = {"p20w": 400, "ingestion": 400, "expectations": 400, "dags": 100}
    long = [
        f"{path.relative_to(CHECKOUT)}: {lines}"
        for folder, limit in limits.items()
        for path in (CHECKOUT / folder).rglob("*.py")
        if "migrations/versions" not in str(path)
        and (lines := len(path.read_text().splitlines())) > limit
    ]

    assert long == []


def commands() -> list[str]:
    return sorted(
        command.name or command.callback.__name__.replace("_", "-")  # type: ignore[union-attr]
        for command in app.registered_commands
    )


@pytest.mark.parametrize("command", commands())
def test_every_command_teaches_and_stands_in_the_readme(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])

    assert result.exit_code == 0
    assert len(result.output.split()) > 10
    assert f"`p20w {command}" in (CHECKOUT / "README.md").read_text()


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_that_calls_p20w_by_its_name_says_how_it_is_found(guide: str) -> None:
    """It is in `.venv/bin`, which no shell looks into by itself."""
    text = (CHECKOUT / guide).read_text()
    verbs = "|".join(command.split()[0] for command in commands())
    first = re.search(rf"(?<!/)\bp20w ({verbs})\b", text)
    told = text.find("source .venv/bin/activate")

    assert first is None or 0 <= told < first.start()


def test_every_setting_is_documented_and_stands_in_the_example() -> None:
    example = (CHECKOUT / ".env.example").read_text()

    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"P20W_{name.upper()}" in example
    named = set(re.findall(r"P20W_[A-Z_]+", example)) - {"P20W_BLS_OEWS_URL"}
    assert named <= {f"P20W_{name.upper()}" for name in Settings.model_fields}


def test_no_file_names_a_package_index() -> None:
    lock = (CHECKOUT / "requirements.lock").read_text()

    assert "://" not in lock
    assert "--hash=sha256:" in lock
