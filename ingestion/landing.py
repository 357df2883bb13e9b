"""The landing zone: bytes as they arrived, whole, unchanged, addressed by their sha256.

Flow: temporary file -> `<landing>/<source>/<release>/<sha256>.<ext>` and a JSON sidecar beside it.
A file is there whole or not at all (temporary name, fsync, rename); the same bytes have the same
address, so landing twice is landing once.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from upath import UPath

from p20w.errors import ConfigurationError, ContractViolation

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK = 1 << 20
UNFINISHED = ".unfinished-"
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONGEST_NAME_BYTES = 255
"""What common file systems take."""


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file in the landing zone. `content_hash` is its sha256, or for APIs that of the records."""

    source: str
    release: str
    name: str
    path: str
    sha256: str
    content_hash: str
    size_bytes: int
    retrieved_at: datetime
    origin_url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_synthetic: bool = False

    @contextmanager
    def local(self, folder: Path | None = None) -> Iterator[Path]:
        """The file on this machine's disk: itself, or a temporary copy of a remote one.

        Args:
            folder: Where the copy is made; default: the system's own.

        Raises:
            ContractViolation: It is gone, or its bytes are not the ones that were landed.
        """
        remote = UPath(self.path)
        if not remote.exists():
            raise ContractViolation(
                f"{self.source} {self.release}: {self.name} is no longer in the landing zone."
                " Ingest the release again from its publisher."
            )
        if remote.protocol in {"", "file"}:
            yield Path(remote.path)
            return
        with tempfile.TemporaryDirectory(prefix="p20w-landing-", dir=folder) as own:
            copy = Path(own) / self.name
            with remote.open("rb") as there, copy.open("wb") as here:
                shutil.copyfileobj(there, here, CHUNK)
            if file_sha256(copy) != self.sha256:
                raise ContractViolation(
                    f"{self.source} {self.release}: {self.name} came back from the landing zone"
                    " with other bytes than were landed."
                )
            yield copy


@dataclass(frozen=True, slots=True)
class Origin:
    """Where bytes came from, for the sidecar."""

    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    is_synthetic: bool = False


def land(
    landing: str,
    temporary: Path,
    *,
    source: str,
    release: str,
    name: str,
    origin: Origin,
    content_hash: str | None = None,
    now: datetime | None = None,
) -> LandedFile:
    """Put a finished temporary file into the landing zone.

    Args:
        landing: The zone's address, `file://` or `s3://`.
        temporary: The whole file; it is left where it is.
        source: Stem of the source.
        release: Name of the source release.
        name: The file's name as its publisher gives it.
        origin: Where it came from.
        content_hash: For APIs, the hash of the records; default: the sha256 of the bytes.
        now: When it was retrieved; default: now.

    Raises:
        ConfigurationError: The release's or file's name cannot be part of a path, or the zone
            cannot be written.
    """
    _refuse_names(source, release, name)
    sha256 = file_sha256(temporary)
    folder = UPath(landing) / source / release
    target = folder / (sha256 + extension(name))
    landed = LandedFile(
        source=source,
        release=release,
        name=name,
        path=str(target),
        sha256=sha256,
        content_hash=content_hash or sha256,
        size_bytes=temporary.stat().st_size,
        retrieved_at=now or datetime.now(UTC),
        origin_url=origin.url,
        etag=origin.etag,
        last_modified=origin.last_modified,
        is_synthetic=origin.is_synthetic,
    )
    try:
        _place(temporary, target, folder)
        _write_sidecar(folder / f"{target.name}.json", landed)
    except OSError as error:
        raise ConfigurationError(
            f"The landing zone {landing} cannot be written ({error.strerror}): check disk space"
            " and permissions."
        ) from error
    return landed


def clear_unfinished(landing: str, source: str) -> None:
    """Remove what a killed ingest of the source did not finish; for the holder of its lock."""
    folder = UPath(landing) / source
    if folder.protocol in {"", "file"}:
        for path in Path(folder.path).glob(f"*/{UNFINISHED}*"):
            path.unlink(missing_ok=True)


def file_sha256(path: Path) -> str:
    """The sha256 of a file, hex."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def extension(name: str) -> str:
    """A file's extension, both parts of a compressed one: `.csv.gz`."""
    suffixes = [part for part in Path(name).suffixes[-2:] if re.fullmatch(r"\.[A-Za-z]\w*", part)]
    return "".join(suffixes).lower()


def write_whole(path: UPath, content: bytes) -> None:
    """Write a small file that is there whole or not at all; its folder is made where absent."""
    if path.protocol not in {"", "file"}:
        path.write_bytes(content)
        return
    _make_private(Path(path.path).parent)
    _write_stream(Path(path.path), io.BytesIO(content))


def _refuse_names(source: str, release: str, name: str) -> None:
    for part in (source, release):
        if not SAFE.fullmatch(part):
            raise ConfigurationError(
                f"{part!r} cannot be part of a path in the landing zone: letters, digits, dot,"
                " dash and underscore only."
            )
    is_plain = name.isprintable() and not name.startswith(".") and not set(name) & {"/", "\\"}
    if not (name and is_plain and len(name.encode()) <= LONGEST_NAME_BYTES):
        raise ConfigurationError(
            f"{name!r} cannot be the name of a file in the landing zone: up to"
            f" {LONGEST_NAME_BYTES} bytes, no slash, no dot at the start, nothing that does not"
            " print."
        )


def _place(temporary: Path, target: UPath, folder: UPath) -> None:
    if target.exists():
        return
    if folder.protocol not in {"", "file"}:
        with temporary.open("rb") as here, target.open("wb") as there:
            shutil.copyfileobj(here, there, CHUNK)
        return
    _make_private(Path(folder.path))
    with temporary.open("rb") as here:
        _write_stream(Path(target.path), here)


def _write_stream(target: Path, content: BinaryIO) -> None:
    """Temporary name, fsync, rename, fsync of the folder."""
    handle, unfinished = tempfile.mkstemp(dir=target.parent, prefix=UNFINISHED)
    try:
        with os.fdopen(handle, "wb") as out:
            shutil.copyfileobj(content, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())
        Path(unfinished).rename(target)
    finally:
        Path(unfinished).unlink(missing_ok=True)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write_sidecar(path: UPath, landed: LandedFile) -> None:
    if path.exists():
        return
    told = {
        "name": landed.name,
        "origin_url": landed.origin_url,
        "sha256": landed.sha256,
        "content_hash": landed.content_hash,
        "size_bytes": landed.size_bytes,
        "retrieved_at": landed.retrieved_at.isoformat(),
        "etag": landed.etag,
        "last_modified": landed.last_modified,
        "is_synthetic": landed.is_synthetic,
    }
    write_whole(path, json.dumps(told, indent=1).encode())


def _make_private(folder: Path) -> None:
    """Make a folder and the missing ones above it, mode 0700; existing ones stay as they are."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
