"""One story, one line: what is known by its URL, canonical URL or text is told from what is new.

A copy goes on as a `Copy`, for `copies.jsonl`, unless it is the original of the story or says more; then it is written
and names the article that it supersedes. A known URL with a changed article is written as its next revision.
"""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from aggregator import seen
from aggregator.items import Article, Copy
from aggregator.pipelines.drops import Duplicate, Unchanged
from aggregator.seen.index import Match
from aggregator.seen.originals import older, supersedes


class DropDuplicates:
    def __init__(self, index: seen.Seen, copies: str = "drop") -> None:
        if copies not in ("drop", "mark"):
            raise ValueError(f"DUPLICATES must be drop or mark, not {copies!r}")
        self._seen = index
        self._mark = copies == "mark"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(seen.of(crawler), crawler.settings["DUPLICATES"])

    def process_item(self, item: Article) -> Article | Copy:
        match = self._seen.match(item)
        item.possible_translation_of = match.translation_of if match else None
        if match is None or match.by == "picture":
            item.story_id = item.id
        elif match.by == "url":
            _revise(item, match)
        elif self._mark or supersedes(item, match):
            item.duplicates_of, item.story_id = match.article.id, match.article.story_id
        elif match.known:
            raise Unchanged(f"still a copy of {match.article.id} {match.article.url}", match.article.id)
        else:
            return _copy(item, match)
        item.first_seen_at = item.first_seen_at or item.fetched_at
        self._seen.claim(item)
        return item


def _revise(item: Article, match: Match) -> None:
    """Makes the item the next revision of its article. Raises Duplicate or Unchanged where it is none."""
    old = match.article
    if match.this_run:
        raise Duplicate(f"duplicate of {old.id} {old.url} (url)", old.id)
    if not match.changed:
        raise Unchanged(f"same as revision {old.revision} of {old.id}", old.id)
    if item.extraction.partial:  # what is missing now was not taken back
        raise Unchanged(f"read in part, after revision {old.revision} of {old.id}", old.id)
    item.id, item.first_seen_at = old.id, old.first_seen_at
    item.story_id, item.duplicates_of = old.story_id, old.duplicates_of
    item.revision, item.changed = old.revision + 1, match.changed


def _copy(item: Article, match: Match) -> Copy:
    return Copy(
        url=item.url,
        site=item.site,
        title=item.title,
        published_at=item.published_at,
        fetched_at=item.fetched_at,
        duplicate_of=match.article.id,
        article_url=match.article.url,
        story_id=match.article.story_id,
        by=match.by,
        inside=match.inside,
        around=match.around,
        older=older(item.published_at, match.article),
    )
