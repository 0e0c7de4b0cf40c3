from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from aggregator.discovery import feeds
from aggregator.extraction.page import Page
from aggregator.items import Found

URL = "https://dam-times.example/feed/"
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:atom="http://www.w3.org/2005/Atom"'
)


def one(item: str, channel: str = "") -> Found:
    body = f'<rss version="2.0" {NAMESPACES}><channel>{channel}<item>{item}</item></channel></rss>'
    return feeds.parse(body.encode(), URL, "dam_times")[0]


def test_rss() -> None:
    entry = one(
        """
        <title>Dam &amp;amp; weir hold</title>
        <link>https://dam-times.example/dam</link>
        <pubDate>Fri, 17 May 2024 10:00:00 +0200</pubDate>
        <dc:creator>Ann Vale</dc:creator><dc:creator>Bo Hill</dc:creator>
        <category>Water</category><category>Valley</category>
        <source url="https://mill-post.example/feed">Mill Post</source>
        <description><![CDATA[<p>It <b>held</b>.</p>]]></description>
        <content:encoded>The whole story</content:encoded>
        <media:title>A picture</media:title>
        """,
        "<language>en-GB</language>",
    )
    assert entry == Found(
        url="https://dam-times.example/dam",
        site="dam_times",
        listing=URL,
        via=[f"feed:{URL}"],
        title="Dam & weir hold",
        published="Fri, 17 May 2024 10:00:00 +0200",
        authors=["Ann Vale", "Bo Hill"],
        source="Mill Post",
        source_url="https://mill-post.example/feed",
        summary="It held.",
        categories=["Water", "Valley"],
        language="en-GB",
    )


def test_atom() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://dam-times.example/de/">
      <entry xml:base="2024/"><id>tag:dam-times.example,2024:1</id>
        <link rel="self" href="1.atom"/><link rel="enclosure" href="1.mp3"/><link rel="alternate" href="damm"/>
        <title type="html">Der &lt;i&gt;Damm&lt;/i&gt; hält</title>
        <published>2024-05-17T10:00:00Z</published><updated>2024-05-18T10:00:00Z</updated>
        <author><name>Ann Vale</name><uri>https://dam-times.example/ann</uri></author>
        <category term="water" label="Wasser"/>
        <source><title>Mühlenpost</title><link href="https://muehlenpost.example/"/></source>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Er <b>hält</b>.</div></content>
      </entry></feed>"""
    entry = feeds.parse(body.encode(), "https://dam-times.example/de/feed", "dam_times")[0]
    assert entry.url == "https://dam-times.example/de/2024/damm"
    assert (entry.title, entry.language) == ("Der Damm hält", "de")
    assert (entry.published, entry.modified) == ("2024-05-17T10:00:00Z", "2024-05-18T10:00:00Z")
    assert (entry.authors, entry.categories) == (["Ann Vale"], ["Wasser"])
    assert (entry.source, entry.source_url) == ("Mühlenpost", "https://muehlenpost.example/")
    assert entry.summary == "Er hält."


def test_rss_1_as_rdf() -> None:
    body = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/">
      <channel rdf:about="https://dam-times.example/"><title>Dam Times</title><link>https://dam-times.example/</link></channel>
      <item rdf:about="https://dam-times.example/dam"><title>Dam holds</title><dc:date>2024-05-17</dc:date>
        <dc:subject>Water</dc:subject></item></rdf:RDF>"""
    (entry,) = feeds.parse(body.encode(), URL, "dam_times")
    assert (entry.url, entry.title) == ("https://dam-times.example/dam", "Dam holds")
    assert (entry.published, entry.categories) == ("2024-05-17", ["Water"])


def test_json_feed() -> None:
    item = {
        "id": "7",
        "url": "/dam",
        "title": "Dam holds",
        "date_published": "2024-05-17T10:00:00Z",
        "authors": [{"name": "Ann Vale"}, {"url": "https://a.example/"}],
        "tags": ["water", 7],
        "content_html": "<p>It held.</p>",
    }
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "language": "en", "items": [item]}).encode()
    (entry,) = feeds.parse(body, URL, "dam_times")
    assert entry == Found(
        url="https://dam-times.example/dam",
        site="dam_times",
        listing=URL,
        via=[f"feed:{URL}"],
        title="Dam holds",
        published="2024-05-17T10:00:00Z",
        authors=["Ann Vale"],
        summary="It held.",
        categories=["water"],
        language="en",
    )


