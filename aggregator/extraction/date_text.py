"""Claims for the story's dates in the visible text: the line under the headline, the dateline, the line at the end.

What tells the story's own date from the many others on a page is where it stands, how much else its line says and what
is beside it. Each sign adds to the log-odds; the weights are in `rules/dates.toml`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from aggregator import rules
from aggregator.cleaning.dates import Habits, fold
from aggregator.extraction.blocks import Place, Segment
from aggregator.extraction.body import Body
from aggregator.extraction.date_claims import Claim, Role
from aggregator.extraction.date_sights import Sight, hidden_sights, sights
from aggregator.extraction.page import Page

STEPS = (80, 250, 600, 1500, 4000, 10_000)  # characters between the headline and a date
FETCH_DAY = timedelta(days=1.5)  # a day is the fetch's in some zone
MAX_LABELLED = 200  # characters of a line whose words may label its date
MAX_BESIDE = 200  # characters of a line besides its date that is a line of dates
MAX_LEAD = 25  # characters before a date that label it however long its line is: 'Press release of …'
MAX_LINES = 300  # that are looked at for a headline that is no heading
RESTS = (2, 30, 80, 200)  # characters of a line beside its date

_WORD = re.compile(r"[^\W\d_]+")
_LABEL = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")  # 'DoePublished' is two words
_BEFORE_DATELINE = re.compile(r"[(\[]?|[^\W\d_][^.!?]{0,40}[,(/|–-]\s?(?:den |le |the )?[(\[]?")
_AFTER_DATELINE = re.compile(r"\W{0,2}$|\W{0,2}[.)\]:|–—„“-]")
_CLOCK_LINE = re.compile(r"\W{0,3}(?:time|uhrzeit|hora|heure|ora)\W{1,3}\d\d?:\d\d", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_HEADINGS = {"h1": 1.0, "h2": 0.5, "h3": 0.5}


@dataclass(slots=True)
class _Layout:
    """Where things stand, in characters of visible text."""

    offsets: list[int]  # of each segment, and of the end
    headline: tuple[int, int] | None
    body: tuple[int, int] | None

    def distance(self, number: int) -> int:
        """Characters between the headline (or the body's start) and a segment; negative before it."""
        here = self.offsets[number]
        start, end = self.headline or (self.body[:1] * 2 if self.body else (0, 0))
        return here - end if here >= end else min(here - start, -1)

    def opens_body(self, number: int) -> bool:
        """Whether the segment is among the body's first two."""
        return self.body is not None and self.body[0] in self.offsets[max(number - 1, 0) : number + 1]

    def around(self, number: int) -> set[str]:
        """Signs from where a segment stands to the body."""
        if not self.body:
            return set()
        here, (start, end) = self.offsets[number], self.body
        if here < start:
            return {"before body", "just before body"} if start - here < 150 else {"before body"}
        if here < end:
            return {"body start"} if here == start else {"in body"}
        return {"after body", "end line"} if here - end < 300 else {"after body"}


def claims(page: Page, body: Body, habits: Habits) -> list[Claim]:
    """The claims of written dates and of `<time datetime>`, in page order."""
    return _claims(page, body, sights(page, habits))


def hidden_claims(page: Page, body: Body, habits: Habits) -> list[Claim]:
    """The last resort: relative dates, and dates in `data-` attributes."""
    return _claims(page, body, hidden_sights(page, habits))


def _claims(page: Page, body: Body, met: list[Sight]) -> list[Claim]:
    weights = rules.load("dates")["text"]
    own = {number for entry in body.entries for number in range(entry.first, entry.last)}  # a live blog's entries'
    met = [sight for sight in met if sight.number not in own]
    out = []
    for sight, signs in _signs(met, _layout(page, body), page.rendered_at) if met else ():
        role: Role = "modified" if "modified" in signs else "published"
        weight = math.fsum((weights["base"], *(weights.get(sign, 0.0) for sign in signs)))  # a set has no order
        raw = sight.line[max(0, sight.start - 30) : sight.end]
        out.append(Claim(role, sight.moment, sight.source, raw, "text", weight))
    return out


def _signs(met: list[Sight], layout: _Layout, rendered_at: datetime) -> Iterator[tuple[Sight, set[str]]]:
    """Each sight with the names of what speaks for or against it."""
    distances = [layout.distance(sight.number) for sight in met]
    first_after = next((sight.number for sight, distance in zip(met, distances, strict=True) if distance >= 0), None)
    groups = [_groups(sight) for sight in met]
    days = [sight.moment.at.date() for sight in met]
    newest, several = max(days), len(set(days))
    plain = [(sight.number, day) for sight, own, day in zip(met, groups, days, strict=True) if "updated" not in own]
    labels = [_label(sight) if sight.rest <= MAX_LABELLED or sight.start <= MAX_LEAD else None for sight in met]
    changed = {sight.number for sight, label in zip(met, labels, strict=True) if label == "modified"}
    for index, (sight, distance, own, day) in enumerate(zip(met, distances, groups, days, strict=True)):
        beside = _beside(met, labels, index)
        own_place = layout.around(sight.number)
        opens = layout.opens_body(sight.number) or (sight.number == first_after and distance <= 600)
        dateline, label = opens and _is_dateline(sight), labels[index]
        updated = "updated" in own and any(number == sight.number and other != day for number, other in plain)
        held = {
            "modified": label == "modified"
            or (not label and ("modified" in own or updated) and sight.number not in changed),
            "first after headline": sight.number == first_after,
            "under headline": sight.number == first_after and distance <= 250 and sight.rest <= 80,
            "over headline": -80 <= distance < 0 and sight.rest <= 30,
            "dateline": dateline,
            "prose": sight.rest > 80 and not dateline and not label and bool(own_place & {"in body", "body start"}),
            "time of day": sight.moment.precision != "day",
            "label": label == "published",
            "label line": label == "published" and sight.rest <= 30,
            "other label": label == "other",
            "only day": several == 1,
            "two days": several == 2,
            "newest": day == newest,
            "beside an older": any(other < day for other in beside),
            "beside a newer": any(other > day for other in beside),
            "line start": sight.start < 60 and not sight.line[: sight.start].strip(" ([|/-–—"),
            "theme clock": _is_clock(sight.place) and not 0 <= distance <= STEPS[1],
            "clock line": bool(_CLOCK_LINE.match(sight.line, sight.end)),
            "fetch moment": _is_fetch(sight, rendered_at),
            "fetch day outside the head": not 0 <= distance <= 600 and abs(sight.moment.at - rendered_at) < FETCH_DAY,
        }
        signs = {sign for sign, holds in held.items() if holds} | {f"near {group}" for group in own}
        signs |= {_step("after" if distance >= 0 else "before", abs(distance), STEPS), _step("rest", sight.rest, RESTS)}
        yield sight, signs | own_place


def _beside(met: list[Sight], labels: list[str | None], index: int) -> set[date]:
    """The days that stand within three lines of a sight, its own too; not those of changes, nor in sentences."""
    number, days = met[index].number, set()
    for others in (range(index - 1, -1, -1), range(index, len(met))):
        for other in others:
            if abs(met[other].number - number) > 3:
                break
            if labels[other] != "modified" and met[other].rest <= MAX_BESIDE:
                days.add(met[other].moment.at.date())
    return days


def _step(name: str, value: int, steps: tuple[int, ...]) -> str:
    """The first of the steps that is not below the value, as a sign: `after 250`."""
    return f"{name} {next((step for step in steps if value <= step), 'far')}"


def _groups(sight: Sight) -> set[str]:
    """Kinds of name words and tags on the way from the date up: published, updated, related, comment …"""
    known = _named_groups()
    groups = {known[word] for word in sight.words if word in known}
    place: Place | None = sight.place
    for step in range(8):
        if not place:
            break
        for word in (*place.words, place.tag):
            group = known.get(word)
            if group and (step < 2 or group not in ("published", "modified", "updated")):
                groups.add(group)
        place = place.parent
    return groups


@cache
def _named_groups() -> dict[str, str]:
    return {word: group for group, words in rules.load("dates")["words"].items() for word in words.split()}


def _is_clock(place: Place) -> bool:
    names = " ".join(str(p.element.get("class", "")) for p in (place, place.parent) if p)
    return any(name in names for name in rules.load("dates")["clocks"])


def _is_dateline(sight: Sight) -> bool:
    """Whether the date opens the story ('Berlin, 29. November 2022 –'), and not its first sentence."""
    return sight.start < 60 and bool(
        _BEFORE_DATELINE.fullmatch(sight.line[: sight.start]) and _AFTER_DATELINE.match(sight.line, sight.end)
    )


def _is_fetch(sight: Sight, rendered_at: datetime) -> bool:
    """Whether a text gives the moment of the fetch to the second, in some zone: what a clock prints at rendering."""
    if sight.source != "text" or sight.moment.precision != "second":
        return False
    gap = (sight.moment.at - rendered_at).total_seconds()
    return abs(gap) < 15 * 3600 and abs((gap + 450) % 900 - 450) < 60


def _label(sight: Sight) -> str | None:
    """What words say the date is (published, modified, other): the nearest before it, or those right after it."""
    before = _DIGIT.split(sight.line[max(0, sight.start - 50) : sight.start])[-1]  # not over another date
    for word in reversed([fold(word) for word in _LABEL.findall(before)][-5:]):
        for label, beginnings in _labels().items():
            if word.startswith(beginnings):
                return label
    after = sight.line[sight.end : sight.end + 50]
    if not _DIGIT.search(after):
        for word in map(fold, _LABEL.findall(after)[:3]):  # 'wurde am 3. Mai 2023 veröffentlicht'
            for role in ("modified", "published"):
                if word.startswith(_labels()[role]):
                    return role
    return "other" if "©" in sight.line[: sight.start] else None


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    return {label: tuple(beginnings) for label, beginnings in rules.load("dates")["labels"].items()}


def _layout(page: Page, body: Body) -> _Layout:
    text = page.text
    offsets = [0]
    for segment in text.segments:
        offsets.append(offsets[-1] + len(segment.text) + 1)
    number = _headline(page)
    inner = set(body.elements)
    spans = [(place.first, place.last) for place in text.places if place.element in inner] if inner else []
    return _Layout(
        offsets,
        (offsets[number], offsets[number + 1]) if number is not None else None,
        (offsets[min(first for first, _ in spans)], offsets[max(last for _, last in spans)]) if spans else None,
    )


def _headline(page: Page) -> int | None:
    """The number of the segment that is the headline: the heading, else the line, that repeats most of the title."""
    title = _squeeze(next((element.text or "" for element in page.elements("title")), ""))
    named = [_squeeze(name) for key in ("og:title", "twitter:title") for name in page.meta.get(key, ())[:1]]
    headings = list(_headings(page.text.segments))
    ranked = [(weight + _sameness(line, title, named), -number) for number, line, weight in headings]
    best = max(ranked, default=(0.0, 0))
    if best[0] < 2:
        lines = [(n, segment.text) for n, segment in enumerate(page.text.segments[:MAX_LINES])]
        best = max([best, *((_sameness(line, title, named), -n) for n, line in lines if 15 < len(line) < 200)])
    return -best[1] if best[0] > 0.5 else None


def _headings(segments: list[Segment]) -> Iterator[tuple[int, str, float]]:
    for number, segment in enumerate(segments):
        place = segment.place
        weight = _HEADINGS.get(place.tag) or (_HEADINGS.get(place.parent.tag) if place.parent else None)
        if weight:
            yield number, segment.text, weight


def _sameness(line: str, title: str, named: list[str]) -> float:
    """How much of the page's title, as `<title>` and as its metadata give it, a line repeats: 0 to 4."""
    line = _squeeze(line)
    same = any(line == name or (min(len(line), len(name)) > 15 and (line in name or name in line)) for name in named)
    return 2.0 * same + (2 * len(line) / len(title) if len(line) > 5 and line in title else 0.0)


def _squeeze(line: str) -> str:
    return "".join(_WORD.findall(line.casefold()))
