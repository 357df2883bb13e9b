"""Plain numbers in a column of text, eight letters of every cell at a time.

Method: D. Lemire, "Quickly parsing eight digits" (2018): eight letters are one 64-bit word, whose
value takes three multiplications. numpy does each step for a whole column. What is not plain (a
sign, an exponent, another number of decimals) is left to Arrow's casts.
Flow: text column -> numbers without their point, and where they stand -> `ingestion.casts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ingestion.letters import letters_of, offsets_of

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]

WORD = 8
LONGEST = 2 * WORD
MOST_DECIMALS = WORD - 2
"""The point and a digit before it must be in a cell's last word."""

ALL_ZEROS, POINT = np.uint64(0x3030303030303030), np.uint64(ord(".") ^ ord("0"))
TO_HIGHEST_BIT, HIGHEST_BITS = np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
STEPS = tuple(
    (np.uint64(digits), np.uint64(factor), np.uint64(shift))
    for digits, factor, shift in (
        (0x0F0F0F0F0F0F0F0F, (10 << 8) + 1, 8),
        (0x00FF00FF00FF00FF, (100 << 16) + 1, 16),
        (0x0000FFFF0000FFFF, (10_000 << 32) + 1, 32),
    )
)


def plain_numbers(text: pa.Array, decimals: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read the cells that are digits alone, but for a point before the last `decimals` of them.

    Args:
        text: Cells of text without blanks around; null cells are not plain.
        decimals: Digits behind the point, as the column's type has them; with 0 there is no point.

    Returns:
        The numbers in units of the last decimal, and where they are; elsewhere they mean nothing.
    """
    offsets = offsets_of(text)
    ends, lengths = offsets[1:] - offsets[0], np.diff(offsets)
    is_plain = (lengths > (decimals + 1 if decimals else 0)) & (lengths <= LONGEST)
    if decimals > MOST_DECIMALS or not is_plain.any():
        return np.zeros(len(text), np.int64), np.zeros(len(text), np.bool_)
    before = np.zeros(LONGEST, np.uint8)
    letters = np.concatenate([before, letters_of(text)])
    words = np.ndarray(len(letters) - WORD + 1, "<u8", letters, strides=(1,))

    last = _own(words[ends + WORD], np.minimum(lengths, WORD))
    if decimals:
        last, has_point = _without_point(last, decimals)
        is_plain &= has_point
    is_plain &= _are_digits(last)
    units = _value(last)
    if lengths.max() > WORD:
        first = _own(words[ends], np.clip(lengths - WORD, 0, WORD))
        is_plain &= _are_digits(first)
        units += _value(first) * np.uint64(10 ** (WORD - bool(decimals)))
    if text.null_count:
        is_plain &= text.is_valid().to_numpy(zero_copy_only=False)
    return units.view(np.int64), is_plain


def _own(words: Words, lengths: NDArray[np.int32]) -> Words:
    """Words whose last so many letters are the cell's, as values of digits; the others are 0."""
    foreign = (np.int32(WORD) - lengths).astype(np.uint64) * np.uint64(8)
    own: Words = ((words ^ ALL_ZEROS) >> foreign) << foreign
    return own


def _without_point(words: Words, decimals: int) -> tuple[Words, NDArray[np.bool_]]:
    """The words with their first digits in the point's place, and whether it was one."""
    place = np.uint64(8 * (WORD - 1 - decimals))
    has_point = (words >> place) & np.uint64(0xFF) == POINT
    behind = np.uint64(2**64 - 2 ** (8 * (WORD - decimals)))
    whole = (words & np.uint64(2 ** int(place) - 1)) << np.uint64(8)
    return whole | (words & behind), has_point


def _are_digits(words: Words) -> NDArray[np.bool_]:
    """Whether all eight letters are values of digits."""
    told: NDArray[np.bool_] = ((words + TO_HIGHEST_BIT) | words) & HIGHEST_BITS == 0
    return told


def _value(words: Words) -> Words:
    """The number of eight digits, the first of which is in the lowest byte."""
    for digits, factor, shift in STEPS:
        words = (words & digits) * factor >> shift
    return words
