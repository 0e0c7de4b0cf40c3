"""The story's headline, agreed on by the places that state it.

Readers see the first-level heading, so it counts most; but on many pages that is the site's logo, a section or the
headline with a kicker glued to it. `<title>`, OpenGraph and JSON-LD are the witnesses that tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from aggregator import rules
from aggregator.cleaning import dates
from aggregator.cleaning.text import folded, from_markup
from aggregator.extraction import deck, headings, jsonld, metadata
from aggregator.extraction.blocks import Place
from aggregator.extraction.page import Candidate, Page
from aggregator.extraction.publisher import live

Claims = Iterator[tuple[str, Candidate]]

MAX_HEADINGS = 40
MAX_TITLE = 400  # characters; what is longer is a paragraph
RELATED = 0.2  # word agreement with the witnesses below which a short heading is a label, not the headline
SHORT = 6  # words
MUCH_LONGER = 1.5  # times as many words as the part of `<title>` that comes first, which mostly is the headline
MAX_BELOW = 80  # elements after a heading for machines in which the headline follows
LOW = 0.5  # the same below which a lower heading that a witness repeats is believed instead
MIN_LOWER = 10  # letters and digits of a lower heading that is the headline

SUPPORT = {  # how much a witness that says the same adds
    "json-ld:headline": 1.2,
    "meta:og:title": 1.0,
    "microdata:headline": 1.0,
    "meta:parsely-title": 1.0,
    "meta:sailthru.title": 1.0,
    "title": 1.0,
    "feed:title": 1.0,
    "meta:twitter:title": 0.5,
    "meta:dc.title": 0.5,
}
_SEPARATOR = re.compile(
    r"\s+(?:[-–—|:·•»«›‹/~]+|::)\s+|\s*[|»«›‹]\s*|:\s+|[-_|－—](?=[\u2e80-\u9fff]{2,10}$)|_(?=\S+$)"
)
_STRONG = re.compile(r"\s+[-–—|·•»«›‹]+\s+|\s*[|»«›‹]\s*|[-_|－—](?=[\u2e80-\u9fff]{2,10}$)")
_WORD = re.compile(r"[\u0e00-\u0eff\u2e80-\ud7af]|[^\W_]+")
_STEP = re.compile(r"\s*[»›>→/|\\]+\s*|\s+[-–—:·•]+\s+")
_END = re.compile(r"\s[-–—|·]\s*$")
_AFTER_DATE = re.compile(r"\s*[-–—:|·•]\s*(?=\S+\s\S)")
_BEFORE_DATE = re.compile(r"\S+\s\S.*\s[|·•]\s+$")
_DIGIT = re.compile(r"\d")
_COLON = re.compile(r":\s")
_ELLIPSIS = re.compile(r"\s*(?:\.{3}|…)$")


def candidates(page: Page) -> Claims:
    """(field, candidate) for title and subtitle, each field's best first."""
    claims = weighed(page)
    for claim in claims:
        yield "title", claim
    for claim in deck.candidates(page, [claim.value for claim in claims]):
        yield "subtitle", claim


def weighed(page: Page) -> list[Candidate]:
    """All claims for the title, the most believable first."""
    trail = metadata.trail(page)
    told = list(_witnesses(page))
    headlines = {text: _trimmed(text, page.own_names, trail) for text in {claim.value for claim in told}}
    witnesses = [claim._replace(value=headlines[claim.value]) for claim in told]
    support: dict[str, float] = {}
    for key, source in {(folded(claim.value), claim.source) for claim in witnesses}:
        support[key] = support.get(key, 0.0) + SUPPORT[source]
    shown = _shown(page, witnesses, trail)
    if shown is None:
        alone = [_headline_only(page, claim, support) for claim in witnesses]
        return _whole_first(sorted(alone, key=lambda claim: -support.get(folded(claim.value), 0.0)))
    claim, element = shown
    bare = _unglued(element, claim, witnesses, support)
    return _whole_first([bare, claim, *witnesses] if bare else [claim, *witnesses])


