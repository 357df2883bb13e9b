"""Projections from their publishers: links that expire, pages with gaps, rows that contradict."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from ingestion.http import HttpClient, Patience
from ingestion.ingest import IngestResult, ingest
from ingestion.registry import sources
from p20w.errors import ConfigurationError, ContractViolation, SourceUnavailable
from p20w.postgres import connect
from p20w.settings import Settings
from p20w.synthetic.faults import Fault
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import build_state

pytestmark = pytest.mark.integration
Take = Callable[..., IngestResult]
HEADER = (
    "area_type,area_code,horizon,soc_code,soc_title,base_year,base_employment,projected_year,"
    "projected_employment,annual_exits,annual_transfers,annual_openings,publisher,published_on"
)


@pytest.fixture(scope="module")
def running() -> Iterator[SyntheticServer]:
    with SyntheticServer(build_state(300, 3)) as server:
        yield server


@pytest.fixture
def server(running: SyntheticServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SyntheticServer]:
    for one in sources():
        monkeypatch.setenv(f"P20W_{one.name.upper()}_URL", running.source_url(one.name))
    running.requests.clear()
    yield running
    running.faults.clear()


@pytest.fixture
def take(settings: Settings) -> Take:
    def taken(**options: Any) -> IngestResult:
        http = HttpClient(patience=Patience(attempts=2, read_seconds=5), sleep=lambda _: None)
        return ingest("projections", settings=settings, http=http, **options)

    return taken


def rows(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(statement).fetchall()


def states(settings: Settings) -> dict[str, str]:
    return dict(rows(settings, "select release, state from ops.source_release"))


def test_a_link_that_has_expired_is_asked_for_again(server: SyntheticServer, take: Take) -> None:
    server.faults.add(Fault("ltprojections.csv", "status", status=403, times=1))

    assert take(release="longterm").state == "loaded"
    links = [path for _, path, _ in server.requests if path.endswith("file/longterm/csv")]
    assert len(links) == 2


LINK, BULK = "projections/file/longterm", "ltprojections.csv"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(LINK, "status", status=503), SourceUnavailable),
        (Fault(LINK, "status", status=401), ConfigurationError),
        (Fault(LINK, "status", status=403), ConfigurationError),
        (Fault(BULK, "status", status=503), SourceUnavailable),
        (Fault(BULK, "html"), SourceUnavailable),
    ],
    ids=lambda one: f"{one.path}-{one.kind}-{one.status}" if isinstance(one, Fault) else "",
)
def test_where_no_bulk_file_is_to_be_had_the_pages_do(
    server: SyntheticServer, take: Take, settings: Settings, fault: Fault, error: type[Exception]
) -> None:
    server.faults.add(fault)

    with pytest.raises(error, match=r"longterm|ltprojections"):
        take()

    horizons = rows(
        settings,
        "select horizon_code, base_year, count(distinct state_fips) from"
        " raw_projections.state_projections group by horizon_code, base_year order by 1, 2",
    )
    assert "longterm" not in states(settings)
    assert {one for name, one in states(settings).items() if name != "longterm"} == {"complete"}
    assert ("long", 2024, 6) in horizons


def test_a_link_under_another_name_is_told_as_a_refused_release_and_the_others_are_taken(
    server: SyntheticServer, take: Take, settings: Settings
) -> None:
    server.faults.add(Fault(LINK, "rename_column", column="content", renamed="location"))

    with pytest.raises(ContractViolation, match="expected a link to a file under `content`"):
        take()

    assert states(settings) == {
        "areas": "complete",
        "employment-projections": "complete",
        "longterm": "refused",
        "longterm-paged": "complete",
        "shortterm": "complete",
        "shortterm-paged": "complete",
    }


def test_the_address_of_a_bulk_file_is_kept_without_its_key(
    server: SyntheticServer, take: Take, settings: Settings
) -> None:
    take(release="shortterm")

    assert rows(settings, "select origin_url from ops.landed_file") == [
        (f"{server.source_url('projections')}/projections/file/shortterm/csv",)
    ]


def test_what_has_not_changed_is_asked_about_once(server: SyntheticServer, take: Take) -> None:
    take()
    server.requests.clear()

    assert take().state == "unchanged"

    told = [(path.split("?")[0].rsplit("/", 1)[-1], status) for _, path, status in server.requests]
    for name in ("ltprojections.csv", "stprojections.csv", "occupation.xlsx", "education.xlsx"):
        assert [status for path, status in told if path == name] == [304]
    assert len([path for _, path, _ in server.requests if "LongTermRestJson" in path]) == 6


def test_pages_that_lack_rows_are_refused_whole(
    server: SyntheticServer, take: Take, settings: Settings
) -> None:
    server.faults.add(Fault("LongTermRestJson/55", "half_rows"))

    with pytest.raises(ContractViolation, match=r"/55: the pager counts \d+ rows, \d+ came"):
        take()

    assert states(settings)["longterm-paged"] == "refused"
    assert states(settings)["shortterm-paged"] == "complete"


def test_a_state_with_fewer_occupations_than_an_earlier_file_had_is_incomplete(
    server: SyntheticServer, take: Take, settings: Settings
) -> None:
    """Both take the same two years: the file is whole, then the pages lose a sixth of Iowa."""
    take(release="shortterm")
    with connect(settings, "owner") as connection:
        connection.execute(
            "insert into raw_projections.state_projections (horizon_code, state_fips, area_title,"
            " soc_code, soc_title, base_year, projected_year, load_id, row_number)"
            " select horizon_code, state_fips, area_title, '99-1' || substring(soc_code, 5, 3),"
            " soc_title, base_year, projected_year, load_id, 1000 + row_number"
            " from raw_projections.state_projections where state_fips = '19' and row_number % 5 = 0"
        )

    with pytest.raises(ContractViolation, match=r"incomplete by .*: short 19 2025 2027: 89 rows"):
        take(release="shortterm-paged")

    assert server.requests
    assert take(release="shortterm-paged", allow_volume_reason="fewer codes").state == "loaded"


def area_file(tmp_path: Path, *figures: tuple[str, ...]) -> Path:
    path = tmp_path / "area_projections_test.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER.split(","))
        for place, (base, projected, exits, transfers, openings) in enumerate(figures):
            named = ("workforce_area", "WDA05", "long", f"51-{1000 + place}", "", "2024")
            flows = (exits, transfers, openings, "An office", "2026-07-15")
            writer.writerow((*named, base, "2034", projected, *flows))
    return path


def test_a_dropped_file_tells_apart_withheld_missing_and_zero(
    take: Take, settings: Settings, tmp_path: Path
) -> None:
    path = area_file(tmp_path, ("10", "12", "*", "", "0"), ("5", "5", "-", "N/A", "1"))

    assert take(from_path=path, release="areas-2026").rows == 2

    assert rows(
        settings,
        "select exits_count, exits_count_status, transfers_count, transfers_count_status,"
        " openings_count from raw_projections.area_projections order by row_number",
    ) == [
        (None, "suppressed_at_source", None, "missing", 0),
        (None, "not_collected", None, "not_applicable", 1),
    ]


def test_a_row_that_contradicts_itself_is_rejected_with_its_reason(
    take: Take, settings: Settings, tmp_path: Path
) -> None:
    good = [("10", "12", "1", "1", "2")] * 150
    path = area_file(tmp_path, *good, ("0", "0", "0", "1", "3"))

    result = take(from_path=path, release="areas-2026")

    assert (result.rows, result.rejected) == (150, 1)
    assert rows(settings, "select row_number, column_name, reason from ops.rejected_row") == [
        (151, None, "has openings, though nobody works or will work there")
    ]


def test_a_state_row_whose_nothing_grows_by_a_quarter_is_rejected_with_its_reason(
    server: SyntheticServer, take: Take, settings: Settings
) -> None:
    """Employment is rounded to 10: base 0, projected 0, change 25 percent."""
    file = requests.get(f"{server.source_url('projections')}/ltprojections.csv", timeout=5).text
    tiny = [
        number
        for number, row in enumerate(csv.DictReader(io.StringIO(file)), start=1)
        if (row["base"], row["proj"], row["percentchange"]) == ("0", "0", "25")
    ]

    result = take(release="longterm")

    assert len(tiny) == 1
    assert result.rejected == 1
    assert rows(
        settings, "select table_name, row_number, column_name, reason from ops.rejected_row"
    ) == [
        (
            *("state_projections", tiny[0], None),
            "has a change in percent of a base employment of zero",
        )
    ]
    assert rows(
        settings,
        "select count(*) from raw_projections.state_projections where base_employment_count = 0",
    ) == [(0,)]


def test_more_contradictions_than_the_contract_allows_refuse_the_file(
    take: Take, settings: Settings, tmp_path: Path
) -> None:
    path = area_file(tmp_path, ("0", "0", "0", "1", "3"), ("10", "12", "1", "1", "2"))

    with pytest.raises(ContractViolation, match=r"1 of 2 rows .* has openings, though nobody"):
        take(from_path=path, release="areas-2026")

    assert rows(settings, "select count(*) from ops.load") == [(0,)]
