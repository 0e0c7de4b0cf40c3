"""Feeds as they come: every good entry is kept, and only what cannot be read at all is an error."""

from __future__ import annotations

import gzip
import json

import pytest

from aggregator.discovery import feeds
from aggregator.discovery.feeds import FeedError

URL = "https://dam-times.example/feed/"
DAM, MILL = "https://dam-times.example/dam-holds", "https://dam-times.example/mill-burns"
GOOD = f"<item><title>Dam holds</title><link>{DAM}</link></item>"
NEXT = f"<item><title>Mill burns</title><link>{MILL}</link></item>"


def rss(
    *items: str, channel: str = "", head: str = '<?xml version="1.0"?>', root: str = '<rss version="2.0">'
) -> bytes:
    return f"{head}{root}<channel><title>Dam Times</title>{channel}{''.join(items)}</channel></rss>".encode()


def item(link: str = DAM, title: str = "Dam holds", rest: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{rest}</item>"


def atom(*entries: str, root: str = '<feed xmlns="http://www.w3.org/2005/Atom">') -> bytes:
    return f"<?xml version='1.0'?>{root}<title>Dam Times</title>{''.join(entries)}</feed>".encode()


ENTRY = f"<entry><title>Dam holds</title><link href='{DAM}'/></entry>"
URLS = [{"url": DAM, "tags": "x"}, {"url": MILL}]
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

BOTH = {
    "unescaped ampersand in a link": rss(item(f"{DAM}?a=1&b=2"), NEXT),
    "unescaped ampersand in a title": rss(item(title="Dam & weir"), NEXT),
    "ampersand before a space": rss(item(title="Dam &amp weir & mill"), NEXT),
    "HTML entities": rss(item(title="Dam&nbsp;holds &eacute;t&eacute; &mdash; ok"), NEXT),
    "unknown entity": rss(item(title="Dam &dams; hold"), NEXT),
    "entity of an illegal character": rss(item(title="Dam&#0;&#x1F; holds&#xFFFF;"), NEXT),
    "entity beyond Unicode": rss(item(title="Dam &#99999999999; holds &#x110000;"), NEXT),
    "less-than sign in a title": rss(item(title="Dam < mill, <3 of them"), NEXT),
    "control characters": rss(item(title="Dam\x00\x08 holds\x1b"), NEXT),
    "vertical tab in a link": rss(item(f"{DAM}\x0b"), NEXT),
    "HTML in a title": rss(item(title="<b>Dam</b> holds"), NEXT),
    "unclosed tags in a description": rss(item(rest="<description><p>Water<br>rose</description>"), NEXT),
    "unclosed title": rss(f"<item><title>Dam holds<link>{DAM}</link></item>", NEXT),
    "unclosed item": rss(f"<item><title>Dam holds</title><link>{DAM}</link>", NEXT),
    "crossed tags": rss(f"<item><title>Dam <i>holds</title></i><link>{DAM}</link></item>", NEXT),
    "attribute without quotes": rss(item(rest="<guid isPermaLink=false>7</guid>"), NEXT),
    "attribute twice": rss(f"<item a='1' a='2'><title>Dam</title><link>{DAM}</link></item>", NEXT),
    "missing end of document": rss(GOOD, NEXT).removesuffix(b"</channel></rss>"),
    "tail cut within a third entry": rss(GOOD, NEXT, item("https://dam-times.example/we")).split(b"/we")[0] + b"/we",
    "tail cut within a tag": rss(GOOD, NEXT).removesuffix(b"</channel></rss>") + b"<item><tit",
    "junk after the end": rss(GOOD, NEXT) + b"\n<!-- cached --><script>x()</script> & more",
    "blank lines before the declaration": b"\n\n  " + rss(GOOD, NEXT),
    "a PHP warning before the declaration": b"<br />\n<b>Warning</b>: mysql in <b>/x.php</b><br />\n" + rss(GOOD, NEXT),
    "a byte order mark": b"\xef\xbb\xbf" + rss(GOOD, NEXT),
    "two byte order marks": b"\xef\xbb\xbf\xef\xbb\xbf" + rss(GOOD, NEXT),
    "no declaration": rss(GOOD, NEXT, head=""),
    "declaration twice": rss(GOOD, NEXT, head='<?xml version="1.0"?><?xml version="1.0"?>'),
    "XML 1.1": rss(GOOD, NEXT, head='<?xml version="1.1"?>'),
    "a style sheet": rss(GOOD, NEXT, head='<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?>'),
    "UTF-16": rss(GOOD, NEXT, head='<?xml version="1.0" encoding="utf-16"?>').decode().encode("utf-16"),
    "UTF-16 without a mark": rss(GOOD, NEXT).decode().encode("utf-16-le"),
    "an encoding that is none": rss(GOOD, NEXT, head='<?xml version="1.0" encoding="utf-ate"?>'),
    "a namespace that is not declared": rss(item(rest="<media:thumbnail url='x'/><dc:creator>Ann</dc:creator>"), NEXT),
    "a namespace that is broken": rss(GOOD, NEXT, root='<rss version="2.0" xmlns:dc="http://[">'),
    "no version": rss(GOOD, NEXT, root="<rss>"),
    "tags in capitals": rss(GOOD.replace("item>", "ITEM>").replace("title>", "TITLE>").replace("link>", "LINK>"), NEXT),
    "an HTML doctype with entities": rss(GOOD, NEXT, head='<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]>'),
    "a netscape doctype": rss(GOOD, NEXT, head='<!DOCTYPE rss PUBLIC "-//Netscape" "http://my.netscape.com/rss.dtd">'),
    "billion laughs": rss(item(title="&l9;"), GOOD, NEXT, head=f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'),
    "an external entity": rss(item(title="&x;"), NEXT, head='<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
    "an unclosed CDATA section at the end": rss(GOOD, NEXT, "<item><title><![CDATA[Weir").split(b"</channel>")[0],
    "CDATA with markup and ampersands": rss(item(f"<![CDATA[{DAM}]]>", "<![CDATA[Dam & <b>weir</b>]]>"), NEXT),
    "an end of CDATA in text": rss(item(title="Dam ]]> holds"), NEXT),
    "a comment with dashes": rss("<!-- a -- b -->", GOOD, NEXT),
    "white space and line breaks in a link": rss(item("\n  https://dam-times.example/\n  dam-holds \n"), NEXT),
    "entries without a link": rss("<item><title>Notice</title></item>", GOOD, NEXT, "<item/>"),
    "a link that is no URL": rss(item("http://[broken"), item("javascript:alert(1)"), item("#"), GOOD, NEXT),
    "mail and file links": rss(item("mailto:a@b.example"), item("file:///etc/passwd"), GOOD, NEXT),
    "entries outside the channel": rss().replace(b"</channel>", f"</channel>{GOOD}{NEXT}".encode()),
    "a very deep description": rss(GOOD, NEXT, item("/deep", rest="<description>" + "<b>" * 3000)),
    "packed twice": gzip.compress(gzip.compress(rss(GOOD, NEXT))),
    "packed and cut": gzip.compress(rss(GOOD, NEXT, *(item(f"/x{n}") for n in range(3))))[:-12],
    "Atom without its namespace": atom(ENTRY, NEXT.replace("item>", "entry>"), root="<feed>"),
    "Atom 0.3": atom(ENTRY, NEXT.replace("item>", "entry>"), root='<feed xmlns="http://purl.org/atom/ns#">'),
    "Atom with a prefix": atom(ENTRY, f"<entry><link href='{MILL}'/></entry>")
    .replace(b"<", b"<a:").replace(b"<a:/", b"</a:").replace(b"<a:?", b"<?").replace(b"xmlns=", b"xmlns:a="),
    "JSON with a trailing comma": json.dumps({"items": URLS}).replace("]", ",]").encode(),
    "JSON cut within a third item": json.dumps({"items": [*URLS, {"url": MILL + "s"}]})[:-5].encode(),
    "JSON items of the wrong kind": json.dumps({"items": [None, 7, {"url": 5}, *URLS, {"id": MILL}]}).encode(),
}  # fmt: skip


@pytest.mark.parametrize("body", BOTH.values(), ids=BOTH.keys())
def test_every_good_entry_is_kept(body: bytes) -> None:
    found = [entry.url.partition("?")[0] for entry in feeds.parse(body, URL, "dam_times")]
    assert [url for url in found if url in (DAM, MILL)] == [DAM, MILL]
    assert all(url.startswith("https://dam-times.example/") for url in found)


NONE = {
    "an empty body": b"",
    "only white space": b" \n ",
    "an HTML page": b"<!doctype html><html><body><p>Not found: /rss</p></body></html>",
    "an HTML page that quotes a feed": b"<html><body><pre><rss><channel><item><link>http://a.example/</link>",
    "plain text": b"Please enable cookies.",
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "XML of another kind": b"<?xml version='1.0'?><opml><body><outline/></body></opml>",
    "JSON of another kind": b'{"error": "rate limited"}',
    "a JSON list": b"[1, 2, 3]",
    "JSON beyond repair": b'{"items": ',
    "JSON too deep": b'{"items": ' + b"[" * 100_000,
    "a damaged archive": b"\x1f\x8b\x08\x00garbage",
    "a decompression bomb": gzip.compress(b" " * (60 * 1024 * 1024)),
}


@pytest.mark.parametrize("body", NONE.values(), ids=NONE.keys())
def test_what_is_no_feed_is_one_clear_error(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"^[^\n]+$"):
        feeds.parse(body, URL, "dam_times")


EMPTY = {"RSS": rss(), "Atom": atom(), "JSON Feed": b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'}


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY.keys())
def test_a_feed_without_entries_is_no_error(body: bytes) -> None:
    assert feeds.parse(body, URL, "dam_times") == []


ENCODINGS = {
    "windows-1252 declared as UTF-8": ("cp1252", "utf-8", "Débâcle à l’écluse"),
    "windows-1252 declared as ISO-8859-1": ("cp1252", "iso-8859-1", "“Dam” – holds"),
    "windows-1252 not declared": ("cp1252", None, "Über die Brücke"),
    "UTF-8 declared as ISO-8859-1": ("utf-8", "iso-8859-1", "Über die Brücke"),
    "UTF-8 declared as ASCII": ("utf-8", "us-ascii", "Über die Brücke"),
    "windows-1251": ("cp1251", "windows-1251", "Плотина держится"),
    "Shift JIS": ("shift_jis", "shift_jis", "ダムは持ちこたえた"),
    "ISO-2022-JP": ("iso-2022-jp", "iso-2022-jp", "ダムは持ちこたえた"),
    "GB 2312": ("gb2312", "gb2312", "大坝无恙"),
    "UTF-8 with one byte wrong": ("utf-8", "utf-8", "Über die Brücke hält die Größe"),
}


@pytest.mark.parametrize(("encoding", "declared", "title"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_encoding_is_found(encoding: str, declared: str | None, title: str) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    body = rss(item(title=title), head=head).decode().encode(encoding)
    if title.endswith("Größe"):
        body = body.replace(b"Dam Times", b"Dam T\xfcmes")
    assert [entry.title for entry in feeds.parse(body, URL, "dam_times")] == [title]
