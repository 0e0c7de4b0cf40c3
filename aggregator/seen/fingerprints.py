"""What a text is recognised by: sampled word 5-grams, where each stands, and whether it holds a number or a name."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from xxhash import xxh3_64_intdigest

from aggregator.cleaning.text import UNSPACED

Hashes = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

GRAM = 5  # words; in scripts without spaces, characters
SAMPLED = 8  # one 5-gram in so many is kept, the same ones in every text (FracMinHash, Hera et al. 2023)
LEAST = 64  # of a short text more 5-grams are kept, until there are so many
LONGEST = 60_000  # characters that are looked at

PLACES = 64  # a 5-gram's place: 0 is the beginning of the text, 63 its end
NUMBER, NAME = np.uint8(1), np.uint8(2)

_HAS_UNSPACED = re.compile(f"[{UNSPACED}]")
_WORD_OR_SIGN = re.compile(f"[{UNSPACED}]|[^\\s{UNSPACED}]+")
_PUNCTUATION = re.compile(r"[\W_]+")

_KINDS, _CAPITAL = np.uint64(3), np.uint64(NAME)  # the two lowest bits of a word's value
_POWERS = [np.uint64(pow(0x9E3779B97F4A7C15, power, 1 << 64)) for power in range(GRAM)]
_MIX, _HALF = np.uint64(0xD6E8FEB86659FD93), np.uint64(32)
_LIMIT = (1 << 32) // SAMPLED
_HEAD = struct.Struct("<IH")  # limit - 1, number of hashes
_WORDS_KEPT, _LONGEST_KEPT = 200_000, 40


class _Words(dict[str, int]):
    """Word -> 62 bits of its hash without case and punctuation, whether it is a NAME, whether a NUMBER; 0 for none."""

    def __missing__(self, word: str) -> int:
        bare = _PUNCTUATION.sub("", word)
        value = 0
        if bare:
            value = xxh3_64_intdigest(bare.lower().encode("utf-8", "surrogatepass")) & ~3
            value |= int(bare.isdecimal()) | int(bare[0].isupper()) << 1
        if len(self) < _WORDS_KEPT and len(word) <= _LONGEST_KEPT:
            self[word] = value
        return value


_words = _Words()


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Equal texts have equal fingerprints, on every machine; case, punctuation and white space do not count."""

    hashes: Hashes  # ascending: those of the text's 5-grams that are below `limit`
    places: Bytes  # where each stands first
    facts: Bytes  # whether it holds a NUMBER, a NAME (a word with a capital that the text never writes without one)
    limit: int
    numbers: Hashes  # ascending: the distinct numbers

    @classmethod
    def of(cls, text: str) -> Fingerprint:
        text = text[:LONGEST]
        unspaced = not text.isascii() and _HAS_UNSPACED.search(text)
        words = _WORD_OR_SIGN.findall(text) if unspaced else text.split()
        values = np.fromiter(map(_words.__getitem__, words), np.uint64, len(words))
        values = values[values > 0]
        kinds = values & _KINDS
        grams = _grams(values ^ kinds)
        first, limit = np.flatnonzero(grams < _LIMIT), _LIMIT
        hashes, order = np.unique(grams[first], return_index=True)
        first = first[order]
        if len(hashes) < LEAST:
            hashes, first = np.unique(grams, return_index=True)
            limit = int(hashes[LEAST]) if len(hashes) > LEAST else 1 << 32
            hashes, first = hashes[:LEAST], first[:LEAST]
        places = (first * PLACES // max(1, len(grams))).astype(np.uint8)
        numbers = np.unique((values[kinds == NUMBER] >> _HALF).astype(np.uint32))
        return cls(hashes, places, _facts(values, kinds, first), limit, numbers)

    def packed(self) -> bytes:
        """Five bytes a 5-gram, four a number."""
        traits = self.places << np.uint8(2) | self.facts
        head = _HEAD.pack(self.limit - 1, len(self.hashes))
        return head + self.hashes.tobytes() + traits.tobytes() + self.numbers.tobytes()

    @classmethod
    def unpacked(cls, data: bytes) -> Fingerprint:
        last, count = _HEAD.unpack_from(data)
        hashes = np.frombuffer(data, np.uint32, count, _HEAD.size)
        traits = np.frombuffer(data, np.uint8, count, _HEAD.size + 4 * count)
        numbers = np.frombuffer(data, np.uint32, offset=_HEAD.size + 5 * count)
        return cls(hashes, traits >> np.uint8(2), traits & np.uint8(3), last + 1, numbers)

    def sketch(self) -> Fingerprint:
        """The part of the fingerprint by which a text is found: LEAST of its hashes, however long it is."""
        if len(self.hashes) <= LEAST:
            return self
        kept = slice(LEAST)
        return Fingerprint(
            self.hashes[kept], self.places[kept], self.facts[kept], int(self.hashes[LEAST]), self.numbers
        )

    def without(self, common: Sequence[int]) -> Fingerprint:
        """The fingerprint without the hashes that are in many texts."""
        if not common:
            return self
        own = ~np.isin(self.hashes, np.array(common, np.uint32))
        return Fingerprint(self.hashes[own], self.places[own], self.facts[own], self.limit, self.numbers)


def _grams(words: npt.NDArray[np.uint64]) -> Hashes:
    count = max(0, len(words) - GRAM + 1)
    total = np.zeros(count, np.uint64)
    for at, factor in enumerate(_POWERS):
        total += words[at : at + count] * factor
    total ^= total >> _HALF
    total *= _MIX
    return (total >> _HALF).astype(np.uint32)


def _facts(values: npt.NDArray[np.uint64], kinds: npt.NDArray[np.uint64], first: npt.NDArray[np.intp]) -> Bytes:
    small = set(values[kinds == 0].tolist())
    capitals = np.flatnonzero(kinds == NAME)
    facts = kinds.astype(np.uint8)
    facts[
        [at for at, value in zip(capitals.tolist(), values[capitals].tolist(), strict=True) if value ^ 2 in small]
    ] = 0
    found = np.zeros(len(first), np.uint8)
    for at in range(GRAM):
        found |= facts[first + at]
    return found
