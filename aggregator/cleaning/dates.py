"""Moments out of text: machine forms (ISO 8601, RFC 5322, POSIX time) and dates written in any language.

Month names and zone abbreviations are in `rules/dates.toml`; 'three hours ago' is in `relative_dates`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from itertools import starmap
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from aggregator import rules
from aggregator.cleaning import calendars

Precision = Literal["day", "minute", "second"]

MAX_TEXT = 2_000  # characters of one piece of text that are read


class Moment(NamedTuple):
    """A moment as a text gives it."""

    at: datetime  # aware; midnight where the text names only the day
    precision: Precision
    zoned: bool  # the text itself gave the offset
    swapped: date | None = None  # the other reading of 03/04/2023, where both are possible


@dataclass(frozen=True, slots=True)
class Habits:
    """What a text leaves out because its readers know it."""

    zone: tzinfo = UTC
    language: str | None = None  # ISO 639-1
    day_first: bool = True  # 03/04/2023 is in April


PLAIN = Habits()

_DIGITS = {
    zero + n: ord("0") + n
    for zero in (
        0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,  # Arabic, Indic
        0x0E50, 0x0ED0, 0x1040, 0x17E0, 0xFF10,  # Thai, Lao, Burmese, Khmer, full width
    )
    for n in range(10)
}  # fmt: skip
_FOREIGN, _DIGIT = re.compile(f"[{''.join(map(chr, _DIGITS))}]"), re.compile(r"\d")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d):?(\d\d):?(\d\d)?(Z)?)?")
_EPOCH = re.compile(r"(?:/Date\()?(\d{13}|\d{9,10})(?:[.+-]\d+)?(?:\)/)?")

_YEAR = r"(?:19[89]|20\d|25\d)\d"  # 25xx: the Buddhist era of Thai pages
_FULL_YEAR = re.compile(_YEAR)
_WORD = r"[^\W\d_][^\s\d.,;:/()|<>\"“”–—-]{1,19}"
_OF = r"(?:(?:of|de|del|di|da|do|den)\s+|d[’'])?"
_ERA = r"(?:\s?[(（][^\d()（）]{1,4}\d{1,3}年?[)）])?"  # 2023年(令和5年)9月1日
_THAI = r"[\u0e00-\u0e7f]{1,3}\.\s?[\u0e00-\u0e7f]{1,2}\."  # an abbreviated month
_NUMERIC = re.compile(
    rf"(?<![\d.,/$€£%-])(?<!\d:)(?:"
    rf"(?P<y1>{_YEAR})(?:(?P<s1>\s?[-/.]\s?)|{_ERA}\s?[年년]{_ERA}\s?)(?P<m1>\d\d?)(?:(?P=s1)|\s?[月월]\s?)(?P<d1>\d\d?)(?!\d)"
    rf"|(?P<a>\d\d?)\s?(?P<s2>[-/.])\s?(?P<b>\d\d?)\s?(?P=s2)\s?(?P<y2>{_YEAR}|(?:(?<=\d\d[-.]\d\d[-.])|(?<=/))\d\d)(?!\d|[:.]\d)"
    rf"|(?P<d3>\d\d?)\s+tháng\s+(?P<m3>\d\d?)\s*,?\s*(?:năm\s+)?(?P<y3>{_YEAR}))"
)
_NAMED = (  # all but the first need a full year
    re.compile(  # 1st of March, 2023
        rf"(?<![\d.,/$€£-])(?<!\d:)(?P<day>\d\d?)(?:st|nd|rd|th|er|re|º|ª|°|-?го|-а)?[\s.,/-]{{0,3}}{_OF}"
        rf"(?P<month>{_WORD}(?:\s(?:الثاني|الأول))?|{_THAI})[\s.,/-]{{0,3}}{_OF}"
        rf"(?P<year>{_YEAR}|(?:['’]|(?<=-)|(?<=[\u0e00-\u0e7f]\.\s))\d\d)(?!\d)"
    ),
    re.compile(  # March 1, 2023; Wed Mar 01 12:30:00 CET 2023
        rf"(?<![^\W_])(?P<month>{_WORD})[\s./-]{{1,3}}(?P<day>\d\d?)(?:st|nd|rd|th)?[\s,.،-]{{1,3}}{_OF}"
        rf"(?P<clock>\d\d:\d\d(?::\d\d)?\s(?:(?:[A-Z]{{2,4}}|[+-]\d{{4}})\s)?)?(?P<year>{_YEAR})(?!\d)"
    ),
    re.compile(  # 2023. gada 1. marts
        rf"(?<!\d)(?P<year>{_YEAR})\.?\s(?:gada|yil|жылғы)\s(?P<day>\d\d?)[.\s-]{{1,2}}(?P<month>{_WORD})"
    ),
    re.compile(  # 2023. március 1.
        rf"(?<!\d)(?P<year>{_YEAR})[\s.,/-]{{1,2}}(?:m\.\s?)?(?P<month>{_WORD})[\s.,/-]{{1,2}}(?P<day>\d\d?)(?![\d:])"
    ),
)
_HALF = r"(?:\s?(?P<half>[apAP])\.?\s?[mM]\b\.?)?(?:\s?(?:Uhr|uur|hrs|h)\b)?"
_TIME = re.compile(
    r"(?:\s?(?P<iso>T)\s?|\W{0,5}(?:[^\W\d]{1,4}\.?\s{1,2}){0,2})(?<!\d)(?P<hour>2[0-3]|[01]?\d)"  # 'um', 'at', 'a las'
    r"(?:\s?[:.hH時时시]\s?(?P<minute>[0-5]\d)(?:[:.](?P<second>[0-5]\d)(?:[.,:]\d{1,9})?)?(?!\d)"
    rf"|(?=\s?[apAP]\.?[mM]\b|\s?Uhr\b)){_HALF}"
    r"(?:\s?\(?(?P<zone>Z\b|(?:UTC|GMT)\s?[+-]\d\d?(?::?\d\d)?\b|[A-Z]{2,4}\b"
    r"|(?(iso)|(?(second)|(?=\+|-\d{4}\b)))[+-]\d\d(?::?\d\d)?\b))?"  # 10:00-11:00 is a span, 10:00:00-11:00 an offset
)
_TIME_BEFORE = re.compile(
    r"(?<![\d:.])(?P<hour>2[0-3]|[01]?\d):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?"
    rf"{_HALF}(?:\s?\(?(?P<zone>[A-Z]{{2,4}})\b\)?)?\W{{0,4}}(?:[^\W\d]{{1,10}}\W{{1,2}}){{0,2}}$"
)
_GLUED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # 'DoeMarch'
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?([+-])(\d\d?):?(\d\d)?")


class _Span(NamedTuple):
    start: int
    end: int
    day: date
    swapped: date | None = None
    clock: str = ""  # a time that stands inside the date


def parse(text: str, habits: Habits = PLAIN) -> Moment | None:
    """The moment of a value that holds one: a metadata field, a `datetime` attribute, a feed's pubDate.

    >>> parse("Fri, 01 Sep 2023 12:30:00 +0200").at.isoformat()
    '2023-09-01T12:30:00+02:00'
    >>> parse("1693564200").at.isoformat()
    '2023-09-01T10:30:00+00:00'
    """
    text = text[:200].strip()
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        try:
            at = datetime(year, month, day, hour, minute, second, tzinfo=UTC if match[7] else habits.zone)
        except ValueError:
            pass
        else:
            return Moment(at, "second" if match[6] else "minute" if match[4] else "day", bool(match[7]))
    if match := _EPOCH.fullmatch(text):
        seconds = int(match[1]) / (1000 if len(match[1]) == 13 else 1)
        return Moment(datetime.fromtimestamp(int(seconds), UTC), "second", True)
    return next((moment for moment, _, _ in find(text, habits)), None)


def find(text: str, habits: Habits = PLAIN) -> Iterator[tuple[Moment, int, int]]:
    """The dates of a text in its order, each with the span it takes.

    >>> [text[start:end] for text in ["Publié le 3 mars 2021 à 8h05 par AFP"] for _, start, end in find(text)]
    ['3 mars 2021 à 8h05']
    """
    text = text[:MAX_TEXT]
    if not _DIGIT.search(text):
        return
    plain, persian = text.isascii(), calendars.is_persian(text, habits.language)
    if _FOREIGN.search(text):
        text = text.translate(_DIGITS)
    reached = 0
    spans = [*_numeric(text, habits), *_named(text, habits)]
    if persian or not plain:
        spans += starmap(_Span, calendars.find(text, persian=persian))
    spans.sort(key=lambda span: (span.start, -span.end))
    for span in spans:
        if span.start < reached:
            continue
        end = span.end
        if span.clock:
            time = _TIME.match(span.clock)
        elif time := _TIME.match(text, span.end):
            end = time.end()
        else:
            time = _TIME_BEFORE.search(text[max(reached, span.start - 40) : span.start])
        yield _moment(span, time, habits), span.start, end
        reached = end


def day_at(day: date, habits: Habits, swapped: date | None = None) -> Moment:
    """The moment of a text that names a day alone."""
    return Moment(datetime(day.year, day.month, day.day, tzinfo=habits.zone), "day", False, swapped)


def offset(name: str) -> tzinfo | None:
    """The zone of `+02:00`, `GMT-5`, `Z` or a known abbreviation (CEST).

    >>> offset("EDT").utcoffset(None).total_seconds() / 3600
    -4.0
    """
    name = name.strip()
    minutes = rules.load("dates")["zones"].get(name.lower())
    if isinstance(minutes, str):
        return ZoneInfo(minutes)
    if minutes is None and (match := _OFFSET.fullmatch(name)):
        minutes = (int(match[2]) * 60 + int(match[3] or 0)) * (-1 if match[1] == "-" else 1)
    if minutes is None or not -12 * 60 <= minutes <= 14 * 60:
        return None
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def fold(word: str) -> str:
    """A word without case and Latin, Greek or Cyrillic accents.

    >>> fold("AOÛT"), fold("Ağustos")
    ('aout', 'agustos')
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold()).replace("ı", "i")
    return unicodedata.normalize("NFC", "".join(c for c in plain if not "\u0300" <= c <= "\u036f"))


