"""Listings that go on in the background: what a page's script would ask for, and what the answer lists.

A page's pager is preferred to all of these; they are for pages that have none, or only a button.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aggregator import rules
from aggregator.cleaning.text import from_markup
from aggregator.discovery import listings, pagination, tagdiv
from aggregator.discovery.feed_entries import SUMMARY, absolute
from aggregator.discovery.shapes import Learned
from aggregator.extraction.page import Page
from aggregator.items import Found

MOST = 3
"""Endpoints of one page that are followed."""
VALUES = 20_000
"""Values of one JSON answer that are looked at."""
CONTENT = 100_000
"""Characters of a story that an API gives and that are carried along until its page is read."""
POSTS = 50
"""Stories that WordPress is asked for at once; it gives 100 at most."""

_FIELDS = "link,date_gmt,modified_gmt,title,excerpt"
_OF_CLASS = re.compile(r"(category|tag|author)-(\d{1,9})")
_TAXONOMIES = {"category": "categories", "tag": "tags", "author": "author"}


class EndpointError(ValueError):
    """The answer cannot be read; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One request of a series; `form` is posted where there is one."""

    kind: Literal["wordpress", "tagdiv", "data"]
    url: str
    listing: str  # the page that it goes on for
    form: tuple[tuple[str, str], ...] = ()
    last: int | None = None  # page, where the site says so


def find(page: Page) -> list[Endpoint]:
    """How the listing `page` goes on in the background, likeliest first; empty where nothing says that it does."""
    asked = [Endpoint("tagdiv", url, page.url, tuple(form.items()), last) for url, form, last in tagdiv.further(page)]
    asked += [Endpoint("data", url, page.url) for url in _named_by_buttons(page)]
    return asked[:MOST] or list(wordpress(page))


def wordpress(page: Page, since: datetime | None = None, until: datetime | None = None) -> Iterator[Endpoint]:
    """The API of a WordPress site, from the stories of `page` on; with a window, all of them within it.

    None where the page is a section's and does not say which. With a window no contents are asked for: thousands of
    stories would be held at once.
    """
    root = next((link.get("href") for link in page.root.iter("link") if link.get("rel") == "https://api.w.org/"), None)
    body = next(page.root.iter("body"), None)
    address = page.absolute(root) if root else None
    if address is None or body is None:
        return
    classes = (body.get("class") or "").lower().split()
    section = {_TAXONOMIES[found[1]]: found[2] for name in classes if (found := _OF_CLASS.fullmatch(name))}
    if not section and urlsplit(page.url).path.strip("/"):
        return
    window = {"after": since, "before": until}
    query = section | {name: moment.isoformat() for name, moment in window.items() if moment}
    # What a page shows is not all of the API's first page: that one is asked for too.
    query |= {"per_page": str(POSTS), "page": "1", "_fields": _FIELDS if since or until else f"{_FIELDS},content"}
    separator = "&" if "rest_route=" in address else "?"
    yield Endpoint("wordpress", f"{address.rstrip('/')}/wp/v2/posts{separator}{urlencode(query)}", page.url)


def read(
    text: str, endpoint: Endpoint, site: str, at: datetime, learned: Learned
) -> tuple[list[Found], Endpoint | None]:
    """The stories of an answer, and the request for those after them; None where this was the last.

    Raises EndpointError where the answer is neither JSON nor HTML.
    """
    try:
        answer: Any = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        if "<a" not in text:
            raise EndpointError("neither JSON nor HTML") from None
        answer = text
    if endpoint.kind == "wordpress":
        found = list(_posts(answer, endpoint, site))
        more = _counted(endpoint.url, 1) if len(found) >= POSTS else None
    elif endpoint.kind == "tagdiv":
        html, form = tagdiv.answer(answer, dict(endpoint.form), endpoint.last)
        found = _articles(html, endpoint, site, at, learned)
        return found, replace(endpoint, form=tuple(form.items())) if form and found else None
    else:
        found = list(_data(answer, endpoint, site, at, learned))
        more = _stated(answer, endpoint.url) or _counted(endpoint.url, len(found))
    return found, replace(endpoint, url=more) if more and found else None


def _posts(answer: Any, endpoint: Endpoint, site: str) -> Iterator[Found]:
    for post in answer[:100] if isinstance(answer, list) else ():
        link = post.get("link") if isinstance(post, dict) else None
        address = absolute(link, endpoint.listing) if isinstance(link, str) and link else None
        if address is None:
            continue
        content = _said(post.get("content"))
        published, modified = (_utc(post.get(name)) for name in ("date_gmt", "modified_gmt"))
        yield Found(
            url=address,
            site=site,
            listing=endpoint.listing,
            via=[f"api:{endpoint.url}"],
            title=_rendered(post.get("title")),
            published=published,
            modified=modified if modified != published else None,
            summary=(_rendered(post.get("excerpt")) or "")[:SUMMARY] or None,
            content=content if len(content) <= CONTENT else None,
        )


def _rendered(value: Any) -> str | None:
    return from_markup(_said(value)[: SUMMARY * 20]) or None


def _said(value: Any) -> str:
    said = value.get("rendered") if isinstance(value, dict) else None
    return said if isinstance(said, str) else ""


def _utc(value: Any) -> str | None:
    return f"{value}+00:00" if isinstance(value, str) and value else None


def _articles(html: str, endpoint: Endpoint, site: str, at: datetime, learned: Learned) -> list[Found]:
    """The stories of a fragment, which stands in the listing page."""
    if not html.strip():
        return []
    return listings.articles(Page.parse(html, endpoint.listing, at), site, learned)


# --- Addresses in attributes ------------------------------------------------------------------------------------------


def _named_by_buttons(page: Page) -> Iterator[str]:
    """Addresses in the attributes of what says 'more' or 'next', where they count pages or entries."""
    attributes = frozenset(rules.load("pagination")["attributes"])
    for element in page.root.iter("a", "button", "div", "span", "section", "ul", "li"):
        for name, value in element.items():
            if name not in attributes or not (url := page.absolute(value)):
                continue
            here = pagination.series(url)
            own = urlsplit(url).netloc == urlsplit(page.url).netloc
            if own and here.counter and isinstance(here.place, int) and pagination.says_next(element):
                yield url


def _data(answer: Any, endpoint: Endpoint, site: str, at: datetime, learned: Learned) -> Iterator[Found]:
    """Stories of any JSON: what is HTML in it is read as such, objects with an address and a title are taken."""
    known = rules.load("pagination")
    for value in islice(_values(answer), VALUES):
        if isinstance(value, str):
            if "<a" in value:
                yield from _articles(value, endpoint, site, at, learned)
            continue
        said = {str(name).lower(): one for name, one in value.items() if isinstance(one, str) and one}
        claim = next((said[name] for name in known["address_keys"] if name in said), "")
        title = next((said[name] for name in known["title_keys"] if name in said), "")
        address = absolute(claim, endpoint.listing) if claim and title else None
        if address:
            yield Found(
                url=address,
                site=site,
                listing=endpoint.listing,
                via=[f"api:{endpoint.url}"],
                title=from_markup(title[:SUMMARY]) or None,
                published=next((said[name] for name in known["date_keys"] if name in said), None),
            )


def _values(answer: Any) -> Iterator[Any]:
    """The strings and objects of JSON, from the outside in."""
    layer = [answer]
    while layer:
        inner: list[Any] = []
        for value in layer:
            if isinstance(value, (str, dict)):
                yield value
            if isinstance(value, dict):
                inner += value.values()
            elif isinstance(value, list):
                inner += value
        layer = inner


def _stated(answer: Any, url: str) -> str | None:
    """The address of the next answer, where this one has it; on the same host only."""
    known = rules.load("pagination")["next_keys"]
    for value in islice(_values(answer), VALUES):
        if isinstance(value, dict):
            for name in known:
                if isinstance(said := value.get(name), str) and said.startswith(("http", "/", "?")):
                    further = absolute(said, url)
                    if further and further != url and urlsplit(further).netloc == urlsplit(url).netloc:
                        return further
    return None


def _counted(url: str, entries: int) -> str | None:
    """The URL with its counter moved on: a page by one, an offset by the entries that came."""
    here = pagination.series(url)
    if not here.counter or not isinstance(here.place, int):
        return None
    step = entries if here.counter in rules.load("pagination")["offsets"] else 1
    parts = urlsplit(url)
    if here.counter in ("path", "end"):
        return pagination.moved(url, step)
    query = [
        (name, str(here.place + step) if name.lower() == here.counter else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return urlunsplit(parts._replace(query=urlencode(query)))
