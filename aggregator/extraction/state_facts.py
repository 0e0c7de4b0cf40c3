"""What the data that holds a story says of it: when it was published and changed, and who wrote it.

The object nearest to the text that says so counts. What is under keys of other things (related stories, pictures,
comments) is not looked at, nor what is in lists.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from aggregator import rules
from aggregator.extraction.blocks import name_words

MAX_DEPTH = 3  # levels of an object that are looked at
MAX_VALUES = 5_000
MAX_NAMES = 20
MAX_VALUE = 200  # characters of a date or name

_NOT_WORD = re.compile(r"[^a-z0-9]")


class Fact(NamedTuple):
    key: str  # as the data has it: publishedAt
    value: str


def date(holders: Iterable[Any], kind: str) -> Fact | None:
    """The date of a `kind` ("published", "modified") in the objects around the text, the innermost of them first."""
    return next((Fact(key, text) for key, value in _told(holders, kind) if (text := _text(value))), None)


def authors(holders: Iterable[Any]) -> tuple[str, list[str]] | None:
    """The key and the names under it."""
    for key, value in _told(holders, "authors"):
        if names := [name for name in _names(value, 0) if name][:MAX_NAMES]:
            return key, names
    return None


def _told(holders: Iterable[Any], kind: str) -> Iterator[tuple[str, Any]]:
    for holder in holders:
        if isinstance(holder, dict):
            yield from _members(holder, kind)


def _members(node: dict[str, Any], kind: str) -> Iterator[tuple[str, Any]]:
    """The values of the keys of a kind, those nearest to the object first, of one level as the rules order them."""
    wanted = _table(kind)
    level, seen = deque([node]), 0
    for _ in range(MAX_DEPTH):
        found: list[tuple[int, str, Any]] = []
        below: deque[dict[str, Any]] = deque()
        for value in level:
            seen += 1
            if seen > MAX_VALUES:
                return
            for key, member in value.items():
                if (rank := wanted.get(_folded(key))) is not None:
                    found.append((rank, key, member))
                elif isinstance(member, dict) and not _is_elsewhere(key):
                    below.append(member)
        for _, key, member in sorted(found, key=lambda one: one[0]):
            yield key, member
        level = below


def _names(value: Any, depth: int) -> Iterator[str]:
    """The names in a text, an object or a list of them."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, str):
        yield value[:MAX_VALUE].strip()
    elif isinstance(value, list):
        for member in value[:MAX_NAMES]:
            yield from _names(member, depth + 1)
    elif isinstance(value, dict):
        members = {_folded(key): member for key, member in value.items()}
        for key in _table("names"):
            if isinstance(name := members.get(key), str) and name.strip():
                yield name[:MAX_VALUE].strip()
                return
        parts = [members.get("firstname"), members.get("lastname")]
        if all(isinstance(part, str) and part for part in parts):
            yield " ".join(map(str, parts))
            return
        for key in _table("wrappers"):
            if key in members:
                yield from _names(members[key], depth + 1)
                return


def _text(value: Any) -> str | None:
    """A date as a text, a number, or the one value of an object: {"$date": …}, {"iso": …}."""
    if isinstance(value, dict) and value:
        value = next((one for one in value.values() if isinstance(one, str)), None)
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    return str(value)[:MAX_VALUE].strip() or None


def _folded(key: str) -> str:
    return _NOT_WORD.sub("", key[:80].lower())


@cache
def _table(name: str) -> dict[str, int]:
    return {_folded(key): rank for rank, key in enumerate(rules.load("state")["facts"][name])}


def _is_elsewhere(key: str) -> bool:
    """Under the key stands something else that has dates and names."""
    others = _table("elsewhere")
    return any(word in others or word.removesuffix("s") in others for word in (key.lower(), *name_words(key)))
