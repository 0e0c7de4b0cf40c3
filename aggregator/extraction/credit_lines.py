"""Lines at the story's ends that say whose it is: '(Reuters) - ', 'Originally published on Grist.', 'Quelle: dpa'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from aggregator import rules
from aggregator.cleaning import people
from aggregator.cleaning.names import words
from aggregator.cleaning.phrases import Phrases
from aggregator.cleaning.text import folded
from aggregator.extraction.blocks import Segment
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.publisher import domain, label, outlet_of, outlets
from aggregator.extraction.zones import elsewhere, headline, links, span

BEFORE, INTO, AFTER = 2, 3, 6  # segments before the text, into it from both ends, and after it that are read
NEAR = 2  # segments from the text's ends within which a bare link can be a credit
MAX_LINE = 250  # characters of a line that says it in words
MAX_CLOSING = 200  # characters of a last line that is searched for agencies
MAX_LINK_LINE = 90  # characters of a line that is hardly more than a link
MAX_NAME = 70
SAME_STORY = 2  # words of four letters and more
LEAD, LABEL, LINK, BROADCAST, WIRE, WITH = range(6)  # ranks, strongest first

_BRACKETED = re.compile(r".{0,60}?\(([^()]{2,40})\)\s*[-–—:.]")
_DASHED = re.compile(r"(?:.{2,40}?[-–—/,]\s?)?([^()–—/,-]{2,40}?)\s+[-–—]{1,2}\s")
_CLOSING = re.compile(
    r"\(([^()]{2,60})\)\W*$|^\W*(?:©|\(c\)|copyright)[\s©\d]*(.{2,60}?)(?:\.\s*all rights reserved)?\W*$"
    r"|^\W*(.{2,60}?)\W*$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"[/,;+&|]|\b(?:und|and|et|y|e|con|mit|with|von|by)\b")
_SLUG_WORD = re.compile(r"[^\W\d_]{4,}")
_COLON = re.compile(r"\s*[:：]\s*")
_NAME = re.compile(
    r"""\W*(?P<name>[\w@].{1,69}?)(?=["”“»|,;:()]|(?<=[^\W\d_]{3})\.(?:\s|$)|\s[-–—]\s|\s\d|$"""
    r"""|\s(?:on|am|el|le|il|with|by|under|as|where|is|was|vol)\b|\s(?:and|und|y|et)\s(?-i:(?=[a-z])))""",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,60}\.){1,4}[a-z]{2,12}(?:/\S{0,200})?", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?:the (?:web)?site (?:of )?)?(?:the|der|die|das|dem|den|la|le|el|los|las|il|lo|o|a|de|het)\s+(?=[^a-z])"
)


@dataclass(slots=True)
class Line:
    place: str
    raw: str
    rank: int
    outlet: str | None = None
    url: str | None = None
    agencies: list[str] = field(default_factory=list)


def read(page: Page, body: Body) -> Iterator[Line]:
    """Credit lines of the page; those of the text's beginning first."""
    segments = page.text.segments
    first, last = span(segments, body)
    if last == 0:
        return
    top = headline(page, first)
    for text, url in _links(page, segments[top]):
        if _is_article(page, url) or outlet_of(url) in outlets():
            yield Line("headline:link", text, LINK, outlet_of(url), url)
    opening = range(max(0, min(first - BEFORE, top + 1)), min(first + INTO, last))
    closing = range(max(opening.stop, last - INTO), min(len(segments), last + AFTER))
    for index in chain(opening, closing):
        segment = segments[index]
        near = index <= first + NEAR or last - NEAR <= index <= last + NEAR
        found = (
            (_dateline(segment) if first <= index <= first + 1 else None)
            or _said(page, segment)
            or (_linked(page, segment) if near else None)
            or (_closing(segment) if index in closing else None)
        )
        if found and not elsewhere(segment.place, "head" if index < last else "foot"):
            yield found


def _dateline(segment: Segment) -> Line | None:
    """An agency in the dateline: 'WASHINGTON (Reuters) - ', 'Berlin (dpa/lno) – ', 'AFP - '."""
    for pattern in (_BRACKETED, _DASHED):
        if (match := pattern.match(segment.text, 0, 120)) and (wires := _agencies(match[1])):
            return Line("text:dateline", segment.text[:80], WIRE, _alone(wires, match[1]), None, wires)
    return None


def _closing(segment: Segment) -> Line | None:
    """An agency alone in a closing line, in brackets or after ©; there known outlets too."""
    if len(segment.text) > MAX_CLOSING or (match := _CLOSING.search(segment.text)) is None:
        return None
    said = next(filter(None, match.groups())).strip()
    if wires := _agencies(said):
        return Line("text:closing", segment.text, WIRE, _alone(wires, said), None, wires)
    return Line("text:closing", segment.text, WIRE, said) if match[2] and said in outlets() else None


def _alone(wires: list[str], text: str) -> str | None:
    """The agency that wrote the story: not where another desk is credited beside it."""
    return wires[0] if people.agency(text) or len(_parts(text)) == len(wires) else None


