"""`p20w publish`, `rollback` and `export` on a running warehouse: exit codes, files, words."""

from __future__ import annotations

import sys

import pytest

from p20w import cli
from p20w.exports import export
from p20w.release import publish
from p20w.settings import Settings
from tests.integration.test_release_pointer import run_with_release

pytestmark = pytest.mark.integration


@pytest.fixture
def released(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two published releases with their files, in the warehouse that the commands find."""
    monkeypatch.setenv("P20W_HOME", str(settings.home))
    monkeypatch.setenv("P20W_DATABASE_URL", str(settings.database_url))
    monkeypatch.setenv("P20W_ROLE_PREFIX", str(settings.role_prefix))
    for figure in (1, 2):
        run_id = run_with_release(settings, figure)
        publish(settings, run_id)
        export(settings, run_id)
    return settings


def ends(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of a command."""
    monkeypatch.setattr(sys, "argv", ["p20w", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code or 0))


def test_a_rollback_takes_the_files_back_too_and_a_held_publication_exits_with_three(
    released: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    public = released.home / "exports" / "public"
    later = run_with_release(released, 3)

    assert ends(monkeypatch, "rollback", "--reason", "2 is wrong") == 0

    assert "release 1 is what readers see now" in capsys.readouterr().out
    assert sorted(path.name for path in public.iterdir()) == ["current", "release_1"]
    assert (public / "current").resolve().name == "release_1"
    assert ends(monkeypatch, "publish", "--run", str(later)) == 3
    assert "PublicationHeld" in capsys.readouterr().err


def test_export_without_a_run_writes_the_release_that_readers_see(
    released: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_with_release(released, 3)  # the newest run has published nothing

    assert ends(monkeypatch, "export") == 0

    current = released.home / "exports" / "public" / "current"
    assert current.resolve().name == "release_2"
