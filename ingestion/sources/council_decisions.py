"""Decisions of Regional Career Pathways Councils: files that councils send (no public address).

A file is dropped (`p20w ingest council_decisions --from PATH --release NAME`), or listed by a
server that stands for the drop folder. CSV -> raw_council_decisions.decisions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import download, listed_files
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import Offer, RemoteFile, SourceClient

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Each file is a release, newest first; nothing without P20W_COUNCIL_DECISIONS_URL."""
    return listed_files(client)


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The one file of the release."""
    return [download(client, release.facts["name"], "text")]
