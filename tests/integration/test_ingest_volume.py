"""How many rows are right: files that grow, files that hold a part, and what a person may allow."""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingestion.http import HttpClient, Patience
from ingestion.ingest import IngestResult, ingest
from ingestion.registry import sources
from p20w import cli
from p20w.errors import ContractViolation
from p20w.postgres import connect
from p20w.settings import Settings
from p20w.synthetic.faults import Fault
from p20w.synthetic.projected_employment import LONG
from p20w.synthetic.render import bls_qcew, projections
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import SyntheticState, build_state

pytestmark = pytest.mark.integration
Ingest = Callable[..., IngestResult]
Drop = Callable[[str, str], Path]
DECISIONS = (
    "region_scheme,region_code,subject_kind,subject_code,decision,decision_date,"
    "employers_consulted_count,evidence"
)


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(300, 3)


@pytest.fixture(scope="module")
def running(state: SyntheticState) -> Iterator[SyntheticServer]:
    with SyntheticServer(state) as server:
        yield server


@pytest.fixture
def server(
    running: SyntheticServer, state: SyntheticState, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyntheticServer]:
    for one in sources():
        monkeypatch.setenv(f"P20W_{one.name.upper()}_URL", running.source_url(one.name))
    yield running
    running.faults.clear()
    running.serve_state(state)


@pytest.fixture
def take(settings: Settings) -> Ingest:
    """`ingest` with a client that gives up quickly and never sleeps."""

    def taken(name: str, **options: Any) -> IngestResult:
        http = HttpClient(patience=Patience(attempts=2, read_seconds=5), sleep=lambda _: None)
        return ingest(name, settings=settings, http=http, **options)

    return taken


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    def dropped(name: str, content: str) -> Path:
        path = tmp_path / "taken by hand" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
        return path

    return dropped


