"""Whether a text is written as personal names are, in any script."""

from __future__ import annotations

import re
from functools import cache

from aggregator import rules
from aggregator.cleaning.text import folded

MAX_NAME = 70  # characters
FOLDED = frozenset(
    {"nobody", "nameless", "house", "desks", "office", "degrees", "companies"}
)  # tables of rules/bylines.toml that are compared folded

EDGES = " \t-–—|:;,/\\*_~\"“”„«»'‘’®™©"
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_NAME = re.compile(
    r"[\u3400-\u9fff]{2,5}"
    r"|[\u3400-\u9fff]{1,4}[\s・·][\u3040-\u30ff\u3400-\u9fff]{1,5}"
    r"|[\u3400-\u9fff]{1,3}[\u3040-\u309f]{2,4}"
    r"|[\u30a0-\u30ff]{2,8}(?:[・＝\s][\u30a0-\u30ff]{2,10}){1,3}"
    r"|[\uac00-\ud7af]{2,4}"
)
# Vowel signs and the like (Hebrew, Arabic, Indic scripts, Thai), which \w leaves out.
_MARKS = (
    "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u0dff\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_PART = re.compile(rf"(?!\d)\w(?:[^\W\d_]|[{_MARKS}'’.\-‐])*")
_NICK = ("()", '""', "“”", "„“", "''", "‘’", "«»")  # around what stands inside a name: 'Anna (Nan) Smith'
_DATE_BESIDE = re.compile(r",|\s[-–|·•]\s|$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def looks_personal(text: str, *, single: bool = False) -> bool:
    """Two to six capitalised words without digits, small particles between them; one word is enough where `single`.

    >>> looks_personal("Ursula von der Leyen"), looks_personal("Ann (Nan) Li"), looks_personal("Dam holds, say some")
    (True, True, False)
    """
    if len(text) > MAX_NAME:
        return False
    if CJK.match(text):
        return _CJK_NAME.fullmatch(text) is not None
    parts = text.split()
    if not (1 if single else 2) <= len(parts) <= 6 or len(text) < (3 if single and text.isupper() else 2):
        return False
    proper = 0
    for place, part in enumerate(parts):
        if 0 < place < len(parts) - 1 and part[0] + part[-1] in _NICK:
            part = part[1:-1]
        if not _PART.fullmatch(part):
            return False
        if part[0].isupper() or part[0].upper() == part[0].lower():  # or a script without capitals
            proper += 1
        elif part.lower() not in words("particles"):
            return False
    return proper >= (1 if single else 2)


def is_bare_name(text: str, *, dated: bool) -> bool:
    """A personal name and nothing else but a date; `dated` where the date must be there.

    >>> is_bare_name("Ann Smith, 3 May 2024", dated=True), is_bare_name("Real Estate", dated=True)
    (True, False)
    """
    cut = _DATE_BESIDE.search(text)
    name, rest = (text[: cut.start()], text[cut.end() :]) if cut else (text, "")
    if (dated or rest) and not has_year(rest):
        return False
    if not looks_personal(name) or (name.isupper() and name.lower() != name):
        return False
    parts = [part.lower() for part in name.split()]
    return len(parts) <= 4 and words("noise").isdisjoint(parts) and words("roles").isdisjoint(parts)


def has_year(text: str) -> bool:
    return _YEAR.search(text) is not None


def without_stop(name: str) -> str:
    """The name without a full stop after its last word; initials and 'Jr.' keep theirs.

    >>> without_stop("Ben Edwards."), without_stop("Juan Muñoz C.")
    ('Ben Edwards', 'Juan Muñoz C.')
    """
    last = name.split()[-1].rstrip(".")
    return name.rstrip(".") if len(last) > 3 and "." not in last else name


@cache
def words(table: str) -> frozenset[str]:
    """A word list of rules/bylines.toml."""
    listed = rules.load("bylines")[table]["words"]
    return frozenset(map(folded, listed) if table in FOLDED else listed)
