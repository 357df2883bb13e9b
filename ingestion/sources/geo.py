"""Areas of labor-market figures: which counties the wage survey's areas hold, and other lists.

BLS (https://www.bls.gov/oes/current/msa_def.htm):
    area_definitions_m{year}.xlsx -> raw_geo.oews_areas
Census Bureau (https://www.census.gov/programs-surveys/metro-micro.html):
    list1_{year}.xlsx -> raw_geo.cbsa_counties
    Lists before 2023 are old .xls workbooks at other addresses (list1_2020.xls, list1_Sep_2018.xls,
    before that list1.xls): saved as list1_{year}.xlsx and given by hand.
Dropped files, without an address of their own:
    oflc_Geography_{period}.csv (https://flag.dol.gov/wage-data) -> raw_geo.oflc_areas
    wi_counties_dnr.csv -> raw_geo.counties
    wi_school_districts_cesa_leaid.csv -> raw_geo.school_districts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, RemoteFile, download
from ingestion.readers import read_file
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.http import NotModified, Validators
    from ingestion.offers import Fetched, SourceClient

FIRST_YEAR = 2019
STEM = "area_definitions_m"

CBSA = "cbsa_"
"""Each delineation is a release of its own: a change of its list never holds back the survey's."""

FIRST_CBSA_VINTAGE = 2013
FIRST_CBSA_WORKBOOK = 2023
DELINEATIONS = (
    "https://www2.census.gov/programs-surveys/metro-micro/geographies/reference-files"
    "/{year}/delineation-files"
)

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """The definitions of each May, newest first, and the delineations of metropolitan areas.

    Definitions come out with the wages, a year later. A server that stands in for the official one
    may have delineations that the Census Bureau publishes in an older form.
    """
    first = int(client.contract.meta.first_period or FIRST_YEAR)
    first_delineated = FIRST_CBSA_WORKBOOK if client.is_official else FIRST_CBSA_VINTAGE
    return [
        *(
            Offer(f"{STEM}{year}")
            for year in range(client.today.year - 1, first - 1, -1)
            if _is_there(client, f"{STEM}{year}.xlsx")
        ),
        *(
            Offer(f"{CBSA}{year}")
            for year in range(client.today.year, first_delineated - 1, -1)
            if _is_there(client, f"list1_{year}.xlsx")
        ),
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The workbook; of definitions from where the newest one stands or from its year's folder."""
    if release.name.startswith(CBSA):
        list_name = f"list1_{release.name.removeprefix(CBSA)}.xlsx"
        (folder,) = _folders(client, list_name)
        return [download(client, list_name, "zip", folder)]
    name = f"{release.name}.xlsx"
    copies = [download(client, name, "zip", folder) for folder in _folders(client, name)]

    def fetch(into: Path, known: Validators | None) -> Fetched | NotModified:
        try:
            return copies[0].fetch(into, known)
        except ContractViolation:  # BLS moves a workbook when the next one comes out
            if len(copies) == 1:
                raise
            return copies[1].fetch(into, known)

    return [RemoteFile(name, fetch)]


def _is_there(client: SourceClient, name: str) -> bool:
    return name in client.known_files or any(
        client.http.exists(client.url(name, folder)) for folder in _folders(client, name)
    )


def _folders(client: SourceClient, name: str) -> list[str]:
    """Where the workbook may stand, the likelier place first."""
    if not client.is_official:
        return [client.base_url]
    year = name.removesuffix(".xlsx")[-4:]
    if not name.startswith(STEM):
        return [DELINEATIONS.format(year=year)]
    places = [client.base_url, f"{client.base_url}/{year}/may"]
    return places if int(year) >= client.today.year - 2 else places[::-1]
