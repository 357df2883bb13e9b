"""Which area definitions are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from ingestion.headers import claims
from ingestion.http import HttpClient, NotModified
from ingestion.offers import SourceClient
from ingestion.registry import source


@dataclass
class Everywhere:
    """A publisher that has every file it is asked about."""

    def exists(self, _: str) -> bool:
        return True


@dataclass
class Publisher:
    """A publisher that has some files, and notes where it is asked for them."""

    files: frozenset[str]
    fetched: list[str] = field(default_factory=list)

    def exists(self, url: str) -> bool:
        return url in self.files

    def fetch(self, url: str, *_: object) -> NotModified:
        self.fetched.append(url)
        return NotModified(url)


def client_of(publisher: object, base_url: str, today: date, *, is_official: bool) -> SourceClient:
    return SourceClient(
        http=cast(HttpClient, publisher),
        base_url=base_url,
        contract=source("geo").contract,
        today=today,
        is_official=is_official,
    )


def test_definitions_are_asked_for_from_may_2019_on_newest_first() -> None:
    contract = source("geo").contract
    client = client_of(Everywhere(), "https://www.bls.gov/oes", date(2022, 5, 1), is_official=True)

    offers = source("geo").module.releases(client)

    assert [one.name for one in offers] == [
        f"area_definitions_m{year}" for year in (2021, 2020, 2019)
    ]
    for offer in offers:
        (file,) = source("geo").module.files(offer, client)
        (claim,) = claims(file.name, contract, synthetic=False)
        assert claim.table.name == "oews_areas"


CENSUS = (
    "https://www2.census.gov/programs-surveys/metro-micro/geographies/reference-files"
    "/2023/delineation-files/list1_2023.xlsx"
)


@pytest.mark.parametrize(
    ("base_url", "addresses", "is_official"),
    [
        ("https://www.bls.gov/oes", [CENSUS], True),
        # Lists before 2023 are no .xlsx workbooks at the Census Bureau.
        (
            "http://localhost/geo",
            ["http://localhost/geo/list1_2023.xlsx", "http://localhost/geo/list1_2017.xlsx"],
            False,
        ),
    ],
    ids=["official", "stand-in"],
)
def test_each_delineation_is_a_release_of_its_own(
    base_url: str, addresses: list[str], *, is_official: bool
) -> None:
    publisher = Publisher(frozenset(addresses))
    client = client_of(publisher, base_url, date(2026, 2, 2), is_official=is_official)

    offers = source("geo").module.releases(client)
    for offer in offers:
        (file,) = source("geo").module.files(offer, client)
        file.fetch(Path(), None)

    assert [one.name for one in offers] == ["cbsa_2023", "cbsa_2017"][: len(addresses)]
    assert publisher.fetched == addresses
