from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scrapy.crawler import Crawler

from aggregator.items import Article, Rights
from aggregator.pipelines.drops import Blocked
from aggregator.pipelines.respect_rights import RespectRights

Make = Callable[..., Article]


@pytest.mark.parametrize(
    ("rights", "word"),
    [
        (Rights(robots="nofollow, noindex"), "noindex"),
        (Rights(robots="none"), "noindex"),
        (Rights(ai="noimageai, noai"), "noai"),
        (Rights(tdm="1 https://a.example/tdm.json"), "tdm-reservation"),
    ],
)
def test_a_story_whose_page_says_an_obeyed_word_is_not_kept(article: Make, rights: Rights, word: str) -> None:
    with pytest.raises(Blocked, match=f"its page says {word}$"):
        RespectRights(frozenset({word})).process_item(article(1, rights=rights))


@pytest.mark.parametrize("rights", [Rights(), Rights(robots="index, noarchive"), Rights(tdm="0")])
def test_other_words_do_not_matter(article: Make, rights: Rights) -> None:
    story = article(1, rights=rights)
    assert RespectRights(frozenset({"noindex", "tdm-reservation"})).process_item(story) is story


@pytest.mark.parametrize(("obeyed", "fates"), [([], {"written": 2}), (["NoIndex"], {"written": 1, "blocked": 1})])
def test_the_setting_decides_and_the_fate_tells(
    feed: Callable[..., Crawler], article: Make, obeyed: list[str], fates: dict[str, Any]
) -> None:
    crawler = feed([article(1), article(2, rights=Rights(robots="noindex"))], RIGHTS_OBEYED=obeyed)
    stats = crawler.stats.get_stats()
    assert {fate: stats[f"fates/{fate}"] for fate in ("written", "blocked") if f"fates/{fate}" in stats} == fates
