"""The checkout that the project runs from: git -> the commit that a run and a release name."""

from __future__ import annotations

import subprocess

from p20w.settings import CHECKOUT


def code_commit() -> str:
    """The checkout's commit, with `+` when files differ from it; `unknown` outside git."""
    command = ["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty=+", "--abbrev=40"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "unknown"
    return done.stdout.strip() or "unknown"
