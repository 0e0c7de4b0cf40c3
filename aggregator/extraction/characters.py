"""Counts of character classes in many texts at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

UPPER, LETTER, DIGIT, SPACE, STOP, COMMA, QUOTE, MARK, WIDE = range(1, 10)
CLASSES = 16  # room for those and for none (0)
BITS = np.array([0, *(1 << i for i in range(CLASSES - 1))], np.float64)  # class -> how the model knows it
STOPS = ".!?…。！？؟।॥"
COMMAS = ",;、，；،؛"
MARKS = "|»›>•·/@©#→▶►*+_=<^~"
WIDE_SCRIPTS = (
    (0x0E00, 0x0E7F),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7A3),
)  # written without spaces, or dense


@cache
def _classes() -> NDArray[np.uint8]:
    """Character -> its class, for the basic plane. `LETTER` is a letter that is not upper case."""
    table = np.zeros(0x10000, np.uint8)
    for code in range(0x3000):
        char = chr(code)
        kind = unicodedata.category(char)
        if kind in ("Lu", "Lt"):
            table[code] = UPPER
        elif kind in ("Ll", "Lo", "Lm"):
            table[code] = LETTER
        elif kind == "Nd":
            table[code] = DIGIT
        elif kind in ("Pi", "Pf") or char in "\"'":
            table[code] = QUOTE
    for first, last in WIDE_SCRIPTS:
        table[first : last + 1] = WIDE
    for chars, value in ((" ", SPACE), (STOPS, STOP), (COMMAS, COMMA), (MARKS, MARK)):
        table[[ord(char) for char in chars]] = value
    return table


def count(texts: Sequence[str]) -> dict[str, Numbers]:
    """Per text (none empty): `upper` and `comma` characters; `words`, and those that begin `capital` or `low`, or are
    `short` (up to 3 letters); `ends` 1 where it ends in a stop; `last` the class at its end.
    """
    sizes = np.array([len(text) for text in texts])
    codes = np.frombuffer((" ".join(texts) + " ").encode("utf-32-le", "replace"), np.uint32)
    classes = _classes()[np.where(codes < 0x10000, codes, 0)]
    starts = np.concatenate(([0], np.cumsum(sizes + 1)[:-1]))
    row = np.repeat(np.arange(0, CLASSES * len(texts), CLASSES), sizes + 1)
    counts = np.bincount(row + classes, minlength=CLASSES * len(texts)).reshape(-1, CLASSES).astype(np.float64)
    out = {"upper": counts[:, UPPER], "comma": counts[:, COMMA]}
    spaces = np.flatnonzero(classes == SPACE)
    begins = np.concatenate(([0], spaces[:-1] + 1))
    owner = np.searchsorted(starts, begins, "right") - 1
    letters = classes[begins]
    small = letters == LETTER

    def per_text(chosen: NDArray[np.bool_]) -> Numbers:
        return np.bincount(owner[chosen], minlength=len(texts)).astype(np.float64)

    out["words"] = np.bincount(owner, minlength=len(texts)) + counts[:, WIDE] / 2
    out["capital"] = per_text(letters == UPPER)
    out["low"] = per_text(small)
    out["short"] = per_text(small & (spaces - begins <= 3))
    last = classes[starts + sizes - 1]
    out["ends"], out["last"] = (last == STOP).astype(np.float64), BITS[last]
    return out
