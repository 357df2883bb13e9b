"""Plain numbers among cells of text, eight letters of every cell at a time.

Method: D. Lemire, "Quickly parsing eight digits" (2018): eight letters are one 64-bit word, whose
value takes three multiplications. numpy does each step for a whole column. What is not plain (a
sign, an exponent, another number of decimals) is left to Arrow's casts.
Flow: spans of cells -> numbers without their point, and where they stand -> `ingestion.casts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingestion.letters import Spans

    Words = NDArray[np.uint64]

WORD = 8
LONGEST = 2 * WORD
MOST_DECIMALS = WORD - 2
"""The point and a digit before it must be in a cell's last word."""

ALL_ZEROS, POINT = np.uint64(0x3030303030303030), ord(".") ^ ord("0")
LAST_LETTERS = np.array([2**64 - 2 ** (64 - 8 * count) for count in range(WORD + 1)], np.uint64)
"""By their count: the bits of a word's last letters, which are in its highest bytes."""

TO_HIGHEST_BIT, HIGHEST_BITS = np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
STEPS = tuple(
    (np.uint64(digits), np.uint64(factor), np.uint64(shift))
    for digits, factor, shift in (
        (0x0F0F0F0F0F0F0F0F, (10 << 8) + 1, 8),
        (0x00FF00FF00FF00FF, (100 << 16) + 1, 16),
        (0x0000FFFF0000FFFF, (10_000 << 32) + 1, 32),
    )
)


def plain_numbers(cells: Spans, decimals: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read the cells that are digits alone, but for a point before the last `decimals` of them.

    Args:
        cells: Cells of text; one with a blank around it is not plain.
        decimals: Digits behind the point, as the column's type has them; with 0 there is no point.

    Returns:
        The numbers in units of the last decimal, and where they are; elsewhere they mean nothing.
    """
    letters, ends, lengths = cells.letters, cells.ends, cells.ends - cells.begins
    is_plain = (lengths > (decimals + 1 if decimals else 0)) & (lengths <= LONGEST)
    if decimals > MOST_DECIMALS or not is_plain.any():
        return np.zeros(len(cells), np.int64), np.zeros(len(cells), np.bool_)
    words = np.ndarray(len(letters) - WORD + 1, "<u8", letters, strides=(1,))

    last = _own(words[ends - WORD], lengths)
    if decimals:
        is_plain &= last.view(np.uint8)[WORD - 1 - decimals :: WORD] == POINT
        last = _without_point(last, decimals)
    is_plain &= _are_digits(last)
    units = _value(last)
    if lengths.max() > WORD:
        first = _own(words[ends - LONGEST], lengths - np.int32(WORD))
        is_plain &= _are_digits(first)
        units += _value(first) * np.uint64(10 ** (WORD - bool(decimals)))
    return units.view(np.int64), is_plain


def _own(words: Words, lengths: NDArray[np.int32]) -> Words:
    """Words whose last so many letters are the cell's, as values of digits; the others are 0."""
    words ^= ALL_ZEROS
    words &= LAST_LETTERS.take(lengths, mode="clip")
    return words


def _without_point(words: Words, decimals: int) -> Words:
    """The words with their first digits in the point's place."""
    whole = words & np.uint64(2 ** (8 * (WORD - 1 - decimals)) - 1)
    whole <<= np.uint64(8)
    words &= np.uint64(2**64 - 2 ** (8 * (WORD - decimals)))
    words |= whole
    return words


def _are_digits(words: Words) -> NDArray[np.bool_]:
    """Whether all eight letters are values of digits."""
    told: Words = words + TO_HIGHEST_BIT
    told |= words
    told &= HIGHEST_BITS
    are: NDArray[np.bool_] = told == 0
    return are


def _value(words: Words) -> Words:
    """The number of eight digits, the first of which is in the lowest byte."""
    for digits, factor, shift in STEPS:
        words &= digits
        words *= factor
        words >>= shift
    return words
