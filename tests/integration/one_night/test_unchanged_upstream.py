"""Ingesting again while upstream has not changed: what is asked, and that nothing is added."""

from __future__ import annotations

from collections import Counter

import pytest

from ingestion.ingest import ingest
from ingestion.registry import sources
from p20w.postgres import connect
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration
PULLED = ("bls_api", "edfi", "projections")
"""Sources that answer pages or links; what they are asked is tested on their own."""


@pytest.fixture(autouse=True)
def _own_upstream(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other nights of the session have servers of their own, in the same variables."""
    for source in sources():
        monkeypatch.setenv(f"P20W_{source.name.upper()}_URL", night.server.source_url(source.name))


def ledger_counts(night: Night) -> tuple[int, ...]:
    with connect(night.settings, "owner") as connection:
        row = connection.execute(
            "select (select count(*) from ops.load), (select count(*) from ops.landed_file),"
            " (select count(*) from ops.source_release), (select count(*) from ops.rejected_row)"
        ).fetchone()
    assert row is not None
    return tuple(row)


def test_each_file_is_asked_for_once_and_nothing_is_added(night: Night) -> None:
    before = ledger_counts(night)
    with connect(night.settings, "owner") as connection:
        files = {
            address.rpartition("/")[2]
            for (address,) in connection.execute(
                "select landed_file.origin_url from ops.landed_file inner join ops.source_release"
                " using (source_release_id) where source <> all(%s)",
                [list(PULLED)],
            )
        }
    night.server.requests.clear()

    states = {
        source.name: ingest(source.name, settings=night.settings).state for source in sources()
    }

    asked = [
        (method, path.rpartition("/")[2], status)
        for method, path, status in night.server.requests
        if not path.startswith(tuple(f"/{source}/" for source in PULLED))
    ]
    of_files = Counter(one for one in asked if one[0] == "GET" and one[1] in files)
    assert set(states.values()) == {"unchanged"}
    assert of_files == {("GET", name, 304): 1 for name in files}
    # Everything else asks whether a file of a year to come is there by now, or lists the returns.
    others = {
        (method, status)
        for method, name, status in asked
        if name and (method != "GET" or name not in files)
    }
    assert others == {("HEAD", 404)}
    assert ledger_counts(night) == before


def test_the_ed_fi_host_is_pulled_whole_again(night: Night) -> None:
    night.server.requests.clear()

    assert ingest("edfi", settings=night.settings).state == "unchanged"

    pages = [path for _, path, _ in night.server.requests if "/data/v3/" in path]
    assert len(pages) > 20


def test_the_labor_api_is_asked_in_one_bounded_pull(night: Night) -> None:
    night.server.requests.clear()

    assert ingest("bls_api", settings=night.settings).state == "unchanged"

    # Ten series fit a query; without a key the years since 2010 need a query for each ten.
    assert night.server.requests == [("POST", "/bls_api/timeseries/data/", 200)] * 2
