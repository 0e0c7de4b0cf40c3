"""The article URLs of one run: each is met once, and kept until all that its site says of it is known."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import fields
from typing import NamedTuple
from urllib.parse import urlsplit

from aggregator.cleaning import urls
from aggregator.discovery.shapes import shape
from aggregator.items import Found

_IDENTITY = frozenset({"url", "site", "listing", "via"})


class Shown(NamedTuple):
    """Articles of one listing page."""

    all: int
    fresh: int  # that no other page of this run showed
    known: int  # from earlier runs


class Frontier:
    """Sources (listing pages, feeds, sitemaps) are opened and closed; with its last source a site's URLs come free.

    So every article is fetched with the words of all sources that named it, whatever order they answered in.
    """

    def __init__(self) -> None:
        self._met: dict[str, Found] = {}
        self._waiting: defaultdict[str, list[Found]] = defaultdict(list)
        self._asked: set[tuple[str, str]] = set()
        self._open: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()  # site -> times that a source named an article, known ones too
        self._alike: Counter[tuple[str, str]] = Counter()
        self._known: set[str] = set()  # keys of URLs that earlier runs read
        self._listed: set[str] = set()  # … and of those that a listing page showed

    def open(self, site: str, url: str) -> bool:
        """Whether the source was not opened before in this run."""
        if (site, url) in self._asked:
            return False
        self._asked.add((site, url))
        self._open[site] += 1
        return True

    def close(self, site: str) -> bool:
        """Whether this was the site's last open source."""
        self._open[site] -= 1
        return self._open[site] <= 0

    def meet(self, found: Found) -> bool:
        """Whether the URL is new to this run; what is said of one met before is added to it."""
        self.counts[found.site] += 1
        key = urls.key(found.url)
        if met := self._met.get(key):
            if found.content and not any(met is one for one in self._waiting.get(met.site, ())):
                found.content = None  # its page is not going to be read, or was: nobody is to hold it
            _merge(met, found)
            return False
        self._met[key] = found
        return True

    def expect(self, found: Found) -> bool:
        """Keeps a URL of an earlier run, whether or not a source names it again; False where it was met before."""
        if urls.key(found.url) in self._met:
            return False
        self._met[urls.key(found.url)] = found
        self.know(found)
        self.keep(found)
        return True

    def know(self, found: Found) -> None:
        """An earlier run read it."""
        self._known.add(urls.key(found.url))

    def shown(self, page: Sequence[Found]) -> Shown:
        """What a listing page brings that the pages before it, and the runs before this one, did not."""
        keys = {urls.key(found.url) for found in page}
        fresh = len(keys - self._listed)
        self._listed |= keys
        return Shown(len(keys), fresh, len(keys & self._known))

    def alike(self, found: Found) -> int:
        """How many URLs of this host and form, this one included, the run has taken up."""
        kind = (urlsplit(found.url).hostname or "", shape(found.url))
        self._alike[kind] += 1
        return self._alike[kind]

    def keep(self, found: Found) -> None:
        self._waiting[found.site].append(found)

    def release(self, site: str) -> list[Found]:
        return self._waiting.pop(site, [])


def _merge(met: Found, other: Found) -> None:
    """A feed's words are the site's own statement: they replace those of a listing; else the first word counts."""
    stronger = _from_feed(other) and not _from_feed(met)
    for name in (field.name for field in fields(Found) if field.name not in _IDENTITY):
        said = getattr(other, name)
        if said and (stronger or not getattr(met, name)):
            setattr(met, name, said)
    met.via.extend(way for way in other.via if way not in met.via)


def _from_feed(found: Found) -> bool:
    return any(way.startswith("feed:") for way in found.via)