@cache
def _months(language: str | None) -> dict[str, int]:
    data = rules.load("dates")
    names = {name.strip(): int(month) for month, names in data["months"].items() for name in names.split(",")}
    own: dict[str, int] = data["months_of"].get(language, {})
    return names | own


def _numeric(text: str, habits: Habits) -> Iterator[_Span]:
    for match in _NUMERIC.finditer(text):
        if match["a"]:
            first, second = int(match["a"]), int(match["b"])
            if habits.day_first or match["s2"] == ".":
                day, swapped = _date(match["y2"], second, first), _date(match["y2"], first, second)
            else:
                day, swapped = _date(match["y2"], first, second), _date(match["y2"], second, first)
        else:
            n = 1 if match["y1"] else 3
            day, swapped = _date(match[f"y{n}"], int(match[f"m{n}"]), int(match[f"d{n}"])), None
        if best := day or swapped:
            yield _Span(match.start(), match.end(), best, swapped if swapped != best else None)


def _named(text: str, habits: Habits) -> Iterator[_Span]:
    months = _months(habits.language)
    for pattern in _NAMED if _FULL_YEAR.search(text) else _NAMED[:1]:
        for match in pattern.finditer(text):
            word, year = match["month"].strip("'’׳॰"), match["year"]
            if "." in word:  # พ.ย., where the year may be short, too
                word, year = re.sub(r"[.\s]", "", word), f"25{year[-2:]}" if len(year) == 2 else year
            start, month = match.start(), months.get(fold(word))
            if not month and len(pieces := _GLUED.split(word)) > 1:  # 'UpdatedMarch 1, 2023'
                month = months.get(fold(pieces[-1]))
                start += len(word) - len(pieces[-1]) if match.start("month") == start else 0
            if month and (day := _date(year, month, int(match["day"]))):
                yield _Span(start, match.end(), day, clock=match.groupdict().get("clock") or "")


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year.lstrip("'’"))
    if number < 100:
        number += 2000 if number < 70 else 1900
    elif number >= 2500:
        number -= 543  # the Buddhist era
    try:
        return date(number, month, day)
    except ValueError:
        return None


def _moment(span: _Span, time: re.Match[str] | None, habits: Habits) -> Moment:
    if time is None:
        return day_at(span.day, habits, span.swapped)
    midnight = day_at(span.day, habits).at
    hour = int(time["hour"])
    if half := time["half"]:
        hour = hour % 12 + 12 * (half in "pP") if hour <= 12 else hour
    zone = offset(time["zone"]) if time["zone"] else None
    at = midnight.replace(
        hour=hour, minute=int(time["minute"] or 0), second=int(time["second"] or 0), tzinfo=zone or habits.zone
    )
    return Moment(at, "second" if time["second"] else "minute", zone is not None, span.swapped)