def _whole_first(claims: list[Candidate]) -> list[Candidate]:
    """Where the best claim was cut short ('Dam holds as …'), one that goes on comes before it."""
    if claims and (cut := _ELLIPSIS.search(claims[0].value)):
        start = folded(claims[0].value[: cut.start()])
        whole = [claim for claim in claims if len(key := folded(claim.value)) > len(start) and key.startswith(start)]
        return [*whole, *claims]
    return claims


def _unglued(
    element: HtmlElement, shown: Candidate, witnesses: list[Candidate], support: dict[str, float]
) -> Candidate | None:
    """The witness that says the heading without the kicker, date or byline that stands in the same element."""
    whole = folded(shown.value)
    if support.get(whole, 0.0) >= 2:
        return None
    starts, said = {0}, set()  # where a text of the element begins; where what goes before ends in a colon
    for piece in element.itertext():
        start = max(starts)
        said |= {start + len(folded(piece[: match.end()])) for match in _COLON.finditer(piece)}
        starts.add(start + len(folded(piece)))
    for claim in sorted(witnesses, key=lambda claim: -len(claim.value)):
        key = folded(claim.value)
        if not 0.4 * len(whole) < len(key) < len(whole):
            continue
        start = len(whole) - len(key)
        after = whole.endswith(key) and (start in starts or (support[key] >= 1.5 and start not in said))
        if after or (whole.startswith(key) and len(key) in starts):
            return claim
    return None


def _headline_only(page: Page, claim: Candidate, support: dict[str, float]) -> Candidate:
    """The part of a `<title>` that is the headline, where no heading and no other witness tells."""
    if claim.source != "title" or support[folded(claim.value)] > SUPPORT["title"]:
        return claim
    parts = [part for part in _STRONG.split(claim.value) if part]
    if len(parts) < 2:
        return claim
    slug = _words(unquote(urlsplit(live(page.url)).path).rstrip("/").rpartition("/")[2])
    usual = len(_words(parts[0])) * MUCH_LONGER
    return claim._replace(value=max(parts, key=lambda part: (len(_words(part) & slug), len(_words(part)) > usual)))


def _witnesses(page: Page) -> Iterator[Candidate]:
    for node in page.jsonld:
        if jsonld.is_article(node) and (text := jsonld.first(node.get("headline") or node.get("name"))):
            yield Candidate(from_markup(text), "json-ld:headline", text)
            break
    for name in ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title"):
        for text in page.meta.get(name, ())[:1]:
            yield Candidate(from_markup(text), f"meta:{name}", text)
    for item in page.microdata:
        if item.type.endswith(jsonld.ARTICLE_TYPES) and (texts := item.properties.get("headline")):
            yield Candidate(from_markup(texts[0]), "microdata:headline", texts[0])
            break
    if page.title_tag:
        yield Candidate(page.title_tag, "title", page.title_tag)
    if page.found and page.found.title:
        yield Candidate(from_markup(page.found.title), "feed:title", page.found.title)


def _trimmed(text: str, own: frozenset[str], trail: list[str]) -> str:
    """The text without a date at its ends, the breadcrumb trail before it, and the site's name at either end."""
    text = _undated(text)
    for step in trail:
        if not text.startswith(step) or not (separator := _STEP.match(text, len(step))):
            break
        text = text[separator.end() :]
    cuts = [(0, 0), *(match.span() for match in _SEPARATOR.finditer(text)), (len(text), len(text))]
    first, last = 0, len(cuts) - 1
    for place in range(1, last):
        if folded(text[cuts[place][1] :]) in own:
            last = place
            break
    for place in range(last - 1, 0, -1):
        if folded(text[: cuts[place][0]]) in own:
            first = place
            break
    return text[cuts[first][1] : cuts[last][0]]


def _undated(text: str) -> str:
    """Without a date that a bar or the like sets apart from the headline.

    >>> _undated("12.05.2023 | The dam holds"), _undated("12 May 2023: the day the dam held")
    ('The dam holds', '12 May 2023: the day the dam held')
    """
    for _, start, end in dates.find(text[:MAX_TITLE]) if _DIGIT.search(text) else ():
        if start == 0 and (apart := _AFTER_DATE.match(text, end)) and text[end : apart.end()].strip() != ":":
            return text[apart.end() :]
        if end == len(text) and _BEFORE_DATE.match(text[:start]):
            return text[:start].rstrip(" |·•")
    return text


