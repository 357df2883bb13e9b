"""Which editions of O*NET are offered, and what their files are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingestion.http import HttpClient, Patience
from ingestion.offers import Fetched, SourceClient
from ingestion.registry import source
from ingestion.sources import onet
from p20w.synthetic.faults import Fault
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def running() -> Iterator[SyntheticServer]:
    with SyntheticServer(build_state(300, 3)) as server:
        yield server


@pytest.fixture
def server(running: SyntheticServer) -> Iterator[SyntheticServer]:
    running.requests.clear()
    yield running
    running.faults.clear()


def client(server: SyntheticServer, today: date, *known: str) -> SourceClient:
    return SourceClient(
        http=HttpClient(patience=Patience(attempts=1, read_seconds=5), sleep=lambda _: None),
        base_url=server.source_url("onet"),
        contract=source("onet").contract,
        today=today,
        is_official=False,
        known_files=frozenset(known),
    )


def test_the_newest_edition_is_offered_and_its_files_tell_it(
    server: SyntheticServer, tmp_path: Path
) -> None:
    asking = client(server, date(2026, 11, 24))

    edition, clusters = onet.releases(asking)
    files = onet.files(edition, asking)
    got = files[1].fetch(tmp_path / "zones", None)

    assert (edition.name, clusters.name) == ("31.0", "career-clusters")
    assert [file.name for file in files] == [
        "db_31_0_occupation_data.csv",
        "db_31_0_job_zones.csv",
    ]
    assert isinstance(got, Fetched)
    assert got.path.read_text().startswith("O*NET-SOC Code,Title,Job Zone,")


def test_an_edition_that_was_taken_is_looked_for_no_more(server: SyntheticServer) -> None:
    asking = client(server, date(2026, 11, 24), "db_31_0_occupation_data.csv")

    assert onet.releases(asking)[0].name == "31.0"

    # Newer quarters are asked for, the one that is here is not.
    asked = [path for _, path, _ in server.requests if "occupation_data" in path]
    assert [path.split("db_")[1][:4] for path in asked] == ["31_3", "31_2", "31_1"]


def test_next_year_the_edition_is_still_found(server: SyntheticServer) -> None:
    assert onet.releases(client(server, date(2027, 6, 1)))[0].name == "31.0"


def test_without_a_list_of_clusters_the_edition_is_offered(
    server: SyntheticServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(Fault("All_Career_Clusters", "status", status=404))

    offers = onet.releases(client(server, date(2026, 11, 24)))

    assert [offer.name for offer in offers] == ["31.0"]
    assert "no list of career clusters" in caplog.text
