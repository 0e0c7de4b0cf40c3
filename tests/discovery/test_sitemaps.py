from __future__ import annotations

import gzip

import pytest

from aggregator.discovery import markup, sitemaps
from aggregator.discovery.sitemaps import SitemapError
from aggregator.items import Found

URL = "https://dam-times.example/sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
GOOGLE = "http://www.google.com/schemas"
NEWS = f'xmlns:news="{GOOGLE}/sitemap-news/0.9" xmlns:image="{GOOGLE}/sitemap-image/1.1"'
DAM, MILL = "https://dam-times.example/2024/dam-holds-at-last", "https://dam-times.example/2024/mill-burns-to-ground"


def urlset(*urls: str, head: str = '<?xml version="1.0"?>', root: str = f"<urlset {SPACE}>") -> bytes:
    return f"{head}{root}{''.join(urls)}</urlset>".encode()


def url(loc: str, rest: str = "") -> str:
    return f"<url><loc>{loc}</loc>{rest}</url>"


def urls(body: bytes, at: str = URL) -> list[str]:
    return [found.url for found in sitemaps.parse(body, at, "dam_times").articles]


def test_a_news_sitemap_says_what_is_news() -> None:
    news = (
        "<image:image><image:loc>https://dam-times.example/dam.jpg</image:loc></image:image>"
        "<news:news><news:publication><news:language>en</news:language></news:publication>"
        "<news:publication_date>2024-05-17T10:00:00+02:00</news:publication_date>"
        "<news:title>Dam &amp; weir</news:title>"
        "<news:keywords>water, valley</news:keywords></news:news>"
    )
    entries = (url("https://dam-times.example/dam", news), url("https://dam-times.example/a-page-of-our-town"))
    sitemap = sitemaps.parse(urlset(*entries, root=f"<urlset {SPACE} {NEWS}>"), URL, "dam_times")
    assert sitemap.articles == [
        Found(
            url="https://dam-times.example/dam",
            site="dam_times",
            listing=URL,
            via=[f"sitemap:{URL}"],
            title="Dam & weir",
            published="2024-05-17T10:00:00+02:00",
            categories=["water", "valley"],
            language="en",
        )
    ]


def test_an_index_names_the_sitemaps_that_may_hold_stories() -> None:
    names = [
        "post-sitemap.xml",
        "post-sitemap2.xml",
        "category-sitemap.xml",
        "author-sitemap.xml",
        "page-sitemap.xml",
        "2024-05.xml",
    ]
    entries = "".join(f"<sitemap><loc>/maps/{name}</loc><lastmod>2024-05-17</lastmod></sitemap>" for name in names)
    sitemap = sitemaps.parse(f"<sitemapindex {SPACE}>{entries}</sitemapindex>".encode(), URL, "dam_times")
    assert sitemap.children == [
        (f"https://dam-times.example/maps/{name}", "2024-05-17")
        for name in ("post-sitemap.xml", "post-sitemap2.xml", "2024-05.xml")
    ]
    assert sitemap.articles == []


def test_sections_are_left_out() -> None:
    sections = ["", "/", "/valley/", "/tag/dams-and-weirs-and-mills/", "/author/ann-vale-of-the-valley/", "/2024/05/"]
    body = urlset(url(DAM), *(url(f"https://dam-times.example{path}") for path in sections), url(MILL))
    assert urls(body) == [DAM, MILL]


def test_a_sitemap_of_posts_is_believed_where_urls_are_short() -> None:
    body = urlset(url("https://dam-times.example/"), url("https://dam-times.example/otello/"))
    assert urls(body) == []
    assert urls(body, "https://dam-times.example/post-sitemap.xml") == ["https://dam-times.example/otello/"]


def test_the_last_change_is_kept() -> None:
    (found,) = sitemaps.parse(urlset(url(DAM, "<lastmod> 2024-05-17 </lastmod>")), URL, "dam_times").articles
    assert found.modified == "2024-05-17"


