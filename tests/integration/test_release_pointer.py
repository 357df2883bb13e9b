"""The pointer: one whole release for every statement, hold, rollback, changed columns, scopes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from p20w import ledger
from p20w.errors import PublicationHeld, ReleaseError
from p20w.postgres import begin, connect, dsn, login_role
from p20w.release import current_release, protect, publish, resume, rollback, trim
from p20w.release.pointer import move_pointer
from p20w.settings import Settings

pytestmark = pytest.mark.integration


def run_with_release(settings: Settings, figure: int, columns: str = "") -> int:
    """A run whose audited release has one mart with one figure; returns the run's id."""
    at = datetime.now(UTC)
    with begin(settings, "transformer") as connection:
        run_id = connection.scalar(
            sa.insert(ledger.run)
            .values(
                kind="nightly",
                state="running",
                started_at=at,
                code_commit="test",
                as_of_date=at.date(),
            )
            .returning(ledger.run.c.run_id)
        )
    assert run_id is not None
    with begin(settings, "publisher") as connection:
        release_id = connection.scalar(
            sa.insert(ledger.release)
            .values(
                run_id=run_id,
                state="audited",
                created_at=at,
                audited_at=at,
                code_commit="test",
                publication_date=True,
                synthetic=True,
            )
            .returning(ledger.release.c.release_id)
        )
    with begin(settings, "checker") as connection:
        connection.execute(
            sa.insert(ledger.check_result).values(
                run_id=run_id,
                door="release",
                check_id="probe",
                severity="block",
                success=True,
                checked_at=at,
            )
        )
    with connect(settings, "publisher") as connection:
        for schema in (f"release_{release_id}", f"release_{release_id}_true"):
            connection.execute(f"create schema {schema}")
            connection.execute(
                f"create table {schema}.mart_probe (release_id bigint not null"
                f" check (release_id = {release_id}), organization_code text,"
                f" parent_organization_code text, figure integer{columns})"
            )
            connection.execute(
                f"insert into {schema}.mart_probe (release_id, organization_code,"
                f" parent_organization_code, figure) values ({release_id}, '0001', '00', {figure}),"
                f" ({release_id}, '0002', '00', {figure})"
            )
    return int(run_id)


def figures(settings: Settings) -> set[int]:
    with connect(settings, "bi_reader") as connection:
        rows = connection.execute("select figure from marts.mart_probe").fetchall()
    return {row[0] for row in rows}


def test_readers_see_the_release_that_was_published(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 42))

    assert figures(settings) == {42}
    now = current_release(settings)
    assert now is not None
    assert now.release_id == 1


def test_publishing_twice_equals_publishing_once(settings: Settings) -> None:
    run_id = run_with_release(settings, 42)

    assert publish(settings, run_id) == publish(settings, run_id)

    assert figures(settings) == {42}


def test_a_release_whose_door_was_not_opened_is_not_published(settings: Settings) -> None:
    run_id = run_with_release(settings, 42)
    with begin(settings, "checker") as connection:
        connection.execute(
            sa.insert(ledger.check_result).values(
                run_id=run_id,
                door="release",
                check_id="later",
                severity="block",
                success=False,
                checked_at=datetime.now(UTC),
            )
        )

    with pytest.raises(ReleaseError, match="1 blocking"):
        publish(settings, run_id)

    assert current_release(settings) is None


