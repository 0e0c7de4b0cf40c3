"""The way from a start URL to articles and fates, on a site of a few pages."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.http import Response

from aggregator import seen
from aggregator.items import Article
from aggregator.seen.visits import Met
from aggregator.spiders.base import SiteSpider

HOST = "http://www.dam-times.example"
FRONT = f"{HOST}/"
SLUGS = ("dam-holds-after-a-week-of-rain", "council-votes-to-raise-the-dam", "who-pays-for-the-new-spillway-gates")
STORIES = [f"{HOST}/2024/05/17/{slug}" for slug in SLUGS]
RSS = {"Content-Type": "application/rss+xml"}


class DamTimes(SiteSpider):
    name = "dam_times"
    start_urls = [FRONT]


def listing(*urls: str, head: str = "", foot: str = "") -> str:
    links = "".join(f'<h3><a href="{url}">{url.rsplit("/", 1)[-1].replace("-", " ")}</a></h3>' for url in urls)
    return f"<html><head><title>Dam Times</title>{head}</head><body><main>{links}</main>{foot}</body></html>"


def test_each_story_of_the_front_page_becomes_an_article(crawl: Any, dam_times: dict[str, str]) -> None:
    outcome = crawl(DamTimes, dam_times)
    assert sorted(outcome.articles) == sorted(STORIES)
    assert outcome.fates == {}
    assert {article.site for article in outcome.articles.values()} == {"dam_times"}


def test_an_article_has_the_facts_of_its_site(crawl: Any, dam_times: dict[str, str]) -> None:
    class Named(DamTimes):
        selectors = {"section": "i"}

        def amend(self, article: Article, response: Response) -> None:
            article.posted_by = "The desk"

    outcome = crawl(Named, dam_times | {STORIES[0]: dam_times[STORIES[0]].replace("<h1>", "<i>Water</i><h1>")})
    article = outcome.articles[STORIES[0]]
    assert (article.section, article.posted_by, article.extraction.site_rules) == ("Water", "The desk", "dam_times")


def test_a_story_named_by_feed_and_listing_is_fetched_once_with_the_words_of_both(
    crawl: Any, dam_times: dict[str, str]
) -> None:
    feed = f"""<rss version="2.0"><channel><title>Dam Times</title>
        <item><title>Dam holds, for now</title><link>{STORIES[0]}?utm_source=rss</link></item></channel></rss>"""
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    outcome = crawl(DamTimes, dam_times | {FRONT: listing(*STORIES, head=head), f"{HOST}/feed.xml": (200, RSS, feed)})
    assert len([url for url in outcome.fetched if SLUGS[0] in url]) == 1
    found = next(found for url, found in outcome.found.items() if SLUGS[0] in url)
    assert found.title == "Dam holds, for now"
    assert {way.partition(":")[0] for way in found.via} == {"feed", "listing"}


def test_a_story_that_the_front_page_calls_paid_is_sponsored(crawl: Any, dam_times: dict[str, str]) -> None:
    front = dam_times[FRONT].replace("<h3>", "<div><i>Anzeige</i><h3>", 1).replace("</h3>", "</h3></div>", 1)
    kinds = {url: article.kind for url, article in crawl(DamTimes, dam_times | {FRONT: front}).articles.items()}
    assert kinds == {STORIES[0]: "sponsored", STORIES[1]: "article", STORIES[2]: "article"}


def test_pages_of_a_listing_are_followed_until_one_brings_nothing_new(crawl: Any, dam_times: dict[str, str]) -> None:
    def page(number: int, *urls: str) -> str:
        return listing(*urls, foot=f'<a rel="next" class="next" href="/page/{number + 1}/">Next page</a>')

    outcome = crawl(
        DamTimes,
        dam_times
        | {FRONT: page(1, *STORIES[:2]), f"{HOST}/page/2/": page(2, *STORIES), f"{HOST}/page/3/": page(3, *STORIES)},
    )
    assert len(outcome.articles) == 3
    assert f"{HOST}/page/4/" not in outcome.fetched
    assert f"{HOST}/page/3/" in outcome.fetched


def test_sitemaps_of_robots_txt_bring_recent_stories_only(crawl: Any, dam_times: dict[str, str]) -> None:
    old = f"{HOST}/2021/01/01/the-dam-that-nobody-wanted"
    sitemap = f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
        <url><loc>{STORIES[0]}</loc><lastmod>2024-05-17T08:00:00Z</lastmod></url>
        <url><loc>{old}</loc><lastmod>2021-01-01T08:00:00Z</lastmod></url></urlset>"""
    outcome = crawl(
        DamTimes,
        dam_times
        | {
            f"{HOST}/robots.txt": (200, {"Content-Type": "text/plain"}, f"Sitemap: {HOST}/news.xml"),
            f"{HOST}/news.xml": (200, {"Content-Type": "application/xml"}, sitemap),
            FRONT: listing(*STORIES[1:]),
        },
    )
    assert sorted(outcome.articles) == sorted(STORIES)
    assert outcome.found[STORIES[0]].via == [f"sitemap:{HOST}/news.xml"]


