"""Killed while a release is protected, published, rolled back, trimmed or exported."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from p20w.errors import ReleaseError
from p20w.exports import export, export_current
from p20w.postgres import connect, dsn
from p20w.release import current_release, protect, publish, rollback, trim
from p20w.release.pointer import move_pointer
from p20w.settings import Settings
from tests.integration.survival import (
    RUN,
    Survival,
    backends,
    child,
    contents,
    held,
    is_held_up,
    one,
    until,
)
from tests.integration.test_release_pointer import run_with_release

pytestmark = pytest.mark.integration

HALF_ATTACHED = "lock table published_true.mart_probe in share update exclusive mode"
BEFORE_THE_MOVE = "select release_id from published.current_release for update"
STATE = "select state from ops.release where run_id = %s"
LOCKED = "select pg_advisory_xact_lock(hashtext('p20w.release'))"
IN_LINE = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


def seen(settings: Settings) -> tuple[set[int], set[int]]:
    """The figures of `marts` and of `accountability`: of one release each, if it is whole."""
    with connect(settings, "bi_reader") as connection:
        public = connection.execute("select figure from marts.mart_probe").fetchall()
    with connect(settings, "accountability_reader") as connection:
        true = connection.execute("select figure from accountability.mart_probe").fetchall()
    return {row[0] for row in public}, {row[0] for row in true}


@pytest.mark.parametrize("moment", [HALF_ATTACHED, BEFORE_THE_MOVE])
def test_a_killed_publication_leaves_readers_the_release_before(
    settings: Settings, moment: str
) -> None:
    publish(settings, run_with_release(settings, 1))
    run_id = run_with_release(settings, 2)

    with held(settings, moment), child(settings, "p20w.release:publish", run_id=run_id) as killed:
        until(lambda: is_held_up(settings), killed)
        assert seen(settings) == ({1}, {1})
        killed.kill()
        assert seen(settings) == ({1}, {1})
        until(lambda: backends(settings) == [])

    assert seen(settings) == ({1}, {1})
    assert one(settings, STATE, run_id) == "audited"
    publish(settings, run_id)
    assert seen(settings) == ({2}, {2})
    assert one(settings, STATE, run_id) == "published"


def test_a_killed_rollback_leaves_the_release_and_sets_no_hold(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 1))
    wrong = run_with_release(settings, 2)
    publish(settings, wrong)

    with (
        held(settings, BEFORE_THE_MOVE),
        child(settings, "p20w.release:rollback", reason="2 is wrong") as killed,
    ):
        until(lambda: is_held_up(settings), killed)
        killed.kill()
        until(lambda: backends(settings) == [])

    assert seen(settings) == ({2}, {2})
    assert one(settings, STATE, wrong) == "published"
    assert one(settings, "select count(*) from ops.publication_hold") == 0
    rollback(settings, "2 is wrong")
    assert seen(settings) == ({1}, {1})
    assert one(settings, STATE, wrong) == "withdrawn"


def publish_elsewhere(connection: psycopg.Connection, release_id: int) -> None:
    """What the end of another publication does, in the transaction that holds its lock."""
    connection.execute(
        "update ops.release set state = 'published', published_at = now() where release_id = %s",
        [release_id],
    )
    move_pointer(connection, release_id)
    connection.commit()


def test_a_publication_overtaken_between_its_two_steps_leaves_the_newer_release(
    settings: Settings,
) -> None:
    publish(settings, run_with_release(settings, 1))
    slow, newer = run_with_release(settings, 2), run_with_release(settings, 3)

    with (
        held(settings, HALF_ATTACHED) as first_step,
        child(settings, "p20w.release:publish", run_id=slow) as overtaken,
        held(settings, "select 1") as other,
        ThreadPoolExecutor(1) as pool,
    ):
        other.commit()
        until(lambda: is_held_up(settings), overtaken)
        in_line = pool.submit(other.execute, LOCKED)
        until(lambda: one(settings, IN_LINE) == 1, overtaken)
        first_step.rollback()
        in_line.result()
        until(lambda: one(settings, IN_LINE) == 1, overtaken)
        publish_elsewhere(other, newer)
        assert overtaken.wait() == 1

    assert f"Run {newer} has published since" in overtaken.told
    assert one(settings, "select release_id from published.current_release") == newer
    assert one(settings, STATE, slow) == "audited"


def test_a_rollback_takes_back_what_is_current_when_its_turn_comes(settings: Settings) -> None:
    for figure in (1, 2):
        publish(settings, run_with_release(settings, figure))
    newest = run_with_release(settings, 3)

    with (
        held(settings, LOCKED) as other,
        child(settings, "p20w.release:rollback", reason="3 is wrong") as waiting,
    ):
        until(lambda: one(settings, IN_LINE) == 1, waiting)
        publish_elsewhere(other, newest)
        assert waiting.wait() == 0, waiting.told

    assert seen(settings) == ({2}, {2})
    assert one(settings, STATE, newest) == "withdrawn"


def trim_again(settings: Settings) -> None:
    assert trim(settings, keep=2) == 2  # the one half detached, and its true figures


def roll_far_back(settings: Settings) -> None:
    rollback(settings, "far back", to_release_id=1)


@pytest.mark.parametrize(("mend", "figure"), [(trim_again, 3), (roll_far_back, 1)])
def test_a_release_half_detached_by_a_killed_upkeep_is_detached_or_comes_back_whole(
    settings: Settings, mend: Callable[[Settings], None], figure: int
) -> None:
    for published in (1, 2, 3):
        publish(settings, run_with_release(settings, published))
    pending = "select count(*) from pg_inherits where inhdetachpending"

    with (
        psycopg.connect(dsn(settings, "bi_reader"), application_name="test") as reader,
        child(settings, "p20w.release:trim", keep=2) as killed,
    ):
        reader.execute("select figure from marts.mart_probe")
        until(lambda: is_held_up(settings), killed)
        killed.kill()
        until(lambda: backends(settings) == [])

    assert one(settings, pending) == 1
    assert seen(settings) == ({3}, {3})
    mend(settings)
    assert seen(settings) == ({figure}, {figure})
    assert one(settings, pending) == 0


def checked(folder: Path) -> int:
    """How many files of an export its own list of checksums describes, all of them rightly."""
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    for digest, name in (line.split() for line in lines):
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert len(lines) == len(list(folder.iterdir())) - 1
    return len(lines)


def test_a_killed_export_leaves_the_files_of_the_release_before(settings: Settings) -> None:
    first, second = run_with_release(settings, 1), run_with_release(settings, 2)
    publish(settings, first)
    export(settings, first)
    publish(settings, second)
    public = settings.home / "exports" / "public"

    with (
        held(settings, "lock table release_2.mart_probe in access exclusive mode"),
        child(settings, "p20w.exports:export", run_id=second) as killed,
    ):
        until(lambda: is_held_up(settings), killed)
        killed.kill()
        until(lambda: backends(settings) == [])

    assert (public / "current").resolve().name == "release_1"
    assert checked(public / "current") == 3
    export(settings, second)
    assert (public / "current").resolve().name == "release_2"
    assert checked(public / "current") == 3
    assert sorted(path.name for path in public.iterdir()) == ["current", "release_1", "release_2"]


def exported(settings: Settings) -> dict[str, list[str]]:
    """What lies in the folders of exports."""
    return {
        folder.name: sorted(path.name for path in folder.iterdir())
        for folder in (settings.home / "exports").iterdir()
    }


def publish_and_roll_back(settings: Settings) -> None:
    """Two releases with their files, the second taken back."""
    for figure in (1, 2):
        run_id = run_with_release(settings, figure)
        publish(settings, run_id)
        export(settings, run_id)
    rollback(settings, "2 is wrong")


def test_files_of_a_release_that_was_rolled_back_are_taken_away(settings: Settings) -> None:
    publish_and_roll_back(settings)

    export_current(settings)

    assert exported(settings) == {
        "public": ["current", "release_1"],
        "restricted": ["current", "release_1_true"],
    }
    for folder in (settings.home / "exports").iterdir():
        assert checked(folder / "current") == 3


def test_killed_after_a_rollback_an_export_leaves_nothing_withdrawn_and_is_made_again(
    settings: Settings,
) -> None:
    publish_and_roll_back(settings)
    shutil.rmtree(settings.home / "exports" / "public" / "release_1")

    with (
        held(settings, "lock table release_1.mart_probe in access exclusive mode"),
        child(settings, "p20w.exports:export_current") as killed,
    ):
        until(lambda: is_held_up(settings), killed)
        killed.kill()
        until(lambda: backends(settings) == [])

    assert exported(settings) == {
        "public": ["release_1.unfinished"],
        "restricted": ["current", "release_1_true"],
    }
    export_current(settings)
    assert exported(settings) == {
        "public": ["current", "release_1"],
        "restricted": ["current", "release_1_true"],
    }


def test_exporting_again_never_takes_whole_files_away_and_mends_damaged_ones(
    settings: Settings,
) -> None:
    run_id = run_with_release(settings, 1)
    publish(settings, run_id)
    folder = export(settings, run_id).public
    before = folder.stat().st_ino

    export(settings, run_id)
    assert folder.stat().st_ino == before

    (folder / "mart_probe.csv").write_text("damaged")
    export(settings, run_id)
    assert checked(folder) == 3


def test_killed_under_protect_a_release_is_made_again_as_if_nothing_had_happened(
    undisturbed: Survival,
) -> None:
    settings = undisturbed.go_back("counted")
    where = dsn(settings, "owner")
    late = "lock table candidate.release_info in access exclusive mode"
    made = "select count(*) from pg_namespace where nspname ~ '^release_'"

    with held(settings, late), child(settings, "p20w.release:protect", run_id=RUN) as killed:
        until(lambda: is_held_up(settings), killed)
        killed.kill()
        until(lambda: backends(settings) == [])
        assert one(settings, made) == 0
        assert one(settings, STATE, RUN) == "building"
        with child(settings, "p20w.release:protect", run_id=RUN) as cut_off:
            until(lambda: is_held_up(settings), cut_off)
            undisturbed.server.kill()
            assert cut_off.wait() == 1
            assert "DatabaseBusy" in cut_off.told
    undisturbed.start_server()
    assert dsn(settings, "owner") == where

    assert one(settings, made) == 0
    protect(settings, RUN)

    for schema in ("release_1", "release_1_true"):
        assert contents(settings, schema) == undisturbed.contents[schema]
    assert backends(settings) == []


def test_an_audited_release_that_is_protected_again_counts_no_more_as_audited(
    undisturbed: Survival,
) -> None:
    settings = undisturbed.go_back("audited")
    late = "lock table candidate.release_info in access exclusive mode"

    with held(settings, late), child(settings, "p20w.release:protect", run_id=RUN) as killed:
        until(lambda: is_held_up(settings), killed)
        killed.kill()
        until(lambda: backends(settings) == [])

    with pytest.raises(ReleaseError, match="must be audited"):
        publish(settings, RUN)
    assert current_release(settings) is None
