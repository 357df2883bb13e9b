"""Occupational Employment and Wage Statistics, BLS (https://www.bls.gov/oes/tables.htm).

oesm{yy}nat.zip, oesm{yy}st.zip, oesm{yy}ma.zip (May estimates of a year) -> raw_bls_oews.wages
oesm{yy}in4.zip, its book of the nation's sectors alone (from 2022 on; a release of its own: wages
do not wait for it) -> raw_bls_oews.wages
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

FIRST_YEAR = 2022
FIRST_INDUSTRY_YEAR = 2022
"""Projections are shared by the newest vintage; an older file of industries would serve nothing."""

INDUSTRIES = "in4"

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """The years whose state file is there, newest first, and their sectors where they are there."""
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    offers = []
    for year in range(client.today.year, first - 1, -1):
        if client.exists(_name(str(year), "st")):
            offers.append(Offer(str(year)))
            if year >= FIRST_INDUSTRY_YEAR and client.exists(_name(str(year), INDUSTRIES)):
                offers.append(Offer(f"{year}_{INDUSTRIES}"))
    return offers


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """Nation and states, and metropolitan areas where they are there; or the nation's sectors."""
    year, _, of_industries = release.name.partition("_")
    if of_industries:
        names = [_name(year, INDUSTRIES)]
    else:
        names = [_name(year, scope) for scope in ("nat", "st")]
        if client.exists(metropolitan := _name(year, "ma")):
            names.append(metropolitan)
    return [download(client, name, "zip") for name in names]


def _name(year: str, scope: str) -> str:
    return f"oesm{year[-2:]}{scope}.zip"
