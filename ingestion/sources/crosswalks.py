"""CIP 2020 - SOC 2018 crosswalk, NCES and BLS (https://nces.ed.gov/ipeds/cipcode, 2020 edition).

CIP2020_SOC2018_Crosswalk.xlsx -> raw_crosswalks.cip_soc
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

OFFICIAL_NAME = "CIP2020_SOC2018_Crosswalk.xlsx"
SYNTHETIC_NAME = "CIP2020_SOC2018_Crosswalk_Synthetic.xlsx"

read = read_file


def releases(_: SourceClient) -> list[Offer]:
    """The one edition there is; a corrected file under the same name becomes a new release."""
    return [Offer("2020")]


def files(_: Offer, client: SourceClient) -> list[RemoteFile]:
    """The workbook. A server that stands in for the official one may serve a synthetic edition."""
    if not client.is_official and client.exists(SYNTHETIC_NAME):
        return [download(client, SYNTHETIC_NAME, "zip")]
    return [download(client, OFFICIAL_NAME, "zip")]
