"""Finding any of hundreds of phrases in a line at the cost of looking up its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.cleaning.text import UNSPACED

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(f"[{UNSPACED}]")


class Phrases:
    """A set of phrases, compared without regard to case; the longest one at the earliest place is found.

    Phrases stand for themselves: letters around them are no match, but in scripts that write no spaces.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = {}
        self._unspaced: list[str] = []
        self._longest = 0
        for phrase in sorted({phrase.lower() for phrase in phrases}, key=len, reverse=True):
            self._longest = max(self._longest, len(phrase))
            if _UNSPACED.match(phrase):
                self._unspaced.append(phrase)
            elif first := _WORD.match(phrase):
                self._by_word.setdefault(first[0], []).append(phrase)

    def find(self, text: str) -> tuple[int, int] | None:
        """Where the first phrase in `text` begins and ends.

        >>> Phrases(["originally appeared on"]).find("It Originally appeared on Grist.")
        (3, 25)
        """
        lower = text.lower()
        if len(lower) != len(text):  # a few letters grow when lowered: places would not fit
            lower = text
        for word in _WORD.finditer(lower) if not self._by_word.keys().isdisjoint(_WORD.findall(lower)) else ():
            if end := self._end(lower, word[0], word.start()):
                return word.start(), end
        if self._unspaced and _UNSPACED.search(lower):
            for phrase in self._unspaced:
                if (start := lower.find(phrase)) >= 0:
                    return start, start + len(phrase)
        return None

    def at_start(self, text: str) -> int:
        """How many characters of `text` the longest phrase takes that it begins with; 0 where it begins with none.

        >>> Phrases(["by", "written by"]).at_start("Written by Ann")
        10
        """
        lower = text[: self._longest + 1].lower()
        if (word := _WORD.match(lower)) and (end := self._end(lower, word[0], 0)):
            return end
        if self._unspaced and _UNSPACED.match(lower):
            return next((len(phrase) for phrase in self._unspaced if lower.startswith(phrase)), 0)
        return 0

    def _end(self, lower: str, word: str, start: int) -> int:
        for phrase in self._by_word.get(word, ()):
            end = start + len(phrase)
            if lower.startswith(phrase, start) and not lower[end : end + 1].isalnum():
                return end
        return 0
