"""Which links of a page are articles.

Each link is scored by its URL's form, its words and its place. Then the links whose URLs are built alike vote, so that
one template's links are taken or left together wherever on the page they stand. A URL that is built like no other takes
the vote of the block of links it stands in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from aggregator import rules
from aggregator.cleaning import urls
from aggregator.discovery import badges, links, proxies
from aggregator.discovery.links import Link
from aggregator.discovery.shapes import Form, Learned, form
from aggregator.extraction import publisher
from aggregator.extraction.page import Page
from aggregator.items import Found

# By logistic regression over labelled listing pages, rounded to half points. An article's score and vote are over 0.
POINTS = {
    "any link": -3.5,
    "story's shape": 9.5,
    "other's shape": -2.5,
    "dated slug": 6.0,
    "dated": 1.0,
    "seven words": 3.0,
    "five words": 2.0,
    "three words": 1.5,
    "number": 1.5,
    "ends in number": 1.0,
    "query id": 5.0,
    "story folder": 2.0,
    "story id": 2.0,
    "section": -5.0,
    "headline": 1.5,
    "long headline": 1.0,
    "label": -1.0,
    "same words as others": -2.0,
    "no words": -1.5,
    "heading": 1.5,
    "bookmark": 1.5,
    "navigation": -1.5,
    "picture": 0.5,
    "in running text": -1.0,
}
NOTHING = Learned()
ALIKE = 3
"""URLs of one shape that vote by themselves."""

_COUNT = 20  # characters below which words that differ by their numbers say the same: '12 comments'
_HEADLINE = 40  # from which on words that several links have are one story's, under several addresses
_TITLE = 300  # that are kept
_WIDE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True, eq=False)
class Story:
    """All links of a page to one URL."""

    url: str
    form: Form
    links: list[Link]
    own: bool  # on the page's own site
    title: str | None
    void: bool  # has only words that other links have too: 'Read more', '12 comments'
    score: float = 0.0

    @property
    def navigation(self) -> bool:
        return all(link.place.navigation for link in self.links)

    @property
    def block(self) -> tuple[str, ...]:
        return self.links[0].place.signature

    @property
    def kin(self) -> tuple[object, ...]:
        """What stories that are built alike share: the shape, and where sections may have it too, their place."""
        if not self.form.plain:
            return (self.form.shape,)
        return self.form.shape, self.navigation if self.form.shape.endswith("S") else self.block


def articles(page: Page, site: str, learned: Learned = NOTHING, aggregates: bool = False) -> list[Found]:
    """The article links of `page` in page order; those to other sites too where the page is a link aggregator's.

    `learned` of the site beats what URLs and words look like.
    `aggregates`: the page is known to be a link aggregator's, it need not look like one.
    """
    stories = list(_gather(page))
    own = _elect([story for story in stories if story.own], learned)
    outside = [story for story in stories if not story.own and _is_outside_story(story)]
    if not (aggregates or _aggregates(own, outside)):
        outside = []
    taken = set(map(id, own + outside))
    elements = {link.element: story.url for story in own + outside for link in story.links}
    paid = badges.paid(page, elements)
    found: dict[str, Found] = {}
    for story in stories:
        if id(story) in taken:
            found.setdefault(urls.key(story.url) if "?" in story.url else story.url, _found(story, page, site, paid))
    return list(found.values())


def _gather(page: Page) -> Iterator[Story]:
    groups: dict[str, list[Link]] = defaultdict(list)
    bearers: dict[str, set[str]] = defaultdict(set)  # words -> URLs they lead to
    for link in links.collect(page):
        name = _name(proxies.target(link.url) or link.url)
        groups[name].append(link)
        for words in filter(None, (link.text, link.label)):
            bearers[_template(words)].add(name)
    repeated = {words for words, names in bearers.items() if len(names) >= ALIKE and len(words) < _HEADLINE}
    here, home = _path(_name(page.url)), publisher.domain(page.url)
    for name, group in groups.items():
        url = proxies.target(group[0].url) or group[0].url
        built, path = form(url), _path(name)
        variant = "?" not in built.shape and (path == here or (path != name and path in groups))
        if built.shape and not built.unread and not variant:
            title = _title(group, repeated)
            void = title is None and any(link.text or link.label for link in group)
            yield Story(url, built, group, _domain(url) == home, title, void)


def _name(url: str) -> str:
    """Equal for two spellings of one address; cheap, as it is asked of every link."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def _path(name: str) -> str:
    return name.partition("?")[0].rstrip("/")


