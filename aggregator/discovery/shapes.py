"""What an URL's form says: which URLs of a site one template serves, and whether it looks like an article's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from aggregator import rules

LONG = 5
"""Digits that make a number an identifier: shorter ones count pages, days and years."""

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]{2,}")
_DIGITS = re.compile(r"\d+")
_END_NUMBER = re.compile(r"\d+$")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?")
_DATED = re.compile(rf"/(?:19|20)\d\d(?:/|[/-](?:0?[1-9]|1[0-2]|[a-z]{{3}})(?=[/-]|$))|/{_DAY.pattern}(?=[/_-]|$)")
_END = re.compile(r"(?:/index)?(\.(?:s?html?|php|aspx?|jsp|ece|pl|cgi|do))?$")


@dataclass(frozen=True, slots=True)
class Form:
    shape: str  # see `shape`
    plain: bool  # the shape has no word or number of its own: sections may share it with articles
    words: int  # of the longest of the last two path segments
    dated: bool
    numbered: bool  # an identifier somewhere in the path
    ends_in_id: bool
    query_id: bool  # ?p=123; fewer digits count pages
    story: bool  # a folder says story, article, news…
    story_id: bool  # … and an identifier or a slug follows it at once
    section: bool  # a segment or the subdomain says tag, author, login…, or it ends in a date
    unread: bool  # a picture, a sound, a video, a document: nothing to read


class Learned(NamedTuple):
    """Shapes of a site's URLs that are known to lead to its stories, and those that never do."""

    stories: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


def shape(url: str) -> str:
    """The URL with all that varies between two articles of one template left out.

    D is a date or short number, N an identifier, S a slug of three or more words, W other words; folders stay.

    >>> shape("https://a.example/news/2024/05/17/dam-bursts-in-the-north.html")
    '/news/D/D/D/S.html'
    >>> shape("https://a.example/?p=123")
    '?p'
    """
    return form(url).shape


def file_ending(url: str) -> str | None:
    """The ending that says that the URL leads to a file and to no page.

    >>> file_ending("https://a.example/2024/dam-report.PDF"), file_ending("https://a.example/2024/dam-report.html")
    ('.pdf', None)
    """
    path = _path(url)
    return next((ending for ending in _known().files if path.endswith(ending)), None)


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).lower().rstrip("/")


@lru_cache(maxsize=4096)
def form(url: str) -> Form:
    known = _known()
    parts = urlsplit(url)
    path = _path(url)
    end = _END.search(path)
    stem, extension = (path[: end.start()], end[1] or "") if end else (path, "")
    segments = [segment for segment in stem.split("/") if segment]
    folders, last = segments[:-1], segments[-1] if segments else ""
    query = parse_qsl(parts.query)[:20]
    ids = {name: value for name, value in query if value.isdigit() and name.lower() in known.id_parameters}
    story_id = bool(folders) and folders[-1] in known.story_words and (_is_id(last) or _words(last) >= 3)
    pattern = [_variable(folder) or folder for folder in folders]
    if last:
        pattern.append("*" if story_id else _variable(last) or "W")
    dated, end_number = bool(_DATED.search(stem)), _END_NUMBER.search(last)
    is_date = dated and pattern[-1] == "D" and sum(map(str.isdigit, segments)) <= 3
    return Form(
        shape="".join(f"/{part}" for part in pattern)
        + (extension if last else "")
        + ("?" + "&".join(ids) if ids else ""),
        plain=not ids and all(part in ("S", "W") for part in pattern),
        words=max(map(_words, segments[-2:]), default=0),
        dated=dated,
        numbered=any(map(_is_number, _DIGITS.findall(stem))),
        ends_in_id=end_number is not None and _is_number(end_number[0]),
        query_id=any(len(value) >= 3 for value in ids.values()),
        story=not known.story_words.isdisjoint(folders),
        story_id=story_id,
        section=is_date or not known.section_words.isdisjoint((*segments, _subdomain(parts.netloc))),
        unread=path.endswith(known.files) or not known.media_words.isdisjoint(segments[:2]),
    )


def _variable(segment: str) -> str | None:
    """The class of a path segment that varies between articles, or None where it is a folder's name."""
    if segment.isdigit():
        return "N" if _is_number(segment) else "D"
    if _words(segment) >= 3:
        return "S"
    return "N" if any(map(_is_number, _DIGITS.findall(segment))) else None


def _words(segment: str) -> int:
    return len(_WORD.findall(segment))


def _is_number(digits: str) -> bool:
    return len(digits) >= LONG and not _DAY.fullmatch(digits)


def _is_id(segment: str) -> bool:
    """Whether a segment is an identifier: a long number in it, or letters and digits run together.

    >>> _is_id("c62662gzlp8o"), _is_id("a-1055432"), _is_id("2024")
    (True, True, False)
    """
    if any(map(_is_number, _DIGITS.findall(segment))):
        return True
    return len(segment) >= 8 and segment.isalnum() and not segment.isalpha() and not segment.isdigit()


def _subdomain(host: str) -> str:
    first, _, rest = host.lower().partition(".")
    return first if "." in rest else ""


class _Known(NamedTuple):
    story_words: frozenset[str]
    section_words: frozenset[str]
    media_words: frozenset[str]
    id_parameters: frozenset[str]
    files: tuple[str, ...]


@lru_cache(maxsize=1)
def _known() -> _Known:
    table = rules.load("listings")
    return _Known(
        story_words=frozenset(table["story_words"]),
        section_words=frozenset(table["section_words"]),
        media_words=frozenset(table["media_words"]),
        id_parameters=frozenset(table["id_parameters"]),
        files=tuple(table["files"]),
    )
