"""How the command line ends: exit codes and what an error tells."""

from __future__ import annotations

import sys

import pytest
from typer.testing import CliRunner

from p20w import cli, instance
from p20w.errors import GateBlocked, PublicationHeld, ReleaseError


def run(monkeypatch: pytest.MonkeyPatch, error: Exception) -> int:
    """The exit code of a command whose work ends in the error."""

    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr(sys, "argv", ["p20w", "down"])
    monkeypatch.setattr(instance, "down", fail)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(str(ended.value.code))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ReleaseError("no such release"), 1),
        (GateBlocked("door shut"), 3),
        (PublicationHeld("held since noon"), 3),
    ],
)
def test_an_error_of_ours_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    code: int,
) -> None:
    assert run(monkeypatch, error) == code

    told = capsys.readouterr().err
    assert f"{type(error).__name__}: {error}" in told
    assert "Traceback" not in told


def test_the_text_of_an_unforeseen_error_is_never_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, ValueError("Marked Person 1999-09-09")) == 1

    told = "".join(capsys.readouterr())
    assert "Unforeseen ValueError at" in told
    assert "test_cli.py" in "".join(told.split())
    assert "Marked" not in told


def test_help_names_every_verb(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["p20w", "--help"])
    with pytest.raises(SystemExit) as ended:
        cli.main()

    told = capsys.readouterr().out
    assert ended.value.code == 0
    for verb in ("init", "demo", "ingest", "build", "protect", "rollback", "bench", "destroy"):
        assert f"\n  {verb} " in told


def test_a_day_of_publication_is_for_files_taken_by_hand() -> None:
    result = CliRunner().invoke(
        cli.app, ["ingest", "bls_laus", "--published-on", "2026-01-28"], env={"COLUMNS": "200"}
    )

    assert result.exit_code == 2
    assert "--published-on needs --from" in result.output
