from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scrapy.crawler import Crawler

from aggregator.items import Article, Block
from aggregator.pipelines.strip_repeated import ENOUGH

FRAME = "The Valley Courier is read in five valleys."
NAMES = [
    "Dam holds",
    "Choir wins",
    "Ferry back",
    "Market burns",
    "Storks counted",
    "School opens",
    "Bread dearer",
    "Mayor quits",
]

Make = Callable[..., Article]
Feed = Callable[..., Crawler]
Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def framed(article: Make) -> Make:
    """`framed(n)`: a story of its own with a line that the site prints below each."""

    def make(n: int, **values: Any) -> Article:
        own = f"What {NAMES[n]} means for the village was told to number {n} on Monday, by everybody at once."
        blocks = [Block("paragraph", text) for text in (own, FRAME)]
        return article(n, title=NAMES[n], blocks=blocks, text=f"{own}\n\n{FRAME}", **values)

    return make


def test_the_first_articles_of_a_site_are_cleaned_before_they_are_written(
    feed: Feed, written: Written, framed: Make
) -> None:
    feed([framed(n) for n in range(ENOUGH)])
    assert [line["removed"] for line in written()] == [[{"text": FRAME, "rule": "learned:news.example"}]] * ENOUGH
    assert not any(FRAME in line["text"] for line in written())


def test_the_next_run_knows_what_the_site_repeats(feed: Feed, written: Written, framed: Make) -> None:
    feed([framed(0), framed(1)])
    assert [line["removed"] for line in written()] == [[], []]
    feed([framed(2)])
    third = next(line for line in written() if line["title"] == NAMES[2])
    assert third["removed"] == [{"text": FRAME, "rule": "learned:news.example"}]


def test_sites_do_not_learn_from_each_other(feed: Feed, written: Written, framed: Make) -> None:
    feed([framed(n, site=f"{n}.example") for n in range(5)])
    assert [line["removed"] for line in written()] == [[]] * 5


def test_an_article_fetched_again_is_unchanged_although_more_is_known_of_its_site(
    feed: Feed, written: Written, framed: Make
) -> None:
    feed([framed(0)])
    feed([framed(n) for n in range(1, 5)])
    crawler = feed([framed(0)])
    assert crawler.stats.get_value("fates/unchanged") == 1
    assert len(written()) == 5


def test_it_can_be_switched_off(feed: Feed, written: Written, framed: Make) -> None:
    feed([framed(n) for n in range(4)], LEARN_BOILERPLATE=False)
    assert [line["removed"] for line in written()] == [[]] * 4
