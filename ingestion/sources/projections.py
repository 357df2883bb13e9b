"""Employment projections: Projections Central (https://projectionscentral.org) and BLS.

projections/file/{longterm|shortterm}/csv (JSON with a link valid for 15 minutes) and
Projections/{LongTerm|ShortTerm}RestJson/{state} (pages) -> raw_projections.state_projections
occupation.xlsx, education.xlsx (BLS Employment Projections)
    -> raw_projections.ep_separations, ep_occupations, ep_education

The bulk file may be a cycle older than the pages, and lack states (36,073 rows of 2022-32 in
September 2026, while the pages had 2024-34); pages were seen to lack occupations. So both are taken
as releases of their own, and each group of rows is compared with what an earlier file had of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingestion.http import NotModified, Validators
from ingestion.offers import Fetched, Offer, RemoteFile, download
from ingestion.readers import read_file
from ingestion.records import write_records
from p20w.errors import ConfigurationError, ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingestion.offers import Fetch, SourceClient

EMPLOYMENT_PROJECTIONS = "https://www.bls.gov/emp/ind-occ-matrix"
WORKBOOKS = "employment-projections"
BOOKS = ("occupation.xlsx", "education.xlsx")
AREAS = "areas"
DROPPED = "area_projections_wisconsin.csv"
PAGED = "-paged"
HORIZONS = {"longterm": "LongTermRestJson", "shortterm": "ShortTermRestJson"}
PAGE = 1000
"""One of 10, 25, 50, 100 and 1000: any other size is answered as if there were nothing."""

MOST_PAGES = 50
FORBIDDEN = 403
KEY = ("STFIPS", "OccCode", "BaseYear", "ProjYear")

read = read_file


@dataclass(frozen=True, slots=True)
class Page:
    """One page of answers: its rows, how many there are in all, whether they are invented."""

    rows: list[dict[str, Any]]
    total: int
    is_synthetic: bool


def releases(client: SourceClient) -> list[Offer]:
    """The workbooks of the nation, and of each horizon the pages and the bulk file.

    Their files change under their names. What is named last is taken first. Areas within a state
    come as dropped files; a server that stands in for the official one may have such a file.
    """
    names = [WORKBOOKS, *(f"{horizon}{PAGED}" for horizon in HORIZONS), *HORIZONS]
    if not client.is_official and client.exists(DROPPED):
        names.append(AREAS)
    return [Offer(name) for name in names]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The files of a release: the two workbooks, the pages as one file, or the bulk file.

    Raises:
        P20WError: The link to a bulk file is not to be had; the pages, which are asked for anyhow,
            then have to do.
    """
    if release.name == WORKBOOKS:
        host = EMPLOYMENT_PROJECTIONS if client.is_official else client.base_url
        return [download(client, name, "zip", host) for name in BOOKS]
    if release.name == AREAS:
        return [download(client, DROPPED, "text")]
    if release.name.endswith(PAGED):
        horizon = release.name.removesuffix(PAGED)
        return [RemoteFile(f"{horizon}.ndjson.gz", _puller(client, horizon))]
    link = _link(client, release.name)
    return [RemoteFile(f"{release.name}.csv", _downloader(client, release.name, link))]


def _bulk_url(client: SourceClient, horizon: str) -> str:
    return client.url(f"projections/file/{horizon}/csv")


def _link(client: SourceClient, horizon: str) -> str:
    url = _bulk_url(client, horizon)
    answer = client.http.get_json(url).value
    link = answer.get("content") if isinstance(answer, dict) else None
    if not isinstance(link, str) or not link.startswith(("https://", "http://")):
        raise ContractViolation(f"{url}: expected a link to a file under `content`.")
    if client.is_official and not link.startswith("https://"):
        raise ContractViolation(f"{url} points to an address that is not https.")
    return link


def _downloader(client: SourceClient, horizon: str, link: str) -> Fetch:
    def fetch(into: Path, known: Validators | None) -> Fetched | NotModified:
        try:
            got = client.http.fetch(link, into, "text", known)
        except ConfigurationError as error:
            if error.facts.get("status") != FORBIDDEN:
                raise
            # The link has expired meanwhile.
            got = client.http.fetch(_link(client, horizon), into, "text", known)
        if isinstance(got, NotModified):
            return got
        # Where it came from is the lasting address: the link is a key for a quarter of an hour.
        url = _bulk_url(client, horizon)
        return Fetched(got.path, url, got.validators, is_synthetic=got.is_synthetic)

    return fetch


def _puller(client: SourceClient, horizon: str) -> Fetch:
    def fetch(into: Path, _: Validators | None) -> Fetched | NotModified:
        url = client.url(f"Projections/{HORIZONS[horizon]}")
        synthetic: list[bool] = []

        def records() -> Iterator[dict[str, Any]]:
            # As the contract names them: without leading zeros, 0 for the nation.
            for state in client.contract.resources:
                for page in _pages(client, f"{url}/{state}", state):
                    synthetic.append(page.is_synthetic)
                    yield from page.rows

        written = write_records(records(), into, kind=horizon, volatile=("id", "StateURL"))
        if written.repeated:
            raise ContractViolation(
                f"{url}: {written.repeated} rows came twice ({', '.join(KEY)}). Nothing of this"
                " pull is kept. Ask Projections Central.",
                repeated=written.repeated,
            )
        return Fetched(into, url, Validators(), written.content_hash, any(synthetic))

    return fetch


def _pages(client: SourceClient, url: str, state: str) -> Iterator[Page]:
    """The pages of a state, whole: as many rows as its pager counts, and of no other state."""
    came, total = 0, 0
    for number in range(MOST_PAGES):
        page = _page(client, url, number)
        if number == 0:
            total = page.total
        strangers = {str(row.get("STFIPS")) for row in page.rows} - {state}
        if strangers or page.total != total:
            raise ContractViolation(
                f"{url}, page {number}: expected rows of state {state} only and {total} in all,"
                f" found {page.total} and state {', '.join(sorted(strangers)) or state}. Nothing of"
                " this pull is kept. Run it again; then ask Projections Central.",
            )
        came += len(page.rows)
        yield page
        if came >= total or not page.rows:
            break
    if came != total or not total:
        raise ContractViolation(
            f"{url}: the pager counts {total} rows, {came} came. Occupations are missing; nothing"
            " of this pull is kept. Run it again; then ask Projections Central.",
            expected=total,
            records=came,
        )


def _page(client: SourceClient, url: str, number: int) -> Page:
    reply = client.http.get_json(url, params={"items_per_page": PAGE, "page": number})
    answer = reply.value if isinstance(reply.value, dict) else {}
    rows, pager = answer.get("rows"), answer.get("pager")
    total = str(pager.get("total_items", "")) if isinstance(pager, dict) else ""
    if not isinstance(rows, list) or not total.isdigit():
        raise ContractViolation(
            f"{url}, page {number}: expected `rows` and a `pager` with `total_items`. Compare the"
            " answer with the contract."
        )
    # Whoever writes the records asks each for an id: theirs is what tells them apart.
    identified = [{**row, "id": "|".join(str(row.get(name)) for name in KEY)} for row in rows]
    return Page(identified, int(total), reply.is_synthetic)
