"""Lines at the story's ends that say whose it is: '(Reuters) - ', 'Originally published on Grist.', 'Quelle: dpa'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from aggregator import rules
from aggregator.cleaning import people
from aggregator.cleaning.names import has_year, words
from aggregator.cleaning.phrases import Phrases
from aggregator.cleaning.text import folded
from aggregator.extraction.blocks import Segment
from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.publisher import domain, label, outlet_of, outlets
from aggregator.extraction.zones import elsewhere, headline, links, span, with_seams

BEFORE, INTO, AFTER = 2, 5, 6  # segments before the text, into it from both ends, and after it that are read whole
NEAR = 2  # segments from the text's ends within which a bare link can be a credit
MAX_LINE = 250  # characters of a line that says it in words
MAX_NOTE = 100  # characters of a line in the midst of the text: a note, no paragraph
MAX_CLOSING = 200  # characters of a last line that is searched for agencies
MAX_LINK_LINE = 90  # characters of a line that is hardly more than a link
MAX_NAME = 70
MAX_WORDS = 8  # of a name
LEADS = ("originally", "provided", "translated")  # tables of phrases that may stand anywhere in a line
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
_BRACKET = re.compile(r"[(（|]\s*")
_NAME = re.compile(
    r"""\W*(?P<name>[\w@][^|]{1,69}?)(?=["”“»|,;:()]|(?<=[^\W\d_]{3})\.(?:\s|$)|\s[-–—]\s|\s\d|$"""
    r"""|\s(?:on|am|el|le|il|with|by|under|as|where|is|was|vol)\b|\s(?:and|und|y|et)\s(?-i:(?=[a-z])))""",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,60}\.){1,4}[a-z]{2,12}(?:/\S{0,200})?", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?:the (?:web)?site (?:of )?)?(?:the|der|die|das|dem|den|la|le|el|los|las|il|lo|o|a|de|het)\s+(?=[^a-z])"
)


Announcement = tuple[int, str, int]  # rank, kind, where the name begins


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
    for index in range(max(0, min(first - BEFORE, top + 1)), min(len(segments), last + AFTER)):
        segment = segments[index]
        if first + INTO <= index < last - INTO:
            found = _note(page, segment)
        else:
            found = (
                (_dateline(segment) if first <= index <= first + 1 else None)
                or _said(page, segment, _announced(segment))
                or _broadcast(segment)
                or (_linked(page, segment) if index <= first + NEAR or last - NEAR <= index <= last + NEAR else None)
                or (_closing(segment) if index >= min(first + INTO, last - 1) else None)
            )
        if found and not elsewhere(segment.place, "head" if index <= last + 1 else "foot"):
            yield found


def _note(page: Page, segment: Segment) -> Line | None:
    """A short line inside the text; a label there ('Source: …') is a chart's or a picture's."""
    if len(segment.text) > MAX_NOTE:
        return None
    if segment.text[0] in "(©":
        return _closing(segment)
    return _said(page, segment, _led(segment.text))


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


def _said(page: Page, segment: Segment, announced: Iterator[Announcement]) -> Line | None:
    """What a phrase or label says."""
    for rank, table, start in announced:
        name, url = _named(page, segment, start)
        if name is None:
            continue
        wires = _agencies(name)
        if table == "translated" and not (url or wires or name in outlets()):
            continue
        if rank != WITH:
            return Line(f"text:{table}", segment.text, rank, wires[0] if wires else name, url, wires)
        if wires or name in outlets():
            return Line(f"text:{table}", segment.text, rank, None if wires else name, url, wires)
    return None


def _broadcast(segment: Segment) -> Line | None:
    """A station that is named beside words of talk."""
    if len(segment.text) > MAX_LINE or (station := _station().search(segment.text)) is None:
        return None
    return Line("text:broadcast", segment.text, BROADCAST, station[0]) if _talk().find(segment.text) else None


