"""The data that a page's scripts start from: JSON in `<script>`s, whole, assigned to a variable, or pushed in pieces.

Formats: https://nextjs.org (`__NEXT_DATA__`; since 13, React's rows in `self.__next_f.push`), https://nuxt.com
(`__NUXT_DATA__`, a flat list whose values are places in it; before, a function's value), and whatever looks like them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import unquote

from lxml.html import HtmlElement

MIN_SCRIPT = 400  # characters; a shorter script holds no story
MAX_SCRIPTS = 10_000_000  # characters of all that are read
MAX_TRIES = 20  # values that are looked for in one script
MAX_CODE = 3_000_000  # characters of a page's scripts that are read as JavaScript writes objects: 0.4 s a million
MAX_NAME = 80
MAX_ROWS = 20_000  # pieces of a page that come one by one

_DECODER = json.JSONDecoder(strict=False)
_VALUE = re.compile(r"""=\s{0,4}(?=\{\s{0,9}["'\w]|\[\s{0,9}[{\["]|\(\s{0,4}function|JSON\.parse\()""")
_NAME = re.compile(r"""([\w$][\w$.]{3,})['"]?\]?\s{0,4}$""")  # names of one to three letters are a program's own
_PARSED = re.compile(
    r"""JSON\.parse\(\s{0,4}(?:decodeURIComponent\(\s{0,4})?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL
)
_ESCAPED = re.compile(r'\\(?:x([0-9a-fA-F]{2})|(.))|(")', re.DOTALL)
_PUSHED = "__next_f.push("
_ROW = re.compile(rb"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),|)")
_REFERENCE = re.compile(r"\$[L@]?([0-9a-f]{1,8})$")
_FUNCTION = re.compile(r"\(\s{0,4}function\s{0,4}\(([\w$,\s]*)\)\s{0,4}\{")
_TOKEN = re.compile(
    r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|"""
    r"""void 0|![01]|[A-Za-z_$][\w$]*(?:\([^()"']{0,200}\))?|-?\.?\d[\w.]*|[{}\[\]]""",
    re.DOTALL,
)
_WRITTEN = {"void 0": "null", "!0": "true", "!1": "false"}
_LITERALS = frozenset({"true", "false", "null"})


class Payload(NamedTuple):
    name: str  # the script's id, or the variable it is assigned to
    value: Any


def read(scripts: Iterable[HtmlElement]) -> Iterator[Payload]:
    """What can be read as data, JSON-LD left out, in the page's order; never raises on what it finds there."""
    left, code = MAX_SCRIPTS, _Code()
    pushed: list[str] = []
    for script in scripts:
        text, kind = script.text or "", (script.get("type") or "").lower()
        left -= len(text)
        if len(text) < MIN_SCRIPT and _PUSHED not in text:
            continue
        if left < 0:
            return
        if "json" in kind:
            if "ld+json" not in kind and (value := _decoded(text)) is not None:
                yield Payload(script.get("id") or kind, _unfolded(value))
        elif _PUSHED in text:
            pushed += _pieces(text)
        else:
            yield from _assigned(text, code)
    if pushed and (rows := _rows("".join(pushed))):
        yield Payload("__next_f", rows)


def _decoded(text: str) -> Any:
    try:
        return _DECODER.decode(text.strip().removeprefix("<!--").removesuffix("-->").strip())
    except (ValueError, RecursionError):
        return None


def _assigned(text: str, code: _Code) -> Iterator[Payload]:
    """The values of `name = {…}`, `name = JSON.parse("…")`, and of a function called where it stands."""
    end = 0
    for match in islice(_VALUE.finditer(text), MAX_TRIES):
        name = _NAME.search(text, max(0, match.start() - MAX_NAME), match.start())
        if match.end() < end or name is None:
            continue
        value, stop = _value(text, match.end(), code)
        if isinstance(value, (dict, list)) and stop - match.end() >= MIN_SCRIPT:
            end = stop
            yield Payload(name[1], value)


def _value(text: str, start: int, code: _Code) -> tuple[Any, int]:
    """The value at `start`, and where it ends."""
    try:
        if text[start] == "J":
            return _parsed(text, start), len(text)
        if text[start] == "(":
            return _returned(text, start, code), len(text)
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return code.read(text, start, {}) if text[start] == "{" else (None, start)


def _parsed(text: str, start: int) -> Any:
    """A string of JSON; the quotes that JavaScript has and JSON has not are turned into its own."""
    match = _PARSED.match(text, start)
    if match is None:
        return None
    string = json.loads('"' + _ESCAPED.sub(_escape, match[1][1:-1]) + '"', strict=False)
    return _DECODER.decode(unquote(string) if "decodeURI" in match[0][:40] else string)


def _escape(match: re.Match[str]) -> str:
    if match[1]:
        return f"\\u00{match[1]}"
    if match[3]:
        return '\\"'
    return match[0] if match[2] in '"\\/bfnrtu' else match[2]


def _returned(text: str, start: int, code: _Code) -> Any:
    """`(function(a,b){return {…}}("x",1))`: the object, with what the function was called with in its places."""
    function = _FUNCTION.match(text, start)
    called = text.rfind("}(")
    if function is None or called < 0:
        return None
    begin = text.find("return", function.end())
    arguments = text[called + 1 :].replace("(", "[", 1).rpartition(")")[0].rpartition(")")[0] + "]"
    values, _ = code.read(arguments, 0, {})
    names = [name.strip() for name in function[1].split(",")]
    given = dict(zip(names, values if isinstance(values, list) else [], strict=False))
    return code.read(text, text.find("{", begin), given)[0] if begin > 0 else None


class _Code:
    """Objects as JavaScript writes them: keys without quotes, strings in single ones, variables."""

    def __init__(self) -> None:
        self.left = MAX_CODE

    def read(self, text: str, start: int, given: Mapping[str, Any]) -> tuple[Any, int]:
        """The value at `start`, None where it is none, and where it ends; variables are what is `given` for them."""
        parts: list[str] = []
        depth, end = 0, start
        for match in _TOKEN.finditer(text, start, start + self.left):
            parts.append(text[end : match.start()])
            token, end = match[0], match.end()
            if token in "{[":
                depth += 1
            elif token in "}]":
                depth -= 1
            elif token[0] == "'":
                token = '"' + _ESCAPED.sub(_escape, token[1:-1]) + '"'
            elif token in _WRITTEN:
                token = _WRITTEN[token]
            elif token[0].isalpha() or token[0] in "_$":
                is_key = text[end : end + 1] == ":"
                token = f'"{token}"' if is_key else token if token in _LITERALS else json.dumps(given.get(token))
            elif token[0] in ".-" or token.isalnum():
                token = token if token.isdecimal() else "0"
            parts.append(token)
            if depth == 0:
                break
        self.left -= end - start
        try:
            return _DECODER.decode("".join(parts).strip()), end
        except (ValueError, RecursionError):
            return None, start


def _unfolded(value: Any) -> Any:
    """A flat list in which numbers are places of other values, unfolded; anything else as it is."""
    if not isinstance(value, list) or len(value) < 3 or not isinstance(value[0], (dict, list)):
        return value
    root = value[0]
    if not all(type(place) is int for place in (root.values() if isinstance(root, dict) else root[1:])):
        return value
    for member in value:
        if isinstance(member, dict):
            for key, place in member.items():
                member[key] = _at(value, place)
        elif isinstance(member, list):
            named = bool(member) and isinstance(member[0], str)  # ["Reactive", 3]
            member[:] = [_at(value, place) for place in member[named:]]
    return value[0]


def _at(values: list[Any], place: Any) -> Any:
    whole = isinstance(place, int) and not isinstance(place, bool)
    return values[place] if whole and 0 <= place < len(values) else None


def _pieces(text: str) -> Iterator[str]:
    end = text.find(_PUSHED)
    while end >= 0:
        try:
            value, end = _DECODER.raw_decode(text, end + len(_PUSHED))
        except (ValueError, RecursionError):
            return
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            yield value[1]
        end = text.find(_PUSHED, end)


def _rows(text: str) -> dict[str, Any]:
    """React's rows by their number, `1a:["$","p",…]` and `1b:T2c,text of so many bytes`, references filled in."""
    data = text.encode("utf-8", "replace")
    rows: dict[str, Any] = {}
    end = 0
    while end < len(data) and len(rows) < MAX_ROWS:
        match = _ROW.match(data, end)
        if match and match[2]:
            stop = match.end() + int(match[2], 16)
            rows[match[1].decode()] = data[match.end() : stop].decode("utf-8", "replace")
        else:
            stop = data.find(b"\n", end) + 1 or len(data)
            if match and (value := _decoded(data[match.end() : stop].decode("utf-8", "replace"))) is not None:
                rows[match[1].decode()] = value
        end = stop
    for value in list(rows.values()):
        _fill(value, rows)
    return rows


def _fill(value: Any, rows: Mapping[str, Any]) -> None:
    """Puts rows where they are referred to. What is put there is filled by its own turn."""
    stack = [value]
    while stack:
        container = stack.pop()
        places: Iterable[Any] = (
            container if isinstance(container, dict) else range(len(container)) if isinstance(container, list) else ()
        )
        for place in places:
            member = container[place]
            if isinstance(member, (dict, list)):
                stack.append(member)
            elif isinstance(member, str) and member[:1] == "$" and (match := _REFERENCE.match(member)):
                container[place] = rows.get(match[1], "")
