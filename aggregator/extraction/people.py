"""Who wrote the story, and whose account posted it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from aggregator.cleaning import by
from aggregator.cleaning import people as cleaning
from aggregator.cleaning.names import is_bare_name, looks_personal
from aggregator.cleaning.text import folded, from_markup
from aggregator.extraction import bylines, jsonld, state_facts
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.publisher import label
from aggregator.items import Author, Evidence

META = ("parsely-author", "sailthru.author", "authors", "author", "article:author", "cxenseparse:author", "dc.creator",
        "dcterms.creator", "citation_author", "byl", "og:article:author", "article:author_name", "articleauthor",
        "creator")  # fmt: skip


MAX_NAMES = 100  # of one place
MIN_LABEL = 5  # letters of a domain that tell its owner in a longer name

POSTED = ("text:label", "text:broadcast", "text:provided")
"""Credits in so many words ('Source: …', 'on Radio … we talk with', 'Materials provided by'): who stands by the story
only put it up."""

WEIGHTS = {  # how much a place is believed; places that name the same people add up
    "site": 9.0,
    "json-ld:author": 1.0,
    "json-ld:creator": 0.5,
    "microdata": 0.8,
    "meta:article:author": 0.6,
    "meta": 0.8,
    "byline:head:by": 0.9,
    "byline:head": 0.7,
    "byline:text": 1.4,  # the story's own word, where metadata names the account that posted it
    "byline:foot": 0.4,
    "state": 0.9,
    "feed": 0.7,
}


@dataclass(slots=True)
class People:
    authors: list[Author] = field(default_factory=list)
    posted_by: str | None = None
    agencies: list[str] = field(default_factory=list)  # named in a byline's place
    evidence: dict[str, Evidence] = field(default_factory=dict)  # authors, posted_by
    signed: list[Author] = field(default_factory=list)  # whom the story's own lines name: 'Written by Ann Smith'
    wire: str | None = None  # the agency that stands in the authors' place, nobody beside it
    organisations: frozenset[str] = frozenset()  # those of the authors that are said to be no persons, folded


@dataclass(slots=True)
class Claim:
    """Who one place of the page credits."""

    source: str
    raw: str
    credits: cleaning.Credits
    urls: dict[str, str] = field(default_factory=dict)  # folded name -> profile

    @property
    def key(self) -> frozenset[str]:
        return frozenset(map(folded, self.credits.names))

    @property
    def weight(self) -> float:
        weight = next(weight for place, weight in WEIGHTS.items() if self.source.startswith(place))
        written_as_names = all(looks_personal(name, single=True) for name in self.credits.names)
        return weight if written_as_names and not self.raw.islower() else weight / 4  # accounts: ann.smith, Smith42


def read(page: Page, body: Body) -> People:
    """Whom most of the page names; accounts that stand for the site itself are no authors, they posted the story."""
    claims = [claim for claim in _claims(page, body) if any(claim.credits)]
    named = [claim for claim in claims if claim.credits.names]
    urls = {name: url for claim in reversed(claims) for name, url in claim.urls.items()}
    own = next((claim for claim in claims if _site_is_person(page, claim)), None)
    if own and all(claim.source.startswith("byline:foot") for claim in named):  # a comment's, more often
        named = []
    out = People(
        agencies=list(dict.fromkeys(name for claim in claims for name in claim.credits.agencies)),
        signed=[_author(n, urls) for c in claims if c.source.startswith("byline:text") for n in c.credits.names],
        wire=next((c.credits.agencies[0] for c in claims if c.credits.agencies and not c.credits.nobody), None)
        if not named
        else None,
        organisations=frozenset(_organisations(page)),
    )
    if named:
        votes: dict[frozenset[str], float] = {}
        for claim in {(claim.source, claim.key): claim for claim in named}.values():
            votes[claim.key] = votes.get(claim.key, 0.0) + claim.weight
        winner = max(named, key=lambda claim: votes[claim.key])
        out.authors = [_author(name, urls) for name in winner.credits.names]
        out.evidence["authors"] = {"from": winner.source, "raw": winner.raw}
        if other := next((claim for claim in named if claim.key != winner.key), None):
            out.evidence["authors"]["runner_up"] = {"from": other.source, "raw": other.raw}
    elif own:
        out.authors = [_author(own.credits.nobody[0], urls)]
        out.evidence["authors"] = {"from": own.source, "raw": own.raw, "note": "the site bears its author's name"}
    account = next((claim for claim in claims if claim.credits.nobody and not claim.credits.names), None)
    if account and folded(account.credits.nobody[0]) not in [folded(author.name) for author in out.authors]:
        out.posted_by = account.credits.nobody[0]
        out.evidence["posted_by"] = {"from": account.source, "raw": account.raw}
    return out


def reposted(who: People, source: str, place: str, line: str = "") -> People:
    """The people of a story that `source` wrote, as the `line` at `place` says.

    Whom the story itself names wrote it; beside a credit in so many words anyone else only posted it. A foreign
    canonical repeats the page, people and all; elsewhere a person is believed, and a desk or organisation posted it.
    """
    authors = who.signed
    if not authors and by.opens(line) and not by.posts(line):  # 'By Ann Smith, 3 May. Source: …' names both
        authors = [author for author in who.authors if folded(author.name) in folded(line)]
    if not authors and place in POSTED:
        authors = [author for author in who.authors if folded(author.name) == folded(source)]
        return _posted(who, authors)
    if not authors and place == "link:canonical":
        return who
    said = who.evidence["authors"]["raw"] if "authors" in who.evidence else ""
    if not authors and not by.posts(said):
        authors = [author for author in who.authors if _wrote(author, who, source)]
    return _posted(who, authors)


def _posted(who: People, authors: list[Author]) -> People:
    poster = next((author for author in who.authors if author not in authors), None)
    if poster is None:
        return who
    evidence = dict(who.evidence)
    evidence["posted_by"] = evidence.pop("authors")
    return replace(who, authors=authors, posted_by=poster.name, evidence=evidence)


def _wrote(author: Author, who: People, source: str) -> bool:
    if folded(author.name) == folded(source):
        return True
    house = cleaning.is_desk(author.name) or folded(author.name) in who.organisations
    return not house and looks_personal(author.name.partition(",")[0], single=True)  # without degrees


def _author(name: str, urls: dict[str, str]) -> Author:
    return Author(name, urls.get(folded(name)))


def _site_is_person(page: Page, claim: Claim) -> bool:
    """An author named like the site's host is a person, where it is written as names are and the page is no news."""
    if not claim.credits.nobody or any("NewsArticle" in kind for node in page.jsonld for kind in jsonld.types(node)):
        return False
    name = claim.credits.nobody[0]
    return page.host.replace("-", "").startswith(folded(name)) and is_bare_name(name.title(), dated=False)