def _shown(page: Page, witnesses: list[Candidate], trail: list[str]) -> tuple[Candidate, HtmlElement] | None:
    """The heading that is the story's, if there is one."""
    said = [words for claim in witnesses if (words := _words(claim.value))]
    best: tuple[float, Candidate, HtmlElement] | None = None
    ends = {folded(_STRONG.split(claim.value)[-1]) for claim in witnesses}
    for place in islice((place for place in page.text.places if place.tag == "h1"), MAX_HEADINGS):
        element = place.element
        raw = headings.text(element)
        if not raw or len(raw) > MAX_TITLE or folded(raw) in page.own_names:
            continue
        claim = Candidate(_trimmed(raw, page.own_names, trail), "h1", raw)
        words = _words(claim.value)
        if not words:
            continue
        like = max((2 * len(words & other) / (len(words) + len(other)) for other in said), default=1.0)
        if like < RELATED and len(words) < SHORT:
            continue
        if _is_logo(page, element) or any(_names_the_site(page, claim.value, witness.value) for witness in witnesses):
            continue
        if _is_apart(place) and (below := _below(page, place, witnesses)):
            return below
        if best is None or like > best[0] + 0.3:
            best = like, claim, element
    if best is None or (best[0] < LOW and folded(best[1].value) not in ends):
        return _lower(page, witnesses) or (best[1:] if best else None)
    return best[1:]


def _lower(page: Page, witnesses: list[Candidate]) -> tuple[Candidate, HtmlElement] | None:
    """The first heading of second or third level that says what a witness does, or else a part of `<title>`."""
    lower: dict[str, tuple[Candidate, HtmlElement]] = {}
    for element in islice((place.element for place in page.text.places if place.tag in ("h2", "h3")), MAX_HEADINGS):
        raw = headings.text(element)
        lower.setdefault(folded(raw), (Candidate(raw, element.tag, raw), element))
    said = [folded(text) for text in (*(claim.value for claim in witnesses), *_STRONG.split(page.title_tag))]
    keys = (key for key in said if len(key) >= MIN_LOWER and key not in page.own_names)
    return next((lower[key] for key in keys if key in lower), None)


def _is_apart(heading: Place) -> bool:
    """A heading for machines: the last step of the trail, or one that only screen readers read out."""
    return heading.hidden or not _unseen().isdisjoint(heading.words) or metadata.in_trail(heading)


def _below(page: Page, heading: Place, witnesses: list[Candidate]) -> tuple[Candidate, HtmlElement] | None:
    """The next heading under one for machines, where a witness says it: the headline that readers see."""
    places = islice(page.text.places, heading.order + 1, heading.order + 1 + MAX_BELOW)
    place = next((place for place in places if place.tag in ("h1", "h2")), None)
    raw = headings.text(place.element) if place else ""
    said = {folded(text) for text in (*(claim.value for claim in witnesses), *_STRONG.split(page.title_tag))}
    return (Candidate(raw, place.tag, raw), place.element) if place and raw and folded(raw) in said else None


def _is_logo(page: Page, heading: HtmlElement) -> bool:
    """The whole heading is one link to the site's front page."""
    link = heading.find(".//a[@href]")
    if link is None or folded(link.text_content()) != folded(heading.text_content()):
        return False
    target, own = (urlsplit(live(url)).path for url in (page.absolute(link.get("href")) or page.url, page.url))
    return target in ("", "/") and own != "/"


def _names_the_site(page: Page, heading: str, title: str) -> bool:
    """`<title>` is 'headline - heading': the heading is what all pages of the site share.

    It is the headline after all where the address repeats more of it, or where it is much the longer part.
    """
    rest = title[: -len(heading)]
    if not title.endswith(heading) or not _END.search(rest):
        return False
    path, own, other = _words(unquote(urlsplit(live(page.url)).path)), _words(heading), _words(rest)
    gain = len(own & path) - len(other & path)
    return gain < 0 or (gain == 0 and len(own) < 2 * len(other))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


@cache
def _unseen() -> frozenset[str]:
    return frozenset(rules.load("headlines")["unseen"]["words"])
