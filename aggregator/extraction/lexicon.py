"""What is known of words: how much more often each stands in bodies than beside them, from -1 to 1.

Learned by tests/benchmarks/train_body.py. A word nobody knows counts 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

HEAD = 160  # characters of a text that are looked at
LONG = 60  # characters above which a text is more than a label: all its words are weighed
WORST = 3
NAMED = ("own", "least", "under", "lowest", "highest")
SPOKEN = ("said", "said.least", "said.first", "said.final", "tone", "tone.worst", "tone.known")

Numbers = NDArray[np.float64]


class Lexicon:
    """`near`: name words of an element and its parent; `far`: of any ancestor; `said`: `keys` of a text; `tone`: words
    of long texts.
    """

    def __init__(
        self, near: Mapping[str, float], far: Mapping[str, float], said: Mapping[str, float], tone: Mapping[str, float]
    ) -> None:
        self.near, self.far, self.said, self.tone = near, far, said, tone

    def named(self, names: Sequence[Sequence[str]]) -> Numbers:
        """(NAMED, names): mean and least by `near`; sum, least and most by `far`."""
        flat = list(chain.from_iterable(("", *words) for words in names))
        starts = _starts([len(words) + 1 for words in names])
        near, far = _values(self.near, flat), _values(self.far, flat)
        mean, least = _mean_and_least(near, starts)
        sums, lowest = np.add.reduceat(far, starts), np.minimum.reduceat(far, starts)
        return np.stack((mean, least, sums, lowest, np.maximum.reduceat(far, starts)))

    def spoken(self, lines: Sequence[list[str]], sizes: Sequence[int]) -> Numbers:
        """(SPOKEN, lines), by the words of each line's beginning and its length in characters: mean and least of its
        `keys`; the longest known beginning and ending; mean, mean of the WORST and number of the known words of a long
        text.
        """
        asked = [["", *keys(words, size <= HEAD)] for words, size in zip(lines, sizes, strict=True)]
        starts = _starts([len(one) for one in asked])
        values = _values(self.said, list(chain.from_iterable(asked)))
        mean, least = _mean_and_least(values, starts)
        first, final = np.zeros((2, len(lines)))
        for at in (1, 2, 3):
            longer = values[starts + at]
            first = np.where(longer != 0, longer, first)
        whole = np.array([bool(words) and size <= HEAD for words, size in zip(lines, sizes, strict=True)])
        for at in (4, 5):
            longer = values[(starts + at)[whole]]
            final[whole] = np.where(longer != 0, longer, final[whole])
        return np.stack((mean, least, first, final, *self._tone(lines, sizes)))

    def _tone(self, lines: Sequence[list[str]], sizes: Sequence[int]) -> tuple[Numbers, Numbers, Numbers]:
        n = len(lines)
        counts = [len(words) if size > LONG else 0 for words, size in zip(lines, sizes, strict=True)]
        flat = chain.from_iterable(words for words, count in zip(lines, counts, strict=True) if count)
        values = _values(self.tone, list(flat))
        known = values != 0
        owner = np.repeat(np.arange(n), counts)[known]
        values = np.sort(values[known] + 4 * owner) - 4 * owner  # each line's from the worst up
        number = np.bincount(owner, minlength=n)
        worst = np.arange(len(owner)) - (np.cumsum(number) - number)[owner] < WORST
        return (
            np.bincount(owner, values, n) / np.maximum(number, 1),
            np.bincount(owner[worst], values[worst], n) / np.clip(number, 1, WORST),
            number.astype(np.float64),
        )


def _starts(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *sizes[:-1]])


def _values(table: Mapping[str, float], words: list[str]) -> Numbers:
    return np.fromiter(map(table.get, words, repeat(0.0)), np.float64, len(words))


def _mean_and_least(values: Numbers, starts: NDArray[np.int64]) -> tuple[Numbers, Numbers]:
    known = np.add.reduceat((values != 0).astype(np.float64), starts)
    return np.add.reduceat(values, starts) / np.maximum(known, 1), np.minimum.reduceat(values, starts)


@cache
def learned() -> Lexicon:
    """The lexicon that comes with the project."""
    tables = json.loads(files(__package__).joinpath("body_words.json").read_text(encoding="utf-8"))
    return Lexicon(tables["near"], tables["far"], tables["said"], tables["tone"])


@cache
def _letters() -> NDArray[np.uint32]:
    """Character -> itself where it may stand in a word, 0 for digits, else a space; lines stay apart."""
    chars = [chr(code) for code in range(0x10000)]
    table = np.array([0x30 if c.isdigit() else ord(c) if c.isalnum() or c == "_" else 0x20 for c in chars], np.uint32)
    table[ord("\n")] = ord("\n")
    return table


def first_words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text's beginning: lower case, numbers as 0. Texts are of one line.

    >>> first_words(["Photo: 12 Dams", "…"])
    [['photo', '0', 'dams'], []]
    """
    lines = "\n".join([text[:HEAD] for text in texts]).lower()
    codes = _letters().take(np.frombuffer(lines.encode("utf-32-le", "replace"), np.uint32), mode="clip")
    digit = codes == 0x30
    again = digit[1:] & digit[:-1]
    if again.any():
        codes = codes[np.concatenate(([True], ~again))]
    return [line.split() for line in codes.tobytes().decode("utf-32-le").split("\n")]


def keys(words: Sequence[str], whole: bool) -> list[str]:
    """Three beginnings `^` and, where the text is short, two endings `$`, each word, and `=` the whole.

    >>> keys(["read", "more"], whole=True)
    ['^read', '^read more', '^read more', '$more', '$read more', 'read', 'more', '=read more']
    """
    if not words:
        return ["-", "-", "-"]
    out = ["^" + words[0], "^" + " ".join(words[:2]), "^" + " ".join(words[:3])]
    if whole:
        out += ["$" + words[-1], "$" + " ".join(words[-2:])]
        if len(words) <= 10:
            out += words
            if len(words) <= 6:
                out.append("=" + " ".join(words))
    return out
