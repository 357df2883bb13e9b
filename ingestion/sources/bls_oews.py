"""Occupational Employment and Wage Statistics, BLS (https://www.bls.gov/oes/tables.htm).

oesm{yy}nat.zip, oesm{yy}st.zip, oesm{yy}ma.zip (May estimates of a year) -> raw_bls_oews.wages
oesm{yy}in4.zip, its book of the nation's sectors alone (from 2022 on) -> raw_bls_oews.wages
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

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """The years whose state file is there, newest first; BLS publishes about a year later."""
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    return [
        Offer(str(year))
        for year in range(client.today.year, first - 1, -1)
        if client.exists(_name(str(year), "st"))
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """Nation and states; metropolitan areas and the nation's industries where they are there."""
    optional = ["ma"] if int(release.name) < FIRST_INDUSTRY_YEAR else ["ma", "in4"]
    names = [_name(release.name, scope) for scope in optional]
    there = [name for name in names if client.exists(name)]
    always = [_name(release.name, scope) for scope in ("nat", "st")]
    return [download(client, name, "zip") for name in (*always, *there)]


def _name(year: str, scope: str) -> str:
    return f"oesm{year[-2:]}{scope}.zip"
