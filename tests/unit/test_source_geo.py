"""Which area definitions are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from ingestion.headers import claims
from ingestion.http import HttpClient
from ingestion.offers import SourceClient
from ingestion.registry import source


@dataclass
class Everywhere:
    """A publisher that has every file it is asked about."""

    def exists(self, _: str) -> bool:
        return True


def test_definitions_are_asked_for_from_may_2019_on_newest_first() -> None:
    contract = source("geo").contract
    client = SourceClient(
        http=cast(HttpClient, Everywhere()),
        base_url="https://www.bls.gov/oes",
        contract=contract,
        today=date(2022, 5, 1),
        is_official=True,
    )

    offers = source("geo").module.releases(client)

    assert [one.name for one in offers] == [
        f"area_definitions_m{year}" for year in (2021, 2020, 2019)
    ]
    for offer in offers:
        (file,) = source("geo").module.files(offer, client)
        (claim,) = claims(file.name, contract, synthetic=False)
        assert claim.table.name == "oews_areas"
