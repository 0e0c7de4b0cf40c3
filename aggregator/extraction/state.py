"""The story in a page's payloads, or as its site's API gave it, where its HTML is a shell that a script fills.

Its node is looked for as a reader of the data would: the innermost object that has this page's title or address and
enough prose, and inside it what holds most of the prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from lxml import html as lxml_html
from lxml.html import HtmlElement

from aggregator.cleaning.text import folded, from_markup
from aggregator.extraction import blocks, jsonld, payload_html, payloads
from aggregator.extraction.blocks import Text

if TYPE_CHECKING:
    from aggregator.extraction.page import Page

ENOUGH = 400  # characters of prose that a story has
SURE = 500  # above which it is not looked for in what is around it, and below which …
OUTER = 3  # … only where there is so many times as much
SHELL = 1_500  # characters of prose that a page may show and yet have its story in its payloads only
PROSE = 60  # characters of a line that is prose
PIECE = 15  # of a string under a key that holds text
BEATS = 2  # times as much prose as the page shows has a story that stands for it
SHOWN = 0.5  # share of the story that the page shows itself, above which its HTML is read
NEAR = 6  # levels between an object and its title
LETTERS = 0.85  # share of letters and spaces in prose; there are fewer in code
SAMPLE = 1_000  # characters that are looked at for it
MAX_STORIES = 4  # that are looked at, of those that may be the page's
MAX_VALUES = 100_000
MAX_DEPTH = 150
MAX_TITLE = 400
MIN_TITLE = 6
LONG_SLUG = 2  # hyphens in an address that names the story
FURTHER = 0.8  # weight of a story for each level that its title is further away
MOST = 0.4  # share of an object's prose that makes one of its values the story …
NEARLY_ALL = 0.9  # … and one of a list's
MAX_KEYS, MAX_KEY = 40, 60  # of a path that is told, and characters of each
NOWHERE = 999

_TAG = re.compile(r"<[^<>]{0,2000}>")
_CUT = re.compile(r"\s[|–—·-]\s|\s*\|\s*")

Path = tuple[Any, ...]  # (path before, key)


@dataclass(slots=True)
class Story:
    source: str  # script:__NEXT_DATA__, json-ld:articleBody, api
    path: str  # props.pageProps.article.body
    element: HtmlElement
    holders: tuple[Any, ...] = ()  # objects around the text, the innermost first, the last of them with the title


def find(page: Page, shown: Text) -> Story | None:
    """The story that the payloads have and the page does not show; `shown` is the text it shows."""
    size = sum(len(line) for line in _prose(shown))
    if not urlsplit(page.url).path.strip("/") or size >= SHELL:
        return None
    for source, path, html, holders in chain(_in_payloads(page), _in_jsonld(page), _in_api(page)):
        element = _element(html)
        lines = list(_prose(blocks.read(element)))
        seen = folded(" ".join(segment.text for segment in shown.segments))
        if sum(map(len, lines)) >= max(ENOUGH, BEATS * size) and sum(
            folded(line) in seen for line in lines
        ) < SHOWN * len(lines):
            return Story(source, path, element, holders)
    return None


def _in_payloads(page: Page) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
    """Source, path, HTML and holders of what may be the story, the likeliest first."""
    search = _Search(page)
    read = list(payloads.read(page.elements("script")))
    found = [(prose * FURTHER**near, payload, path, node) for payload in read
             for near, prose, path, node in search.stories(payload.value)]  # fmt: skip
    for _, payload, path, node in sorted(found, key=lambda one: -one[0])[:MAX_STORIES]:
        key, core, path, holders = search.core(node, path)
        yield f"script:{payload.name}", ".".join(_keys(path)), payload_html.html(core, key), holders


def _in_jsonld(page: Page) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
    if entries := "".join(map(_entry, jsonld.updates(page.jsonld))):
        yield "json-ld:liveBlogUpdate", "liveBlogUpdate", entries, ()
    for node in page.jsonld[:1]:
        if jsonld.is_article(node) and isinstance(body := node.get("articleBody"), str):
            yield "json-ld:articleBody", "articleBody", payload_html.html(body, "text"), ()


def _in_api(page: Page) -> Iterator[tuple[str, str, str, tuple[Any, ...]]]:
    if page.found and page.found.content:
        yield "api", "content", page.found.content, ()


def _entry(node: jsonld.Node) -> str:
    """An entry of a live blog as pages have it."""
    at, headline, body = (jsonld.first(node.get(key)) or "" for key in ("datePublished", "headline", "articleBody"))
    head = f"<h2>{escape(headline)}</h2>" if headline else ""
    return f'<div class="live-entry"><time datetime="{escape(at)}"></time>{head}{payload_html.html(body, "text")}</div>'


def _prose(text: Text) -> Iterator[str]:
    return (s.text for s in text.segments if len(s.text) >= PROSE and 2 * s.linked < len(s.text))


def _element(html: str) -> HtmlElement:
    parsable = html.encode("utf-8", "replace").decode().replace("\0", "")  # JSON may name halves of characters
    element = lxml_html.fragment_fromstring(parsable, create_parent="article")
    element.set("class", "article-body")
    element.set("itemprop", "articleBody")
    return element


def _keys(path: Path) -> list[str]:
    out: list[str] = []
    while path:
        path, key = path
        out.append(key[:MAX_KEY])
    return out[:-MAX_KEYS:-1]


class _Search:
    def __init__(self, page: Page) -> None:
        raw = [page.title_tag, *page.meta.get("og:title", ()), *page.meta.get("twitter:title", ())]
        self.titles = {folded(part) for title in raw for part in (title, *_CUT.split(title))}
        self.titles = {title for title in self.titles - page.own_names if len(title) >= MIN_TITLE}
        self.path = unquote(urlsplit(page.url).path).rstrip("/")
        slug = self.path.rpartition("/")[2]
        if slug.count("-") >= LONG_SLUG:
            self.titles.add(folded(slug))
        self.weights: dict[int, tuple[int, int, int]] = {}
        self.found: list[tuple[int, int, Path, Any]] = []
        self.values = 0

    def stories(self, value: Any) -> list[tuple[int, int, Path, Any]]:
        """(levels to the title, characters of prose, path, node) of each object that may be the story's."""
        self.found = []
        self.weigh(value, "", (), 0)
        return self.found

    def weigh(self, value: Any, key: str, path: Path, depth: int) -> tuple[int, int, int]:
        """Characters of prose, levels down to the page's title, and the prose of a story that was found inside."""
        self.values += 1
        if depth > MAX_DEPTH or self.values > MAX_VALUES:
            return 0, NOWHERE, 0
        if isinstance(value, str):
            return prose(value, key), 0 if self.names_page(value) else NOWHERE, 0
        if not isinstance(value, (dict, list)):
            return 0, NOWHERE, 0
        if id(value) in self.weights:
            return self.weights[id(value)]
        if payload_html.is_no_text(value):
            return 0, NOWHERE, 0
        self.weights[id(value)] = 0, NOWHERE, 0  # data may hold itself
        size, near, inside = 0, NOWHERE, 0
        for name, member in _members(value, key):
            if payload_html.is_other(name):
                near = min(near, self.title_in(member))
                continue
            more, level, found = self.weigh(member, name, (path, name), depth + 1)
            size, near, inside = size + more, min(near, level + 1), max(inside, found)
        if near <= NEAR and size >= max(ENOUGH, OUTER * inside) and inside < SURE:
            self.found.append((near, size, path, value))
            inside = size
        self.weights[id(value)] = size, near, inside
        return self.weights[id(value)]

    def title_in(self, value: Any) -> int:
        """Levels down to the title in a value that holds no prose: `title`, `headlines.basic`, `seo.title`."""
        if isinstance(value, str):
            return 1 if self.names_page(value) else NOWHERE
        if isinstance(value, dict) and any(isinstance(one, str) and self.names_page(one) for one in value.values()):
            return 2
        return NOWHERE

    def names_page(self, text: str) -> bool:
        if not MIN_TITLE <= len(text) <= MAX_TITLE:
            return False
        if text[0] == "/" or text.startswith("http"):
            return len(self.path) >= MIN_TITLE and text.partition("?")[0].rstrip("/").endswith(self.path)
        return folded(from_markup(text)) in self.titles

    def core(self, node: Any, path: Path) -> tuple[str, Any, Path, tuple[Any, ...]]:
        """What holds most of the story's prose: its key, the value, its path, and the values around it."""
        key = path[1] if path else ""
        holders: tuple[Any, ...] = ()
        passed: set[int] = set()
        while True:
            whole = self.weigh(node, key, path, 0)[0]
            if isinstance(node, str):
                return key, node, path, holders
            holders = (node, *holders)
            parts = [(self.weigh(member, name, path, 0)[0], name, member)
                     for name, member in _members(node, key) if not payload_html.is_other(name)]  # fmt: skip
            size, name, member = max(parts, key=lambda part: part[0])
            passed.add(id(node))
            if size < max(ENOUGH, whole * (MOST if isinstance(node, dict) else NEARLY_ALL)) or id(member) in passed:
                return key, node, path, holders
            key, node, path = name, member, (path, name)


def _members(value: Any, key: str) -> Iterator[tuple[str, Any]]:
    """An object's values, or a list's under the list's own key. Strings of JSON are read where they stand."""
    for place in list(value) if isinstance(value, dict) else range(len(value)):
        member = value[place]
        if (
            isinstance(member, str)
            and len(member) >= ENOUGH
            and member[0] in "{["
            and (read := _read(member)) is not None
        ):
            value[place] = member = read
        yield (str(place) if isinstance(value, dict) else key), member


def _read(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def prose(text: str, key: str) -> int:
    """Characters of prose in a string that stands under `key`."""
    size = len(text)
    if size < PIECE or ("://" in text[:12] and " " not in text) or (text.isascii() and " " not in text):
        return 0
    if payload_html.is_markup(text):
        text = _TAG.sub("", text)
        size = len(text)
    sample = " ".join((text[:SAMPLE] + text[size // 2 : size // 2 + SAMPLE]).split())
    if sum(map(str.isalnum, sample)) + sample.count(" ") < LETTERS * len(sample):
        return 0
    return size if size >= PROSE or payload_html.is_text_key(key) else 0
