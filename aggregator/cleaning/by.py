"""The words that say 'by' before a name, in any language: 'Written by', 'Von', '作者：', 'Posted on 3 May by'."""

from __future__ import annotations

import re
from functools import cache

from aggregator import rules
from aggregator.cleaning.names import CJK, EDGES, words
from aggregator.cleaning.phrases import Phrases

MAX_SECTION = 5  # words between 'Posted in' and 'by'
MAX_BY = 30  # characters of a line that says 'by' and no more

PIECES = re.compile(r"\s*(?:[|｜／·•●∙;~\n\t]|\s[-–—]\s|(?<=\D)/(?=\D)|//|→|»|«)\s*")
_SEPARATOR = re.compile(r"\s*[:：/／]\s*|\s+|$")
_COLON = re.compile(r"\s*[:：/／]\s*|\s*$")
_GLUED = re.compile(r"(?:[Bb]y|Von|Par|Por)(?=[A-ZÀ-Þ])")  # 'ByAnn Smith': markup lost its space
_GLUED_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:$|[\s/／|,，、)）])")
_ACCOUNT = re.compile(r"[^\W_][\w.-]{1,28}[^\W_](?=$|\s+(?:on|at|am|um|in|under|gespeichert)\s|\s[@—–-])")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FIRST = re.compile(r"[^\W\d_]{4,20}")
_DATED = re.compile(r"(.{4,80}?)\s(?i:by|von|par|por|di|door|av|af|przez|od|от)(?:\s+(?=[^\W\d_])|\s*$)")


def opens(text: str) -> bool:
    """The line begins as bylines do: 'By …', 'Von …', '作者：…', '3 May 2024 by …', '(Reporting by …)'.

    >>> opens("Por Ana Ruiz"), opens("Porto wins")
    (True, False)
    """
    return length(text.lstrip(f"{EDGES}(")) > 0 or _after_date(text) is not None


def says(line: str) -> bool:
    """A piece of the line begins as bylines do: '3 May | By Ann Smith'.

    >>> says("Energy | By Ann Smith"), says("Energy | News")
    (True, False)
    """
    pieces = PIECES.split(line)
    return from_by(pieces) is not pieces


def account(line: str, *, marked: bool = False) -> str | None:
    """The account that a theme's line names by one word, whatever its letters; `marked`: behind a mere 'by', too.

    >>> account("Posted in Energy by ilse42 on 3 May"), account("By default")
    ('ilse42', None)
    """
    for piece in PIECES.split(line):
        piece = piece.strip(EDGES)
        rest = _after_date(piece)
        if (
            rest is None
            and (end := length(piece))
            and (marked or posts(piece) or piece[:end].rstrip().endswith((":", "：")))
        ):
            rest = piece[end:]
        if rest and (match := _ACCOUNT.match(rest.strip(EDGES))):
            return match[0] if match[0].lower() not in words("noise") | words("dates") else None
    return None


def is_all(text: str) -> bool:
    """The line says 'by' and no more: the name stands in the next.

    >>> is_all("Written by:"), is_all("Autor"), is_all("By Ann")
    (True, True, False)
    """
    line = text.strip(EDGES)
    return 0 < len(line) <= MAX_BY and _bys().at_start(line) == len(line)


def posts(line: str) -> bool:
    """The byline names an account, not a writer: 'Posted by …'.

    >>> posts("Posted by Ann Smith"), posts("By Ann Smith")
    (True, False)
    """
    return _posting().at_start(line.replace(" | ", " ")) > 0


def length(line: str) -> int:
    """How many characters of `line` say 'by'."""
    if end := _bys().at_start(line):
        after = _COLON if line[:end].lower() in words("labels") else _SEPARATOR
        if match := after.match(line, end):
            return match.end()
        if end > 1 and CJK.match(line) and _GLUED_NAME.match(line, end):
            return end
    match = _GLUED.match(line)
    return match.end() if match else 0


def from_by(pieces: list[str]) -> list[str]:
    """The pieces from the one that says 'by' on; all of them where none does."""
    for place, piece in enumerate(pieces):
        if place and length(piece.strip(EDGES)):
            return pieces[place:]
        if (rest := _after_date(piece)) is not None:
            return [rest, *pieces[place + 1 :]]
    return pieces


def _after_date(piece: str) -> str | None:
    """What follows 'by' where the date comes first: 'Posted on 3 May 2024 by Ann Smith'."""
    first = _FIRST.match(piece)
    filed = first is not None and first[0].lower() in words("posted")  # 'Posted in Energy by Ann Smith'
    if not (filed or _DIGIT.search(piece, 0, 40)) or (match := _DATED.match(piece)) is None:
        return None
    known = words("noise") | words("dates")
    unknown = sum(word.lower() not in known for word in _WORD.findall(match[1]))
    if unknown > (MAX_SECTION if filed else 1) or not (filed or _DIGIT.search(match[1])):
        return None
    return piece[match.end() :]


@cache
def _bys() -> Phrases:
    languages = rules.load("bylines")["before"].values()
    return Phrases({*words("labels"), *(phrase for language in languages for phrase in language)})


@cache
def _posting() -> Phrases:
    return Phrases(words("posting"))
