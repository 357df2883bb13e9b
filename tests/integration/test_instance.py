"""One instance under its home: stopped from whatever state it is in."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from p20w import instance
from p20w.settings import Settings

pytestmark = pytest.mark.integration


def test_a_start_that_went_wrong_half_way_is_stopped(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home", synthetic_students=300, _env_file=None)
    settings.home.mkdir()
    (settings.home / "credentials.json").touch(mode=0o600)
    (settings.home / "credentials.json").write_text(json.dumps({"postgres": "never used"}))
    wisconsin = instance.SyntheticWisconsin(settings)
    wisconsin.start(["ipeds"])
    (server,) = [
        child for child in psutil.Process().children() if "p20w.synthetic.server" in child.cmdline()
    ]

    instance.down(settings)

    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    assert wisconsin.stop() is False
    instance.down(settings)


def test_what_was_never_started_is_stopped_without_a_word(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "nowhere", _env_file=None)

    instance.down(settings)

    assert not settings.home.exists()
    assert instance.status(settings)["warehouse"] == {"running": False}
