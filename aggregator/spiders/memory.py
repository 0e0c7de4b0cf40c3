"""What a spider learns of its sites while it crawls, on top of what earlier runs learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from aggregator.discovery.shapes import Learned, form
from aggregator.items import Found
from aggregator.seen import Seen, sites
from aggregator.seen.sites import Tally

SURE = 3
"""Pages of one URL shape that make it known, and times as often as of the other sort they have to be so."""
MOST = 1000
"""Counts of one shape that are kept: a site that is rebuilt is relearned soon enough."""


class Memory:
    def __init__(self, index: Seen) -> None:
        self._index = index
        self._tallies: dict[str, dict[str, Tally]] = {}
        self._named: defaultdict[str, set[str]] = defaultdict(set)  # shapes of what a feed or news sitemap lists
        self._guesses: dict[str, dict[str, bool]] = {}
        self._changed: set[str] = set()

    def learned(self, site: str) -> Learned:
        """The shapes of URLs that lead to the site's stories, and of those that never do."""
        tallies = self._of(site)
        stories = {shape for shape, one in tallies.items() if one.stories >= max(SURE, SURE * one.others)}
        others = {shape for shape, one in tallies.items() if one.others >= max(SURE, SURE * one.stories)}
        return Learned(frozenset(stories | self._named[site]), frozenset(others))

    def crawled(self, site: str) -> bool:
        """Whether an earlier run, or this one, read a story of the site."""
        return any(tally.stories for tally in self._of(site).values())

    def named(self, site: str, entries: Iterable[Found]) -> None:
        """A feed lists them: stories, whatever their addresses look like."""
        self._named[site].update(form(found.url).shape for found in entries)

    def read(self, found: Found, story: bool) -> None:
        """The page at `found` was read, and is a story or a listing."""
        tallies, shape = self._of(found.site), form(found.url).shape
        before = tallies.get(shape, Tally())
        tallies[shape] = Tally(min(MOST, before.stories + story), min(MOST, before.others + (not story)))
        self._changed.add(found.site)

    def guesses(self, site: str) -> dict[str, bool]:
        """Addresses that were tried at the site, and whether something was there."""
        if site not in self._guesses:
            self._guesses[site] = sites.guesses(self._index, site)
        return self._guesses[site]

    def guessed(self, site: str, url: str, right: bool) -> None:
        self.guesses(site)[url] = right
        self._changed.add(site)

    def save(self) -> None:
        for site in self._changed:
            sites.learn(self._index, site, self._of(site), self.guesses(site))
        self._changed.clear()

    def _of(self, site: str) -> dict[str, Tally]:
        if site not in self._tallies:
            self._tallies[site] = sites.shapes(self._index, site)
        return self._tallies[site]