def test_how_the_stories_urls_are_built_is_learned_for_the_next_run(crawl: Any, dam_times: dict[str, str]) -> None:
    """Numbers say nothing by themselves; a feed names three stories, and the front page then shows six."""
    stories = {f"{HOST}/n/2024/{n}": dam_times[STORIES[n % 3]] for n in range(1, 7)}
    front = "".join(f'<a href="{url}">No. {number}</a> ' for number, url in enumerate(stories))
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    feed = "".join(f"<item><link>{url}</link></item>" for url in list(stories)[:3])
    pages = stories | {FRONT: head + front, f"{HOST}/feed.xml": (200, RSS, f"<rss><channel>{feed}</channel></rss>")}
    assert sorted(crawl(DamTimes, pages).articles) == sorted(list(stories)[:3])
    assert sorted(crawl(DamTimes, pages).articles) == sorted(stories)


def test_a_start_url_may_be_an_article(crawl: Any, dam_times: dict[str, str]) -> None:
    outcome = crawl(DamTimes, dam_times, start_urls=[STORIES[0]])
    assert list(outcome.articles) == [STORIES[0]]
    assert outcome.found[STORIES[0]].via == [f"start:{STORIES[0]}"]


def test_a_link_aggregators_stories_lie_elsewhere_and_nothing_there_is_followed(
    crawl: Any, dam_times: dict[str, str]
) -> None:
    class Pile(DamTimes):
        follow_offsite = True

    hosts = [f"http://paper-{n}.example" for n in range(6)]
    stories = [f"{host}/2024/05/17/the-dam-that-number-{n}-built-alone" for n, host in enumerate(hosts)]
    text = dam_times[STORIES[0]]
    pages = {url: text.replace("</article>", f'</article><a href="{url}-and-more">Next</a>') for url in stories}
    comments = "".join(f'<a href="/item?id={n}">{n} comments</a>' for n in range(100, 106))
    outcome = crawl(Pile, pages | {FRONT: listing(*stories, foot=comments)})
    assert sorted(outcome.articles) == sorted(stories)
    assert outcome.articles[stories[0]].links.source_link == stories[0]
    assert sorted(url for url in outcome.fetched if not url.endswith("/robots.txt")) == sorted([FRONT, *stories])


def test_nonsense_instead_of_urls_does_no_harm(crawl: Any, dam_times: dict[str, str]) -> None:
    nonsense = [
        f"http://{host}/2024/05/17/a-story-with-a-long-slug" for host in ("[::1", "a.example:x", "a.example:99999")
    ]
    nonsense.append(f"{HOST}/2024/05/17/{'long-' * 1000}slug")
    outcome = crawl(DamTimes, dam_times | {FRONT: listing(*nonsense, *STORIES)})
    assert sorted(outcome.articles) == sorted(STORIES)
    assert set(outcome.fates.values()) == {("failed", "no URL that can be fetched")}


@pytest.mark.parametrize(
    ("page", "fate"),
    [
        ((404, {}, "gone"), ("failed", "HTTP 404")),
        ((403, {}, "no"), ("blocked", "HTTP 403")),
        ((503, {"cf-mitigated": "challenge"}, "<title>Just a moment...</title>"), ("blocked", "Cloudflare challenge")),
        ((200, {"Content-Type": "application/pdf"}, "%PDF-1.7"), ("not_article", "content type application/pdf")),
        ((302, {"Location": "/"}, ""), ("not_article", "redirected to a front page")),
        ((302, {"Location": STORIES[0]}, ""), ("failed", "too many redirects")),
        ((302, {"Location": "http://10.0.0.1/admin"}, ""), ("blocked", "internal address 10.0.0.1")),
    ],
)
def test_what_is_no_article_has_its_fate(
    crawl: Any, dam_times: dict[str, str], page: Any, fate: tuple[str, str]
) -> None:
    outcome = crawl(DamTimes, dam_times | {STORIES[0]: page})
    assert outcome.fates == {STORIES[0]: fate}
    assert len(outcome.articles) == 2


def test_a_file_that_a_feed_names_is_not_fetched_to_learn_that_it_is_no_page(
    crawl: Any, dam_times: dict[str, str]
) -> None:
    files = [f"{HOST}/2024/dam-report.pdf", f"{HOST}/2024/the-mayor-speaks.MP3?download=1"]
    items = "".join(f"<item><title>The dam</title><link>{url}</link></item>" for url in files)
    feed = (200, RSS, f'<rss version="2.0"><channel>{items}</channel></rss>')
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    outcome = crawl(DamTimes, dam_times | {FRONT: listing(*STORIES, head=head), f"{HOST}/feed.xml": feed})
    assert outcome.fates == {files[0]: ("not_article", ".pdf file"), files[1]: ("not_article", ".mp3 file")}
    assert not {*files} & {*outcome.fetched}


