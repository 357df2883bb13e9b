"""A patient and suspicious HTTP client for publishers' servers.

Patient: timeouts, bounded retries with jitter, `Retry-After`, conditional requests. Suspicious:
what arrives must be complete, of the size announced, and no web page where data were promised.
Flow: URL -> temporary file and its sha256 -> `ingestion.landing`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import requests
import tenacity
import urllib3.exceptions

from p20w.errors import (
    ConfigurationError,
    ContractViolation,
    QuotaExceeded,
    SourceUnavailable,
    Transient,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

logger = logging.getLogger(__name__)

Kind = Literal["zip", "gzip", "text", "json"]
CHUNK = 1 << 18
MAGIC: dict[Kind, tuple[bytes, ...]] = {
    "zip": (b"PK\x03\x04", b"PK\x05\x06"),
    "gzip": (b"\x1f\x8b",),
}
DENIED = {
    401: "the credentials were refused",
    403: "access is forbidden: check credentials, and that P20W_CONTACT is set where the"
    " publisher wants to know who asks",
    407: "a proxy wants credentials",
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said about a file, to ask later whether it changed."""

    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> dict[str, str]:
        """Conditional request headers."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Download:
    """A whole file in a temporary place."""

    path: Path
    sha256: str
    size_bytes: int
    url: str
    validators: Validators
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that nothing changed since the validators were given."""

    url: str


