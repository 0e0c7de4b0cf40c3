"""Which earlier text a text repeats: cut, re-headlined, framed or edited; a template, follow-up or quote is no copy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aggregator.seen.fingerprints import PLACES, Fingerprint, Hashes
from aggregator.seen.words import NAME, NUMBER, Bytes

FEWEST = 3  # 5-grams that a copy has in common with its original

COPIED = 0.2  # share of a text's 5-grams that survive where every fifth word of it is changed: 0.8 ** 5 is 0.33
WHOLE = 0.9  # share from which a text counts as standing unchanged in another
TOP = 0.3 * PLACES  # news is cut from its end, so a copy has the beginning of its original
TAIL = 0.92 * PLACES  # a follow-up ends with the earlier story

UNLIKE = 0.8  # share below which a text is checked for being a template with other facts filled in
NUMBERS_AGREED = 0.5  # share of the distinct numbers
FACTS_KEPT = 0.55  # 5-grams with facts survive that much worse than others in a template, in a copy just as well
DEVIATIONS = 3  # standard deviations that make the difference no accident


def compare(new: Fingerprint, old: Fingerprint) -> tuple[float, float] | None:
    """The share of each text that stands in the other, where one is a copy of the other.

    Both are to be without the 5-grams that many texts have. Word 5-grams and containment rather than resemblance:
    Broder 1997; what tells copies from the other texts with words in common is where those words stand and whether
    facts are among them.
    """
    limit = min(new.limit, old.limit)
    ends = int(new.hashes.searchsorted(limit)), int(old.hashes.searchsorted(limit))
    in_new, in_old = _shared(new.hashes[: ends[0]], old.hashes[: ends[1]])
    if len(in_new) < FEWEST:
        return None
    one, other = _Part(new, ends[0], in_new), _Part(old, ends[1], in_old)
    if not (one.copied_into(other) or other.copied_into(one)):
        return None
    if max(one.share, other.share) < UNLIKE and (_other_numbers(new, old) or _other_facts(one, other)):
        return None
    return one.share, other.share


def _shared(one: Hashes, other: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where the hashes that are in both stand in each."""
    if not len(other):
        return np.zeros(0, np.intp), np.zeros(0, np.intp)
    at = other.searchsorted(one)
    at[at == len(other)] = 0
    found = (other.take(at) == one).nonzero()[0]
    return found, at[found]


class _Part:
    """What one text has in common with another."""

    def __init__(self, text: Fingerprint, kept: int, shared: npt.NDArray[np.intp]) -> None:
        self._text, self._kept, self._shared = text, kept, shared
        self.share = len(shared) / kept
        at = text.places[shared].tolist()
        self.first, self.last = min(at), max(at)
        self.quarters = len({place * 4 // PLACES for place in at})

    def facts_shared(self) -> Bytes:
        shared: Bytes = self._text.facts[self._shared]
        return shared

    def facts_there(self) -> Bytes:
        """Of all 5-grams from the first to the last that is shared."""
        places, facts = self._text.places[: self._kept], self._text.facts[: self._kept]
        there: Bytes = facts[(places >= self.first) & (places <= self.last)]
        return there

    def copied_into(self, other: _Part) -> bool:
        """Whether this text, from its top and nearly all over, is the other one's, and not just the other one's end."""
        whole = self.share >= WHOLE
        if self.share < COPIED or (self.quarters < 3 and not whole) or self.first > TOP:
            return False
        return other.first <= TOP or (whole and other.last < TAIL)


def _other_numbers(new: Fingerprint, old: Fingerprint) -> bool:
    fewer = min(len(new.numbers), len(old.numbers))
    return fewer >= 2 and len(_shared(new.numbers, old.numbers)[0]) < NUMBERS_AGREED * fewer


def _other_facts(one: _Part, other: _Part) -> bool:
    """Whether the words that the texts have in common are those of a template: the numbers and names between differ."""
    most = max(one.share, other.share)
    parts = [part for part in (one, other) if part.share >= UNLIKE * most]
    shared = np.concatenate([part.facts_shared() for part in parts])
    there = np.concatenate([part.facts_there() for part in parts])
    return any(_survive_worse(shared & kinds != 0, there & kinds != 0) for kinds in (NUMBER, NUMBER | NAME))


def _survive_worse(shared: npt.NDArray[np.bool_], there: npt.NDArray[np.bool_]) -> bool:
    """Whether 5-grams with facts (True) are shared much less often than those without: a test of two proportions."""
    facts = int(there.sum())
    plain = len(there) - facts
    if not facts or not plain:
        return False
    kept = int(shared.sum()) / facts
    expected = (len(shared) - int(shared.sum())) / plain
    pooled = len(shared) / len(there)
    deviation = (pooled * (1 - pooled) * (1 / facts + 1 / plain)) ** 0.5
    return kept < FACTS_KEPT * expected and expected - kept > DEVIATIONS * deviation
