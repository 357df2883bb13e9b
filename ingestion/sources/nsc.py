"""StudentTracker detail returns, National Student Clearinghouse: files that arrive by themselves.

The clearinghouse offers no API: a return is dropped (`p20w ingest nsc --from PATH --release NAME`),
or listed by a server that stands for the drop folder. CSV -> raw_nsc.{searches,enrollments,degrees}
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from ingestion.offers import Offer, download
from ingestion.readers import read_file
from p20w.errors import ContractViolation

if TYPE_CHECKING:
    from ingestion.offers import RemoteFile, SourceClient

logger = logging.getLogger(__name__)

read = read_file


def releases(client: SourceClient) -> list[Offer]:
    """Each return is a release, newest first; nothing without P20W_NSC_URL."""
    if client.is_official:
        logger.info(
            "nothing to fetch source=nsc: returns are dropped by hand; p20w ingest nsc --from PATH"
            " --release NAME, or set P20W_NSC_URL to a folder that lists them"
        )
        return []
    address = client.url("")
    listing = client.http.get_json(address).value
    if not isinstance(listing, list) or not all(_is_entry(one) for one in listing):
        raise ContractViolation(
            f'{address}: expected a JSON list of {{"name": ..., "last_modified": ...}}.'
        )
    newest_first = sorted(
        listing, key=lambda one: (one["last_modified"], one["name"]), reverse=True
    )
    return [
        Offer(re.sub(r"[^A-Za-z0-9_-]", "-", one["name"].rsplit(".", 1)[0]), facts=one)
        for one in newest_first
        if one["name"].lower().endswith(".csv")
    ]


def files(release: Offer, client: SourceClient) -> list[RemoteFile]:
    """The one file of the return."""
    return [download(client, release.facts["name"], "text")]


def _is_entry(one: object) -> bool:
    return isinstance(one, dict) and all(
        isinstance(one.get(key), str) for key in ("name", "last_modified")
    )