def test_results_of_a_door_before_the_last_audit_do_not_open_it(settings: Settings) -> None:
    run_id = run_with_release(settings, 42)
    with begin(settings, "publisher") as connection:
        connection.execute(sa.update(ledger.release).values(audited_at=datetime.now(UTC)))

    with pytest.raises(ReleaseError, match="0 results since it was last built"):
        publish(settings, run_id)
    assert current_release(settings) is None

    with begin(settings, "checker") as connection:
        connection.execute(sa.update(ledger.check_result).values(checked_at=datetime.now(UTC)))
    publish(settings, run_id)
    assert figures(settings) == {42}


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_a_release_that_was_public_is_never_made_again(settings: Settings, state: str) -> None:
    publish(settings, run_with_release(settings, 41))
    run_id = run_with_release(settings, 42)
    publish(settings, run_id)
    if state == "withdrawn":
        rollback(settings, "42 tells of one student")
        resume(settings)
    ledger.record_layer(settings, "transformer", run_id, "marts", "complete")

    with pytest.raises(ReleaseError, match=f"was public and is {state}"):
        protect(settings, run_id)

    with connect(settings, "publisher") as connection:
        kept = connection.execute(
            "select distinct figure, state from release_2.mart_probe"
            " inner join ops.release using (release_id)"
        ).fetchall()
    assert kept == [(42, state)]


def test_cells_carried_over_from_a_release_that_was_rolled_back_are_not_published(
    settings: Settings,
) -> None:
    publish(settings, run_with_release(settings, 1))
    publish(settings, run_with_release(settings, 2))
    run_id = run_with_release(settings, 2)
    with begin(settings, "publisher") as connection:
        carried = sa.update(ledger.release).where(ledger.release.c.run_id == run_id)
        connection.execute(carried.values(publication_date=False, carried_over_from=2))
    rollback(settings, "figure 2 is wrong")
    resume(settings)

    with pytest.raises(ReleaseError, match="carries over the student cells of release 2"):
        publish(settings, run_id)

    assert figures(settings) == {1}


def test_the_same_rollback_asked_for_twice_goes_back_once(settings: Settings) -> None:
    for figure in (1, 2, 3):
        publish(settings, run_with_release(settings, figure))

    assert rollback(settings, "figure 3 is wrong") == 2
    assert rollback(settings, "figure 3 is wrong") == 2
    assert figures(settings) == {2}

    assert rollback(settings, "figure 2 is wrong too") == 1
    assert figures(settings) == {1}


def test_upkeep_of_a_home_that_has_published_nothing_does_nothing(settings: Settings) -> None:
    assert trim(settings) == 0


def test_a_rollback_shows_the_release_before_and_holds_publication(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 1))
    publish(settings, run_with_release(settings, 2))

    rollback(settings, "figure 2 is wrong")

    assert figures(settings) == {1}
    run_id = run_with_release(settings, 3)
    with pytest.raises(PublicationHeld, match="held since"):
        publish(settings, run_id)
    assert figures(settings) == {1}

    assert resume(settings) == 1
    publish(settings, run_id)
    assert figures(settings) == {3}


def test_a_rollback_needs_a_reason_and_somewhere_to_go(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 1))

    with pytest.raises(ReleaseError, match="reason"):
        rollback(settings, "  ")
    with pytest.raises(ReleaseError, match="No published release"):
        rollback(settings, "no other one")

    assert figures(settings) == {1}


def test_a_night_that_was_overtaken_publishes_nothing(settings: Settings) -> None:
    slow = run_with_release(settings, 1)
    publish(settings, run_with_release(settings, 2))

    with pytest.raises(ReleaseError, match="too late"):
        publish(settings, slow)

    assert figures(settings) == {2}


def test_an_added_column_is_published_and_survives_a_rollback_over_it(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 1))
    publish(settings, run_with_release(settings, 2, ", note text default 'new'"))

    with connect(settings, "bi_reader") as connection:
        assert set(connection.execute("select figure, note from marts.mart_probe").fetchall()) == {
            (2, "new")
        }
    rollback(settings, "over the added column")
    with connect(settings, "bi_reader") as connection:
        assert set(connection.execute("select figure, note from marts.mart_probe").fetchall()) == {
            (1, None)
        }


def test_a_removed_column_is_refused_and_the_old_release_stays(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 1, ", note text"))

    with pytest.raises(ReleaseError, match="removed, re-typed or re-ordered"):
        publish(settings, run_with_release(settings, 2))

    assert figures(settings) == {1}


