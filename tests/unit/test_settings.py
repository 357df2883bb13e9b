"""Settings from the environment and from the file `.env`, those of sources included."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from p20w.settings import CHECKOUT, Settings


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("P20W_")]:
        monkeypatch.delenv(name)
    path = tmp_path / ".env"
    path.write_text(
        "P20W_CONTACT=data@example.org\n"
        "P20W_EDFI_URL=https://edfi.example.org/api # the vendor's\n"
        "P20W_NSC_URL=\n"
        "WAREHOUSE_PASSWORD=of-compose\n"
    )
    return path


def test_the_address_of_a_source_may_stand_in_the_file(env_file: Path) -> None:
    settings = Settings(_env_file=env_file)

    assert settings.contact == "data@example.org"
    assert settings.source_url("edfi") == "https://edfi.example.org/api"
    assert settings.source_url("bls_oews") is None
    assert "of-compose" not in repr(settings)


def test_the_environment_wins_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(_env_file=env_file)
    monkeypatch.setenv("P20W_EDFI_URL", "http://127.0.0.1:1/edfi")

    assert settings.source_url("edfi") == "http://127.0.0.1:1/edfi"


def test_an_address_left_empty_is_none(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(_env_file=env_file)
    monkeypatch.setenv("P20W_IPEDS_URL", "")

    assert settings.source_url("nsc") is None
    assert settings.source_url("ipeds") is None


def test_without_a_file_only_the_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("P20W_NSC_URL", "http://127.0.0.1:1/nsc")
    monkeypatch.delenv("P20W_EDFI_URL", raising=False)
    settings = Settings(_env_file=None)

    assert settings.source_url("nsc") == "http://127.0.0.1:1/nsc"
    assert settings.source_url("edfi") is None


def test_the_file_is_the_checkouts_wherever_a_process_runs(env_file: Path, tmp_path: Path) -> None:
    """As a task of Airflow: another working directory, and another `.env` there."""
    checkout, elsewhere = tmp_path / "checkout", tmp_path / "elsewhere"
    (checkout / "p20w").mkdir(parents=True)
    elsewhere.mkdir()
    for name in ("__init__.py", "settings.py"):
        (checkout / "p20w" / name).write_text((CHECKOUT / "p20w" / name).read_text())
    env_file.rename(checkout / ".env")
    (elsewhere / ".env").write_text("P20W_EDFI_URL=https://other.example.org\n")

    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from p20w.settings import load_settings; print(load_settings().source_url('edfi'))",
        ],
        env={"PATH": os.defpath, "PYTHONPATH": str(checkout)},
        cwd=elsewhere,
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert told == "https://edfi.example.org/api\n"
