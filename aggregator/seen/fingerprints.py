"""What a text is recognised by: sampled word 5-grams, where each stands, and whether it holds a number or a name."""

from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from aggregator.seen import words
from aggregator.seen.words import NAME, NUMBER, Bytes, Values

Hashes = npt.NDArray[np.uint32]

GRAM = 5  # words; in scripts without spaces, characters
SAMPLED = 8  # one 5-gram in so many is kept, the same ones in every text (FracMinHash, Hera et al. 2023)
LEAST = 64  # of a short text more 5-grams are kept, until there are so many
SKETCH = 24  # classes of hashes, by their remainders: however long a text, it is found by the lowest of each

PLACES = 64  # a 5-gram's place: 0 is the beginning of the text, 63 its end

_POWERS = [np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in range(GRAM)]
_HALF, _SHORTENED = np.uint64(32), np.uint64(48)
_LIMIT = (1 << 32) // SAMPLED
_HEAD = struct.Struct("<IHH")  # limit - 1, length, number of hashes


@dataclass(eq=False)
class Fingerprint:
    """Equal texts have equal fingerprints, on every machine; case, punctuation and white space do not count."""

    hashes: Hashes  # ascending: those of the text's 5-grams that are below `limit`
    places: Bytes  # where each stands first
    facts: Bytes  # whether it holds a NUMBER, a NAME (a word with a capital that the text never writes without one)
    limit: int
    numbers: Hashes  # ascending: the distinct numbers
    length: int  # in 5-grams

    @classmethod
    def of(cls, text: str) -> Fingerprint:
        values, kinds = words.read(text)
        grams = _grams(values)
        bound = max(_LIMIT, min(1 << 32, 2 * LEAST * (1 << 32) // max(1, len(grams))))  # twice what a short text needs
        first = np.flatnonzero(grams < bound)
        hashes, order = _distinct(grams[first])
        kept, limit = int(hashes.searchsorted(_LIMIT)), _LIMIT
        if kept < LEAST:
            if len(hashes) <= LEAST and bound < 1 << 32:  # it repeats itself
                first = np.arange(len(grams))
                hashes, order = _distinct(grams)
            kept, limit = LEAST, int(hashes[LEAST]) if len(hashes) > LEAST else 1 << 32
        hashes, first = hashes[:kept], first[order[:kept]]
        places = (first * PLACES // max(1, len(grams))).astype(np.uint8)
        numbers, _ = _distinct((values[kinds == NUMBER] >> _HALF).astype(np.uint32))
        return cls(hashes, places, _facts(values, kinds, first), limit, numbers, len(grams))

    def packed(self) -> bytes:
        """Five bytes a 5-gram, four a number."""
        traits = self.places << np.uint8(2) | self.facts
        head = _HEAD.pack(self.limit - 1, self.length, len(self.hashes))
        return head + self.hashes.tobytes() + traits.tobytes() + self.numbers.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Fingerprint:
        last, length, count = _HEAD.unpack_from(data)
        hashes = np.frombuffer(data, np.uint32, count, _HEAD.size)
        traits = np.frombuffer(data, np.uint8, count, _HEAD.size + 4 * count)
        numbers = np.frombuffer(data, np.uint32, offset=_HEAD.size + 5 * count)
        return cls(hashes, traits >> np.uint8(2), traits & np.uint8(3), last + 1, numbers, length)

    @cached_property
    def sketch(self) -> dict[int, int]:
        """The lowest hash of each class (one permutation hashing: Li, Owen and Zhang 2012), by its remainder."""
        return {value % SKETCH: value for value in self.hashes[::-1].tolist()}

    def only(self, hashes: Collection[int]) -> Fingerprint:
        """The part of the fingerprint with those of its `hashes`."""
        own = np.isin(self.hashes, np.fromiter(hashes, np.uint32, len(hashes)))
        return replace(self, hashes=self.hashes[own], places=self.places[own], facts=self.facts[own])


def _grams(values: Values) -> Hashes:
    count = max(0, len(values) - GRAM + 1)
    total = np.zeros(count, np.uint64)
    for at, factor in enumerate(_POWERS):
        total += values[at : at + count] * factor
    return (words.mixed(total) >> _HALF).astype(np.uint32)


def _distinct(values: Hashes) -> tuple[Hashes, npt.NDArray[np.intp]]:
    """The distinct ones, ascending, and where each stands first."""
    order = np.argsort(values, kind="stable")
    values = values[order]
    new = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return values[new], order[new]


def _facts(values: Values, kinds: Bytes, first: npt.NDArray[np.intp]) -> Bytes:
    """Whether a NUMBER or NAME is among the words from each of `first` on."""
    short = (values >> _SHORTENED).astype(np.uint16)  # a table by 16 bits is wrong for a word in a hundred, and fast
    small = np.zeros(1 << 16, bool)
    small[short.take(np.flatnonzero(kinds == 0))] = True
    names = np.flatnonzero(kinds == NAME)
    facts = kinds.copy()
    facts[names.compress(small.take(short.take(names)))] = 0
    count = max(0, len(values) - GRAM + 1)
    found = facts[:count].copy()
    for at in range(1, GRAM):
        found |= facts[at : at + count]
    return found.take(first)
