"""Where a listing goes on: the one link that leads to its next page.

A link counts where it says so (by its rel, words, class or arrow, or as the number after this page's) and where its URL
is this listing's again, further on. Either alone misleads: 'more' stands on every teaser, numbers on every calendar.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.discovery import links, listings
from aggregator.discovery.links import Link
from aggregator.extraction.page import Page

STEP = 200
"""What a counter grows by at most: a page is one, an offset the entries of a page. More is an article's number."""
LISTS_ARTICLES = 5
"""Articles of a page from which on a pager that has only numbers is worth following."""

_NEXT = re.compile(r"(?:^|[\s_-])(?:next|nextpostslink|nextpage|older|nav-previous|load-?more)(?:$|[\s_-])")
_NUMBER = re.compile(r"\d+")
_SERIAL = re.compile(r"[_-]?(?=[0-9a-f]{0,11}\d)[0-9a-f]{1,12}(?=[_-]|$)")  # 'query-12-page', 'e-page-1a2b3c'
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_RIGHT = re.compile(r"(?:^|[\s_-])(?:right|next|forward)(?:$|[\s_-])")
_PAGER = re.compile(r"pag(?:er|es|ination|inate|inator|ing|enav)|page-?(?:nav|num)|nav-links|posts-navigation")
_FRINGE = string.punctuation + string.digits + string.whitespace + "\xa0«‹←…–—·•"
_ASIDE = re.compile(r"\s[-–—|]\s|[(:|]")  # 'Next page - results 21 to 40'


class Series(NamedTuple):
    """The listing that an URL belongs to, and where in it."""

    path: str  # host and path without its counter
    rest: dict[str, str]  # query without its counter
    counter: str  # what counts: a parameter's name, 'path', 'end' (of the path), or '' where nothing does
    place: int | str  # the counter's value; text where it is a mark that has no order


@dataclass(frozen=True, slots=True)
class Candidate:
    url: str
    claims: int  # signs that say 'next'
    same: bool  # the same listing, by its URL
    number: int  # 0 where the counter has no order


def next_page(page: Page) -> str | None:
    """The absolute URL of the listing's next page, or None where there is none."""
    here = series(page.url)
    head = _head(page)
    claimed: list[Candidate] = []
    silent: list[tuple[Candidate, str]] = []
    paged = False  # the page shows other pages of its listing
    for link in links.collect(page):
        there = series(link.url)
        same = _is_same(here, there)
        paged = paged or (same and there.counter != "")
        if not _goes_on(here, there) or not (same or (_is_kindred(here, there) and _in_pager(link))):
            continue
        number = there.place if isinstance(there.place, int) else 0
        candidate = Candidate(link.url, _claims(link) + (link.url in head), same, number)
        if candidate.claims:
            claimed.append(candidate)
        elif same and number and here.counter in ("", there.counter) and here.rest.keys() <= there.rest.keys():
            silent.append((candidate, link.text))
    if claimed:
        return max(claimed, key=lambda one: (one.same, one.claims > 1, -one.number)).url
    if silent:  # numbers alone, words of the site's own
        nearest, label = min(silent, key=lambda one: one[0].number)
        first = nearest.number == 2 or _NUMBER.findall(label) == ["2"]
        if (here.counter or first) and len(listings.articles(page, "")) >= LISTS_ARTICLES:
            return nearest.url
    # A front page that hides its pager has its own layout, and so has its second page: the same stories again.
    if head and not paged and urlsplit(page.url).path.strip("/"):
        there = series(head[0])
        return head[0] if _is_same(here, there) and _goes_on(here, there) else None
    return None


def series(url: str) -> Series:
    """Which listing an URL belongs to, and where in it.

    >>> series("https://a.example/news/page/3/")[::2]
    ('a.example/news', 'path')
    >>> series("https://a.example/list.php?cat=4&start=20")
    Series(path='a.example/list.php', rest={'cat': '4'}, counter='start', place=20)
    """
    known = _known()
    parts = urlsplit(url)
    path, rest, counter = re.sub("//+", "/", unquote(parts.path)).lower().rstrip("/"), {}, ""
    place: int | str = 0
    for name, value in parse_qsl(parts.query)[:30]:
        name = name.lower()
        if name == "chash":  # TYPO3: a checksum of the others
            continue
        if not counter and value.isdecimal() and len(value) <= 5 and _counts(name):
            counter, place = name, int(value)
        elif not counter and name in known.cursors:
            counter, place = name, value
        else:
            rest[name] = value
    for kind, form in known.forms if not counter else ():
        if found := form.search(path):
            counter, place = kind, int(found[1])
            path = path[: found.start()] + path[found.end() :]
            break
    return Series(parts.netloc.lower().removeprefix("www.") + path, rest, counter, place)