def test_robots_txt_is_obeyed(crawl: Any, dam_times: dict[str, str]) -> None:
    rules = (200, {"Content-Type": "text/plain"}, f"User-agent: *\nDisallow: /2024/05/17/{SLUGS[0]}")
    outcome = crawl(DamTimes, dam_times | {f"{HOST}/robots.txt": rules})
    assert outcome.fates == {STORIES[0]: ("blocked", "robots.txt")}


def test_what_an_earlier_run_wrote_is_not_fetched_again(
    crawl: Any, dam_times: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen.Seen, "met", lambda self, url: Met(url == STORIES[0], None))
    outcome = crawl(DamTimes, dam_times)
    assert outcome.fates == {STORIES[0]: ("unchanged", "known")}
    assert STORIES[0] not in outcome.fetched


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ((500, {}, ""), "HTTP 500"),
        ((200, {"Content-Type": "text/html"}, ""), "no articles found"),
        ((200, {"Content-Type": "text/html"}, "<p>Nothing here."), "no articles found"),
        ((200, {"Content-Type": "application/rss+xml"}, "<rss><channel><item>"), "no articles found"),
        ((200, {"Content-Type": "image/png"}, "\x89PNG"), "no articles found"),
    ],
)
def test_a_start_url_that_gives_nothing_is_a_problem_of_the_run(
    crawl: Any, dam_times: dict[str, str], front: Any, words: str
) -> None:
    outcome = crawl(DamTimes, {FRONT: front})
    assert len(outcome.problems) == 1
    assert words in outcome.problems[0]


PAGES = [f"{HOST}/page/{number}/" for number in range(2, 9)]


def paged(dam_times: dict[str, str], stories: int = 3) -> dict[str, str]:
    """A section of eight pages of `stories` each, newest first, and the stories."""
    addresses = [FRONT, *PAGES]
    pages = {}
    for number, address in enumerate(addresses):
        urls = [f"{HOST}/2024/05/{17 - number}/story-{n}-of-day-{number}-at-the-dam" for n in range(stories)]
        pages |= {url: dam_times[STORIES[0]].replace("A", f"A{number}") for url in urls}
        further = f'<a rel="next" href="{addresses[number + 1]}">Next</a>' if number + 1 < len(addresses) else ""
        pages[address] = listing(*urls, foot=further)
    return pages


def day(found: str) -> int:
    return int(found.split("/")[5])


@pytest.mark.parametrize(
    ("share", "known", "asked"),
    [
        (1.0, lambda url: day(url) <= 15, PAGES[:2]),
        (1.0, lambda url: day(url) <= 15 and "story-0" not in url, PAGES[:4]),
        (0.5, lambda url: day(url) <= 15 and "story-0" not in url, PAGES[:2]),
        (0.3, lambda url: "story-0" in url, []),
    ],
)
def test_a_listing_is_followed_to_what_an_earlier_run_knows(
    crawl: Any, dam_times: dict[str, str], monkeypatch: pytest.MonkeyPatch, share: float, known: Any, asked: list[str]
) -> None:
    monkeypatch.setattr(seen.Seen, "met", lambda self, url: Met(known(url), None))
    outcome = crawl(DamTimes, paged(dam_times), {"STOP_AT_KNOWN": share})
    assert [url for url in outcome.fetched if url in PAGES] == asked


@pytest.mark.parametrize(("last", "warned"), [(12, True), (14, False)])
def test_where_even_the_last_page_is_all_new_stories_may_have_been_missed(
    crawl: Any, dam_times: dict[str, str], monkeypatch: pytest.MonkeyPatch, last: int, warned: bool
) -> None:
    pages, known = paged(dam_times), False
    monkeypatch.setattr(seen.Seen, "met", lambda self, url: Met(known and day(url) <= last, None))
    assert crawl(DamTimes, pages).warnings == []  # nobody was here before
    known = True
    assert bool(crawl(DamTimes, pages, {"MAX_LISTING_PAGES": 4}).warnings) == warned


def test_a_trap_ends_at_its_budget_and_each_url_has_its_fate(crawl: Any, dam_times: dict[str, str]) -> None:
    """A calendar, a filtered list, an endless page: no end of URLs that are built alike."""
    trap = [f"{HOST}/2024/05/17/who-comes-to-the-dam-at-{hour}?view=day" for hour in range(20)]
    pages = dam_times | dict.fromkeys(trap, dam_times[STORIES[0]])
    outcome = crawl(DamTimes, pages | {FRONT: listing(*trap)}, {"MAX_URLS_ALIKE": 5})
    assert len(outcome.articles) == 5
    assert set(outcome.fates.values()) == {("failed", "more than 5 URLs of this form in one run")}
    assert len(outcome.fates) == 15
