"""Local Area Unemployment Statistics, BLS (https://www.bls.gov/lau/data.htm).

laucnty{yy}.xlsx (annual averages of counties) -> raw_bls_laus.county_annual
la.area, la.data.58.Wisconsin (LABSTAT flat files) -> raw_bls_laus.areas, observations
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

LABSTAT = "https://download.bls.gov/pub/time.series/la"
FLAT = "labstat"
FIRST_YEAR = 2020

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """The flat files, which change every month under one name, and the workbook of each year."""
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    years = range(client.today.year - 1, first - 1, -1)
    return [
        Offer(FLAT),
        *(Offer(stem) for year in years if client.exists(f"{(stem := _stem(year))}.xlsx")),
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The flat files come from a host of their own where the official ones are asked."""
    if release.name != FLAT:
        return [download(client, f"{release.name}.xlsx", "zip")]
    host = LABSTAT if client.is_official else client.base_url
    layouts = [layout for table in client.contract.tables for layout in table.meta.layouts]
    names = dict.fromkeys(name for layout in layouts for name in layout.resources)
    return [download(client, name, "text", host) for name in names]


def _stem(year: int) -> str:
    return f"laucnty{year % 100:02d}"