@cache
def _social() -> frozenset[str]:
    return frozenset(rules.load("listings")["social_hosts"])


def _domain(url: str) -> str:
    return _domain_of(url.split("/", 3)[2])


@lru_cache(maxsize=4096)
def _domain_of(host: str) -> str:
    return publisher.domain(f"//{host}")


def _template(words: str) -> str:
    """What labels that only count have in common: '12 comments' and '7 comments'."""
    return _DIGITS.sub("#", words.casefold()) if len(words) < _COUNT else words.casefold()


def _title(group: Iterable[Link], repeated: Collection[str]) -> str | None:
    """The best words for the story: a heading's, else the longest, else a label."""
    best: tuple[int, int, str] | None = None
    for link in group:
        for rank, words in ((2 if link.headed or link.place.heading else 1, link.text), (0, link.label)):
            if words and _template(words) not in repeated:
                best = max(best or (0, 0, ""), (rank, len(words), words))
    return best[2] if best else None


def _length(words: str) -> float:
    """Characters; one of Chinese, Japanese, Korean or Thai says as much as 2.5."""
    return len(words) + 1.5 * len(_WIDE.findall(words))


def _marks(story: Story, learned: Learned) -> Iterator[str]:
    built = story.form
    yield "any link"
    if not built.plain and (built.shape in learned.stories or built.shape in learned.others):
        yield "story's shape" if built.shape in learned.stories else "other's shape"
        return
    if built.dated:
        yield "dated slug" if built.words >= 2 else "dated"
    if built.words >= 3:
        yield "seven words" if built.words >= 7 else "five words" if built.words >= 5 else "three words"
    if built.numbered:
        yield "number"
    if built.ends_in_id:
        yield "ends in number"
    if built.query_id:
        yield "query id"
    if built.story:
        yield "story folder"
    if built.story_id:
        yield "story id"
    if built.section:
        yield "section"
    length = _length(story.title or "")
    if length >= 25:
        yield "headline"
    if length >= 45:
        yield "long headline"
    if 0 < length < 16:
        yield "label"
    if story.title is None:
        yield "same words as others" if story.void else "no words"
    if any(link.headed or link.place.heading for link in story.links):
        yield "heading"
    if any("bookmark" in link.rel for link in story.links):
        yield "bookmark"
    if story.navigation:
        yield "navigation"
    if any(link.image for link in story.links):
        yield "picture"
    if all(link.inline for link in story.links):
        yield "in running text"


def _elect(stories: list[Story], learned: Learned) -> list[Story]:
    kin: dict[tuple[object, ...], list[float]] = defaultdict(list)
    block: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for story in stories:
        story.score = max(-6.0, min(6.0, sum(POINTS[mark] for mark in _marks(story, learned))))
        kin[story.kin].append(story.score)
        block[story.block].append(story.score)
    return [story for story in stories if story.score + _vote(kin[story.kin], block[story.block]) > 0]


def _vote(kin: list[float], block: list[float]) -> float:
    """The mean of those alike, drawn to 0 where they are few; half the block's where too few are alike."""
    voters, weight = (kin, 1.0) if len(kin) >= ALIKE else (block, 0.5)
    return weight * sum(voters) / (len(voters) + 1)


def _is_outside_story(story: Story) -> bool:
    """A link to another site counts only where both its URL and its words look like a story's."""
    built, title = story.form, story.title or ""
    return (
        (built.numbered or built.query_id or built.words >= 3 or built.dated or built.story)
        and not built.section
        and _length(title) >= 20
        and len(title.split()) + len(_WIDE.findall(title)) / 2 >= 4
        and not any(link.inline or link.sponsored for link in story.links)
        and _domain(story.url) not in _social()
    )


def _aggregates(own: list[Story], outside: list[Story]) -> bool:
    """Whether the page's stories lie on other sites: more there than here, and on several."""
    return len(outside) >= max(5, len(own) + 1) and len({_domain(story.url) for story in outside}) >= 4


def _found(story: Story, page: Page, site: str, paid: Mapping[str, str]) -> Found:
    marked = "rel or class" if all(link.sponsored for link in story.links) else None
    return Found(
        url=story.url,
        site=site,
        listing=page.url,
        via=[f"listing:{page.url}"],
        title=story.title[:_TITLE] if story.title else None,
        sponsored=paid.get(story.url) or marked,
    )
