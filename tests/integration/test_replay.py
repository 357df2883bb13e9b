"""A warehouse rebuilt from the landing zone alone: nobody is asked, everything is as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from ingestion.ingest import ingest
from ingestion.registry import sources
from ingestion.replay import ReplayResult, replay
from p20w import warehouse
from p20w.errors import ContractViolation, ReleaseError
from p20w.postgres import address, connect, credentials_file
from p20w.settings import Settings
from p20w.synthetic.render import bls_laus
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state
from p20w.synthetic.wire import WHOLE

pytestmark = pytest.mark.integration

SEED = 3
LOGIN = {"client_id": "synthetic", "client_secret": "synthetic-secret"}
STEMS = [one.name for one in sources()]
RELEASES = """
    select source_release.source, source_release.release, source_release.kind,
        source_release.origin, source_release.layout, source_release.is_synthetic,
        source_release.opened_at, source_release.completed_at, replaced.release,
        source_release.volume_allowed_reason, source_release.volume_allowed_by,
        landed_file.name, landed_file.sha256, landed_file.content_hash, landed_file.origin_url,
        landed_file.retrieved_at, landed_file.etag, landed_file.last_modified,
        load.row_counts, load.rejected_count, load.layout
    from ops.source_release
    inner join ops.landed_file using (source_release_id)
    inner join ops.load using (load_id)
    left join ops.source_release as replaced
        on source_release.supersedes = replaced.source_release_id
    where source_release.state = 'complete'
    order by 1, 2, landed_file.name
"""


@pytest.fixture
def another(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A second, empty warehouse that has the first one's landing zone."""
    name = f"{address(settings, 'owner').database}_again"
    where = address(settings, "owner", "postgres")
    home = tmp_path / "another"
    home.mkdir()
    shutil.copy2(credentials_file(settings.home), credentials_file(home))
    with psycopg.connect(where.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {} template p20w").format(sql.Identifier(name)))
    own = Settings(
        home=home,
        landing_url=settings.landing,
        database_url=address(settings, "owner", name).url(),
        role_prefix="p20w",
        _env_file=None,
    )
    warehouse.initialise(own, STEMS)
    yield own
    with psycopg.connect(where.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def told(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(statement).fetchall()


def row_counts(settings: Settings) -> dict[str, int]:
    with connect(settings, "owner") as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname like 'raw\\_%'"
        ).fetchall()
        counts = {}
        for schema, table in tables:
            counting = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
            (counts[f"{schema}.{table}"],) = connection.execute(counting).fetchone() or (0,)
    return {table: count for table, count in counts.items() if count}


def test_every_source_is_rebuilt_from_the_landing_zone_alone_and_twice_is_once(
    settings: Settings, another: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SyntheticServer(build_state(300, SEED)) as server:
        for stem in STEMS:
            monkeypatch.setenv(f"P20W_{stem.upper()}_URL", server.source_url(stem))
            ingest(stem, settings=settings, credentials=LOGIN)
        # Of this release one file is new, and the other stays where the first release put it.
        server.serve_state(build_state(300, SEED + 1))
        ingest("bls_ces", settings=settings)
    revised = tmp_path / "laucnty24.xlsx"
    revised.write_bytes(bls_laus.workbook(SEED, 2024, WHOLE, benchmark=1))
    allowed = "the benchmark of a small state"
    ingest(
        "bls_laus",
        settings=settings,
        release="laucnty24",
        from_path=revised,
        allow_volume_reason=allowed,
    )

    done = {stem: replay(stem, settings=another) for stem in STEMS}
    counts = row_counts(another)
    again = {stem: replay(stem, settings=another) for stem in STEMS}

    releases = told(settings, RELEASES)
    assert {row[0] for row in releases} == set(STEMS)
    assert {row[1] for row in releases} >= {"labstat.2", "laucnty24.2"}
    assert [row[9] for row in releases if row[1] == "laucnty24.2"] == [allowed]
    assert told(another, RELEASES) == releases
    assert counts == row_counts(settings) == row_counts(another)
    for stem in STEMS:
        names = {row[1] for row in releases if row[0] == stem}
        assert set(done[stem].releases) == names
        assert again[stem] == ReplayResult(stem, (), len(names), 0)


@pytest.fixture
def workbooks(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The landed county workbooks of the labor force, oldest year first."""
    with SyntheticServer(build_state(300, SEED)) as server:
        monkeypatch.setenv("P20W_BLS_LAUS_URL", server.source_url("bls_laus"))
        ingest("bls_laus", settings=settings)
    return sorted((settings.home / "landing" / "bls_laus").glob("laucnty*/*.xlsx"))


def test_a_file_with_other_bytes_is_refused_by_its_hash_and_the_others_are_loaded(
    workbooks: list[Path], another: Settings
) -> None:
    content = workbooks[0].read_bytes()
    workbooks[0].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(
        ContractViolation, match=r"laucnty21\.xlsx has other bytes than were landed"
    ):
        replay("bls_laus", settings=another)

    states = dict(told(another, "select release, state from ops.source_release"))
    assert states.pop("laucnty21") == "refused"
    assert set(states.values()) == {"complete"}
    workbooks[0].write_bytes(content)
    assert replay("bls_laus", settings=another).releases == ("laucnty21",)


@pytest.mark.usefixtures("workbooks")
def test_a_warehouse_with_another_history_is_not_replayed_into(
    another: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "laucnty24.xlsx"
    other.write_bytes(bls_laus.workbook(SEED, 2024, WHOLE, benchmark=1))
    ingest(
        "bls_laus",
        settings=another,
        release="laucnty24",
        from_path=other,
        allow_volume_reason="counties of one state",
    )

    with pytest.raises(ReleaseError, match="another release laucnty24 of bls_laus"):
        replay("bls_laus", settings=another)
