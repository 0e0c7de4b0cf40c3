"""Bylines that readers see: by the headline, in the text's own first and last lines, and under the story."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cache

from aggregator.cleaning import by, people
from aggregator.cleaning.names import has_year, is_bare_name, looks_personal
from aggregator.cleaning.text import folded
from aggregator.extraction.blocks import Segment
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.publisher import domain
from aggregator.extraction.zones import elsewhere, headline, links, span, with_seams, words

ABOVE, INSIDE, BELOW = 6, 4, 8  # segments above the headline, into the text and below it where a byline can stand
FAR_BELOW = 16  # where an account that posted the story can
AROUND = 2  # segments before the text's first that can still be its own byline
AROUND_UP = 3  # ancestors whose name words mark what stands in them
MAX_LINE = 200  # characters of a byline
MAX_SINGLE = 60  # characters of a line that may name a person by one word, where it does not say 'by'
MAX_LINKED = 120  # characters of a line whose link to a person's page names its author
MAX_BARE = 60
MAX_PROSE = 20  # words of a line whose link to a person's page makes it a byline
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
OF_A_NAME = frozenset({"name", "fn", "vcard", "author", "autor", "auteur"})  # words of elements that hold a name alone


class Strength(IntEnum):
    """How clearly a line is a byline; only the strongest lines of a place are taken."""

    MARKED = 0  # its own element's class says so, or it links to a person's page
    SPOKEN = 1  # it begins with 'By', 'Von', …
    AROUND = 2  # an element around it is marked
    BARE = 3  # a name alone: beside the date, in an element for such facts, or under the last paragraph


@dataclass(slots=True)
class Byline:
    place: str  # head, foot, or text: signed in the story's own lines
    index: int  # of its segment
    line: str
    strength: Strength
    spoken: bool  # it says 'by'
    look: tuple[str, ...]  # tag and name words of its element: authors of one story look alike
    credits: people.Credits
    urls: dict[str, str] = field(default_factory=dict)  # folded name -> profile
    named: bool = False  # its element is made for a name alone: one word may be a person's

    @property
    def personal(self) -> bool:
        """It names somebody as persons are named."""
        return any(looks_personal(n, single=self.named and not people.is_desk(n)) for n in self.credits.names)


def read(page: Page, body: Body) -> list[Byline]:
    """At most one byline a place, each joined from the lines that make it."""
    segments = page.text.segments
    if not segments:
        return []
    first, last = span(segments, body)
    top = headline(page, first)
    until = max(first, top) + INSIDE
    until = min(until, max(last - 1, first + 1)) if last else until
    head = range(max(0, top - ABOVE), min(len(segments), until))
    foot = range(max(head.stop, last - 1), min(len(segments), last + BELOW))
    heading, title = folded(segments[top].text), folded(page.title_tag)
    above = [line for index in head if (line := _byline(page, index, "head", last))]
    above = [line for line in above if not _repeats(line, heading, title)]
    if not any(line.credits.names for line in above):
        bare = (line for index in range(top, first + bool(last)) if (line := _bare(page, index, first, last)))
        above += [line for line in bare if not _repeats(line, heading, title)]
    below = [line for index in foot if (line := _byline(page, index, "foot", last))]
    far = range(foot.stop, min(len(segments), last + FAR_BELOW))
    if not below:
        below = [
            line for index in far if by.posts(segments[index].text) and (line := _byline(page, index, "foot", last))
        ]
    signed = [
        replace(line, place="text")
        for line in (*above, *below)
        if first - AROUND <= line.index <= last and _signs(page, line)
    ]
    return [best for lines in (above, signed, below) if (best := _joined(lines, top))]


def _signs(page: Page, line: Byline) -> bool:
    """The line names the writer in so many words; a link to a page of this site is the theme's byline."""
    theme = any(domain(url) == domain(page.url) for url in line.urls.values())
    return bool(line.spoken and line.credits.names) and not theme and not by.posts(line.line)


def _repeats(line: Byline, heading: str, title: str) -> bool:
    """The line is the headline again, or a part of it, or links to whom the headline names without saying 'by'."""
    key = folded(line.line)
    if key in heading or title.startswith(key) or (line.strength >= Strength.AROUND and key in title):
        return True
    told = [folded(name) in heading for name in line.credits.names]
    return bool(told) and all(told) and not line.spoken


def _joined(lines: list[Byline], top: int) -> Byline | None:
    """The strongest line of a place, by the headline with those that look like it."""
    if not lines:
        return None
    best = min(lines, key=lambda line: (not line.personal, line.strength, line.index < top))
    if best.place != "head":
        return best
    alike = [line for line in lines if line.strength == best.strength and line.look == best.look]
    names, agencies, nobody = (list(dict.fromkeys(n for line in alike for n in line.credits[k])) for k in range(3))
    names = [name for name in names if looks_personal(name)] or names
    urls = {name: url for line in alike for name, url in line.urls.items()}
    return replace(best, credits=people.Credits(names, agencies, nobody), urls=urls)


