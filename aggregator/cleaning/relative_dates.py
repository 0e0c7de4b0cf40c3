"""Moments counted from now: 'three hours ago', 'vor 2 Stunden', 'hace 3 días', 'yesterday, 14:05'.

The words are in `rules/dates.toml`. Weeks, months and years are not read: they name no day.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache

from aggregator import rules
from aggregator.cleaning.dates import PLAIN, Habits, Moment, fold

MAX_TEXT = 100  # characters; a longer line is prose

_CLOCK = r"\W{0,4}(?:[^\W\d]{1,4}\s){0,2}(?P<hour>2[0-3]|[01]?\d)[:.h](?P<minute>[0-5]\d)(?:\s?(?P<half>[ap])\.?m)?"


def relative(text: str, now: datetime, habits: Habits = PLAIN) -> Moment | None:
    """The moment a short line gives by its distance from `now` (aware), under the zone of `habits`.

    >>> relative("vor 2 Stunden", datetime.fromisoformat("2023-09-01T12:00+00:00")).at.isoformat()
    '2023-09-01T10:00:00+00:00'
    """
    if len(text) > MAX_TEXT:
        return None
    line = fold(text.strip())
    here = now.astimezone(habits.zone)
    for match in _ago().finditer(line):
        if not (match["before"] or match["after"]):
            continue
        number = int(match["number"]) if match["number"].isdigit() else 1
        unit = next(unit for unit, words in _units().items() if match["unit"] in words)
        if unit == "day":
            return _midnight(here - timedelta(days=number))
        at = here - timedelta(**{f"{unit}s": number})
        return Moment(at.replace(second=0, microsecond=0), "minute", True)
    near = _near_day().search(line)
    if not near:
        return None
    day = _midnight(here - timedelta(days=0 if near["today"] else 1))
    if near["hour"] is None:
        return day if near["alone"] is not None else None
    hour = int(near["hour"]) % 12 + 12 * (near["half"] == "p") if near["half"] else int(near["hour"])
    return Moment(day.at.replace(hour=hour, minute=int(near["minute"])), "minute", False)


def _midnight(at: datetime) -> Moment:
    return Moment(at.replace(hour=0, minute=0, second=0, microsecond=0), "day", False)


@cache
def _units() -> dict[str, list[str]]:
    return {unit: _folded(words) for unit, words in rules.load("dates")["relative"]["units"].items()}


@cache
def _ago() -> re.Pattern[str]:
    words = rules.load("dates")["relative"]
    before, after, one = (_either(words[key]) for key in ("before", "after", "one"))
    unit = _either([word for unit in words["units"].values() for word in unit])
    return re.compile(
        rf"(?:(?<!\w)(?P<before>{before})\s*)?(?<!\w)(?P<number>\d{{1,3}}|{one})\s?(?P<unit>{unit})"
        rf"(?:\s?(?P<after>{after})(?!\w)|(?!\w))"
    )


@cache
def _near_day() -> re.Pattern[str]:
    words = rules.load("dates")["relative"]
    today, yesterday = _either(words["today"]), _either(words["yesterday"])
    alone = r"(?P<alone>^(?:[^\W\d]+(?: [^\W\d]+)?: ?)?)"  # with no more than a label: 'Posted: today'
    return re.compile(rf"(?:{alone}|(?<!\w))(?:(?P<today>{today})|(?P<yesterday>{yesterday}))(?:{_CLOCK})?\W*(?:uhr)?$")


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(_folded(words), key=len, reverse=True))


def _folded(words: list[str]) -> list[str]:
    return [fold(word) for word in words]
