"""One parsed page and what arrived with it; all readers share its tree and its cached views."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement
from parsel import Selector
from w3lib.encoding import html_to_unicode

from aggregator.cleaning.text import squash
from aggregator.extraction import blocks, jsonld, microdata, publisher, state

if TYPE_CHECKING:
    from aggregator.items import Found

MAX_HTML = 10_000_000  # characters of a page that are parsed
TAIL = 3_000  # characters at the end of a page, where it is closed
CONTAINERS = ("body", "main", "article", "section", "div")
MAX_ANCHORS = 10_000
MAX_META = 20_000  # characters of one `<meta>`
_GIANT_VALUE = re.compile(r"""(["'])[^"'<>]{100000,}\1""")
_ABSOLUTE = re.compile(r"https?://[\w.-]+(?:/[^\s#?;\\]*)?(?:\?[^\s#]+)?(?:#\S+)?", re.ASCII)

_ANCHORS = etree.XPath(f"(descendant::a[@rel])[position() <= {MAX_ANCHORS}]")

# lxml.html asks a Python function for each element's class, so that forms get theirs; no reader needs those.
_ONE_CLASS = etree.ElementDefaultClassLookup(
    element=HtmlElement,
    comment=lxml_html.HtmlComment,
    pi=lxml_html.HtmlProcessingInstruction,
    entity=lxml_html.HtmlEntity,
)


class Candidate(NamedTuple):
    """A value somebody claims for a field, and where the claim stood."""

    value: Any
    source: str  # json-ld:headline, meta:og:title, h1, …
    raw: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a site spider knows that its pages do not say."""

    name: str
    selectors: Mapping[str, str] = field(default_factory=dict)  # field -> CSS; `remove` cuts elements from the body
    timezone: str | None = None  # IANA name
    language: str | None = None  # ISO 639-1


def unclosed(html: str) -> frozenset[str]:
    """The containers that are still open where the markup ends; none where `</body>` or `</html>` stands there.

    >>> unclosed("<main><p>The dam has"), unclosed("<p>The dam has held."), unclosed("<main><p>Dams</body>")
    (frozenset({'main'}), frozenset(), frozenset())
    """
    if any(end in html[-TAIL:].lower() for end in ("</body", "</html")):
        return frozenset()
    low = html.lower()
    return frozenset(tag for tag in CONTAINERS if low.count(f"<{tag}") > low.count(f"</{tag}"))


@dataclass(eq=False)
class Page:
    root: HtmlElement
    url: str
    fetched_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)  # lower-case names
    found: Found | None = None
    site: SiteFacts | None = None
    agent: str = ""  # the name under which it was asked for, a User-Agent
    truncated: bool = False  # bytes were lost on the way
    unclosed: frozenset[str] = frozenset()  # containers inside which the markup ends, see `unclosed`
    warnings: list[str] = field(default_factory=list)
    _by_tag: dict[str, list[HtmlElement]] = field(default_factory=dict, init=False)
    story: state.Story | None = None  # known once `text` was read: what scripts would have shown

    def __post_init__(self) -> None:
        if not urlsplit(self.url).netloc:
            raise ValueError(f"not an absolute URL: {self.url!r}")
        if self.fetched_at.tzinfo is None:
            raise ValueError(f"fetched_at has no time zone: {self.fetched_at.isoformat()}")
        if parser := self.root.getroottree().parser:
            parser.set_element_class_lookup(_ONE_CLASS)

    @classmethod
    def parse(cls, html: str | bytes, url: str, fetched_at: datetime, **arrived: Any) -> Page:
        """Parse `html` once; bytes are decoded as browsers do (BOM, Content-Type, meta, guess).

        Of a page longer than MAX_HTML, giant attribute values are emptied, and what is still too long is cut: it is
        then `truncated`.
        """
        if isinstance(html, bytes):
            html = html_to_unicode(arrived.get("headers", {}).get("content-type"), html)[1]
        else:
            html = html.encode("utf-8", "replace").decode()  # JSON may name halves of characters
        if len(html) > MAX_HTML:
            html = _GIANT_VALUE.sub(r"\1\1", html)
            arrived["truncated"] = arrived.get("truncated", False) or len(html) > MAX_HTML
        arrived.setdefault("unclosed", unclosed(html))
        return cls(Selector(html[:MAX_HTML], type="html").root, url, fetched_at, **arrived)

    @cached_property
    def host(self) -> str:
        return (urlsplit(publisher.live(self.url)).hostname or "").removeprefix("www.")

    @cached_property
    def rendered_at(self) -> datetime:
        """When the site made the page: the fetch, or an archive's."""
        return publisher.captured(self.url) or self.fetched_at

    def elements(self, tag: str) -> list[HtmlElement]:
        """The page's elements of one tag, in its order."""
        if tag not in self._by_tag:
            self._by_tag[tag] = list(islice(self.root.iter(tag), blocks.MAX_ELEMENTS))
        return self._by_tag[tag]

    @cached_property
    def anchors(self) -> list[HtmlElement]:
        """The `<a>` that say with `rel` what they lead to."""
        return cast("list[HtmlElement]", _ANCHORS(self.root))

    @cached_property
    def base(self) -> str:
        """The URL that relative links are resolved against (`<base href>` wins where it is a URL, as in browsers)."""
        href: str = next(filter(None, (element.get("href") for element in self.elements("base"))), "")
        try:
            return urljoin(self.url, href.strip())
        except ValueError:
            return self.url

    def absolute(self, href: str) -> str | None:
        """`href` as an absolute http(s) URL, or None where it is none (mailto:, javascript:, broken)."""
        href = href.strip()
        if _ABSOLUTE.fullmatch(href):  # most are: nothing to join
            return href
        try:
            url = urljoin(self.base, href)
            host = urlsplit(url).hostname
        except ValueError:
            return None
        return url if host and url.startswith(("http://", "https://")) else None

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """`<meta>` contents by lower-case name, property, itemprop or http-equiv, in page order."""
        out: dict[str, list[str]] = {}
        for element in self.elements("meta"):
            content = (element.get("content") or element.get("value") or "")[:MAX_META].strip()
            if not content:
                continue
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if name := element.get(attribute):
                    out.setdefault(name.strip().lower(), []).append(content)
        return out

    @cached_property
    def jsonld(self) -> list[dict[str, Any]]:
        """All JSON-LD nodes, graphs flattened and `@id` references resolved, the main article first."""
        nodes, warnings = jsonld.nodes([*self.elements("script"), *self.elements("meta")], self.url)
        self.warnings.extend(warnings)
        return nodes

    @cached_property
    def text(self) -> blocks.Text:
        """The visible text as segments, each with where it stands; with the story that a script would show, if any."""
        shown = blocks.read(self.root)
        self.story = state.find(self, shown)
        if self.story is None:
            return shown
        next(self.root.iter("body"), self.root).append(self.story.element)
        return blocks.read(self.root)

    @cached_property
    def microdata(self) -> list[microdata.Item]:
        return microdata.items(self.root)

    @cached_property
    def title_tag(self) -> str:
        """The text of `<title>` (of the page, not of a drawing in it), one line; "" where there is none."""
        return next((squash(element.text_content()) for element in self.elements("title")), "")

    @cached_property
    def own_names(self) -> frozenset[str]:
        """The names the page's site goes by, folded; see `publisher.names`."""
        return publisher.names(self)
