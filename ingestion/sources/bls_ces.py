"""State employment by industry, Current Employment Statistics (https://www.bls.gov/sae/).

sm.data.52.Wisconsin, sm.industry (LABSTAT flat files) -> raw_bls_ces.observations, industries
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

FLAT = "labstat"

read = read_file


def releases(_: SourceClient) -> list[Offer]:
    """The flat files, which change every month under one name."""
    return [Offer(FLAT)]


def files(_: Offer, client: SourceClient) -> list[RemoteFile]:
    """The files that the contract names, one conditional request each."""
    return [download(client, name, "text") for name in client.contract.resources]
