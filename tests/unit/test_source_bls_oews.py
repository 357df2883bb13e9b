"""Which files of the wage survey are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import pytest

from ingestion.headers import claims
from ingestion.http import HttpClient
from ingestion.offers import SourceClient
from ingestion.registry import source


@dataclass
class Publisher:
    """A publisher that has every file it is asked about but those whose names end so."""

    lacks: tuple[str, ...] = ()

    def exists(self, address: str) -> bool:
        return not address.endswith(self.lacks)


def offered(publisher: Publisher) -> dict[str, list[str]]:
    """The files of each release on offer; each must be one that the contract knows."""
    contract = source("bls_oews").contract
    client = SourceClient(
        http=cast(HttpClient, publisher),
        base_url="https://www.bls.gov/oes/special-requests",
        contract=contract,
        today=date(2024, 12, 1),
        is_official=True,
    )
    module = source("bls_oews").module
    found = {
        offer.name: [file.name for file in module.files(offer, client)]
        for offer in module.releases(client)
    }
    for name in (name for names in found.values() for name in names):
        (claim,) = claims(name, contract, synthetic=False)
        assert claim.table.name == "wages"
    return found


@pytest.mark.parametrize(
    ("lacks", "expected"),
    [
        (
            (),
            {
                "2024": ["oesm24nat.zip", "oesm24st.zip", "oesm24ma.zip"],
                "2024_in4": ["oesm24in4.zip"],
            },
        ),
        (("in4.zip",), {"2024": ["oesm24nat.zip", "oesm24st.zip", "oesm24ma.zip"]}),
        (
            ("ma.zip",),
            {"2024": ["oesm24nat.zip", "oesm24st.zip"], "2024_in4": ["oesm24in4.zip"]},
        ),
        (("24st.zip",), {}),
    ],
    ids=["all", "no industries", "no metropolitan areas", "not out"],
)
def test_sectors_are_a_release_of_their_own_for_which_no_wages_wait(
    lacks: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    found = offered(Publisher(lacks))

    assert {name: files for name, files in found.items() if name.startswith("2024")} == expected


def test_sectors_are_taken_from_may_2022_on_and_wages_from_may_2012_on() -> None:
    names = list(offered(Publisher()))

    assert names == [
        "2024", "2024_in4", "2023", "2023_in4", "2022", "2022_in4", "2021", "2020", "2019", "2018",
        "2017", "2016", "2015", "2014", "2013", "2012",
    ]  # fmt: skip
