"""One story, one line: an article known by its URL, canonical URL or text is dropped, naming the one it repeats."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from aggregator import seen
from aggregator.items import Article
from aggregator.pipelines.drops import Duplicate, Unchanged


class DropDuplicates:
    def __init__(self, index: seen.Seen) -> None:
        self._seen = index

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(seen.of(crawler))

    def process_item(self, item: Article) -> Article:
        match = self._seen.match(item)
        if match is None:
            item.first_seen_at = item.first_seen_at or item.fetched_at
        elif match.by != "url" or match.this_run:
            raise Duplicate(f"duplicate of {match.id} {match.url} ({match.by})", match.id)
        elif match.same:
            raise Unchanged(f"same as revision {match.revision} of {match.id}", match.id)
        else:
            item.id, item.first_seen_at, item.revision = match.id, match.first_seen_at, match.revision + 1
        self._seen.claim(item)
        return item
