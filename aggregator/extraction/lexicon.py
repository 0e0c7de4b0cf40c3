"""What is known of words: how much more often each stands in bodies than beside them, from -1 to 1.

Learned by tests/benchmarks/train_body.py. The answers for an element's names and for a text are remembered: the pages
of a site share their menus, boxes and footers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

HEAD = 160  # characters of a text that are looked at
REMEMBERED = 16_384
_TOKEN = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")


class Lean(NamedTuple):
    """Of a text's keys: mean, least and most; the longest known beginning and ending."""

    mean: float = 0.0
    least: float = 0.0
    most: float = 0.0
    first: float = 0.0
    final: float = 0.0


NOTHING = Lean()


class Lexicon:
    """`near`: name words of an element and its parent; `far`: of any ancestor; `said`: `keys` of a text."""

    def __init__(self, near: Mapping[str, float], far: Mapping[str, float], said: Mapping[str, float]) -> None:
        self.near, self.far, self.said = near, far, said
        self.named = lru_cache(REMEMBERED)(self._named)
        self.spoken = lru_cache(REMEMBERED)(self._spoken)

    def _named(self, words: tuple[str, ...]) -> tuple[float, float, float, float, float, float]:
        """(mean, least, most) of names by `near`, (sum, least, most) by `far`; least is at most 0, most at least 0."""
        near = [value for word in words if (value := self.near.get(word)) is not None] or [0.0]
        far = [value for word in words if (value := self.far.get(word)) is not None] or [0.0]
        return sum(near) / len(near), min(*near, 0.0), max(*near, 0.0), sum(far), min(*far, 0.0), max(*far, 0.0)

    def _spoken(self, head: str, whole: bool) -> tuple[frozenset[str], Lean]:
        """The distinct words of a text's beginning, and what they say; `whole` where the text has no more."""
        words = first_words(head)
        said = list(map(self.said.get, keys(words, whole)))
        values = [value for value in said if value is not None]
        if not values:
            return frozenset(words), NOTHING
        first = final = None
        if words:  # the longest key that is known
            first = said[2] if said[2] is not None else said[1] if said[1] is not None else said[0]
            if whole:
                final = said[4] if said[4] is not None else said[3]
        return frozenset(words), Lean(sum(values) / len(values), min(values), max(values), first or 0.0, final or 0.0)


@cache
def learned() -> Lexicon:
    """The lexicon that comes with the project."""
    tables = json.loads(files(__package__).joinpath("body_words.json").read_text(encoding="utf-8"))
    return Lexicon(tables["near"], tables["far"], tables["said"])


def first_words(text: str) -> list[str]:
    """Lower case, numbers as 0.

    >>> first_words("Photo: 12 Dams")
    ['photo', '0', 'dams']
    """
    words = _TOKEN.findall(text[:HEAD].lower())
    if "".join(words).isalpha():  # nearly always
        return words
    return _TOKEN.findall(_DIGITS.sub("0", text[:HEAD]).lower())


def keys(words: Sequence[str], whole: bool) -> list[str]:
    """Three beginnings `^` and, where the text is short, two endings `$`, each word, and `=` the whole.

    >>> keys(["read", "more"], whole=True)
    ['^read', '^read more', '^read more', '$more', '$read more', 'read', 'more', '=read more']
    """
    if not words:
        return ["-"]
    out = ["^" + words[0], "^" + " ".join(words[:2]), "^" + " ".join(words[:3])]
    if whole:
        out += ["$" + words[-1], "$" + " ".join(words[-2:])]
        if len(words) <= 10:
            out += words
            if len(words) <= 6:
                out.append("=" + " ".join(words))
    return out