def test_old_releases_are_detached_and_come_back_for_a_rollback(settings: Settings) -> None:
    for figure in range(1, 6):
        publish(settings, run_with_release(settings, figure))

    assert trim(settings, keep=3) == 4  # two old releases, public and true
    assert trim(settings, keep=3) == 0
    assert figures(settings) == {5}

    rollback(settings, "far back", to_release_id=1)
    assert figures(settings) == {1}


def test_who_goes_back_over_several_releases_withdraws_them_all(settings: Settings) -> None:
    for figure in range(1, 5):
        publish(settings, run_with_release(settings, figure))

    rollback(settings, "wrong since 3", to_release_id=2)

    with connect(settings, "owner") as connection:
        states = connection.execute("select release_id, state from ops.release").fetchall()
    assert dict(states) == {1: "published", 2: "published", 3: "withdrawn", 4: "withdrawn"}
    with pytest.raises(ReleaseError, match="No published release 3"):
        rollback(settings, "on again", to_release_id=3)


def read_statements(settings: Settings, done: threading.Event, seen: list[set[int]]) -> None:
    """Statements one by one; each names the releases that its rows came from."""
    with psycopg.connect(dsn(settings, "bi_reader"), autocommit=True) as connection:
        while not done.is_set():
            rows = connection.execute(
                "select one.figure, other.figure from marts.mart_probe as one"
                " inner join marts.mart_probe as other using (organization_code)"
            ).fetchall()
            assert len(rows) == 2
            seen.append({figure for row in rows for figure in row})


def read_transactions(settings: Settings, done: threading.Event, seen: list[set[int]]) -> None:
    """Transactions of two statements, as a report of two pages would be."""
    with psycopg.connect(dsn(settings, "bi_reader")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        while not done.is_set():
            with connection.transaction():
                pages = [
                    connection.execute("select figure from marts.mart_probe").fetchall()
                    for _ in range(2)
                ]
            assert [len(page) for page in pages] == [2, 2]
            seen.append({row[0] for page in pages for row in page})


def test_readers_under_a_moving_pointer_see_one_whole_release_each(settings: Settings) -> None:
    for figure in (1, 2, 3):
        publish(settings, run_with_release(settings, figure))
    done = threading.Event()
    seen: list[set[int]] = []

    with ThreadPoolExecutor(20) as pool:
        readers = [
            pool.submit(read, settings, done, seen)
            for read in (read_statements, read_transactions)
            for _ in range(10)
        ]
        with connect(settings, "publisher", autocommit=True) as connection:
            for move in range(100):
                before = len(seen)
                move_pointer(connection, 1 + move % 3)
                while len(seen) == before and not any(reader.done() for reader in readers):
                    done.wait(0.001)
        done.set()

    assert [reader.exception() for reader in readers] == [None] * 20
    assert len(seen) >= 100
    assert all(len(figures) == 1 for figures in seen)
    assert {1, 2, 3} == {figure for one in seen for figure in one}


def test_a_reader_of_accountability_sees_only_its_organisations(settings: Settings) -> None:
    publish(settings, run_with_release(settings, 9))
    reader = login_role(settings, "accountability_reader")

    def sees() -> set[str]:
        with connect(settings, "accountability_reader") as connection:
            rows = connection.execute(
                "select organization_code from accountability.mart_probe"
            ).fetchall()
        return {row[0] for row in rows}

    def scope(code: str) -> None:
        with begin(settings, "owner") as connection:
            connection.execute(sa.delete(ledger.reader_scope))
            connection.execute(
                sa.insert(ledger.reader_scope).values(role_name=reader, organization_code=code)
            )

    assert sees() == {"0001", "0002"}  # init gives the state's own login every organisation
    scope("0001")
    assert sees() == {"0001"}
    scope("00")
    assert sees() == {"0001", "0002"}
    scope("9999")
    assert sees() == set()
