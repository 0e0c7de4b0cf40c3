"""Asks sources only for what is new: a feed, sitemap or listing that did not change answers 304 and no more (RFC 9110).

Some servers say 304 whatever happens. So a source that stays silent while the site's other sources have news, and any
source once a day, is read in full; where it turns out to name other articles, it is not believed for a while.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import blake2b

import msgspec
from scrapy import Request
from scrapy.http import Response

from aggregator.cleaning import urls
from aggregator.seen import Seen, answers
from aggregator.seen.answers import Answer
from aggregator.spiders.sources import Kind, Read, Source

DOUBT = 3
"""Runs in a row with news elsewhere, after which a 304 is not taken for an answer."""
DISTRUST = 50
"""Runs for which a server that was wrong is read in full."""
DAY = 24 * 3600

_LONGEST = 500  # characters of a validator


class Freshness:
    def __init__(self, index: Seen) -> None:
        self._index = index
        self._before: dict[str, Answer] = {}  # by the URL that was asked for, before any redirect
        self._after: dict[str, Answer] = {}
        self._silent: dict[str, str] = {}  # URL -> its site
        self._news: set[str] = set()  # sites

    def conditions(self, url: str, now: datetime) -> dict[str, str]:
        """The headers that ask for the source only if it changed; empty where it is to be read in full."""
        answer = answers.of(self._index, url)
        if answer is None:
            return {}
        self._before[url] = answer
        if not 0 <= answer.doubt < DOUBT or now.timestamp() - answer.at >= DAY:
            return {}
        validators = {"If-None-Match": answer.etag, "If-Modified-Since": answer.modified}
        return {name: value for name, value in validators.items() if value}

    def unchanged(self, url: str, site: str) -> list[tuple[str, Source]]:
        """The source said 304: what it led to, next pages aside, when it was read last."""
        self._silent[url] = site
        further = msgspec.json.decode(self._before[url].further, type=list[tuple[str, Kind, int]])
        return [(address, Source(site, kind, number)) for address, kind, number in further]

    def is_silent(self, site: str) -> bool:
        """Whether one of the site's sources said that it did not change."""
        return site in self._silent.values()

    def read(self, url: str, response: Response, read: Read) -> None:
        """The source was read in full."""
        if "dataloss" in response.flags:
            return
        before = self._before.get(url)
        etag, modified = _validator(response, "ETag"), _validator(response, "Last-Modified")
        articles = "\n".join(sorted({urls.key(found.url) for found in read.found}))
        named = blake2b(articles.encode("utf-8", "replace"), digest_size=16).digest()
        further = [(address, source.kind, source.number) for address, source in read.more if source.kind != "listing"]
        doubt = 0
        if before and before.doubt < 0:
            doubt = before.doubt + 1
        elif before and named != before.named:
            same = (etag, modified) == (before.etag, before.modified)
            doubt = -DISTRUST if before.doubt >= DOUBT or same else 0
        at = int(response.meta["fetched_at"].timestamp())
        self._after[url] = Answer(etag, modified, named, msgspec.json.encode(further).decode(), doubt, at)

    def news(self, site: str) -> None:
        """An article of the site is new."""
        self._news.add(site)

    def save(self) -> None:
        """To be called once all articles that the sources named have their fate: none of them is named again."""
        for url, site in self._silent.items():
            before = self._before[url]
            self._after[url] = replace(before, doubt=before.doubt + 1 if site in self._news else 0)
        answers.enter(self._index, self._after)


def asked(request: Request) -> str:
    """The URL that was asked for before any redirect."""
    return str(request.meta.get("redirect_urls", [request.url])[0])


def _validator(response: Response, name: str) -> str | None:
    value = (response.headers.get(name) or b"").decode("latin-1").strip()
    return value if value and value.isascii() and len(value) <= _LONGEST else None