def _parts(text: str) -> list[str]:
    return [part for piece in _LISTED.split(text) if (part := piece.strip(" .-"))]


def _agencies(text: str) -> list[str]:
    """The agencies that `text` names, where at least half of what it names are agencies."""
    if whole := people.agency(text):
        return [whole]
    parts = _parts(text)
    found = [wire for part in parts if (wire := people.agency(part))]
    return list(dict.fromkeys(found)) if found and len(found) * 2 >= len(parts) else []


def _said(page: Page, segment: Segment) -> Line | None:
    """What a phrase or label says."""
    text = segment.text
    if len(text) > MAX_LINE:
        return None
    for rank, table, start in _announced(text):
        name, url = _named(page, segment, start)
        if name is None:
            continue
        wires = _agencies(name)
        if rank != WITH:
            return Line(f"text:{table}", text, rank, wires[0] if wires else name, url, wires)
        if wires or name in outlets():
            return Line(f"text:{table}", text, rank, None if wires else name, url, wires)
    if (station := _station().search(text)) and _talk().find(text):
        return Line("text:broadcast", text, BROADCAST, station[0])
    return None


def _announced(text: str) -> Iterator[tuple[int, str, int]]:
    """(rank, which list, where the name begins) of each announcement in `text`."""
    if found := _phrases("lead").find(text):
        yield LEAD, "originally", found[1]
    start = len(text) - len(text.lstrip("(（[–—-•* "))
    if end := _phrases("opening").at_start(text[start:]):
        yield LEAD, "courtesy", start + end
    for place in (start, *(match.end() for match in re.finditer(r"[(（|]\s*", text))):
        end = _phrases("label").at_start(text[place:])
        if end and (colon := _COLON.match(text, place + end)):
            yield LABEL, "label", colon.end()
    if end := _phrases("with").at_start(text[start:]):
        yield WITH, "with", start + end


def _named(page: Page, segment: Segment, start: int) -> tuple[str | None, str | None]:
    """The outlet named from `start` on, and where its link leads."""
    rest = segment.text[start : start + 200].lstrip(" :：\"“„«'")
    outward = list(_links(page, segment))
    for text, url in outward:
        before, found, _ = rest.partition(text)
        if found and len(text) <= MAX_NAME and before.strip().lower() in rules.load("origin")["articles"]["words"]:
            return (outlet_of(url) if _HOST.fullmatch(text) else text), url
    match = _NAME.match(rest)
    if match is None:
        return None, None
    name = _ARTICLE.sub("", match["name"]).strip(" .")
    if _HOST.fullmatch(name):
        url = name if "://" in name else f"https://{name}"
        return outlet_of(url), url
    first = name.split()[0].lower().strip(".,") if name.split() else ""
    if first in words("dates") | words("noise") or len(name.split()) > 8 or not any(map(str.isalpha, name)):
        return None, None
    proper = name[0].upper() == name[0] or people.agency(name)
    linked = next((url for _, url in outward if domain(url) == outlets().get(name)), None)
    return (name, linked) if proper else (None, None)


def _linked(page: Page, segment: Segment) -> Line | None:
    """A short line that links to a known outlet and names it, or is all a link to this story on another site."""
    if not segment.linked or len(segment.text) > MAX_LINK_LINE:
        return None
    for text, url in _links(page, segment):
        name = outlet_of(url)
        wires = _agencies(text)
        if name in outlets() and folded(name) in folded(segment.text):
            return Line("text:link", segment.text, LINK, name, url)
        named = folded(text).removeprefix("the") == label(url).replace("-", "").removeprefix("the")
        if (named or wires) and text == segment.text and _is_article(page, url):
            return Line("text:link", segment.text, LINK, wires[0] if wires else text, url, wires)
    return None


def _is_article(page: Page, url: str) -> bool:
    """The URL's slug shares words with this page's title: it is the same story there."""
    path = url.lower().partition("://")[2].partition("/")[2]
    title = page.title_tag.lower()
    return sum(word in title for word in set(_SLUG_WORD.findall(path))) >= SAME_STORY


def _links(page: Page, segment: Segment) -> Iterator[tuple[str, str]]:
    """(text, URL) of the segment's links that leave the site for a place that could have written the story."""
    own, never = domain(page.url), rules.load("origin")["never"]["domains"]
    for text, url in links(page, segment):
        if (host := domain(url)) != own and host not in never:
            yield text, url


@cache
def _phrases(table: str) -> Phrases:
    listed = rules.load("origin")[table]
    return Phrases(chain.from_iterable(listed.values()))


@cache
def _talk() -> Phrases:
    return Phrases(rules.load("origin")["broadcast"]["talk"])


@cache
def _station() -> re.Pattern[str]:
    """'Radio' or the like with the capitalised words that follow it."""
    kinds = "|".join(rules.load("origin")["broadcast"]["stations"])
    return re.compile(rf"\b(?:{kinds})(?: (?!\d)[^\W_a-zß-ÿ][\w.&'-]{{1,30}}){{1,4}}")