@lru_cache(maxsize=1024)
def _counts(name: str) -> bool:
    """Whether a query parameter counts pages or entries, by its lower-case name.

    >>> _counts("tx_news[currentpage]"), _counts("query-12-page"), _counts("pagen_1"), _counts("page_id")
    (True, True, True, False)
    """
    inner = name.rstrip("]").rpartition("[")[2]
    plain = _SERIAL.sub("", inner)
    *first, last = re.split("[_-]", plain)
    if "per" in first:  # 'per_page'
        return False
    spellings = {name, inner, plain, last, name.replace("[", "").replace("]", "")}
    return not _known().counters.isdisjoint(spellings)


def moved(url: str, step: int) -> str | None:
    """The URL with the number in its path `step` higher.

    >>> moved("https://a.example/api/page/3/", 1)
    'https://a.example/api/page/4/'
    """
    parts = urlsplit(url)
    for _, form in _known().forms:
        if found := form.search(parts.path.lower().rstrip("/")):
            path = parts.path[: found.start(1)] + str(int(found[1]) + step) + parts.path[found.end(1) :]
            return urlunsplit(parts._replace(path=path))
    return None


def says_next(element: HtmlElement) -> bool:
    """Whether an element that is no link says that it leads on, by its words, class or label."""
    words = (element.get("aria-label") or "", element.get("title") or "", " ".join(islice(element.itertext(), 10))[:60])
    own = _names(element)
    return bool(_NEXT.search(own)) or any(_bare(said) in _known().words for said in words if said.strip())


def _is_same(here: Series, there: Series) -> bool:
    return here.path == there.path and all(there.rest.get(name, value) == value for name, value in here.rest.items())


def _is_kindred(here: Series, there: Series) -> bool:
    """Whether the URLs may be of one listing, though their paths differ by more than a counter."""
    return there.counter != "end" and here.path.partition("/")[0] == there.path.partition("/")[0]


def _goes_on(here: Series, there: Series) -> bool:
    if isinstance(there.place, str):
        return there.place != here.place
    start = here.place if here.counter == there.counter and isinstance(here.place, int) else 0
    return start < there.place <= start + STEP


def _claims(link: Link) -> int:
    """How many of a link's signs say 'next'."""
    if link.rel & {"prev", "previous"}:
        return 0
    known = _known()
    words = {_bare(said) for said in (link.text, link.label) if said}
    own = _names(link.element)
    parent = link.element.getparent()
    around = (parent.get("class") or "").lower() if parent is not None else ""
    around = "" if "prev" in around and "nav-previous" not in around else around  # 'prev-next' holds both
    icon = (link.element[0].get("class") or "").lower() if len(link.element) and not link.text else ""
    return (
        ("next" in link.rel)
        + bool(words & known.words)
        + bool(_NEXT.search(own) or _NEXT.search(around))
        + bool(link.text in known.arrows or _RIGHT.search(icon))
    )


def _names(element: HtmlElement) -> str:
    """Class and id, 'btnNext' as 'btn-next'."""
    return _CAMEL.sub("-", " ".join(filter(None, (element.get("class"), element.get("id"))))).lower()


def _bare(said: str) -> str:
    """A label without arrows, numbers and asides: 'Next Page » (2 of 9)' says 'next page'."""
    said = said.casefold().replace("’", "'").replace("i\u0307", "i")  # Turkish İ
    first = _ASIDE.split(said, maxsplit=1)[0]
    return " ".join(first.strip(_FRINGE + "".join(_known().arrows)).replace("'", " ").split())


def _in_pager(link: Link) -> bool:
    """Whether the link or one of its nearest ancestors is called a pager."""
    return any(_PAGER.search(step) for step in link.place.signature[:3])


def _head(page: Page) -> Sequence[str]:
    """What `<link rel=next>` names."""
    urls = [
        page.absolute(link.get("href") or "")
        for link in page.root.iter("link")
        if "next" in (link.get("rel") or "").lower().split()
    ]
    return [url.partition("#")[0] for url in urls if url]


class _Known(NamedTuple):
    words: frozenset[str]
    arrows: frozenset[str]
    counters: frozenset[str]
    cursors: frozenset[str]
    forms: tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _known() -> _Known:
    table = rules.load("pagination")
    folders = "|".join(table["folders"])
    return _Known(
        words=frozenset(table["words"]),
        arrows=frozenset(table["arrows"]),
        counters=frozenset(table["counters"]),
        cursors=frozenset(table["cursors"]),
        forms=(
            ("path", re.compile(rf"[/_,;-](?:{folders})[/_,;:=-]?(\d{{1,5}})(?=[/.,_-]|$)")),  # /page/2 -page-2 /p2
            ("path", re.compile(r"/index[_-]?(\d{1,4})\.\w+$")),  # /index2.html
            ("end", re.compile(r"[_,;-](\d{1,4})(?=\.\w+$)")),  # news-2.html
            ("end", re.compile(r"(?<!\d)/(?!(?:19|20)\d\d$)(\d{1,4})$")),  # /news/2, but not /2016/03
        ),
    )
