"""What is asked of the publisher for the employment census, and under which addresses."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import cast

from ingestion.http import HttpClient, NotModified, Validators
from ingestion.offers import Offer, SourceClient
from ingestion.registry import source
from ingestion.sources import bls_qcew

BASE = "https://data.bls.gov/cew"


class Publisher:
    """Has some files and notes what it is asked."""

    def __init__(self, there: Collection[str]) -> None:
        self.there = there
        self.asked: list[str] = []

    def exists(self, url: str) -> bool:
        self.asked.append(url)
        return url.rpartition("/")[2] in self.there

    def fetch(self, url: str, _into: Path, _kind: str, _known: Validators | None) -> NotModified:
        self.asked.append(url)
        return NotModified(url)


def client(publisher: Publisher, known: Collection[str] = ()) -> SourceClient:
    return SourceClient(
        http=cast(HttpClient, publisher),
        base_url=BASE,
        contract=source("bls_qcew").contract,
        today=date(2025, 9, 10),
        is_official=True,
        known_files=frozenset(known),
    )


def zips(kind: str, *years: int) -> list[str]:
    return [f"{year}_{kind}_singlefile.zip" for year in years]


def test_quarters_of_the_three_newest_years_and_averages_of_all_are_offered() -> None:
    publisher = Publisher([*zips("qtrly", *range(1990, 2026)), *zips("annual", *range(1990, 2025))])

    offered = [offer.name for offer in bls_qcew.releases(client(publisher))]

    assert offered == [
        "2025_qtrly",
        "2024_qtrly",
        "2023_qtrly",
        *(f"{year}_annual" for year in range(2024, 2018, -1)),
        "titles",
    ]


def test_only_files_of_years_to_come_are_asked_about_once_the_others_are_there() -> None:
    have = [*zips("qtrly", 2024, 2023, 2022), *zips("annual", *range(2019, 2024))]
    publisher = Publisher(have)

    bls_qcew.releases(client(publisher, have))

    assert publisher.asked == [
        f"{BASE}/data/files/2025/csv/2025_qtrly_singlefile.zip",
        f"{BASE}/data/files/2024/csv/2024_annual_singlefile.zip",
    ]


def test_a_year_is_one_zip_in_its_folder_and_titles_are_five_lists_in_theirs(
    tmp_path: Path,
) -> None:
    publisher = Publisher([])
    asking = client(publisher)

    files = [
        file
        for name in ("2024_qtrly", "2023_annual", "titles")
        for file in bls_qcew.files(Offer(name), asking)
    ]
    for file in files:
        file.fetch(tmp_path / "x", None)

    assert publisher.asked == [
        f"{BASE}/data/files/2024/csv/2024_qtrly_singlefile.zip",
        f"{BASE}/data/files/2023/csv/2023_annual_singlefile.zip",
        f"{BASE}/doc/titles/industry/industry_titles.csv",
        f"{BASE}/doc/titles/area/area_titles.csv",
        f"{BASE}/doc/titles/ownership/ownership_titles.csv",
        f"{BASE}/doc/titles/size/size_titles.csv",
        f"{BASE}/doc/titles/agglevel/agglevel_titles.csv",
    ]
