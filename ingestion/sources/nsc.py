"""StudentTracker detail returns, National Student Clearinghouse: files that arrive by themselves.

The clearinghouse offers no API: a return is dropped (`p20w ingest nsc --from PATH --release NAME`),
or listed by a server that stands for the drop folder. CSV -> raw_nsc.{searches,enrollments,degrees}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.offers import download, listed_files
from ingestion.readers import read_file

if TYPE_CHECKING:
    from ingestion.offers import Offer, RemoteFile, SourceClient

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Each return is a release, newest first; nothing without P20W_NSC_URL."""
    return listed_files(client)


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The one file of the return."""
    return [download(client, release.facts["name"], "text")]
