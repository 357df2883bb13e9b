"""The synthetic server through real sockets: conditional requests, faults, control."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from p20w.synthetic.faults import Fault, Faults, read_faults
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import SyntheticState, build_state

FILE = "/crosswalks/CIP2020_SOC2018_Crosswalk_Synthetic.xlsx"


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(300, 2)


@pytest.fixture
def server(state: SyntheticState) -> Iterator[SyntheticServer]:
    with SyntheticServer(state) as running:
        yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as opened:
        yield opened


def address(server: SyntheticServer, path: str) -> str:
    return server.source_url(path.lstrip("/"))


def test_file_is_not_sent_again_when_it_has_not_changed(
    server: SyntheticServer, session: requests.Session
) -> None:
    first = session.get(address(server, FILE), timeout=10)
    by_tag = session.get(
        address(server, FILE), headers={"If-None-Match": first.headers["ETag"]}, timeout=10
    )
    by_date = session.get(
        address(server, FILE),
        headers={"If-Modified-Since": first.headers["Last-Modified"]},
        timeout=10,
    )

    assert (first.status_code, by_tag.status_code, by_date.status_code) == (200, 304, 304)
    assert first.content.startswith(b"PK")
    assert by_tag.content == b""


def test_file_is_sent_again_when_the_tag_differs(
    server: SyntheticServer, session: requests.Session
) -> None:
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Sun, 01 Nov 2026 00:00:00 GMT"}

    assert session.get(address(server, FILE), headers=headers, timeout=10).status_code == 200


def test_base_of_a_file_source_lists_its_files(
    server: SyntheticServer, session: requests.Session
) -> None:
    listed = session.get(address(server, "nsc/"), timeout=10).json()

    assert [item["name"] for item in listed] == [
        "StudentTracker_DETAIL_20250331.csv",
        "StudentTracker_DETAIL_20250829.csv",
        "StudentTracker_DETAIL_20251118.csv",
    ]


@pytest.mark.parametrize("path", ["/crosswalks/other.xlsx", "/unknown/", "/_other"])
def test_unknown_addresses_are_404(
    server: SyntheticServer, session: requests.Session, path: str
) -> None:
    assert session.get(address(server, path), timeout=10).status_code == 404


def test_edfi_answers_over_http(server: SyntheticServer, session: requests.Session) -> None:
    root = session.get(server.source_url("edfi"), timeout=10).json()
    token = session.post(
        root["urls"]["oauth"],
        data={"grant_type": "client_credentials"},
        auth=("synthetic", "synthetic-secret"),
        timeout=10,
    ).json()["access_token"]
    page = session.get(
        root["urls"]["dataManagementApi"] + "ed-fi/students?limit=3&totalCount=true",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )

    assert len(page.json()) == 3
    assert page.headers["Total-Count"] == "300"


def test_first_two_requests_fail_and_the_third_succeeds(
    server: SyntheticServer, session: requests.Session
) -> None:
    server.faults.add(Fault("^/crosswalks/", "status", times=2, status=429, retry_after=3))
    answers = [session.get(address(server, FILE), timeout=10) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "3"


def test_html_comes_with_status_200(server: SyntheticServer, session: requests.Session) -> None:
    server.faults.add(Fault("^/crosswalks/", "html"))
    answer = session.get(address(server, FILE), timeout=10)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_truncated_body_is_shorter_than_its_length(
    server: SyntheticServer, session: requests.Session
) -> None:
    server.faults.add(Fault("^/crosswalks/", "truncate"))

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        session.get(address(server, FILE), timeout=10)


def test_reset_ends_the_connection(server: SyntheticServer, session: requests.Session) -> None:
    server.faults.add(Fault("^/crosswalks/", "reset"))

    with pytest.raises(requests.exceptions.ConnectionError):
        session.get(address(server, FILE), timeout=10)


def test_wrong_content_type(server: SyntheticServer, session: requests.Session) -> None:
    server.faults.add(Fault("^/ipeds/", "content_type"))
    answer = session.get(address(server, "ipeds/HD2023.zip"), timeout=10)

    assert answer.headers["Content-Type"] == "application/octet-stream"


def test_renamed_column_changes_the_file_and_its_tag(
    server: SyntheticServer, session: requests.Session
) -> None:
    name = "nsc/StudentTracker_DETAIL_20250331.csv"
    whole = session.get(address(server, name), timeout=10)
    server.faults.add(Fault("^/nsc/", "rename_column", column="First Name", renamed="Given Name"))
    damaged = session.get(address(server, name), timeout=10)

    assert "Given Name" in damaged.text.splitlines()[0]
    assert damaged.headers["ETag"] != whole.headers["ETag"]


def test_stalled_request_waits_until_the_faults_are_cleared(server: SyntheticServer) -> None:
    server.faults.add(Fault("^/crosswalks/", "stall"))
    statuses: list[int] = []
    asking = threading.Thread(
        target=lambda: statuses.append(requests.get(address(server, FILE), timeout=30).status_code)
    )
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(address(server, FILE), timeout=0.2)
    asking.start()
    waiting = threading.Event()
    while not waiting.wait(0.01) and server.faults.seen() < 2:
        assert statuses == []
    server.faults.clear()
    asking.join(10)

    assert statuses == [200]


def test_control_replaces_and_clears_faults(
    server: SyntheticServer, session: requests.Session
) -> None:
    control = address(server, "_faults")
    set_reply = session.post(control, json=[{"path": "^/ipeds", "kind": "html"}], timeout=10)
    struck = session.get(address(server, "ipeds/HD2023.zip"), timeout=10)
    session.delete(control, timeout=10)
    whole = session.get(address(server, "ipeds/HD2023.zip"), timeout=10)

    assert set_reply.json()[0]["kind"] == "html"
    assert struck.headers["Content-Type"].startswith("text/html")
    assert whole.content.startswith(b"PK")


@pytest.mark.parametrize("item", [{"path": "x"}, {"path": "x", "kind": "odd"}, {"kind": "html"}])
def test_control_refuses_what_is_no_fault(
    server: SyntheticServer, session: requests.Session, item: dict[str, str]
) -> None:
    assert session.post(address(server, "_faults"), json=[item], timeout=10).status_code == 400


def test_requests_are_kept_without_those_of_the_control(
    server: SyntheticServer, session: requests.Session
) -> None:
    session.get(address(server, FILE), timeout=10)
    kept = session.get(address(server, "_requests"), timeout=10).json()

    assert kept == [["GET", FILE, 200]]


def test_moved_student_is_served_and_taken_back(
    server: SyntheticServer, session: requests.Session
) -> None:
    before = server.edfi.resource("studentSchoolAssociations").render(0, 2_000)
    session.post(address(server, "_state"), json={"move": 1}, timeout=30)
    moved = server.edfi.resource("studentSchoolAssociations").render(0, 2_000)
    session.post(address(server, "_state"), json={"move": 0}, timeout=30)
    after = server.edfi.resource("studentSchoolAssociations").render(0, 2_000)

    assert sum(one != other for one, other in zip(before, moved, strict=True)) == 1
    assert after == before


def test_faults_strike_after_and_so_many_times() -> None:
    faults = Faults([Fault("/data", "status", after=1, times=2)])
    struck = [len(faults.striking("/edfi/data")) for _ in range(5)]

    assert struck == [0, 1, 1, 0, 0]
    assert faults.striking("/other") == []


def test_faults_are_read_from_json() -> None:
    assert read_faults([{"path": "^/x", "kind": "status", "status": 500}]) == [
        Fault("^/x", "status", status=500)
    ]


def test_program_writes_its_port_and_ends_on_a_signal(tmp_path: Path) -> None:
    port_file = tmp_path / "port"
    command = [sys.executable, "-m", "p20w.synthetic.server", "--students", "50"]
    command += ["--port-file", str(port_file), "--faults", '[{"path": "^/ipeds", "kind": "html"}]']
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            faults = requests.get(f"{url}/_faults", timeout=10).json()
            os.kill(process.pid, signal.SIGTERM)
            code = process.wait(20)
        finally:
            process.kill()

    assert url.endswith(f":{port_file.read_text().strip()}")
    assert json.dumps(faults[0]["kind"]) == '"html"'
    assert code == 0
