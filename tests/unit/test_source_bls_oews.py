"""Which files of the wage survey are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import pytest

from ingestion.headers import claims
from ingestion.http import HttpClient
from ingestion.offers import Offer, SourceClient
from ingestion.registry import source


@dataclass
class Publisher:
    """A publisher that has every file it is asked about but those whose names end so."""

    lacks: tuple[str, ...] = ()

    def exists(self, address: str) -> bool:
        return not address.endswith(self.lacks)


def files(publisher: Publisher, year: str) -> list[str]:
    contract = source("bls_oews").contract
    client = SourceClient(
        http=cast(HttpClient, publisher),
        base_url="https://www.bls.gov/oes/special-requests",
        contract=contract,
        today=date(2025, 5, 1),
        is_official=True,
    )
    found = source("bls_oews").module.files(Offer(year), client)
    for file in found:
        (claim,) = claims(file.name, contract, synthetic=False)
        assert claim.table.name == "wages"
    return [file.name for file in found]


@pytest.mark.parametrize(
    ("lacks", "year", "expected"),
    [
        ((), "2024", ["oesm24nat.zip", "oesm24st.zip", "oesm24ma.zip", "oesm24in4.zip"]),
        (("in4.zip",), "2024", ["oesm24nat.zip", "oesm24st.zip", "oesm24ma.zip"]),
        (("ma.zip",), "2024", ["oesm24nat.zip", "oesm24st.zip", "oesm24in4.zip"]),
        ((), "2021", ["oesm21nat.zip", "oesm21st.zip", "oesm21ma.zip"]),
    ],
    ids=["all", "no industries", "no metropolitan areas", "before the sectors are taken"],
)
def test_sectors_and_metropolitan_areas_are_asked_for_where_they_are_there(
    lacks: tuple[str, ...], year: str, expected: list[str]
) -> None:
    assert files(Publisher(lacks), year) == expected
