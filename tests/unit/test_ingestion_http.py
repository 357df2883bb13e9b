"""The HTTP client against a server that does what publishers' servers do, on the loopback."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ingestion.http import Download, HttpClient, NotModified, Patience, Validators, user_agent
from p20w.errors import (
    ConfigurationError,
    ContractViolation,
    P20WError,
    QuotaExceeded,
    SourceUnavailable,
)

DATA = b"PK\x03\x04" + bytes(range(256)) * 40
PAGE = b"<!DOCTYPE html><html><body>Down for maintenance</body></html>"


class Publisher:
    """Answers in the order given; the last one again and again."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                publisher.seen.append((self.command, dict(self.headers)))
                answers = publisher.answers
                status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response_only(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(b"" if self.command == "HEAD" else body)

            do_HEAD = do_POST = do_GET  # noqa: N815 - names of the base class

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/a.zip"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    one = Publisher()
    yield one
    one.close()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def client(slept: list[float]) -> Iterator[HttpClient]:
    with HttpClient(
        "data@example.org",
        Patience(attempts=3, read_seconds=5, longest_wait_seconds=60),
        sleep=slept.append,
        rng=random.Random(1),  # noqa: S311 - jitter, no secret
    ) as one:
        yield one


def test_a_file_arrives_whole_with_its_hash_and_validators(
    publisher: Publisher, client: HttpClient, tmp_path: Path
) -> None:
    publisher.answers = [(200, {"ETag": '"1"', "Last-Modified": "yesterday"}, DATA)]

    got = client.fetch(publisher.url, tmp_path / "f", "zip")

    assert isinstance(got, Download)
    assert (tmp_path / "f").read_bytes() == DATA
    assert got.sha256 == hashlib.sha256(DATA).hexdigest()
    assert got.validators == Validators('"1"', "yesterday")
    assert not got.is_synthetic


def test_we_say_who_we_are(publisher: Publisher, client: HttpClient, tmp_path: Path) -> None:
    publisher.answers = [(200, {}, DATA)]

    client.fetch(publisher.url, tmp_path / "f", "zip")

    agent = publisher.seen[0][1]["User-Agent"]
    assert agent == user_agent("data@example.org")
    assert agent.startswith("career-pathways-warehouse/")
    assert agent.endswith(" (+data@example.org)")


def test_what_we_have_is_not_fetched_again(
    publisher: Publisher, client: HttpClient, tmp_path: Path
) -> None:
    publisher.answers = [(304, {}, b"")]

    got = client.fetch(publisher.url, tmp_path / "f", "zip", Validators('"1"', "yesterday"))

    assert got == NotModified(publisher.url)
    assert publisher.seen[0][1]["If-None-Match"] == '"1"'
    assert publisher.seen[0][1]["If-Modified-Since"] == "yesterday"


def test_a_server_in_trouble_is_asked_again_after_growing_waits(
    publisher: Publisher, client: HttpClient, slept: list[float], tmp_path: Path
) -> None:
    publisher.answers = [(500, {}, b""), (502, {}, b""), (200, {}, DATA)]

    got = client.fetch(publisher.url, tmp_path / "f", "zip")

    assert isinstance(got, Download)
    assert len(slept) == 2
    assert 1 <= slept[0] <= 2
    assert 2 <= slept[1] <= 4


def test_the_wait_that_the_server_asks_for_is_kept(
    publisher: Publisher, client: HttpClient, slept: list[float], tmp_path: Path
) -> None:
    dates = {
        "Date": "Mon, 02 Jun 2025 10:00:00 GMT",
        "Retry-After": "Mon, 02 Jun 2025 10:00:20 GMT",
    }
    publisher.answers = [(429, {"Retry-After": "7"}, b""), (503, dates, b""), (200, {}, DATA)]

    client.fetch(publisher.url, tmp_path / "f", "zip")

    assert slept == [7.0, 20.0]


def test_a_quota_longer_than_a_task_waits_ends_it_at_once(
    publisher: Publisher, client: HttpClient, slept: list[float], tmp_path: Path
) -> None:
    publisher.answers = [(429, {"Retry-After": "86400"}, b"")]

    with pytest.raises(QuotaExceeded, match="asks to wait 86400 s"):
        client.fetch(publisher.url, tmp_path / "f", "zip")

    assert slept == []


@pytest.mark.parametrize(
    ("answer", "error", "told", "attempts"),
    [
        ((500, {}, b""), SourceUnavailable, "answered 500", 3),
        ((429, {}, b""), QuotaExceeded, "answered 429", 3),
        ((401, {}, b""), ConfigurationError, "credentials were refused", 1),
        ((403, {}, b""), ConfigurationError, "P20W_CONTACT", 1),
        ((404, {}, b""), ContractViolation, "moved or renamed", 1),
        ((204, {}, b""), SourceUnavailable, "expected 200", 3),
        ((200, {}, b""), SourceUnavailable, "answered nothing", 3),
        ((200, {"Content-Length": "99999"}, DATA), SourceUnavailable, "broke off after", 3),
        ((200, {"Content-Type": "text/html"}, PAGE), SourceUnavailable, "a web page instead", 3),
        ((200, {"Content-Type": "application/zip"}, PAGE), SourceUnavailable, "a web page", 3),
        ((200, {}, b"code,title\n"), ContractViolation, "does not begin as a zip file", 1),
        ((200, {"Content-Length": str(9 << 30)}, b""), ContractViolation, "is larger than", 1),
    ],
)
def test_what_goes_wrong_is_named_and_only_passing_trouble_is_tried_again(
    publisher: Publisher,
    client: HttpClient,
    tmp_path: Path,
    answer: tuple[int, dict[str, str], bytes],
    error: type[P20WError],
    told: str,
    attempts: int,
) -> None:
    publisher.answers = [answer]

    with pytest.raises(error, match=told):
        client.fetch(publisher.url, tmp_path / "f", "zip")

    assert len(publisher.seen) == attempts


def test_a_download_that_drips_is_given_up(publisher: Publisher, tmp_path: Path) -> None:
    publisher.answers = [(200, {}, DATA)]
    ticks = iter(range(0, 10**9, 100))
    patience = Patience(attempts=1, total_seconds=50)

    with (
        HttpClient(patience=patience, clock=lambda: float(next(ticks))) as client,
        pytest.raises(SourceUnavailable, match=r"in 50 s: it stalls"),
    ):
        client.fetch(publisher.url, tmp_path / "f", "zip")


def test_nobody_at_the_address_is_passing_trouble(tmp_path: Path) -> None:
    with (
        HttpClient(patience=Patience(attempts=1)) as client,
        pytest.raises(SourceUnavailable, match="did not answer"),
    ):
        client.fetch("http://127.0.0.1:9/a.zip", tmp_path / "f", "zip")


def test_an_address_that_is_none_is_a_setting_to_mend(tmp_path: Path) -> None:
    with HttpClient() as client, pytest.raises(ConfigurationError, match="is not an address"):
        client.fetch("ftp-like", tmp_path / "f", "zip")


@pytest.mark.parametrize(("status", "found"), [(200, True), (404, False), (410, False)])
def test_a_file_is_there_or_not(
    publisher: Publisher, client: HttpClient, *, status: int, found: bool
) -> None:
    publisher.answers = [(status, {}, DATA)]

    assert client.exists(publisher.url) is found
    assert publisher.seen[0][0] == "HEAD"


@pytest.mark.parametrize(
    ("headers", "synthetic"),
    [({"Server": "Synthetic Python"}, True), ({"X-Synthetic": "1"}, True), ({}, False)],
)
def test_a_synthetic_server_is_recognised(
    publisher: Publisher, client: HttpClient, *, headers: dict[str, str], synthetic: bool
) -> None:
    publisher.answers = [(200, headers, b'{"a": 1}')]

    reply = client.get_json(publisher.url)

    assert (reply.value, reply.is_synthetic) == ({"a": 1}, synthetic)


def test_json_cut_short_is_passing_trouble(publisher: Publisher, client: HttpClient) -> None:
    publisher.answers = [(200, {}, b'{"a": '), (200, {}, b'{"a": 2}')]

    value: Any = client.get_json(publisher.url).value

    assert value == {"a": 2}
