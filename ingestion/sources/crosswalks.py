"""Classifications and their crosswalks, of three publishers, one file each.

NCES (https://nces.ed.gov/ipeds/cipcode, edition of 2020):
    CIP2020_SOC2018_Crosswalk.xlsx -> raw_crosswalks.cip_soc
    CIPCode2020.csv -> raw_crosswalks.cip_codes
    Crosswalk2010to2020.csv -> raw_crosswalks.cip_2010_2020
BLS (https://www.bls.gov/soc/2018, https://www.bls.gov/oes):
    soc_structure_2018.xlsx, soc_2018_definitions.xlsx -> raw_crosswalks.soc_structure,
    soc_definitions
    soc_2010_to_2018_crosswalk.xlsx -> raw_crosswalks.soc_2010_2018
    oes_2019_hybrid_structure.xlsx -> raw_crosswalks.oews_hybrid
Census (https://www.census.gov/naics):
    2017_to_2022_NAICS.xlsx -> raw_crosswalks.naics_2017_2022
Dropped: oflc_xwalk_plus_<period>.csv -> raw_crosswalks.oews_onet
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.http import Kind
    from ingestion.offers import RemoteFile, SourceClient

CIP_SOC = "2020"
"""The release of the CIP-SOC workbook has the name of its edition; the others came later."""

OFFICIAL_NAME = "CIP2020_SOC2018_Crosswalk.xlsx"
SYNTHETIC_NAME = "CIP2020_SOC2018_Crosswalk_Synthetic.xlsx"

SOC = "https://www.bls.gov/soc/2018"
OEWS = "https://www.bls.gov/oes"
NAICS = "https://www.census.gov/naics/concordances"
FILES: dict[str, tuple[str | None, str, Kind]] = {
    "soc_structure_2018": (SOC, "soc_structure_2018.xlsx", "zip"),
    "soc_definitions_2018": (SOC, "soc_2018_definitions.xlsx", "zip"),
    "soc_2010_2018": (SOC, "soc_2010_to_2018_crosswalk.xlsx", "zip"),
    "oews_hybrid_2019": (OEWS, "oes_2019_hybrid_structure.xlsx", "zip"),
    "cip_2020": (None, "CIPCode2020.csv", "text"),
    "cip_2010_2020": (None, "Crosswalk2010to2020.csv", "text"),
    "naics_2017_2022": (NAICS, "2017_to_2022_NAICS.xlsx", "zip"),
}
"""Release: folder (None for that of the source), name and kind of its one file."""

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Each file is a release of its own; a corrected file under its name becomes a new release.

    A server that stands in for the official one may lack some.
    """
    return [
        Offer(CIP_SOC),
        *(
            Offer(name)
            for name, (_, file, _) in FILES.items()
            if client.is_official or client.exists(file)
        ),
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The one file, from its publisher's host where the official ones are asked.

    A server that stands in for the official one may serve a synthetic edition of the workbook.
    """
    if release.name == CIP_SOC:
        is_invented = not client.is_official and client.exists(SYNTHETIC_NAME)
        return [download(client, SYNTHETIC_NAME if is_invented else OFFICIAL_NAME, "zip")]
    folder, name, kind = FILES[release.name]
    return [download(client, name, kind, folder if client.is_official else None)]
