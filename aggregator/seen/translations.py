"""One story in two languages: no words in common, but the same picture, the same numbers, about the same day."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import numpy as np

from aggregator.cleaning import urls
from aggregator.seen.fingerprints import Fingerprint

DAYS = 3
NUMBERS = 3  # that both texts have …
SHARE = 0.5  # … and that are so much of the numbers of the text with fewer
_DIGITS, _LETTERS = 4, 12  # of a file's name that is nobody else's


def picture(url: str) -> str:
    """What a picture is recognised by wherever it lies: its file's name where that is distinctive, else its address.

    >>> picture("https://a.example/uploads/2024/05/wna-8f31c2d07b44-1024x768.jpg")
    'wna-8f31c2d07b44'
    >>> picture("https://a.example/img/dam.jpg?w=600")
    'a.example/img/dam.jpg'
    """
    parts, name = urlsplit(url), urls.picture(url)[1].partition(".")[0]
    digits, letters = sum(map(str.isdigit, name)), sum(map(str.isalnum, name))
    return name if digits >= _DIGITS and letters >= _LETTERS else f"{parts.netloc}{parts.path}".lower()


def is_likely(
    languages: tuple[str | None, str | None],
    published: tuple[str | None, str | None],
    texts: tuple[Fingerprint, Fingerprint],
) -> bool:
    """Whether two articles with one picture tell one story in two languages; `published` as ISO 8601."""
    (one, other), (mine, its) = languages, published
    if not one or not other or one == other or not mine or not its:
        return False
    if abs((datetime.fromisoformat(mine) - datetime.fromisoformat(its)).total_seconds()) > DAYS * 24 * 3600:
        return False
    numbers, others = texts[0].numbers, texts[1].numbers
    agreed = len(np.intersect1d(numbers, others, assume_unique=True))
    return agreed >= NUMBERS and agreed >= SHARE * min(len(numbers), len(others))
