"""The words of a text as numbers, all at once: a loop over words would cost more than everything else done with them.

A character stands for 32 arbitrary bits; a word's value is a polynomial of those of its letters (Karp and Rabin 1987).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from aggregator.cleaning.text import UNSPACED

LONGEST = 60_000  # characters that are looked at

NUMBER, NAME = np.uint8(1), np.uint8(2)

Values = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]

_PLANE = 1 << 16  # characters beyond it (emoji, rare signs) are two of no letters in UTF-16
_SPACE, _PUNCTUATION, _LETTER = 0, 1, 2
_DIGIT, _CAPITAL, _SIGN = np.uint8(4), np.uint8(8), np.uint8(16)  # beside _LETTER; a _SIGN is a word of its own

_BASE = 0x9E3779B9
_MIX, _HALF = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)
_POWERS = np.cumprod(np.full(LONGEST + 1, _BASE, np.uint32), dtype=np.uint32)
_INVERSES = np.cumprod(np.full(LONGEST + 1, pow(_BASE, -1, 1 << 32), np.uint32), dtype=np.uint32)


def read(text: str) -> tuple[Values, Bytes]:
    """For each word 64 bits that are the same whatever its case and punctuation, and whether it is a NUMBER (all
    digits) or a NAME (a capital first). In scripts without spaces each sign is a word."""
    codes = np.frombuffer(text[:LONGEST].encode("utf-16-le", "surrogatepass"), np.uint16)
    bits, traits = _characters()
    kinds = traits.take(codes)
    kept = kinds != _PUNCTUATION
    codes, kinds = codes[kept], kinds[kept]
    letters = np.flatnonzero(kinds)
    if not len(letters):
        return np.zeros(0, np.uint64), np.zeros(0, np.uint8)
    codes, kinds = codes.take(letters), kinds.take(letters)
    starts = np.ones(len(letters), bool)
    np.greater(letters[1:] - letters[:-1], 1, out=starts[1:])
    every = np.bitwise_or.reduce(kinds)
    if every & _SIGN:
        signs = kinds & _SIGN != 0
        starts |= signs
        starts[1:] |= signs[:-1]
    first = np.flatnonzero(starts)
    terms = bits.take(codes) * _POWERS[: len(letters)]
    sums: Any = np.add.reduceat(terms, first, dtype=np.uint32)  # its type is told wrongly
    values = mixed((sums * _INVERSES.take(first)).astype(np.uint64))
    facts = (kinds.take(first) & _CAPITAL) >> np.uint8(2)
    if every & _DIGIT:
        facts |= (np.bitwise_and.reduceat(kinds, first) & _DIGIT) >> np.uint8(2)
    return values, facts


def mixed(values: Values) -> Values:
    """Each of the values' bits depends on all of them."""
    values ^= values >> _HALF
    values *= _MIX
    values ^= values >> _HALF
    return values


@cache
def _characters() -> tuple[npt.NDArray[np.uint32], Bytes]:
    """For each character the bits that it stands for, and its traits."""
    every = [chr(code) for code in range(_PLANE)]
    small = [lower if len(lower := char.lower()) == 1 else char for char in every]
    bits = (mixed(mixed(np.array([ord(char) for char in small], np.uint64) + _MIX)) >> _HALF).astype(np.uint32)

    def those(found: Iterable[bool]) -> npt.NDArray[np.bool_]:
        return np.fromiter(found, bool, _PLANE)

    traits = np.full(_PLANE, _LETTER, np.uint8)
    traits[those(map(str.isdecimal, every))] |= _DIGIT
    traits[those(map(str.isupper, every))] |= _CAPITAL
    for run in re.finditer(f"[{UNSPACED}]+", "".join(every)):
        traits[slice(*run.span())] |= _SIGN
    traits[~those(map(str.isalnum, every))] = _PUNCTUATION
    traits[those(map(str.isspace, every))] = _SPACE
    return bits, traits
