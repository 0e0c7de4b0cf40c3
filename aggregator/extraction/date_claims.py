"""Claims for the story's dates in metadata, in the page's address and in the feed that led to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from aggregator import rules
from aggregator.cleaning.dates import Habits, Moment, day_at, parse
from aggregator.extraction import jsonld, state_facts
from aggregator.extraction.page import Page
from aggregator.extraction.publisher import live

Role = Literal["published", "modified"]


class Claim(NamedTuple):
    role: Role
    moment: Moment
    place: str  # json-ld:datePublished, meta:date, text …
    raw: str
    witness: str  # claims of one witness are not independent of each other
    weight: float  # log-odds that its day is the story's
    zone: str = "value"  # where the offset comes from: value, page, site, assumed


_URL_DATES = (
    (re.compile(r"/((?:19|20)\d\d)/(\d\d?)/(\d\d?)(?=[/_.-]|$)"), (1, 2, 3), "url"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.](\d\d?)[-_.](\d\d?)(?!\d)"), (1, 2, 3), "url:slug"),
    (re.compile(r"/((?:19|20)\d\d)-?(\d\d)/(\d\d)(?=[/_.-]|$)"), (1, 2, 3), "url:slug"),
    (re.compile(r"/((?:19|20)\d\d)/(\d\d)-?(\d\d)(?=[/_.-]|$)"), (1, 2, 3), "url:slug"),
    (re.compile(r"(?<!\d)(\d\d?)[-_.](\d\d?)[-_.]((?:19|20)\d\d)(?!\d)"), (3, 2, 1), "url:slug"),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)"), (1, 2, 3), "url:digits"),
    (re.compile(r"/(\d\d)(\d\d)(\d\d)[_-](?=[^\W\d])"), (1, 2, 3), "url:short"),
)
_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?=[/_-]|$)")
_SCRIPT_VALUE = re.compile(r'\\?"\s{0,3}:\s{0,3}\\?"?(\d[\dT:.+Z /-]{7,39})')
MAX_HEADLINES, MAX_META = 20, 1_000  # that are looked at
MIN_SCRIPT, MAX_SCRIPT = 30, 2_000_000  # characters
_KEYS: dict[str, Role] = {
    "datePublished": "published",
    "dateCreated": "published",
    "uploadDate": "published",
    "dateModified": "modified",
}
_ITEMPROPS = frozenset(key.lower() for key in _KEYS)
_PARTS = frozenset({"ImageObject", "Comment", "Answer", "Review", "Person", "Organization", "Event", "Offer"})


def claims(page: Page, habits: Habits) -> Iterator[Claim]:
    """All claims that stand outside the visible text."""
    yield from _from_jsonld(page, habits)
    yield from _from_microdata(page, habits)
    yield from _from_meta(page, habits)
    yield from next(filter(None, (list(from_url(url, habits)) for url in _addresses(page))), [])
    yield from _from_state(page, habits)
    yield from _from_feed(page, habits)


def claim(role: Role, value: str, place: str, habits: Habits) -> Iterator[Claim]:
    """The claim of one value, if it can be read as a date; its weight is that of its place in `rules/dates.toml`."""
    if moment := parse(value, habits):
        trust = rules.load("dates")["trust"]
        witness = place.split(":", 1)[0]
        weight = trust.get(place, trust[witness])
        if witness == "json-ld" and not value[:1].isdigit():
            weight += trust["json-ld written out"]
        yield Claim(role, moment, place, value, witness, weight)


def _from_jsonld(page: Page, habits: Habits) -> Iterator[Claim]:
    stories = [node for node in page.jsonld if jsonld.is_article(node)]
    nodes = stories[:1] or [node for node in page.jsonld if _PARTS.isdisjoint(jsonld.types(node))]
    for node in nodes:
        kind = "" if stories else "other-"
        for key, role in _KEYS.items():
            if value := jsonld.first(node.get(key)):
                yield from claim(role, value, f"json-ld:{kind}{key}", habits)


def _from_state(page: Page, habits: Habits) -> Iterator[Claim]:
    """What the data says that the story was taken from."""
    roles: tuple[Role, ...] = ("published", "modified")
    for role in roles if page.story else ():
        if page.story and (fact := state_facts.date(page.story.holders, role)):
            yield from claim(role, fact.value, f"state:{fact.key}", habits)


def _from_microdata(page: Page, habits: Habits) -> Iterator[Claim]:
    items = [item for item in page.microdata if item.type.endswith(jsonld.ARTICLE_TYPES)]
    around = {outer for h1 in page.elements("h1")[:MAX_HEADLINES] for outer in h1.iterancestors()}
    main = next((item for item in items if item.element in around), items[0] if len(items) == 1 else None)
    if main is None:
        return
    for key, role in _KEYS.items():
        for value in main.properties.get(key, ())[:1]:
            yield from claim(role, value, f"microdata:{key}", habits)


def _from_meta(page: Page, habits: Habits) -> Iterator[Claim]:
    scoped = any(item.type.endswith(jsonld.ARTICLE_TYPES) for item in page.microdata)
    for name, contents in islice(page.meta.items(), MAX_META):
        if len(contents[0]) < 80 and (role := meta_role(name)) and not (scoped and name in _ITEMPROPS):
            yield from claim(role, contents[0], f"meta:{name}", habits)


@lru_cache(maxsize=4_096)
def meta_role(name: str) -> Role | None:
    """What a `<meta>` of this lower-case name dates, told from the words in it.

    >>> meta_role("bt:pubdate"), meta_role("og:updated_time"), meta_role("article:expiration_time")
    ('published', 'modified', None)
    """
    words = rules.load("dates")["meta"]
    if any(word in name for word in words["neither"]):
        return None
    if any(word in name for word in words["modified"]):
        return "modified"
    return "published" if any(word in name for word in words["published"]) or name.endswith(("date", "time")) else None


def from_scripts(page: Page, habits: Habits) -> Iterator[Claim]:
    """Dates in JSON that scripts carry (`"publishedAt":"…"`), where all of one key name the same day."""
    keys = rules.load("dates")["script_keys"]
    for script in page.elements("script"):
        text = script.text or ""
        if not MIN_SCRIPT <= len(text) <= MAX_SCRIPT:
            continue
        for key in keys:
            found: list[Claim] = []
            start = text.find(key)
            while start >= 0 and len(found) < 50:
                start += len(key)
                if match := _SCRIPT_VALUE.match(text, start):
                    found += claim("published", match[1], f"script:{key}", habits)
                start = text.find(key, start)
            if len({one.moment.at.date() for one in found}) == 1:
                yield found[0]


def _addresses(page: Page) -> Iterator[str]:
    """The page's own addresses: as fetched, then as it gives them itself."""
    named = page.meta.get("og:url") or [
        link.get("href") or "" for link in page.elements("link") if (link.get("rel") or "").lower() == "canonical"
    ]
    yield from (live(url) for url in (page.url, *map(page.absolute, named[:1])) if url)


