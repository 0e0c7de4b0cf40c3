"""What changes on a page while its story does not: counters (`rules/noise.toml`) and moments counted from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache

from aggregator import rules
from aggregator.cleaning.relative_dates import relative
from aggregator.cleaning.text import UNSPACED

LONGEST = 60  # characters of a line that can be noise

_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
_NUMBER = re.compile(r"\d")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def is_noise(line: str) -> bool:
    """Whether a block of text is no more than a counter or a moment counted from now.

    >>> is_noise("1,024 people read this"), is_noise("Updated 5 minutes ago"), is_noise("The dam is 62 years old.")
    (True, True, False)
    """
    if len(line) > LONGEST:
        return False
    return bool(_NUMBER.search(line) and _counter().search(line.casefold())) or is_relative(line)


def is_relative(text: str) -> bool:
    """Whether a moment is told by its distance from now.

    >>> is_relative("2 hours ago"), is_relative("2024-05-06T07:08:09Z")
    (True, False)
    """
    return relative(text, _ANY_MOMENT) is not None


@cache
def _counter() -> re.Pattern[str]:
    words = sorted(rules.load("noise")["counters"], key=len, reverse=True)
    return re.compile(
        "|".join(re.escape(word) if _UNSPACED.search(word) else rf"\b{re.escape(word)}\b" for word in words)
    )