def _claims(page: Page, body: Body) -> Iterator[Claim]:
    yield from _from_site(page)
    yield from _from_jsonld(page)
    yield from _from_microdata(page)
    yield from _from_meta(page)
    yield from _from_bylines(page, body)
    if page.story and (told := state_facts.authors(page.story.holders)):
        yield _stated(page, f"state:{told[0]}", told[1])
    if page.found and page.found.authors:
        yield _stated(page, "feed:author", page.found.authors)


def _stated(
    page: Page,
    source: str,
    names: list[str],
    urls: dict[str, str] | None = None,
    own: frozenset[str] = frozenset(),
) -> Claim:
    """A claim of name fields; `own` are further names of the site. An account that only metadata names posted it."""
    all_of = cleaning.Credits([], [], [])
    own |= page.own_names
    names = names[:MAX_NAMES]
    for name in names:
        for kind, found in zip(all_of, cleaning.credits(from_markup(name), own, stated=True), strict=True):
            kind += [one for one in found if one not in kind]
    accounts = [name for name in all_of.names if cleaning.is_account(name)]
    persons = [name for name in all_of.names if name not in accounts]
    return Claim(source, "; ".join(names), all_of._replace(names=persons, nobody=all_of.nobody + accounts), urls or {})


def _from_site(page: Page) -> Iterator[Claim]:
    selector = page.site.selectors.get("authors") if page.site else None
    if selector and (names := [element.text_content() for element in page.root.cssselect(selector)]):
        yield _stated(page, "site", names)


def _from_jsonld(page: Page) -> Iterator[Claim]:
    for node in page.jsonld:
        if not jsonld.is_article(node):
            continue
        for key in ("author", "creator"):
            people = list(_nodes(node.get(key)))
            if not people:
                continue
            urls = {folded(name): url for name, href in people if href and (url := page.absolute(href))}
            yield _stated(page, f"json-ld:{key}", [name for name, _ in people], urls, own=_house(page))


def _nodes(value: Any) -> Iterator[tuple[str, str | None]]:
    """(name, URL) of each author in a JSON-LD value."""
    if isinstance(value, list):
        for member in value:
            yield from _nodes(member)
    elif isinstance(value, dict):
        url = value.get("url")
        for name in jsonld.strings(value.get("name")):
            yield name, url if isinstance(url, str) else None
    elif isinstance(value, str) and value.lstrip().startswith(("{", "[")):  # a node that was written as a text
        yield from _nodes(jsonld.parse(value)[0])
    elif isinstance(value, str) and not value.startswith(("http://", "https://")):
        yield value, None


def _organisations(page: Page) -> Iterator[str]:
    for node in page.jsonld:
        value = node.get("author") if jsonld.is_article(node) else None
        for author in value if isinstance(value, list) else [value]:
            if isinstance(author, dict) and any(kind.endswith("Organization") for kind in jsonld.types(author)):
                yield from map(folded, jsonld.strings(author.get("name")))


def _house(page: Page) -> frozenset[str]:
    """Organisations credited as authors whose name holds the site's domain: 'OÖ Volksblatt', volksblatt.at."""
    own = folded(label(page.host))
    return frozenset(name for name in _organisations(page) if len(own) >= MIN_LABEL and own in name)


def _from_microdata(page: Page) -> Iterator[Claim]:
    for item in page.microdata:
        if item.type.endswith(jsonld.ARTICLE_TYPES):
            names = [n for author in item.items.get("author", ()) for n in author.properties.get("name", ())[:1]]
            if names := [*names, *item.properties.get("author", ())]:
                yield _stated(page, "microdata:author", [n for n in names if "://" not in n])
            return


def _from_meta(page: Page) -> Iterator[Claim]:
    for name in META:
        if names := [content for content in page.meta.get(name, ()) if "://" not in content]:
            yield _stated(page, f"meta:{name}", names)


def _from_bylines(page: Page, body: Body) -> Iterator[Claim]:
    for byline in bylines.read(page, body):
        yield Claim(f"byline:{byline.place}" + ":by" * byline.spoken, byline.line, byline.credits, byline.urls)
