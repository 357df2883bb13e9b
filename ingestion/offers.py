"""What a source's module answers: releases on offer and the files of one, and how to get them.

Flow: `sources/<source>.py` -> `Offer`, `RemoteFile` -> `ingestion.ingest`.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING

from ingestion.http import HttpClient, NotModified, Validators
from p20w.errors import ConfigurationError, ContractViolation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from ingestion.api_calls import CallBook
    from ingestion.contract import Contract
    from ingestion.http import Kind

    Fetch = Callable[[Path, Validators | None], "Fetched | NotModified"]


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """A release that upstream offers; its files may change under its name."""

    name: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file in a temporary place, before landing."""

    path: Path
    origin_url: str | None
    validators: Validators
    content_hash: str | None = None
    is_synthetic: bool = False


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a release; `fetch(into, known)` gets it or says that it has not changed."""

    name: str
    fetch: Fetch


@dataclass(frozen=True, slots=True)
class SourceClient:
    """What a source's module may use of the outside world."""

    http: HttpClient
    base_url: str
    contract: Contract
    today: date
    is_official: bool
    credentials: Mapping[str, str] | None = None
    known_files: frozenset[str] = frozenset()
    calls: CallBook | None = None

    def url(self, name: str, folder: str | None = None) -> str:
        """Address of a file in the source's folder, or in another of the same publisher."""
        return f"{(folder or self.base_url).rstrip('/')}/{name}"

    def exists(self, name: str) -> bool:
        """Whether upstream has the file; one that was taken before is not asked about again."""
        return name in self.known_files or self.http.exists(self.url(name))


def download(client: SourceClient, name: str, kind: Kind, folder: str | None = None) -> RemoteFile:
    """A file that is fetched from the source's folder (or another) under its own name."""
    return download_as(client, name, kind, client.url(name, folder))


def download_as(client: SourceClient, name: str, kind: Kind, url: str) -> RemoteFile:
    """A file that has another name here than at its address."""

    def fetch(into: Path, known: Validators | None) -> Fetched | NotModified:
        got = client.http.fetch(url, into, kind, known)
        if isinstance(got, NotModified):
            return got
        return Fetched(got.path, got.url, got.validators, is_synthetic=got.is_synthetic)

    return RemoteFile(name, fetch)


def local_files(path: Path, published_on: date | None = None) -> list[RemoteFile]:
    """Files given by hand: the one at the path, or those in the folder there.

    Args:
        path: A file or a folder.
        published_on: The day on which their publisher changed them last, where that is known.

    Raises:
        ConfigurationError: There is none.
    """
    if not path.exists():
        raise ConfigurationError(f"{path} does not exist: expected a file or a folder of files.")
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    chosen = [one for one in paths if one.is_file() and not one.name.startswith(".")]
    if not chosen:
        raise ConfigurationError(f"{path} holds no files.")

    day = datetime.combine(published_on, time(), UTC) if published_on else None
    told = Validators(last_modified=format_datetime(day, usegmt=True) if day else None)

    def local(one: Path) -> RemoteFile:
        return RemoteFile(one.name, lambda *_: Fetched(one, None, told))

    return [local(one) for one in chosen]


def listed_files(client: SourceClient) -> list[Offer]:
    """CSV files of a source that no publisher offers: each is a release, newest first.

    They are dropped by hand, or lie in a folder whose address `P20W_<SOURCE>_URL` answers with a
    JSON list of names and times; `facts["name"]` is the file's.

    Raises:
        ContractViolation: The folder answers something else.
    """
    if client.is_official:
        source = client.contract.name
        logger.info(
            "nothing to fetch source=%s: files are dropped by hand; p20w ingest %s --from PATH"
            " --release NAME, or set P20W_%s_URL to a folder that lists them",
            source,
            source,
            source.upper(),
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


def _is_entry(one: object) -> bool:
    return isinstance(one, dict) and all(
        isinstance(one.get(key), str) for key in ("name", "last_modified")
    )
