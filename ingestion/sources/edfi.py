"""An Ed-Fi ODS/API, Data Standard 5 (https://docs.ed-fi.org, ODS/API 7): a full pull by pages.

Resource by resource -> NDJSON of canonical records -> raw_edfi.<table>. What arrives must be as
many records as the host counts, none twice; otherwise nothing of the pull is kept.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ingestion.http import Validators
from ingestion.offers import Fetched, Offer, RemoteFile
from ingestion.read_ahead import read_ahead
from ingestion.readers import read_file
from ingestion.records import write_records
from p20w.errors import ConfigurationError, ContractViolation, SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ingestion.contract import Contract
    from ingestion.http import JsonReply, NotModified
    from ingestion.offers import Fetch, SourceClient

logger = logging.getLogger(__name__)
PAGE = 500
VOLATILE = ("_etag", "_lastModifiedDate")
RENEW_BEFORE_SECONDS = 60
UNAUTHORIZED = 401
NOT_FOUND = 404

read = read_file


class CountMismatch(SourceUnavailable):
    """The host counts other records than it sends: perhaps somebody wrote meanwhile."""


def releases(client: SourceClient) -> list[Offer]:
    """The host's newest change version; where it offers no change queries, the day."""
    host = Host(client)
    if host.change_queries is None:
        return [Offer(f"day-{client.today.isoformat()}")]
    reply = host.get(f"{host.change_queries}/availableChangeVersions")
    newest = reply.value.get("newestChangeVersion") if isinstance(reply.value, dict) else None
    if not isinstance(newest, int):
        raise ContractViolation(
            f"{host.change_queries}/availableChangeVersions: expected newestChangeVersion, a"
            " number. Check that the host speaks ODS/API 5.3 or later."
        )
    return [Offer(f"version-{newest}")]


def files(_: Offer, client: SourceClient) -> list[RemoteFile]:
    """One file of records for each resource that the contract names."""
    host = Host(client)
    return [
        RemoteFile(f"{resource}.ndjson.gz", _puller(host, resource, is_optional=is_optional))
        for resource, is_optional in wanted_resources(client.contract).items()
    ]


def wanted_resources(contract: Contract) -> dict[str, bool]:
    """Resources to pull, and whether the host may lack them."""
    return {
        resource: layout.resources_optional
        for table in contract.tables
        for layout in table.meta.layouts
        for resource in layout.resources
    }


class Host:
    """An Ed-Fi host: its addresses from the discovery document, and a token that is renewed."""

    def __init__(self, client: SourceClient) -> None:
        self._http = client.http
        self._credentials = _credentials(client)
        self._token: str | None = None
        self._expires_at = 0.0
        document = self._http.get_json(client.base_url.rstrip("/") + "/").value
        urls = document.get("urls") if isinstance(document, dict) else None
        if not isinstance(urls, dict) or not {"oauth", "dataManagementApi"} <= urls.keys():
            raise ContractViolation(
                f"{client.base_url}: expected the discovery document of an Ed-Fi API with"
                " urls.oauth and urls.dataManagementApi. Check P20W_EDFI_URL."
            )
        self.oauth = _same_security(urls["oauth"], client.base_url)
        self.data = _same_security(urls["dataManagementApi"], client.base_url).rstrip("/")
        queries = urls.get("changeQueries")
        self.change_queries = (
            _same_security(queries, client.base_url).rstrip("/") if queries else None
        )

    def get(self, url: str, params: Mapping[str, str | int] | None = None) -> JsonReply:
        """GET with a token; one that was refused is renewed once."""
        try:
            return self._http.get_json(url, params=params, headers=self._authorization())
        except ConfigurationError as error:
            if error.facts.get("status") != UNAUTHORIZED:
                raise
            self._token = None
        return self._http.get_json(url, params=params, headers=self._authorization())

    def url(self, resource: str) -> str:
        """Address of a resource."""
        return f"{self.data}/ed-fi/{resource}"

    def _authorization(self) -> dict[str, str]:
        if self._token is None or time.monotonic() > self._expires_at:
            reply = self._http.post_form(
                self.oauth, {"grant_type": "client_credentials"}, self._credentials
            ).value
            token = reply.get("access_token") if isinstance(reply, dict) else None
            if not isinstance(token, str):
                raise ContractViolation(f"{self.oauth}: expected an access_token in the answer.")
            lifetime = float(reply.get("expires_in", 0)) or 1800.0
            self._token = token
            self._expires_at = time.monotonic() + max(lifetime - RENEW_BEFORE_SECONDS, lifetime / 2)
        return {"Authorization": f"Bearer {self._token}"}


def _credentials(client: SourceClient) -> tuple[str, str]:
    given = client.credentials or {}
    if not given.get("client_id") or not given.get("client_secret"):
        raise ConfigurationError(
            "edfi needs the key and secret of an API client: an Airflow connection p20w_edfi, or"
            " the file credentials/edfi.json in the home, mode 0600, with"
            ' {"client_id": ..., "client_secret": ...}. Ask the host for a claim set that only'
            " reads."
        )
    return given["client_id"], given["client_secret"]


def _same_security(url: str, base: str) -> str:
    """Refuse that a host sends us from https to http, with the secret."""
    if urlsplit(base).scheme == "https" and urlsplit(url).scheme != "https":
        raise ContractViolation(f"{base} points to {url}, which is not https.")
    return url


def _puller(host: Host, resource: str, *, is_optional: bool) -> Fetch:
    def fetch(into: Path, _: Validators | None) -> Fetched | NotModified:
        try:
            return _pull(host, resource, into)
        except CountMismatch as error:
            logger.info("count mismatch resource=%s: %s", resource, error)
        except ContractViolation as error:
            if not is_optional or error.facts.get("status") != NOT_FOUND:
                raise
            written = write_records((), into, kind=resource, volatile=VOLATILE)
            return Fetched(into, host.url(resource), Validators(), written.content_hash)
        try:
            return _pull(host, resource, into)
        except CountMismatch as error:
            raise ContractViolation(
                f"{error} Twice in a row: nothing of this pull is kept. Ask the host's operator.",
                **error.facts,
            ) from error

    return fetch


def _pull(host: Host, resource: str, into: Path) -> Fetched:
    url = host.url(resource)
    expected, synthetic = _total(host, url)
    with read_ahead(_pages(host, url)) as pages:
        records = (record for page in pages for record in page)
        written = write_records(records, into, kind=resource, volatile=VOLATILE)
    if written.repeated or written.records != expected:
        raise CountMismatch(
            f"{url}: the host counts {expected} records, {written.records} arrived and"
            f" {written.repeated} more came twice.",
            expected=expected,
            records=written.records,
            repeated=written.repeated,
        )
    logger.info("pulled resource=%s records=%s", resource, written.records)
    return Fetched(into, url, Validators(), written.content_hash, synthetic)


def _total(host: Host, url: str) -> tuple[int, bool]:
    reply = host.get(url, {"limit": 0, "totalCount": "true"})
    total = reply.headers.get("Total-Count", "")
    if not total.isdigit():
        raise ContractViolation(f"{url}: expected a Total-Count header, found {total or 'none'}.")
    return int(total), reply.is_synthetic


def _pages(host: Host, url: str) -> Iterator[list[dict[str, Any]]]:
    offset = 0
    while True:
        page = host.get(url, {"offset": offset, "limit": PAGE}).value
        if not isinstance(page, list) or not all(isinstance(one, dict) for one in page):
            raise ContractViolation(f"{url}: expected a list of records at offset {offset}.")
        yield page
        if len(page) < PAGE:
            return
        offset += PAGE
