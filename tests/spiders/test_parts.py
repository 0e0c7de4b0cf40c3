"""Stories told over several pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest

from aggregator.items import Article
from aggregator.spiders.base import SiteSpider

HOST = "http://www.dam-times.example"
STORY = f"{HOST}/2024/05/17/dam-holds-after-a-week-of-rain"
PARTS = {
    2: [
        "The second gate had not been opened since the flood of 1997, and the chain that lifts it broke on Wednesday.",
        "A smith from Keldar came by boat and forged a link on the crest, while the lake rose by four centimetres.",
        "By noon the gate stood open, and the road to Saint Orla was under water for the rest of the afternoon.",
    ],
    3: [
        "What it all cost will be known in June, when the valley authority shows its books to the five villages.",
        "Brandt expects a sum that nobody will like, she said, and a winter in which everybody has slept well.",
        "The smith has sent no bill so far, and has been offered the freedom of the town of Ostermoor instead.",
    ],
}


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [f"{HOST}/"]


def page(text: list[str], title: str = "Dam holds after a week of rain", pager: str = "") -> str:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    return f'<html lang="en"><title>{title}</title><body><article><h1>{title}</h1>{body}</article>{pager}</body></html>'


def pager(*urls: str) -> str:
    links = "".join(f'<a href="{url}">{number}</a> ' for number, url in enumerate(urls, 2))
    return f'<div class="page-links">Pages: <span>1</span> {links}</div>'


@pytest.fixture
def told_in_three(dam_times: dict[str, str]) -> dict[str, Any]:
    one = dam_times[STORY].replace("</article>", f"</article>{pager(f'{STORY}/2/', f'{STORY}/3/')}")
    return dam_times | {
        STORY: one,
        f"{STORY}/2/": page(PARTS[2], "Dam holds after a week of rain - Page 2 of 3", pager("../2/", "../3/")),
        f"{STORY}/3/": page(PARTS[3], "Dam holds after a week of rain - Page 3 of 3", pager("../2/", "../3/")),
    }


def story(crawl: Any, pages: dict[str, Any]) -> Article:
    outcome = crawl(DamTimes, pages)
    assert len(outcome.articles) == 3
    return outcome.articles[STORY]


def test_the_parts_are_one_article_in_their_order(crawl: Any, told_in_three: dict[str, Any]) -> None:
    article = story(crawl, told_in_three)
    assert article.text is not None
    paragraphs = article.text.split("\n\n")
    assert paragraphs[0].startswith("The dam above Ostermoor held")
    assert paragraphs[-6:] == PARTS[2] + PARTS[3]
    assert article.evidence["text"] == {"from": "parts", "raw": f"{STORY} {STORY}/2/ {STORY}/3/"}
    assert not article.extraction.partial


@pytest.mark.parametrize("address", ["?page=2", f"{STORY}/page/2", f"{STORY}-page-2"])
def test_however_the_parts_are_numbered(crawl: Any, dam_times: dict[str, str], address: str) -> None:
    first = dam_times[STORY].replace("</article>", f"</article>{pager(address)}")
    article = story(crawl, dam_times | {STORY: first, urljoin(STORY, address): page(PARTS[2])})
    assert article.text is not None
    assert article.text.endswith(PARTS[2][-1])


def test_without_its_last_part_a_story_is_partial(crawl: Any, told_in_three: dict[str, Any]) -> None:
    article = story(crawl, told_in_three | {f"{STORY}/3/": (500, {}, "")})
    assert article.text is not None
    assert article.text.endswith(PARTS[2][-1])
    assert article.extraction.partial
    assert article.extraction.warnings == ["part 3 is missing: HTTP 500"]


def test_another_page_of_comments_is_no_part(crawl: Any, dam_times: dict[str, str]) -> None:
    first = dam_times[STORY].replace("</article>", f"</article>{pager('?page=2')}")
    article = story(crawl, dam_times | {STORY: first, f"{STORY}?page=2": first})
    assert article.text is not None
    assert article.text.count("opened two of the four gates") == 1
    assert "text" not in article.evidence


def test_pages_that_count_comments_are_not_fetched(crawl: Any, dam_times: dict[str, str]) -> None:
    first = dam_times[STORY].replace("</article>", f"</article>{pager('?cpage=2', f'{STORY}/comment-page-2')}")
    outcome = crawl(DamTimes, dam_times | {STORY: first})
    assert not [url for url in outcome.fetched if "page" in url]


def test_what_is_no_story_has_no_parts(crawl: Any, dam_times: dict[str, str]) -> None:
    outcome = crawl(DamTimes, dam_times | {STORY: page(["It has moved."], "Page not found", pager("?page=2"))})
    assert outcome.articles[STORY].kind == "error"
    assert f"{STORY}?page=2" not in outcome.fetched


def test_another_story_with_a_number_behind_its_name_is_its_own(crawl: Any, dam_times: dict[str, str]) -> None:
    first = dam_times[STORY].replace("</article>", f"</article>{pager(f'{STORY}/2')}")
    article = story(crawl, dam_times | {STORY: first, f"{STORY}/2": page(PARTS[2], "A smith saves the valley")})
    assert article.text is not None
    assert "smith" not in article.text


def test_a_story_without_end_is_cut(crawl: Any, dam_times: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aggregator.spiders.parts.MAX_PARTS", 3)
    pages: dict[str, str] = {}
    for number in range(1, 6):
        text = [
            f"Part {number} of the story says in {number * 7} words what the {number + 40} before it have said."
        ] * 1
        pages[f"{STORY}?page={number}"] = page(text, pager=f'<a href="?page={number + 1}">Next</a>')
    first = dam_times[STORY].replace("</article>", f"</article>{pager('?page=2')}")
    article = story(crawl, dam_times | pages | {STORY: first})
    assert article.extraction.warnings[-1] == "part 4 is missing: more than 3"
    assert article.extraction.partial
