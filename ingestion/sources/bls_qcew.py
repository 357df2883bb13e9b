"""Quarterly Census of Employment and Wages, BLS (https://www.bls.gov/cew/).

{year}_qtrly_singlefile.zip, {year}_annual_singlefile.zip (nation, all areas and industries)
-> raw_bls_qcew.quarterly, annual
{kind}_titles.csv -> raw_bls_qcew.{kind}_titles

Whole files rather than slices of the publisher's API: a slice for each county and quarter would be
some 75 requests a quarter, asked again each week, and they would not be of one publication. A file
of a year is one conditional request; it grows by a quarter and is revised until the next year ends.
Slices and by-area downloads are taken from hand.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestion.offers import RemoteFile, SourceClient

TITLES = "titles"
FIRST_YEAR = 2019
QUARTERLY_YEARS = 3
"""Newest years of which quarters are taken: growth over a year, and the months since the averages
of the year before came out. Older quarters are in no figure: their annual averages are."""

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Titles, the quarters of the newest years, the annual averages of all years asked for."""
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    years = range(client.today.year, first - 1, -1)
    return [
        *islice(_there(client, "qtrly", years), QUARTERLY_YEARS),
        *_there(client, "annual", years[1:]),
        Offer(TITLES),
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The zip of a year, or the five lists of titles."""
    if release.name != TITLES:
        name = _zip(release.name)
        return [download(client, name, "zip", _folder(client, release.name))]
    return [
        download(client, name, "text", client.url(f"doc/titles/{name.removesuffix('_titles.csv')}"))
        for name in client.contract.resources
    ]


def _there(client: SourceClient, kind: str, years: range) -> Iterator[Offer]:
    """Files that upstream has; one that was taken before is not asked about again."""
    for year in years:
        name = f"{year}_{kind}"
        url = client.url(_zip(name), _folder(client, name))
        if _zip(name) in client.known_files or client.http.exists(url):
            yield Offer(name)


def _zip(release: str) -> str:
    return f"{release}_singlefile.zip"


def _folder(client: SourceClient, release: str) -> str:
    return client.url(f"data/files/{release[:4]}/csv")
