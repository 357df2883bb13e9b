"""The BLS public API into PostgreSQL: budget, refusals, keys, and what is kept of a pull."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from ingestion.api_calls import CallBook
from ingestion.api_queries import UNREGISTERED, Query
from ingestion.http import HttpClient, Patience
from ingestion.ingest import IngestResult, ingest
from p20w.errors import ConfigurationError, ContractViolation, QuotaExceeded, SourceUnavailable
from p20w.ledger import now
from p20w.postgres import connect
from p20w.settings import Settings
from p20w.synthetic.faults import Fault
from p20w.synthetic.labstat_api import REGISTRATION_KEY
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state

pytestmark = pytest.mark.integration
PATH = "/bls_api/"
Ingest = Callable[..., IngestResult]


@pytest.fixture(scope="module")
def running() -> Iterator[SyntheticServer]:
    with SyntheticServer(build_state(300, 3)) as server:
        yield server


@pytest.fixture
def server(running: SyntheticServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SyntheticServer]:
    monkeypatch.setenv("P20W_BLS_API_URL", running.source_url("bls_api"))
    running.requests.clear()
    yield running
    running.faults.clear()


@pytest.fixture
def take(settings: Settings) -> Ingest:
    def taken(**options: Any) -> IngestResult:
        http = HttpClient(patience=Patience(attempts=2, read_seconds=5), sleep=lambda _: None)
        return ingest("bls_api", settings=settings, http=http, **options)

    return taken


def rows(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(statement).fetchall()


def call_states(settings: Settings) -> list[str]:
    return [state for (state,) in rows(settings, "select state from ops.api_call order by 1")]


@pytest.mark.usefixtures("server")
def test_a_pull_keeps_figures_series_and_replies_and_counts_its_calls(
    take: Ingest, settings: Settings
) -> None:
    result = take()

    assert (result.state, result.files, result.rejected) == ("loaded", 1, 0)
    assert rows(settings, "select series_state, count(*) from raw_bls_api.series group by 1") == [
        ("answered", 10)
    ]
    months = rows(
        settings,
        "select count(*), count(distinct series_id),"
        " count(*) filter (where series_value_status = 'not_collected')"
        " from raw_bls_api.observations",
    )
    # Sixty months of each of ten series; October 2025 is a dash in all of them.
    assert months == [(600, 10, 10)]
    assert call_states(settings) == ["answered", "answered"]
    assert rows(
        settings,
        "select footnote_texts from raw_bls_api.observations"
        " where calendar_year = 2025 and period_code = 'M10' group by 1",
    ) == [("Data unavailable due to the 2025 lapse in appropriations",)]


@pytest.mark.usefixtures("server")
def test_a_second_pull_of_the_same_figures_adds_nothing_but_calls(
    take: Ingest, settings: Settings
) -> None:
    take()

    assert take().state == "unchanged"
    assert rows(settings, "select count(*) from ops.load") == [(1,)]
    assert call_states(settings) == ["answered"] * 4


def test_results_that_come_as_a_list_are_the_same_figures(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault(PATH, "results_list"))

    assert take().rows == 600 + 10 + 2
    assert rows(settings, "select count(*) from raw_bls_api.observations") == [(600,)]


def test_a_refusal_for_quota_ends_the_day_and_keeps_nothing(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault(PATH, "quota", after=1))

    with pytest.raises(QuotaExceeded, match="daily threshold"):
        take()
    with pytest.raises(QuotaExceeded, match="the publisher refuses more"):
        take()

    # The refusal was not tried again, and the second pull asked nothing at all.
    assert len(server.requests) == 2
    assert call_states(settings) == ["answered", "over_quota"]
    assert rows(settings, "select count(*) from ops.source_release") == [(0,)]
    tomorrow = CallBook(settings, "bls_api", now().date() + timedelta(days=1))
    assert tomorrow.open(Query(("A",), 2020, 2025), UNREGISTERED, is_registered=False) > 0


def test_the_budget_of_a_day_without_a_key_is_25_queries(settings: Settings) -> None:
    book = CallBook(settings, "bls_api", now().date())
    query = Query(("A",), 2020, 2025)
    for _ in range(25):
        book.open(query, UNREGISTERED, is_registered=False)

    with pytest.raises(QuotaExceeded, match=r"25 of 25 queries .* are used") as used:
        book.open(query, UNREGISTERED, is_registered=False)

    assert used.value.facts["final"] is True
    CallBook(settings, "other_api", book.day).open(query, UNREGISTERED, is_registered=False)


def test_an_attempt_that_failed_counts_too(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault(PATH, "status", status=503))

    with pytest.raises(SourceUnavailable, match="answered 503"):
        take()

    assert call_states(settings) == ["begun", "begun"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(PATH, "refusal"), "REQUEST_NOT_PROCESSED: Your request has failed"),
        (
            Fault(PATH, "unknown_series", column="LASST550000000000004"),
            "no such series: LASST550000000000004",
        ),
    ],
    ids=["refusal", "unknown series"],
)
def test_http_200_with_a_refusal_inside_refuses_the_release(
    server: SyntheticServer, take: Ingest, settings: Settings, fault: Fault, told: str
) -> None:
    take()
    server.faults.add(fault)

    with pytest.raises(ContractViolation, match=told):
        take()

    states = rows(settings, "select release, state from ops.source_release order by 1")
    assert states == [("api", "complete"), ("api.2", "refused")]
    kept = rows(settings, "select messages from ops.api_call where state = 'refused'")
    assert len(kept) == 1
    assert told.rpartition(": ")[2] in " ".join(kept[0][0])


def test_a_key_in_the_home_widens_the_window_and_is_kept_nowhere(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    folder = settings.home / "credentials"
    folder.mkdir(mode=0o700)
    path = folder / "bls_api.json"
    path.write_text(json.dumps({"registration_key": REGISTRATION_KEY}))
    path.chmod(0o600)

    take()

    # Twenty years a query reach back to 2010 in one.
    assert len(server.requests) == 1
    assert rows(settings, "select is_registered, state from ops.api_call") == [(True, "answered")]
    landed = [path.read_text() for path in (settings.home / "landing").rglob("*.json")]
    assert landed
    assert not [text for text in landed if REGISTRATION_KEY in text]


@pytest.mark.usefixtures("server")
def test_a_key_that_is_not_valid_is_a_setting_to_mend_and_is_not_told(
    take: Ingest, settings: Settings
) -> None:
    with pytest.raises(ConfigurationError, match="registration_key") as refused:
        take(credentials={"registration_key": "Quellmalz"})

    assert "Quellmalz" not in str(refused.value)
    assert "Quellmalz" not in str(rows(settings, "select messages from ops.api_call"))
