"""BLS public API v2 (https://www.bls.gov/developers/): series that a flat file lacks.

One pull asks for the series of the contract in as few queries as the day's budget needs, and keeps
the replies as they came, beside what was asked. Flow: POST timeseries/data/ -> v2_series.json ->
raw_bls_api.replies, series, observations; replies taken by hand (`v2_*.json`) go the same way.
"""

from __future__ import annotations

import io
import json
import logging
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from ingestion.api_queries import REGISTERED, UNREGISTERED, queries
from ingestion.api_replies import (
    observation_records,
    read_calls,
    refusal,
    reply_records,
    series_records,
)
from ingestion.headers import claims
from ingestion.http import Validators
from ingestion.json_lines import json_rows
from ingestion.offers import Fetched, Offer, RemoteFile
from ingestion.parts import Part
from p20w.errors import ContractViolation, QuotaExceeded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ingestion.api_calls import CallBook, CallState
    from ingestion.api_queries import Limits, Query
    from ingestion.contract import Contract
    from ingestion.headers import Claim
    from ingestion.http import NotModified
    from ingestion.landing import LandedFile
    from ingestion.offers import SourceClient
    from p20w.errors import P20WError

logger = logging.getLogger(__name__)
FILE_NAME = "v2_series.json"
FIRST_YEAR = 2010
RECORDS = {
    "replies": reply_records,
    "series": series_records,
    "observations": observation_records,
}
HIDDEN = "<key>"


def releases(_: SourceClient) -> list[Offer]:
    """What the API answers today; it changes under one name."""
    return [Offer("api")]


def files(_: Offer, client: SourceClient) -> list[RemoteFile]:
    """The replies of one pull, as one file."""

    def fetch(into: Path, _: Validators | None) -> Fetched | NotModified:
        return _pull(client, into)

    return [RemoteFile(FILE_NAME, fetch)]


@contextmanager
def read(
    landed: LandedFile, contract: Contract, folder: Path | None = None
) -> Iterator[list[Part]]:
    """Open replies under their contract: one part a table, from the same document.

    Raises:
        ContractViolation: No JSON, no reply of this API, or a reply that refuses.
    """
    with landed.local(folder) as path:
        try:
            document = json.loads(path.read_bytes())
        except ValueError as error:
            raise ContractViolation(f"{landed.name} is not JSON: fetch it again.") from error
    calls = read_calls(document, landed.name)
    for call in calls:
        found = refusal(call.reply, None, landed.name)
        if found is not None:  # also one that may be tried again: this file stays what it is
            raise ContractViolation(str(found))
    yield [
        _part(landed.name, claim, RECORDS[claim.table.name](calls))
        for claim in claims(landed.name, contract, synthetic=landed.is_synthetic)
    ]


def _part(name: str, claim: Claim, records: Iterable[dict[str, Any]]) -> Part:
    part = Part(name, (claim,), lambda: iter(()))
    lines = b"".join(json.dumps(record).encode() + b"\n" for record in records)
    part.open = lambda: json_rows(lambda: io.BytesIO(lines), part)
    return part


def _pull(client: SourceClient, into: Path) -> Fetched:
    key = _key(client)
    limits = REGISTERED if key else UNREGISTERED
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    asked = queries(list(client.contract.resources), first, client.today.year, limits)
    url = client.url("timeseries/data/")
    calls: list[dict[str, Any]] = []
    is_synthetic = False
    for query in asked:
        reply, invented = _ask(client, url, query, key, limits)
        calls.append({"request": _body(query), "reply": reply})
        is_synthetic = is_synthetic or invented
    logger.info("pulled source=bls_api queries=%s series=%s", len(asked), len(asked[0].series))
    into.write_bytes(_canonical({"calls": calls}))
    lasting = [{**one, "reply": _without_time(one["reply"])} for one in calls]
    content_hash = sha256(_canonical(lasting)).hexdigest()
    return Fetched(into, url, Validators(), content_hash, is_synthetic)


def _key(client: SourceClient) -> str | None:
    """The registration key, where the home has one; an Airflow connection has it as password."""
    given = client.credentials or {}
    return given.get("registration_key") or given.get("client_secret") or None


def _book(client: SourceClient) -> CallBook:
    if client.calls is None:
        raise ContractViolation("bls_api keeps a daily budget and was given no book for its calls.")
    return client.calls


def _ask(
    client: SourceClient, url: str, query: Query, key: str | None, limits: Limits
) -> tuple[dict[str, Any], bool]:
    """Ask once; every attempt is written down before it is made.

    Raises:
        QuotaExceeded: No budget is left, by our book or by the publisher's.
        ContractViolation: A refusal for another reason, or a series that does not exist.
        ConfigurationError: The key is not valid.
    """
    book = _book(client)
    numbers: list[int] = []

    def write_down() -> None:
        numbers.append(book.open(query, limits, is_registered=key is not None))

    body = _body(query) | ({"registrationkey": key} if key else {})
    answer = client.http.post_json(url, body, before=write_down)
    # A key that is not valid comes back in the message.
    value = json.loads(json.dumps(answer.value).replace(key or HIDDEN, HIDDEN))
    reply = read_calls(value, url)[0].reply
    found = refusal(reply, query, url)
    book.close(numbers[-1], _call_state(found), reply.messages)
    if found is not None:
        raise found
    return dict(value), answer.is_synthetic


def _call_state(found: P20WError | None) -> CallState:
    if found is None:
        return "answered"
    return "over_quota" if isinstance(found, QuotaExceeded) else "refused"


def _body(query: Query) -> dict[str, Any]:
    return {
        "seriesid": list(query.series),
        "startyear": str(query.first_year),
        "endyear": str(query.last_year),
    }


def _without_time(reply: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reply.items() if name != "responseTime"}


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