def rows(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(statement).fetchall()


def test_a_year_of_one_quarter_is_taken_after_a_whole_year_and_half_a_quarter_is_not(
    server: SyntheticServer, take: Ingest, settings: Settings, state: SyntheticState
) -> None:
    take("bls_qcew", release="2024_qtrly")
    with pytest.MonkeyPatch.context() as upstream:
        upstream.setitem(bls_qcew.QUARTERS, 2025, ((1,), datetime(2025, 9, 3, tzinfo=UTC)))
        server.serve_state(state)
        result = take("bls_qcew", release="2025_qtrly")
        server.faults.add(Fault("2025_qtrly", "half_rows"))
        with pytest.raises(
            ContractViolation,
            match=r"incomplete by calendar_year, quarter_code: 2025 1: \d+ rows, earlier \d+;",
        ):
            take("bls_qcew", release="2025_qtrly")

    quarters = rows(
        settings,
        "select calendar_year, quarter_code, count(*) from raw_bls_qcew.quarterly group by 1, 2"
        " order by 1, 2",
    )
    assert [found[:2] for found in quarters] == [
        *((2024, quarter) for quarter in "1234"),
        (2025, "1"),
    ]
    assert len({found for *_, found in quarters}) == 1
    assert result.rows == quarters[-1][2]


def test_a_quarter_that_the_last_file_of_the_year_had_may_not_be_lost(
    server: SyntheticServer, take: Ingest, state: SyntheticState
) -> None:
    take("bls_qcew", release="2025_qtrly")
    with pytest.MonkeyPatch.context() as upstream:
        upstream.setitem(bls_qcew.QUARTERS, 2025, ((1,), datetime(2025, 12, 12, tzinfo=UTC)))
        server.serve_state(state)

        with pytest.raises(
            ContractViolation,
            match=r"1 in all, by calendar_year, quarter_code: 2025 2\.",
        ):
            take("bls_qcew", release="2025_qtrly")


def test_projections_without_wisconsin_are_refused_and_those_of_other_years_are_taken(
    server: SyntheticServer, take: Ingest, settings: Settings, state: SyntheticState
) -> None:
    take("projections", release="longterm")
    with pytest.MonkeyPatch.context() as upstream:
        upstream.delitem(projections.AREAS, "55")
        server.serve_state(state)
        with pytest.raises(
            ContractViolation,
            match=r"1 in all, by horizon_code, state_fips: long 55\.",
        ):
            take("projections", release="longterm")
    with pytest.MonkeyPatch.context() as upstream:
        upstream.setitem(projections._BULK, "longterm", ("ltprojections.csv", LONG))
        server.serve_state(state)

        take("projections", release="longterm")

    assert rows(
        settings,
        "select base_year, count(distinct state_fips) from raw_projections.state_projections"
        " group by base_year order by base_year",
    ) == [(2022, 6), (2024, 6)]


def decisions(year: int, count: int) -> tuple[str, str]:
    lines = [
        f"pathway_region,M7,occupation,11-{1000 + place},priority,{year}-03-12,4,Minutes"
        for place in range(count)
    ]
    return f"council_decisions_{year}.csv", "\n".join([DECISIONS, *lines])


def reply(area: int, months: int) -> tuple[str, str]:
    series = f"LAUCN{area}0000000005"
    figures = [
        {
            "year": "2023",
            "period": f"M{month:02}",
            "periodName": "A month",
            "value": "17585",
            "footnotes": [{}],
        }
        for month in range(1, months + 1)
    ]
    answer = {
        "status": "REQUEST_SUCCEEDED",
        "responseTime": 1,
        "message": [],
        "Results": {"series": [{"seriesID": series, "data": figures}]},
    }
    return f"v2_{series}.json", json.dumps(answer)


@pytest.mark.parametrize(
    ("source", "larger", "smaller", "count"),
    [
        ("council_decisions", decisions(2025, 8), decisions(2026, 3), 3),
        # One observation a month, one series and one reply.
        ("bls_api", reply(55001001, 12), reply(55003001, 2), 4),
    ],
)
def test_what_a_person_chose_may_be_far_smaller_than_what_was_chosen_before(
    take: Ingest,
    drop: Drop,
    source: str,
    larger: tuple[str, str],
    smaller: tuple[str, str],
    count: int,
) -> None:
    take(source, from_path=drop(*larger), release="first")

    assert take(source, from_path=drop(*smaller), release="second").rows == count


@pytest.fixture
def run_printed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Runs the command that a message names, with a reason for the word TEXT."""
    monkeypatch.setenv("P20W_HOME", str(settings.home))
    monkeypatch.setenv("P20W_DATABASE_URL", settings.database_url or "")
    monkeypatch.setenv("P20W_ROLE_PREFIX", settings.role_prefix or "")

    def ran(message: str) -> None:
        command = re.search(r"`(p20w .*)`", message)
        assert command is not None
        words = ["counted twice" if one == "TEXT" else one for one in shlex.split(command[1])]
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 0

    return ran


def allowed(settings: Settings) -> list[tuple[Any, ...]]:
    return rows(
        settings,
        "select release, state, volume_allowed_reason from ops.source_release"
        " where volume_allowed_reason is not null",
    )


def test_the_command_told_allows_a_later_state_of_a_publishers_release_and_those_like_it(
    server: SyntheticServer,
    take: Ingest,
    settings: Settings,
    state: SyntheticState,
    run_printed: Callable[[str], None],
) -> None:
    with pytest.MonkeyPatch.context() as upstream:
        upstream.setitem(bls_qcew.QUARTERS, 2025, ((1,), datetime(2025, 9, 3, tzinfo=UTC)))
        server.serve_state(state)
        take("bls_qcew", release="2025_qtrly")
        server.faults.add(Fault("2025_qtrly", "half_rows"))
        with pytest.raises(ContractViolation) as refused:
            take("bls_qcew")

        run_printed(str(refused.value))

        server.serve_state(build_state(300, 4))
        assert take("bls_qcew", release="2025_qtrly").release == "2025_qtrly.3"

    assert allowed(settings) == [("2025_qtrly.2", "complete", "counted twice")]


def completions(year: int, awards: int) -> tuple[str, str]:
    header = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT,CTOTALM,CTOTALW,IS_CIP_6DIGIT"
    lines = [f"238263,51.{3801 + place},1,5,10,4,6,True" for place in range(awards)]
    return f"c{year}_a_extract_five_states.csv", "\n".join([header, *lines])


def test_the_command_told_allows_a_corrected_file_that_was_dropped(
    take: Ingest, settings: Settings, drop: Drop, run_printed: Callable[[str], None]
) -> None:
    take("ipeds", from_path=drop(*completions(2022, 40)), release="C2022")
    path = drop(*completions(2022, 19))
    with pytest.raises(ContractViolation, match="--release C2022 --from ") as refused:
        take("ipeds", from_path=path, release="C2022")

    run_printed(str(refused.value))

    assert allowed(settings) == [("C2022.2", "complete", "counted twice")]