def from_url(url: str, habits: Habits) -> Iterator[Claim]:
    """The day that stands in an address.

    >>> [c.moment.at.date().isoformat() for c in from_url("https://a.example/2023/09/01/dam", Habits())]
    ['2023-09-01']
    """
    path = _path(url)
    for pattern, order, place in _URL_DATES:
        for match in pattern.finditer(path):
            year, month, day = (int(match[n]) for n in order)
            try:
                moment = day_at(date(year + 2000 * (year < 100), month, day), habits)
            except ValueError:
                continue
            trust: float = rules.load("dates")["trust"][place]
            yield Claim("published", moment, place, match[0].strip("/"), "url", trust)
            return


def month_of(url: str) -> tuple[int, int] | None:
    """(year, month) of an address that names no day: `/2023/09/`, as in image and article paths.

    >>> month_of("https://a.example/wp-content/uploads/2023/09/dam.jpg")
    (2023, 9)
    """
    match = _MONTH.search(_path(url))
    return (int(match[1]), int(match[2])) if match else None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{unquote(parts.path)}?{parts.query}"[:500]


def _from_feed(page: Page, habits: Habits) -> Iterator[Claim]:
    if page.found and page.found.published:
        yield from claim("published", page.found.published, "feed:published", habits)
    if page.found and page.found.modified:
        yield from claim("modified", page.found.modified, "feed:modified", habits)
    if last := page.headers.get("last-modified"):
        yield from claim("modified", last, "header:last-modified", habits)
