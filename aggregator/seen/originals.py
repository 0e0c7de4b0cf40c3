"""Which of two copies is the one to be read: the longer, the one that the other names as its source, the earlier."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from aggregator.cleaning import urls
from aggregator.items import Article, Side
from aggregator.seen.index import Match
from aggregator.seen.lookup import Entry

LONGER = 1.1  # times as long: a text with so much more is no mere copy
_NAME = 4  # letters of an outlet's name that are enough to find it in a host's


def supersedes(new: Article, match: Match) -> bool:
    """Whether `new` is to be written although `match` is: it is the original, or says more."""
    old, source = match.article, new.source
    if names(old.source_name, old.source_url, new.url):
        return True
    if source and names(source.name, source.url, old.url):
        return False
    if match.length and not 1 / LONGER <= match.length <= LONGER:
        return match.length > 1
    if urls.same_site(new.url, old.url):
        return False
    if bool(old.source_name) != bool(source):
        return bool(old.source_name)
    return older(new.published_at, old) == "copy"


def names(name: str | None, url: str | None, other: str) -> bool:
    """Whether a source's name or address is that of the outlet at the URL `other`.

    >>> names("Harbour Gazette", None, "https://www.harbour-gazette.example/a")
    True
    """
    if url and urls.same_site(url, other):
        return True
    letters, host = _letters(name or ""), _letters(urlsplit(other).hostname or "")
    return len(letters) >= _NAME and letters in host


def older(published: str | None, old: Entry) -> Side | None:
    """Which is older, a copy published then or the article; None where the dates do not tell."""
    if not published or not old.published_at:
        return None
    mine, other = datetime.fromisoformat(published), datetime.fromisoformat(old.published_at)
    return None if mine == other else "copy" if mine < other else "article"


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