def _byline(page: Page, index: int, place: str, last: int) -> Byline | None:
    segments = page.text.segments
    segment = segments[index]
    if len(segment.text) > MAX_LINE or segment.place.tag == "h1" or by.is_all(segment.text):
        return None
    if segment.text[0] == "©" and by.opens(segment.text[1:]):
        return None
    strength = _strength(segments, index, place)
    if strength is None or (strength == Strength.BARE and place == "foot" and index not in (last - 1, last)):
        return None
    if elsewhere(segment.place, place):
        return None
    line = with_seams(segment)
    spoken = strength == Strength.SPOKEN or _speaks(segments, index) or by.says(line)
    marked = strength == Strength.MARKED
    credits = people.credits(line, page.own_names)
    if not any(credits) and spoken and (account := by.account(segment.text, marked=marked)):
        credits = people.credits(account, page.own_names, stated=True)
    named = marked and len(line) <= MAX_SINGLE and _is_of_a_name(segment)
    if not credits.names and (spoken or named):
        credits = people.credits(line, page.own_names, single=True)
    if not any(credits) and marked and place == "head" and len(line) <= MAX_LINKED:
        credits = people.credits(_linked_name(page, segment), page.own_names, stated=True)
    if not any(credits) or (strength == Strength.BARE and place == "foot" and credits.nobody):  # the site's footer
        return None
    return Byline(
        place,
        index,
        line,
        strength,
        spoken,
        _look(segment),
        credits,
        {folded(text): url for text, url in links(page, segment)},
        named,
    )


def _bare(page: Page, index: int, first: int, last: int) -> Byline | None:
    """A name alone between headline and text: beside the date, again below the text, or set off as the text's first."""
    segments = page.text.segments
    segment = segments[index]
    name = segment.text.title() if index == first and segment.text.isupper() else segment.text
    if (
        segment.linked
        or len(segment.text) > MAX_BARE
        or segment.place.tag in HEADINGS
        or elsewhere(segment.place, "head")
    ):
        return None
    if not is_bare_name(name, dated=False):
        return None
    beside = [segments[near].text for near in (index - 1, index + 1) if 0 <= near < len(segments)]
    dated = any(len(text) <= MAX_BARE and has_year(text) for text in beside)
    repeated = any(other.text.startswith(segment.text) for other in segments[last - 1 :])
    opens = (
        index == first and segment.strong == len(segment.text) and folded(segment.text) not in folded(page.title_tag)
    )
    if not (dated or repeated or opens):
        return None
    credits = people.credits(segment.text, page.own_names)
    return Byline("head", index, segment.text, Strength.BARE, False, _look(segment), credits) if any(credits) else None


def _strength(segments: list[Segment], index: int, place: str) -> Strength | None:
    segment = segments[index]
    marks = words("marks")
    if not marks.isdisjoint(segment.words) or not marks.isdisjoint(segment.place.words):
        return Strength.MARKED
    if any(map(is_profile, segment.hrefs)) and len(segment.text.split()) <= MAX_PROSE:
        return Strength.MARKED
    if _speaks(segments, index):
        return Strength.SPOKEN
    meta = "meta" in segment.words or "meta" in segment.place.words
    outer = segment.place.parent
    for _ in range(AROUND_UP):
        if outer is None:
            break
        if not marks.isdisjoint(outer.words):
            return Strength.AROUND
        meta = meta or "meta" in outer.words
        outer = outer.parent
    if meta and place == "head" and by.says(segment.text):
        return Strength.SPOKEN
    if segment.linked or len(segment.text) > MAX_BARE or segment.place.tag in HEADINGS:
        return None
    return Strength.BARE if is_bare_name(segment.text, dated=place == "head" and not meta) else None


def _speaks(segments: list[Segment], index: int) -> bool:
    """The line begins with 'By', or the line before it says that and no more."""
    return by.opens(segments[index].text) or (index > 0 and by.is_all(segments[index - 1].text))


def _is_of_a_name(segment: Segment) -> bool:
    named = not OF_A_NAME.isdisjoint(segment.words) or not OF_A_NAME.isdisjoint(segment.place.words)
    return named or any(map(is_profile, segment.hrefs))


def _look(segment: Segment) -> tuple[str, ...]:
    return (segment.place.tag, *segment.place.words)


def _linked_name(page: Page, segment: Segment) -> str:
    """The text of the link to a person's page: accounts whose names are no personal names."""
    return next((text for text, url in links(page, segment) if is_profile(url)), "")


def is_profile(href: str) -> bool:
    """The link's path is that of a page about a person: '/author/ann-smith'.

    >>> is_profile("https://site.example/author/ann-smith"), is_profile("/news/author-dies")
    (True, False)
    """
    return _profile_path().search(href, 0, 300) is not None


@cache
def _profile_path() -> re.Pattern[str]:
    return re.compile(rf"/(?:{'|'.join(map(re.escape, words('profiles')))})/+[^/?#]", re.IGNORECASE)
