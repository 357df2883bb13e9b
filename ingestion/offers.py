"""What a source's module answers: releases on offer and the files of one, and how to get them.

Flow: `sources/<source>.py` -> `Offer`, `RemoteFile` -> `ingestion.ingest`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingestion.http import HttpClient, NotModified, Validators

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from ingestion.api_calls import CallBook
    from ingestion.contract import Contract
    from ingestion.http import Kind

    Fetch = Callable[[Path, Validators | None], "Fetched | NotModified"]


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

    def fetch(into: Path, known: Validators | None) -> Fetched | NotModified:
        got = client.http.fetch(client.url(name, folder), into, kind, known)
        if isinstance(got, NotModified):
            return got
        return Fetched(got.path, got.url, got.validators, is_synthetic=got.is_synthetic)

    return RemoteFile(name, fetch)