DAM = "https://dam-times.example/dam"
ADDRESSES = {
    "the link, not the permanent id": f"<link>{DAM}</link><guid>https://dam-times.example/?p=7</guid>",
    "a permanent id without a link": f"<guid>{DAM}</guid>",
    "an id that is no link": f'<guid isPermaLink="false">7 at dam-times</guid><link>{DAM}</link>',
    "an URL that says it is no link, for want of another": f'<guid isPermaLink="false">{DAM}</guid>',
    "a relative link": "<link>/dam</link>",
    "a link without its scheme": "<link>//dam-times.example/dam</link>",
    "an Atom link in RSS": f'<atom:link href="{DAM}"/>',
    "a related link beside the link": f'<atom:link rel="related" href="https://x.example/"/><link>{DAM}</link>',
    "feedburner's original": f"<link>http://feedproxy.google.com/~r/x/~3/y/</link><feedburner:origLink>{DAM}</feedburner:origLink>",
    "a proxy's link beside a permanent id": f"<link>http://feedproxy.google.com/~r/x/~3/y/</link><guid>{DAM}</guid>",
    "a redirector's link": "<link>https://www.google.com/url?rct=j&amp;url=https%3A%2F%2Fdam-times.example%2Fdam&amp;ct=ga</link>",
}  # fmt: skip


@pytest.mark.parametrize("item", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_an_entry_has_its_own_address(item: str) -> None:
    assert one(item).url == DAM


def test_a_mailed_author_is_a_name() -> None:
    assert one(f"<link>{DAM}</link><author>ann@dam-times.example (Ann Vale)</author>").authors == ["Ann Vale"]


def test_an_entry_counts_once() -> None:
    body = f"<rss><channel>{f'<item><link>{DAM}</link></item>' * 3}</channel></rss>".encode()
    assert len(feeds.parse(body, URL, "dam_times")) == 1


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"<?xml version='1.0'?><rss version='2.0'/>", "text/html", True),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", None, True),
        (b'{"version": "https://jsonfeed.org/version/1"}', "application/json", True),
        (b"<!-- long licence -->" * 300, "application/rss+xml", True),
        (b"<!doctype html><html><p>&lt;rss&gt; <rss>", "application/rss+xml", False),
        (b"<?xml version='1.0'?><urlset/>", "text/xml", False),
        (b'{"version": 1}', "application/json", False),
        (b"", None, False),
    ],
)
def test_is_feed(body: bytes, content_type: str | None, expected: bool) -> None:
    assert feeds.is_feed(body, content_type) is expected


def page(html: str) -> Page:
    return Page.parse(html, "https://dam-times.example/valley/", datetime(2024, 5, 17, tzinfo=UTC))


def test_discover_reads_what_the_head_names() -> None:
    html = """<head>
      <link rel="alternate" type="application/rss+xml" title="Dam Times &raquo; Comments" href="/comments/feed/">
      <link rel="ALTERNATE feed" type="Application/RSS+xml; charset=utf-8" href="/feed/">
      <link rel="alternate" type="application/atom+xml" href="atom.xml">
      <link rel="alternate" type="application/json+oembed" href="/oembed">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/7">
      <link rel="alternate" type="text/xml" href="/rss.xml">
      <link rel="alternate" type="text/xml" href="/hours.xml">
      <link rel="alternate" hreflang="de" href="/de/">
      <link rel="alternate" type="application/rss+xml" href="/feed/">
    </head><a href="/other/feed/">RSS</a>"""
    assert feeds.discover(page(html)) == [
        "https://dam-times.example/feed/",
        "https://dam-times.example/valley/atom.xml",
        "https://dam-times.example/rss.xml",
    ]


def test_discover_falls_back_on_links() -> None:
    html = (
        '<a href="/rss/valley.xml">RSS</a><a href="/feedback">Feedback</a><a href="/comments/feed/">RSS of comments</a>'
    )
    assert feeds.discover(page(html)) == ["https://dam-times.example/rss/valley.xml"]


def test_a_magazine_of_comment_has_feeds() -> None:
    html = '<link rel="alternate" type="application/rss+xml" href="https://commentary.example/feed/">'
    assert feeds.discover(page(html)) == ["https://commentary.example/feed/"]
