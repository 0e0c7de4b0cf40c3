"""Days as other calendars number them: the solar year of Persian pages, the eras of Japan and Taiwan.

Their names are in `rules/dates.toml`. The lunar calendars of Islam and the calendars of Nepal and Bengal are not read:
what a day is called there was observed or decreed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from aggregator import rules

_SOLAR = re.compile(r"(?<![\d/-])(1[34]\d\d)\s?([/-])\s?(\d\d?)\s?\2\s?(\d\d?)(?![\d/-])")
_ARABIC = re.compile("[\u0620-\u06ff]")  # the digits of Persian too
_SPELT = str.maketrans("يىك", "ییک")  # Arabic letters that keyboards give for the Persian ones
_FIRST_SOLAR = date(2023, 3, 21).toordinal()  # of the year 1402
_CYCLE, _LEAP = 33, (1, 5, 9, 13, 17, 22, 26, 30)  # years, and those of each cycle that have a day more


def is_persian(text: str, language: str | None) -> bool:
    """Whether a year such as 1402 may be the solar one; as one of the lunar calendar it is still to come."""
    return language == "fa" or (not text.isascii() and _ARABIC.search(text) is not None)


def find(text: str, *, persian: bool = False) -> Iterator[tuple[int, int, date]]:
    """(start, end, day) of each day in a text whose digits are European.

    >>> list(find("令和5年11月8日")), [day.isoformat() for _, _, day in find("17 آبان 1402", persian=True)]
    ([(0, 9, datetime.date(2023, 11, 8))], ['2023-11-08'])
    """
    eras = rules.load("dates")["eras"]
    for match in _era().finditer(text):
        year = 1 if match["year"] == "元" else int(match["year"])
        try:
            day = date(eras[match["era"]] + year, int(match["month"]), int(match["day"]))
        except ValueError:
            continue
        yield match.start(), match.end(), day
    if not persian:
        return
    for match in _SOLAR.finditer(text):
        if solar := _solar(int(match[1]), int(match[3]), int(match[4])):
            yield match.start(), match.end(), solar
    months = _months()
    for match in _named().finditer(text.translate(_SPELT)):
        if solar := _solar(int(match["year"]), months[match["month"]], int(match["day"])):
            yield match.start(), match.end(), solar


def _solar(year: int, month: int, day: int) -> date | None:
    """The day of the solar Hijri calendar; its leap years by the rule of 33, right from 1343 to 1472."""
    before = _leaps(year) - _leaps(1402)
    inside = (month - 1) * 31 - max(month - 7, 0)
    longest = 31 if month <= 6 else 30 if month < 12 else 29 + _leaps(year + 1) - _leaps(year)
    if not (1 <= month <= 12 and 1 <= day <= longest):
        return None
    return date.fromordinal(_FIRST_SOLAR + 365 * (year - 1402) + before + inside + day - 1)


def _leaps(year: int) -> int:
    """Leap years before this one."""
    cycles, place = divmod(year, _CYCLE)
    return cycles * len(_LEAP) + sum(leap < place for leap in _LEAP)


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(rules.load("dates")["solar_months"], 1) for name in names}


@cache
def _named() -> re.Pattern[str]:
    names = "|".join(map(re.escape, _months()))
    return re.compile(rf"(?<!\d)(?P<day>\d\d?)\s+(?P<month>{names})(?:\s?ماه)?[\s،,]{{1,3}}(?P<year>1[34]\d\d)(?!\d)")


@cache
def _era() -> re.Pattern[str]:
    eras = "|".join(rules.load("dates")["eras"])
    return re.compile(rf"(?P<era>{eras})\s?(?P<year>\d{{1,3}}|元)\s?年\s?(?P<month>\d\d?)\s?月\s?(?P<day>\d\d?)\s?日")