@dataclass(frozen=True, slots=True)
class JsonReply:
    """A decoded JSON answer with its headers (case does not matter in them)."""

    value: Any
    headers: Mapping[str, str]
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits: attempts >= 1, times in seconds, `largest_bytes` for one file."""

    attempts: int = 5
    connect_seconds: float = 10.0
    read_seconds: float = 60.0
    total_seconds: float = 3600.0
    longest_wait_seconds: float = 300.0
    largest_bytes: int = 8 << 30


class HttpClient:
    """One session with a publisher.

    Args:
        contact: An e-mail address for the User-Agent, or None.
        patience: Limits.
        sleep, clock, rng: Injected in tests.
    """

    def __init__(
        self,
        contact: str | None = None,
        patience: Patience | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        rng: random.Random | None = None,
    ) -> None:
        self.patience = patience or Patience()
        self._sleep = sleep
        self._clock = clock
        self._rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        self._session = requests.Session()
        self._session.headers["User-Agent"] = user_agent(contact)

    def __enter__(self) -> HttpClient:
        """The client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._session.close()

    def exists(self, url: str) -> bool:
        """Whether the server has something at the address (HEAD; 404 and 410 mean no)."""

        def attempt() -> bool:
            with self._request("HEAD", url) as response:
                if response.status_code in {404, 410}:
                    return False
                self._refuse_status(response, url)
                return True

        return bool(self._patiently(attempt))

    def fetch(
        self, url: str, into: Path, kind: Kind, known: Validators | None = None
    ) -> Download | NotModified:
        """Download a file whole.

        Args:
            url: Where.
            into: The temporary file to write; its content is replaced.
            kind: What the bytes must look like.
            known: Validators of the copy we have; the server may then say NotModified.

        Raises:
            SourceUnavailable: Down, stalled or cut short, after all attempts: try later.
            QuotaExceeded: The server asks to wait longer than a task may.
            ContractViolation: Nothing there, or too large, or not the kind promised.
            ConfigurationError: Not allowed to fetch it.
        """
        headers = {"Accept-Encoding": "identity", **(known.headers() if known else {})}

        def attempt() -> Download | NotModified:
            with self._request("GET", url, headers=headers) as response:
                if response.status_code == requests.codes.not_modified:
                    return NotModified(url)
                self._refuse_status(response, url)
                return self._save(response, url, into, kind)

        result: Download | NotModified = self._patiently(attempt)
        return result

    def get_json(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> JsonReply:
        """GET a JSON document; Raises as `fetch`."""
        return self._json("GET", url, params=params, headers=headers)

    def post_form(
        self, url: str, form: Mapping[str, str], auth: tuple[str, str] | None = None
    ) -> JsonReply:
        """POST a form and read JSON; Raises as `fetch`."""
        return self._json("POST", url, data=form, auth=auth)

    def post_json(
        self, url: str, value: Any, before: Callable[[], None] | None = None
    ) -> JsonReply:
        """POST a JSON document and read JSON; `before` is called ahead of each attempt."""
        return self._json("POST", url, before, json=value)

    def _json(
        self, method: str, url: str, before: Callable[[], None] | None = None, **arguments: Any
    ) -> JsonReply:
        def attempt() -> JsonReply:
            if before is not None:
                before()
            with self._request(method, url, **arguments) as response:
                self._refuse_status(response, url)
                body = b"".join(self._chunks(response, url))
                self._refuse_web_page(body[:512], response, url)
                try:
                    value = json.loads(body)
                except ValueError as error:
                    raise SourceUnavailable(
                        f"{url} answered {len(body)} bytes that are not JSON: cut short or broken."
                    ) from error
                return JsonReply(value, response.headers, is_synthetic(response.headers))

        reply: JsonReply = self._patiently(attempt)
        return reply

    def _patiently(self, attempt: Callable[[], Any]) -> Any:
        retrying = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.patience.attempts),
            retry=tenacity.retry_if_exception(_is_worth_another_attempt),
            wait=self._wait,
            sleep=self._sleep,
            before_sleep=_log_retry,
            reraise=True,
        )
        return retrying(attempt)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.facts.get("retry_after") if isinstance(error, Transient) else None
        if isinstance(asked, float):
            return asked
        ceiling = min(self.patience.longest_wait_seconds, 2.0**state.attempt_number)
        return self._rng.uniform(ceiling / 2, ceiling)

    def _request(self, method: str, url: str, **arguments: Any) -> requests.Response:
        timeout = (self.patience.connect_seconds, self.patience.read_seconds)
        try:
            return self._session.request(method, url, timeout=timeout, stream=True, **arguments)
        except (requests.exceptions.MissingSchema, requests.exceptions.InvalidURL) as error:
            raise ConfigurationError(
                f"{url} is not an address: check P20W_<SOURCE>_URL."
            ) from error
        except requests.exceptions.SSLError as error:
            raise ConfigurationError(
                f"{url}: its certificate could not be verified. Check the address, the clock and"
                " REQUESTS_CA_BUNDLE."
            ) from error
        except requests.RequestException as error:
            raise SourceUnavailable(
                f"{url} did not answer ({type(error).__name__}): no connection, or nothing within"
                f" {self.patience.read_seconds:g} s."
            ) from error

    def _refuse_status(self, response: requests.Response, url: str) -> None:
        code = response.status_code
        if code in {429, 503}:
            self._throttled(response, url)
        if code in {408, 425} or code >= 500:  # noqa: PLR2004 - HTTP's own ranges
            raise SourceUnavailable(
                f"{url} answered {code}: the server is in trouble.", status=code
            )
        if code in DENIED:
            raise ConfigurationError(f"{url} answered {code}: {DENIED[code]}.", status=code)
        if code >= 400:  # noqa: PLR2004
            raise ContractViolation(
                f"{url} answered {code}: expected data there. The publisher moved or renamed it;"
                " compare the contract's official_url with the landing page.",
                status=code,
            )
        if code not in {requests.codes.ok, requests.codes.created}:
            raise SourceUnavailable(f"{url} answered {code}, expected 200.", status=code)

    def _throttled(self, response: requests.Response, url: str) -> NoReturn:
        code = response.status_code
        asked = _retry_after(response.headers.get("Retry-After"), response.headers.get("Date"))
        if asked is not None and asked > self.patience.longest_wait_seconds:
            raise QuotaExceeded(
                f"{url} answered {code} and asks to wait {asked:.0f} s, longer than the"
                f" {self.patience.longest_wait_seconds:g} s one task waits.",
                status=code,
                final=True,
            )
        kind = QuotaExceeded if code == requests.codes.too_many_requests else SourceUnavailable
        raise kind(f"{url} answered {code}: try again later.", status=code, retry_after=asked)

    def _save(self, response: requests.Response, url: str, into: Path, kind: Kind) -> Download:
        digest = hashlib.sha256()
        size = 0
        with into.open("wb") as out:
            for chunk in self._chunks(response, url):
                if size == 0:
                    self._refuse_web_page(chunk[:512], response, url)
                    _refuse_other_kind(chunk, kind, url)
                digest.update(chunk)
                out.write(chunk)
                size += len(chunk)
        if size == 0:
            raise SourceUnavailable(f"{url} answered nothing, expected a file.")
        seen = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
        synthetic = is_synthetic(response.headers)
        return Download(into, digest.hexdigest(), size, url, seen, synthetic)

    def _chunks(self, response: requests.Response, url: str) -> Any:
        announced = response.headers.get("Content-Length", "")
        expected = int(announced) if announced.isdigit() else None
        self._refuse_size(expected or 0, url)
        began, size = self._clock(), 0
        try:
            for chunk in response.iter_content(CHUNK):
                size += len(chunk)
                self._refuse_size(size, url)
                if self._clock() - began > self.patience.total_seconds:
                    raise SourceUnavailable(
                        f"{url} sent {size} bytes in {self.patience.total_seconds:g} s: it stalls."
                    )
                yield chunk
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise SourceUnavailable(
                f"{url} broke off after {size} bytes ({type(error).__name__}),"
                f" expected {expected if expected is not None else 'more'}."
            ) from error
        is_encoded = "Content-Encoding" in response.headers
        if expected is not None and not is_encoded and size != expected:
            raise SourceUnavailable(f"{url} sent {size} bytes, announced {expected}: cut short.")

    def _refuse_size(self, size: int, url: str) -> None:
        if size > self.patience.largest_bytes:
            raise ContractViolation(
                f"{url} is larger than {self.patience.largest_bytes} bytes: not the file expected."
            )

    def _refuse_web_page(self, start: bytes, response: requests.Response, url: str) -> None:
        kind = response.headers.get("Content-Type", "").lower()
        text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        if text.startswith((b"<!doctype html", b"<html")) or kind.startswith("text/html"):
            raise SourceUnavailable(
                f"{url} answered a web page instead of data (Content-Type {kind or 'not given'}):"
                " maintenance, a login or a block page. Open the address in a browser."
            )