def _announced(segment: Segment) -> Iterator[Announcement]:
    """What announces an outlet's name in the segment's text, and where that begins."""
    text = segment.text
    if len(text) > MAX_LINE:
        return
    yield from _led(text)
    start = len(text) - len(text.lstrip("(（[–—-•* "))
    for place in (start, *(match.end() for match in _BRACKET.finditer(text)), *_seams(segment)):
        if end := _starts().at_start(text[place:]):
            phrase = text[place : place + end].lower()
            colon = _COLON.match(text, place + end)
            if phrase in _table("label"):
                if colon:
                    beside = place != start and text[:place].rstrip().endswith(("(", "（"))
                    yield LABEL, "cited" if beside else "label", colon.end()
            elif place == start:
                opens = phrase in _table("opening")
                yield (LEAD, "courtesy", place + end) if opens else (WITH, "with", place + end)


def _seams(segment: Segment) -> Iterator[int]:
    """Where inline elements begin in the segment's text: date, source and editor of one line may be glued together."""
    end = 0
    for part in with_seams(segment).split(" | ")[1:]:
        if (start := segment.text.find(part, end)) >= 0:
            yield start
            end = start + len(part)


def _led(text: str) -> Iterator[Announcement]:
    end = 0
    while found := _leads().find(text[end:]):
        phrase = text[end + found[0] : end + found[1]].lower()
        end += found[1]
        yield LEAD, next(name for name in LEADS if phrase in _table(name)), end


def _named(page: Page, segment: Segment, start: int) -> tuple[str | None, str | None]:
    """The outlet named from `start` on in the segment's text, and where its link leads."""
    rest = _from(segment, start).lstrip(" |:：\"“„«'")
    outward = list(_links(page, segment))
    for text, url in outward:
        before, found, _ = rest.partition(text)
        if found and len(text) <= MAX_NAME and before.strip(" |").lower() in rules.load("origin")["articles"]["words"]:
            return (outlet_of(url) if _HOST.fullmatch(text) else text), url
    match = _NAME.match(rest)
    if match is None:
        return None, None
    name = _ARTICLE.sub("", match["name"]).strip(" .")
    if _HOST.fullmatch(name):
        url = name if "://" in name else f"https://{name}"
        return outlet_of(url), url
    parts = [part.strip(".,").lower() for part in name.split()]
    if not parts or len(parts) > MAX_WORDS or not any(map(str.isalpha, name)) or has_year(parts[0]):
        return None, None
    if not words("dates").isdisjoint(parts[: 2 if parts[0].isdigit() else 1]) or (
        len(parts) == 1 and parts[0] in words("noise")
    ):
        return None, None
    proper = name[0].upper() == name[0] or people.agency(name)
    linked = next((url for _, url in outward if domain(url) == outlets().get(name)), None)
    return (name, linked) if proper else (None, None)


def _from(segment: Segment, start: int) -> str:
    """The text from `start` on with its seams: a link that follows a name without a space is no part of it."""
    rest = with_seams(segment)
    for character in segment.text[:start]:
        if character.isalnum():
            rest = rest[rest.index(character) + 1 :]
    return rest[:200]


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
def _table(name: str) -> frozenset[str]:
    """A table of rules/origin.toml as lower-case phrases, whatever its lists."""
    return frozenset(phrase.lower() for phrase in chain.from_iterable(rules.load("origin")[name].values()))


@cache
def _leads() -> Phrases:
    return Phrases(chain.from_iterable(map(_table, LEADS)))


@cache
def _starts() -> Phrases:
    return Phrases(_table("opening") | _table("label") | _table("with"))


@cache
def _talk() -> Phrases:
    return Phrases(rules.load("origin")["broadcast"]["talk"])


@cache
def _station() -> re.Pattern[str]:
    """'Radio' or the like with the capitalised words that follow it."""
    kinds = "|".join(rules.load("origin")["broadcast"]["stations"])
    return re.compile(rf"\b(?:{kinds})(?: (?!\d)[^\W_a-zß-ÿ][\w.&'-]{{1,30}}){{1,4}}")
