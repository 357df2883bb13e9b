"""Natural keys of a file as 64-bit hashes: only a suspected repetition is looked for in SQL.

Method: a polynomial in a random base over the bytes of each cell, modulo 2**64; equal keys always
have equal hashes, so nothing is missed. Flow: typed batches -> hashes -> `has_suspicion`.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.letters import letters_of, offsets_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

NULL = np.uint64(0x9E3779B97F4A7C15)
MOST_KEYS = 16_000_000
"""With more than these the database is asked in any case, so that memory stays bounded."""

SORTED_BITS = np.uint64(60)


class KeyHashes:
    """Hashes of the keys seen so far; 8 bytes a row up to `MOST_KEYS`."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._base = np.uint64(secrets.randbits(64) | 1)
        self._powers: Hashes = np.ones(1, np.uint64)
        self._seen: list[Hashes] = []
        self._count = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Remember the keys of a batch."""
        self._count += batch.num_rows
        if self._count > MOST_KEYS:
            self._seen.clear()
            return
        total: Hashes = np.zeros(batch.num_rows, np.uint64)
        for name in self._names:
            total = total * self._base + self._hash(batch.column(name))
            total ^= total >> np.uint64(29)
        self._seen.append(total * self._base)  # odd, so still one to one, and the first bits vary

    def has_suspicion(self) -> bool:
        """Whether two keys have one hash: they are equal, or it is a rare accident.

        Sorted by parts with equal first bits, so that no second copy of all is needed.
        """
        if self._count > MOST_KEYS:
            return True
        for part in range(2 ** (64 - int(SORTED_BITS))):
            some = [hashes[hashes >> SORTED_BITS == part] for hashes in self._seen]
            every = np.sort(np.concatenate([np.empty(0, np.uint64), *some]))
            if (every[1:] == every[:-1]).any():
                return True
        return False

    def _hash(self, column: pa.Array) -> Hashes:
        if pa.types.is_integer(column.type):
            hashes: Hashes = pc.fill_null(column, 0).cast(pa.int64()).to_numpy().view(np.uint64)
        else:
            text = column if pa.types.is_string(column.type) else column.cast(pa.string())
            hashes = self._hash_text(pc.fill_null(text, ""))
        if column.null_count:
            is_null = pc.is_null(column).to_numpy(zero_copy_only=False)
            hashes = np.where(is_null, NULL, hashes)
        return hashes

    def _hash_text(self, text: pa.Array) -> Hashes:
        offsets = offsets_of(text).astype(np.int64)
        letters = letters_of(text).astype(np.uint64) + np.uint64(1)
        lengths = np.diff(offsets)
        places = np.arange(len(letters)) - np.repeat(offsets[:-1] - offsets[0], lengths)
        running = np.concatenate(
            [np.zeros(1, np.uint64), np.cumsum(letters * self._power(places), dtype=np.uint64)]
        )
        ends = offsets - offsets[0]
        hashes: Hashes = running[ends[1:]] - running[ends[:-1]]
        return hashes

    def _power(self, places: NDArray[np.int64]) -> Hashes:
        longest = int(places.max(initial=0)) + 1
        if longest > len(self._powers):
            steps = np.full(longest, self._base, np.uint64)
            steps[0] = 1
            self._powers = np.multiply.accumulate(steps)
        powers: Hashes = self._powers[places]
        return powers
