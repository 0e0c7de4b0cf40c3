"""The project as a scorer of labelled pages sees it: five thin functions."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import aggregator
import aggregator.commands  # sets how often garbage is looked for, as in crawls
from aggregator.cleaning import boilerplate
from aggregator.discovery import listings, pagination
from aggregator.extraction.page import Page
from aggregator.items import Article
from aggregator.seen import Seen

aggregator.extract("<h1>Dam holds</h1><p>It held.</p>", "https://any-news.example/dam-holds")  # loads rules and model
gc.freeze()  # as commands do

COMMITTED = 64  # articles together, as GROUP_COMMIT_ITEMS has it


def extract(html: str, url: str) -> dict[str, Any]:
    article = aggregator.extract(html, url if "://" in url else "https://unknown.example/")
    boilerplate.strip(article)  # as the pipelines do
    return {
        "text": article.text,
        "title": article.title,
        "date": article.published_at,
        "authors": credited(article),
    }


def credited(article: Article) -> list[str]:
    """Whom the labels call author: where no person is named, the agency or the account that stands in their place."""
    house = [article.posted_by] if article.posted_by else []
    return [author.name for author in article.authors] or article.agencies or house


def article_links(html: str, url: str) -> list[str]:
    return [found.url for found in listings.articles(_page(html, url), "benchmark")]


def next_pages(html: str, url: str) -> list[str]:
    found = pagination.next_page(_page(html, url))
    return [found] if found else []


def is_boilerplate(text: str, position: Literal["first", "middle", "last"]) -> bool:
    return boilerplate.flag(text, position) is not None


def duplicates(docs: Iterator[dict[str, Any]]) -> Iterator[str | None]:
    """Through the index on disk, with the writer's commits."""
    with TemporaryDirectory() as folder:
        seen, group = Seen(f"sqlite:///{folder}/seen.db"), []
        for number, doc in enumerate(docs):
            article = Article(id=doc["id"], url=f"https://{number}.example/a", title=doc["id"], text=doc["text"])
            match = seen.match(article)
            yield match.article.id if match else None
            seen.claim(article)
            group.append(article)
            if len(group) == COMMITTED:
                seen.commit(group, {Path("a.jsonl"): number})
                group.clear()
        seen.close()


def _page(html: str, url: str) -> Page:
    return Page.parse(html, url, datetime.now(UTC))
