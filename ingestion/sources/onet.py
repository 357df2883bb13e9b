"""O*NET (https://www.onetcenter.org/database.html, CC BY 4.0) and the clusters of O*NET OnLine.

db_{NN_N}_csv/occupation_data.csv, job_zones.csv -> raw_onet.occupations, job_zones
Taken by hand, the bulk text: db_{NN_N}_text.zip -> raw_onet.occupations, job_zones
All_Career_Clusters.csv (https://www.onetonline.org/find/career) -> raw_onet.career_clusters
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ingestion.offers import Offer, download_as
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

logger = logging.getLogger(__name__)
CLUSTERS = "All_Career_Clusters.csv"
CLUSTERS_URL = f"https://www.onetonline.org/find/career/{CLUSTERS}?c=0&fmt=csv"
CLUSTERS_RELEASE = "career-clusters"
TABLES = ("occupation_data.csv", "job_zones.csv")
FIRST_EDITION = 1995
"""Edition NN comes out in August of 1995 + NN; .1, .2 and .3 follow in the next three quarters."""

QUARTERS = 4

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """The newest edition that is there, and the list of clusters where it is to be had."""
    editions = [
        f"{year - FIRST_EDITION}_{quarter}"
        for year in (client.today.year, client.today.year - 1)
        for quarter in reversed(range(QUARTERS))
    ]
    newest = next((one for one in editions if _is_there(client, one)), None)
    offers = [Offer(newest.replace("_", "."))] if newest is not None else []
    if CLUSTERS in client.known_files or client.http.exists(_clusters_url(client)):
        offers.append(Offer(CLUSTERS_RELEASE))
    else:
        logger.warning("no list of career clusters at %s", _clusters_url(client))
    return offers


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The tables of an edition, under names that tell it; or the list of clusters."""
    if release.name == CLUSTERS_RELEASE:
        return [download_as(client, CLUSTERS, "text", _clusters_url(client))]
    edition = release.name.replace(".", "_")
    return [
        download_as(client, f"db_{edition}_{table}", "text", _url(client, edition, table))
        for table in TABLES
    ]


def _is_there(client: SourceClient, edition: str) -> bool:
    name = f"db_{edition}_{TABLES[0]}"
    return name in client.known_files or client.http.exists(_url(client, edition, TABLES[0]))


def _url(client: SourceClient, edition: str, table: str) -> str:
    return client.url(f"db_{edition}_csv/{table}")


def _clusters_url(client: SourceClient) -> str:
    return CLUSTERS_URL if client.is_official else client.url(CLUSTERS)
