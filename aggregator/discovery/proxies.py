"""Addresses that only pass a reader on, and say where to."""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from aggregator import rules


def target(url: str) -> str | None:
    """Where a redirector's URL leads to; None where it is no redirector's, or does not say.

    >>> target("https://www.google.com/url?q=https%3A%2F%2Fnews.example%2Fdam&sa=D")
    'https://news.example/dam'
    >>> target("https://pile.example/goto/https://news.example/dam")
    'https://news.example/dam'
    """
    if "http" not in url[8:]:
        return None
    parts, (paths, names) = urlsplit(url), _known()
    path, _, rest = unquote(parts.path).partition("/http")
    if path.rstrip("/").rpartition("/")[2].lower() not in paths:
        return None
    claims = [f"http{rest}?{parts.query}".rstrip("?")] if rest else []
    claims += [value for name, value in parse_qsl(parts.query)[:20] if name.lower() in names]
    return next(filter(_is_address, claims), None)


def _is_address(claim: str) -> bool:
    try:
        return claim.startswith(("http://", "https://")) and bool(urlsplit(claim).hostname)
    except ValueError:
        return False


@cache
def _known() -> tuple[frozenset[str], frozenset[str]]:
    table = rules.load("listings")
    return frozenset(table["redirector_paths"]), frozenset(table["redirector_parameters"])
