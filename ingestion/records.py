"""Records of an API as a file: one canonical JSON object a line, and a hash that ignores order.

Flow: pages -> `<resource>.ndjson.gz` + content hash (sha256 over the sorted sha256 of the records,
without what changes by itself). Memory: 48 bytes or so a record, whatever its size.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DIGEST_BYTES = 32
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Written:
    """What was written; `repeated` counts records whose id had come before (and were left out)."""

    records: int
    repeated: int
    content_hash: str


def write_records(
    records: Iterable[dict[str, Any]], into: Path, *, kind: str, volatile: tuple[str, ...]
) -> Written:
    """Write records as canonical JSON lines, gzipped.

    Args:
        records: Objects with an `id`; used up, their volatile keys are taken out.
        into: The file; replaced.
        kind: Name of the resource; part of the hash, so that two empty resources differ.
        volatile: Keys that are written but not hashed.
    """
    seen: set[bytes] = set()
    digests = bytearray()
    repeated = 0
    with into.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=0) as out:
        for record in records:
            identity = hashlib.blake2b(str(record.get("id")).encode(), digest_size=16).digest()
            if identity in seen:
                repeated += 1
                continue
            seen.add(identity)
            passing = {key: record.pop(key) for key in volatile if key in record}
            lasting = canonical(record)
            digests += hashlib.sha256(lasting).digest()
            out.write(_joined(passing, lasting) + b"\n")
    return Written(len(seen), repeated, _hash_of(kind, digests))


def canonical(record: dict[str, Any]) -> bytes:
    """A record as JSON with sorted keys and no blanks."""
    return ENCODER.encode(record).encode()


def _joined(passing: dict[str, Any], lasting: bytes) -> bytes:
    """One object of both, the volatile keys first."""
    return canonical(passing)[:-1] + b"," + lasting[1:] if passing else lasting


def _hash_of(kind: str, digests: bytearray) -> str:
    rows = (
        np.frombuffer(bytes(digests), dtype=f"S{DIGEST_BYTES}") if digests else np.empty(0, "S32")
    )
    total = hashlib.sha256(kind.encode() + b"\n")
    total.update(np.sort(rows).tobytes())
    return total.hexdigest()
