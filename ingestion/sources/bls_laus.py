"""Local Area Unemployment Statistics, BLS (https://www.bls.gov/lau/data.htm).

laucnty{yy}.xlsx (annual averages of counties) -> raw_bls_laus.county_annual
la.area, la.data.58.Wisconsin (LABSTAT flat files) -> raw_bls_laus.areas, observations
la.series (a release of its own: figures do not wait for the list) -> raw_bls_laus.series
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

LABSTAT = "https://download.bls.gov/pub/time.series/la"
FLAT = "labstat"
SERIES = "series"
LISTED = "la.series"
FIRST_YEAR = 2020

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Flat files and list of series, changing every month, and the workbook of each year."""
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    years = range(client.today.year - 1, first - 1, -1)
    return [
        Offer(FLAT),
        *([Offer(SERIES)] if client.is_official or client.exists(LISTED) else []),
        *(Offer(stem) for year in years if client.exists(f"{(stem := _stem(year))}.xlsx")),
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The flat files come from a host of their own where the official ones are asked."""
    if release.name not in {FLAT, SERIES}:
        return [download(client, f"{release.name}.xlsx", "zip")]
    host = LABSTAT if client.is_official else client.base_url
    return [
        download(client, name, "text", host)
        for name in client.contract.resources
        if (name == LISTED) == (release.name == SERIES)
    ]


def _stem(year: int) -> str:
    return f"laucnty{year % 100:02d}"
