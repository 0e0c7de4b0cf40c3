"""Listing pages of many kinds, made here: how well their stories are told from everything else that is linked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from aggregator.discovery import listings
from aggregator.extraction.page import Page

SITE = "https://dam-times.example"
SUBJECTS = (
    "The dam",
    "A ferry",
    "The old mill",
    "Halden's mayor",
    "A heron",
    "The night bus",
    "The school choir",
    "A bridge",
)
VERBS = (
    "holds after a week of rain",
    "is late for the third time",
    "will be sold in the spring",
    "finds no money for paint",
)
TITLES = [f"{who} {what}" for what in VERBS for who in SUBJECTS][:24]
SLUGS = [title.lower().replace("'", "").replace(" ", "-") for title in TITLES]
SECTIONS = ("valley", "hills", "sports", "culture", "people-and-places", "weather", "opinion", "video")
MENU = (
    "<header><nav><ul>" + "".join(f'<li><a href="/{one}/">{one}</a></li>' for one in SECTIONS) + "</ul></nav></header>"
)
FOOT = "<footer>" + "".join(
    f'<a href="/{path}">{path.replace("-", " ").title()}</a>'
    for path in ("about-us", "contact-the-news-desk", "privacy-policy", "terms-of-use", "advertise-with-us", "rss")
) + '<a href="https://facebook.com/damtimes">Facebook</a></footer>'  # fmt: skip
TAGS = (
    "<aside>"
    + "".join(f'<a href="/tag/{tag}/">{tag}</a>' for tag in ("rain", "dam", "river-level", "bus"))
    + "</aside>"
)


def dated(n: int) -> str:
    return f"/2024/05/{n + 1:02}/{SLUGS[n]}/"


def portal(n: int) -> str:
    url = f"/valley/{SLUGS[n]}-{102400 + n}.html"
    return f'<div class="teaser"><a href="{url}"><img src="a.jpg" alt=""></a><span>Valley</span><h3><a href="{url}">{TITLES[n]}</a></h3></div>'  # noqa: E501


def newspaper(n: int) -> str:
    url, title = dated(n), TITLES[n]
    return f'<div class="td_module_wrap"><div class="td-module-thumb"><a href="{url}" rel="bookmark" title="{title}"><img></a></div><h3 class="entry-title"><a href="{url}" rel="bookmark">{title}</a></h3><span class="td-post-author-name"><a href="/author/ann-vale/">Ann Vale</a></span></div>'  # noqa: E501


KINDS: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "a portal": (lambda n: f"/valley/{SLUGS[n]}-{102400 + n}.html", portal),
    "Newspaper": (dated, newspaper),
    "a plain list": (dated, lambda n: f'<li>{n + 1} May: <a href="{dated(n)}">{TITLES[n]}</a></li>'),
    "slugs at the root": (
        lambda n: f"/{SLUGS[n]}/",
        lambda n: f'<article><h2><a href="/{SLUGS[n]}/">{TITLES[n]}</a></h2><a href="/{SLUGS[n]}/">Read more</a></article>'),  # noqa: E501
    "cards without words in the link": (
        lambda n: f"/story/{SLUGS[n]}",
        lambda n: f'<div class="card"><a href="/story/{SLUGS[n]}" aria-label="{TITLES[n]}"></a><h3>{TITLES[n]}</h3></div>'),  # noqa: E501
    "numbers only": (
        lambda n: f"/news/{102400 + n}",
        lambda n: f'<div class="row"><a href="/news/{102400 + n}">{TITLES[n]}</a> <small>{n} min</small></div>'),
    "a query": (
        lambda n: f"/view.php?id={102400 + n}",
        lambda n: f'<tr><td>{n}.5.</td><td><a href="/view.php?id={102400 + n}">{TITLES[n]}</a></td></tr>'),
    "short numbers": (
        lambda n: f"/news/{120 + n}/{SLUGS[n]}",
        lambda n: f'<li class="item"><a href="/news/{120 + n}/{SLUGS[n]}"><b>{TITLES[n]}</b><p>Teaser</p></a></li>'),
    "right to left": (
        lambda n: f"/akhbar/2024/{10240 + n}/السد-يصمد-بعد-أسبوع",
        lambda n: f'<div dir="rtl"><h2><a href="/akhbar/2024/{10240 + n}/السد-يصمد-بعد-أسبوع">السد يصمد بعد أسبوع من المطر {n}</a></h2></div>'),  # noqa: E501
    "Chinese": (
        lambda n: f"/2024-05/{n % 28 + 1:02}/content_{12345600 + n}.htm",
        lambda n: f'<li><a href="/2024-05/{n % 28 + 1:02}/content_{12345600 + n}.htm">连日大雨之后{chr(0x5C71 + n)}河水库大坝依然稳固</a></li>'),  # noqa: E501
    "Japanese": (
        lambda n: f"/articles/ABC{10240 + n}XYZ.html",
        lambda n: f'<li><a href="/articles/ABC{10240 + n}XYZ.html">ダムは一週間の雨に耐えた、住民は安堵 その{n}</a></li>'),  # noqa: E501
    "Korean": (
        lambda n: f"/news/articleView.html?idxno={102400 + n}",
        lambda n: f'<li><h4><a href="/news/articleView.html?idxno={102400 + n}">일주일 비에도 댐은 버텼다 {n}</a></h4></li>'),  # noqa: E501
    "Russian": (
        lambda n: f"/novosti/{SLUGS[n]}-{n}",
        lambda n: f'<div class="news"><time>{n}</time><a href="/novosti/{SLUGS[n]}-{n}">Плотина выдержала неделю дождей, день {n}</a></div>'),  # noqa: E501
    "identifiers": (
        lambda n: f"/news/articles/c{n:02}62gzlp8o",
        lambda n: f'<div><a href="/news/articles/c{n:02}62gzlp8o"><h2>{TITLES[n]}</h2><p>Text</p></a></div>'),
    "few words in the address": (
        lambda n: f"/politik/a-{1024000 + n}",
        lambda n: f'<section><h3><a href="/politik/a-{1024000 + n}">{TITLES[n]}</a></h3></section>'),
    "its own subdomain": (
        lambda n: f"https://sport.dam-times.example/2024/{SLUGS[n]}",
        lambda n: f'<li><a href="https://sport.dam-times.example/2024/{SLUGS[n]}">{TITLES[n]}</a></li>'),
    "a tracking query": (
        dated,
        lambda n: f'<h3><a href="{dated(n)}">{TITLES[n]}</a></h3><a href="{dated(n)}?utm_source=box">{n} comments</a>'),
    "a link aggregator": (
        lambda n: f"https://paper-{n % 9}.example/2024/05/{SLUGS[n]}",
        lambda n: f'<li><a href="https://paper-{n % 9}.example/2024/05/{SLUGS[n]}">{TITLES[n]}</a> <a href="/u/ann">ann</a> '  # noqa: E501
        f'<a href="/item/{n}">{n} comments</a></li>'),
    "a redirector": (
        lambda n: f"https://paper-{n % 9}.example/2024/05/{SLUGS[n]}",
        lambda n: f'<li><a href="/out?url=https%3A%2F%2Fpaper-{n % 9}.example%2F2024%2F05%2F{SLUGS[n]}">{TITLES[n]}</a></li>'),  # noqa: E501
    "galleries of pictures": (
        lambda n: f"/news/{SLUGS[n]}",
        lambda n: f'<figure><a href="/news/{SLUGS[n]}"><img alt="{TITLES[n]}"></a></figure>'),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_stories_are_told_from_the_rest(kind: tuple[Callable[[int], str], Callable[[int], str]]) -> None:
    address, card = kind
    numbers = range(len(TITLES))
    html = f"<html><body>{MENU}<main>{''.join(map(card, numbers))}</main>{TAGS}{FOOT}</body></html>"
    page = Page.parse(html, f"{SITE}/valley/", datetime(2024, 5, 30, tzinfo=UTC))
    got = {found.url.removeprefix(SITE) for found in listings.articles(page, "dam_times")}
    expected = {page.absolute(address(n)).removeprefix(SITE) for n in numbers}  # type: ignore[union-attr]
    right = len(got & expected)
    assert 2 * right / (len(got) + len(expected)) >= 0.97, (sorted(got - expected)[:4], sorted(expected - got)[:4])