def user_agent(contact: str | None) -> str:
    """Who asks, honestly."""
    name = f"career-pathways-warehouse/{version('career-pathways-warehouse')}"
    return f"{name} (+{contact})" if contact else name


def is_synthetic(headers: Mapping[str, str]) -> bool:
    """Whether a server says that what it serves is invented."""
    return "synthetic" in headers.get("Server", "").lower() or "X-Synthetic" in headers


def _refuse_other_kind(start: bytes, kind: Kind, url: str) -> None:
    if kind in MAGIC and not start.startswith(MAGIC[kind]):
        raise ContractViolation(
            f"{url} does not begin as a {kind} file does: the publisher changed the format."
        )


def _is_worth_another_attempt(error: BaseException) -> bool:
    return isinstance(error, Transient) and not error.facts.get("final")


def _log_retry(state: tenacity.RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0.0
    logger.info(
        "retry attempt=%s wait_seconds=%.1f error=%s",
        state.attempt_number,
        wait,
        type(error).__name__,
    )


def _retry_after(asked: str | None, server_date: str | None) -> float | None:
    """Seconds to wait: a number, or a date against the server's own clock."""
    if not asked:
        return None
    if asked.strip().isdigit():
        return float(asked)
    try:
        until: datetime = parsedate_to_datetime(asked)
        now = parsedate_to_datetime(server_date) if server_date else None
        return max(0.0, (until - now).total_seconds()) if now else None
    except (ValueError, TypeError):
        return None
