"""A load killed in mid-file, and a publisher that fails: the release before stays in use."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import pytest

from ingestion.http import HttpClient, Patience
from ingestion.ingest import IngestResult, ingest
from ingestion.raw_tables import ensure_tables
from ingestion.registry import source
from p20w import ledger
from p20w.errors import ContractViolation, P20WError, SourceUnavailable, Terminal
from p20w.postgres import connect, dsn
from p20w.settings import Settings
from p20w.synthetic.faults import Fault
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state
from tests.integration.survival import backends, child, held, is_held_up, one, until

pytestmark = pytest.mark.integration

INGEST = "ingestion.ingest:ingest"
AWARDS = 40_000
WAIT_IN_MID_FILE = """
create function raw_ipeds.wait() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
create trigger wait before insert on raw_ipeds.completions
    for each row when (new.row_number = 25000) execute function raw_ipeds.wait();
"""
GO_ON = "drop function raw_ipeds.wait() cascade"
COPIED = "select coalesce(max(tuples_processed), 0) from pg_stat_progress_copy"
INPUTS = (
    "select array_agg(used.source || ' ' || used.release || ' ' || used.state)"
    " from ops.run_input inner join ops.source_release as used using (source_release_id)"
    " where run_id = %s"
)


def awards() -> Iterator[tuple[str, str, int, int, int, int]]:
    """Institution, program, first or second major, awards, of them to men, to women."""
    for place in range(AWARDS):
        unitid, program = divmod(place, 90 * 9)
        cip = f"{10 + program // 9}.{1000 + program % 9}"
        yield f"{100_000 + unitid}", cip, 1, place % 50, place % 7, place % 43


def write_awards(path: Path) -> None:
    header = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT,CTOTALM,CTOTALW,IS_CIP_6DIGIT"
    lines = (
        f"{unitid},{cip},{major},5,{total},{men},{women},True"
        for unitid, cip, major, total, men, women in awards()
    )
    path.write_text("\n".join([header, *lines]) + "\n")


def change(settings: Settings, statements: LiteralString) -> None:
    with connect(settings, "owner") as connection:
        connection.execute(statements)


def content_of_table(settings: Settings) -> str:
    digest = hashlib.sha256()
    query = (
        "copy (select unitid, cip_code, major_number, award_count, award_men_count,"
        " award_women_count from raw_ipeds.completions order by row_number)"
        " to stdout with (format csv)"
    )
    with connect(settings, "owner") as connection, connection.cursor().copy(query) as rows:
        for block in rows:
            digest.update(block)
    return digest.hexdigest()


def content_of_awards() -> str:
    digest = hashlib.sha256()
    for row in awards():
        digest.update((",".join(str(cell) for cell in row) + "\n").encode())
    return digest.hexdigest()


def test_a_load_killed_in_mid_file_leaves_nothing_and_the_next_one_all(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "c2023_a_extract_large.csv"
    write_awards(path)
    ensure_tables(source("ipeds").contract, dsn(settings, "loader"))
    change(settings, WAIT_IN_MID_FILE)

    with (
        held(settings, "select pg_advisory_lock(7)") as lock,
        child(settings, INGEST, source="ipeds", from_path=path, release="C2023_A") as killed,
    ):
        until(lambda: is_held_up(settings), killed)
        assert one(settings, COPIED) == 24_999
        killed.kill()
        lock.close()
        until(lambda: backends(settings) == [])
    change(settings, GO_ON)

    for table in ("raw_ipeds.completions", "ops.load", "ops.rejected_row", "ops.run_input"):
        assert one(settings, f"select count(*) from {table}") == 0
    assert one(settings, "select state from ops.source_release") == "open"
    with pytest.raises(Terminal, match="No source release is complete"):
        ledger.start_run(settings)

    result = ingest("ipeds", settings=settings, from_path=path, release="C2023_A")

    assert (result.state, result.rows, result.rejected) == ("loaded", AWARDS, 0)
    assert content_of_table(settings) == content_of_awards()
    assert one(settings, "select state from ops.source_release") == "complete"
    assert one(settings, "select count(distinct load_id) from raw_ipeds.completions") == 1
    assert list((settings.home / "work").iterdir()) == []


def test_what_a_killed_ingest_left_on_disk_is_removed_by_the_next(
    settings: Settings, server: SyntheticServer
) -> None:
    left = [
        settings.home / "work" / "ingest-crosswalks" / "2020-0",
        settings.home / "landing" / "crosswalks" / "2020" / ".unfinished-abc",
    ]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_text("half a file")

    assert take(settings).state == "loaded"

    assert [path for path in left if path.exists()] == []
    assert server.requests


@pytest.fixture(scope="module")
def wisconsin() -> Iterator[SyntheticServer]:
    with SyntheticServer(build_state(60, 3)) as server:
        yield server


@pytest.fixture
def server(
    wisconsin: SyntheticServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyntheticServer]:
    monkeypatch.setenv("P20W_CROSSWALKS_URL", wisconsin.source_url("crosswalks"))
    yield wisconsin
    wisconsin.faults.clear()


def take(settings: Settings) -> IngestResult:
    http = HttpClient(patience=Patience(attempts=2, read_seconds=5), sleep=lambda _: None)
    return ingest("crosswalks", settings=settings, release="2020", http=http)


WRONG_COLUMN = Fault("CIP2020_SOC2018", "rename_column", column="SOC2018Code", renamed="SOC")
LONGER = Fault("CIP2020_SOC2018", "duplicate_rows")  # or the file we have is not sent again


@pytest.mark.parametrize(
    ("faults", "error", "told"),
    [
        ([WRONG_COLUMN], ContractViolation, "Missing: SOC2018Code"),
        ([Fault("CIP2020_SOC2018", "half_rows")], ContractViolation, "less than half of the"),
        ([LONGER, Fault("CIP2020_SOC2018", "truncate")], SourceUnavailable, "broke off|cut short"),
        ([Fault("CIP2020_SOC2018", "html")], SourceUnavailable, "web page"),
        ([Fault("CIP2020_SOC2018", "status")], SourceUnavailable, "answered 503"),
    ],
)
def test_after_a_failure_the_next_night_reads_the_release_before(
    settings: Settings,
    server: SyntheticServer,
    faults: list[Fault],
    error: type[P20WError],
    told: str,
) -> None:
    assert take(settings).state == "loaded"
    before = one(settings, "select count(*) from raw_crosswalks.cip_soc")
    for fault in faults:
        server.faults.add(fault)

    with pytest.raises(error, match=told):
        take(settings)

    assert one(settings, INPUTS, ledger.start_run(settings)) == ["crosswalks 2020 complete"]
    assert one(settings, "select count(*) from raw_crosswalks.cip_soc") == before
    refused = "select count(*) from ops.source_release where state = 'refused'"
    assert one(settings, refused) == (1 if error is ContractViolation else 0)
