"""Column types and named random generators shared by the synthetic modules.

Every random draw comes from `generator(seed, name)`: a draw added in one place leaves the figures
of all others as they were.
"""

import zlib
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]
Words = npt.NDArray[np.object_]

NO_DAY: Final = np.datetime64("NaT", "D")


def generator(seed: int, name: str) -> np.random.Generator:
    """Return the random generator of one named subject; the same seed and name draw the same."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def chance(rng: np.random.Generator, share: float | Floats, count: int) -> Bools:
    """Return True for about the given share of `count` places."""
    drawn: Bools = rng.random(count) < share
    return drawn


def day(text: str) -> np.datetime64:
    """Return a calendar day from its ISO text."""
    return np.datetime64(text, "D")


def in_days(count: int | Ints) -> npt.NDArray[np.timedelta64]:
    """Return lengths of time, to be added to days: numpy takes no bare integers for them."""
    return np.asarray(count).astype("timedelta64[D]")


def first_day(school_year: int) -> np.datetime64:
    """Return the first day of a school year, named by its spring."""
    return day(f"{school_year - 1}-09-01")


def last_day(school_year: int) -> np.datetime64:
    """Return the last day of a school year, named by its spring."""
    return day(f"{school_year}-06-07")


def date_column(days: Days) -> pa.Array:
    """Return an Arrow date32 column; NaT becomes null."""
    return pa.array(days.astype("datetime64[D]"), type=pa.date32())


def word_column(words: Words) -> pa.Array:
    """Return an Arrow text column; None becomes null."""
    return pa.array(words, type=pa.string())


def weights_of(values: Ints | Floats) -> Floats:
    """Return the values divided by their sum."""
    shares: Floats = values / values.sum()
    return shares


def rank_within(groups: Ints) -> Ints:
    """Return each element's place (0, 1, ...) among the elements of its group, in given order."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    places = np.arange(len(ordered)) - np.repeat(starts, lengths)
    result = np.empty(len(groups), dtype=np.int64)
    result[order] = places
    return result