BOTH = {
    "gzip": gzip.compress(urlset(url(DAM), url(MILL))),
    "gzip with its end cut off": gzip.compress(urlset(url(DAM), url(MILL), *(url(f"/{n}") for n in range(9))))[:-9],
    "plain text": f"\ufeff{DAM}\n\n  {MILL}\r\nnot a url\n".encode(),
    "a feed": f"<rss><channel><item><link>{DAM}</link></item><item><link>{MILL}</link></item></channel></rss>".encode(),
    "no namespace": urlset(url(DAM), url(MILL), root="<urlset>"),
    "Google's old namespace": urlset(
        url(DAM), url(MILL), root='<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">'
    ),
    "a prefix": urlset(url(DAM), url(MILL), root="<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'>")
    .replace(b"url>", b"s:url>")
    .replace(b"<s:", b"<s:")
    .replace(b"</s:", b"</s:")
    .replace(b"<url", b"<s:url")
    .replace(b"</url", b"</s:url")
    .replace(b"loc>", b"s:loc>"),
    "a namespace that is not declared": urlset(url(DAM, "<image:loc>x</image:loc>"), url(MILL)),
    "unescaped ampersands": urlset(url(f"{DAM}?a=1&b=2"), url(MILL)),
    "white space around addresses": urlset(url(f"\n  {DAM}\n"), url(MILL)),
    "CDATA": urlset(url(f"<![CDATA[{DAM}]]>"), url(MILL)),
    "control characters": urlset(url(f"{DAM}\x00"), url(MILL)),
    "windows-1252": urlset(url(DAM), url(MILL), "<!-- café -->").decode().encode("cp1252"),
    "UTF-16": urlset(url(DAM), url(MILL)).decode().encode("utf-16"),
    "blank lines first": b"\n\n" + urlset(url(DAM), url(MILL)),
    "a warning first": b"<br /><b>Notice</b>: x<br />" + urlset(url(DAM), url(MILL)),
    "missing end": urlset(url(DAM), url(MILL)).removesuffix(b"</urlset>"),
    "cut within an address": urlset(url(DAM), url(MILL)).removesuffix(b"</urlset>") + b"<url><loc>/2024/the-weir-h",
    "cut within a tag": urlset(url(DAM), url(MILL)).removesuffix(b"</urlset>") + b"<url><lo",
    "junk at the end": urlset(url(DAM), url(MILL)) + b"<!-- 12 ms --><script/>",
    "entries without an address": urlset("<url/>", "<url><loc/></url>", url(DAM), url(MILL)),
    "addresses that are none": urlset(url("http://[x"), url("javascript:x"), url("file:///etc"), url(DAM), url(MILL)),
    "an address twice": urlset(url(DAM), url(DAM), url(MILL)),
    "relative addresses": urlset(url("/2024/dam-holds-at-last"), url("//dam-times.example/2024/mill-burns-to-ground")),
    "a doctype": urlset(url(DAM), url(MILL), head="<!DOCTYPE urlset>"),
    "an unknown entity": urlset(url(DAM, "<lastmod>&now;</lastmod>"), url(MILL)),
    "deep nesting in an entry": urlset(url(DAM), url(MILL), url("/deep", "<x>" * 5000)),
    "both kinds in one": urlset("<sitemap><loc>/more.xml</loc></sitemap>", url(DAM), url(MILL)),
}  # fmt: skip


@pytest.mark.parametrize("body", BOTH.values(), ids=BOTH.keys())
def test_every_good_entry_is_kept(body: bytes) -> None:
    assert [one.partition("?")[0] for one in urls(body)] == [DAM, MILL]


LAUGHS = '<!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
NONE = {
    "an empty body": b"",
    "white space": b"  \n",
    "an HTML page": b"<!DOCTYPE html><html><body>404</body></html>",
    "an HTML page that quotes a sitemap": b"<html><pre><urlset><url><loc>https://a.example/x</loc></url>",
    "plain text without URLs": b"Not found",
    "an image": b"\x89PNG\r\n" + bytes(range(256)),
    "XML of another kind": b"<?xml version='1.0'?><opml/>",
    "a feed beyond repair": b'{"version": "https://jsonfeed.org/version/1", "items": 5}',
    "billion laughs": urlset(url(DAM), url("&b;"), head=LAUGHS),
    "an external entity": urlset(url("&x;"), head='<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "an external parameter": urlset(url(DAM), head='<!DOCTYPE u [<!ENTITY % x SYSTEM "http://a.example/x"> %x;]>'),
    "a decompression bomb": gzip.compress(b" " * (markup.LIMIT + 1)),
    "a bomb in a bomb": gzip.compress(gzip.compress(b" " * (markup.LIMIT + 1))),
    "a damaged archive": b"\x1f\x8b\x08garbage",
}  # fmt: skip


@pytest.mark.parametrize("body", NONE.values(), ids=NONE.keys())
def test_what_cannot_be_read_is_one_clear_error(body: bytes) -> None:
    with pytest.raises(SitemapError, match=r"^[^\n]+$"):
        sitemaps.parse(body, URL, "dam_times")


def test_no_more_than_the_protocol_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "URLS", 3)
    body = urlset(*(url(f"https://dam-times.example/the-dam-holds-{n}") for n in range(5)))
    assert len(urls(body)) == 3


def test_robots_names_sitemaps() -> None:
    lines = [
        "\ufeffSitemap: https://a.example/1.xml",
        "User-agent: *",
        "  SITEMAP :https://a.example/2.xml # new",
        "sitemap: /3",
    ]
    text = "\n".join([*lines, "Sitemap: https://a.example/1.xml"])
    assert sitemaps.from_robots(text) == ["https://a.example/1.xml", "https://a.example/2.xml"]
