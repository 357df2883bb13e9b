"""IPEDS data files, NCES (https://nces.ed.gov/ipeds/use-the-data): directory and completions.

HD{year}.zip -> raw_ipeds.institutions
C{year}_A.zip (awards of July to June) -> raw_ipeds.completions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

FIRST_YEAR = 2021

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Each file is a release of its own: the two collections have calendars of their own."""
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    return [
        Offer(name)
        for year in range(client.today.year, first - 1, -1)
        for name in (f"HD{year}", f"C{year}_A")
        if client.exists(f"{name}.zip")
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The zip; a revised member inside is preferred by the contract."""
    return [download(client, f"{release.name}.zip", "zip")]
