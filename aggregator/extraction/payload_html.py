"""A story as data turned into HTML: React's elements, JsonML, rich text of editors, lists of typed blocks, strings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape, unescape
from typing import Any

from aggregator import rules
from aggregator.cleaning.text import folded
from aggregator.extraction.blocks import INLINE, name_words

PROSE = 60  # characters of a string under a key that is not known to hold text
MAX_HTML = 1_000_000  # characters made
MAX_VALUES = 200_000
MAX_DEPTH = 120
MAX_KEY = 60  # characters; a longer key is an address or a query
SAME = 30  # letters that two values of an object begin with and are then the same text twice

_BLOCK = re.compile(r"<(?:p|div|h[1-6]|ul|ol|li|blockquote|table|section|figure|br)\b", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_LEVEL = re.compile(r"h(?:ead(?:ing|er))?[-_ ]?([1-6])")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
_MARKDOWN = re.compile(r"!\[[^\]]{0,300}\]\([^)\s]{0,500}\)|\[([^\]]{1,300})\]\([^)\s]{0,500}\)|\*\*|__")
_ADDRESS = re.compile(r"[/?:]")  # a key that is a route or a query
_ENDS = re.compile(r"""[.!?…:。！？]["'”’»)\]]*\s*$""")
_PARAGRAPHS = re.compile(r"\n\s*\n")


def html(value: Any, key: str) -> str:
    """The value, which stood under `key`, as HTML."""
    writer = _Writer()
    writer.write(value, key, False, 0)
    return "".join(writer.parts)


def is_markup(text: str) -> bool:
    return "<" in text and _MARKUP.search(text) is not None


def is_text_key(key: str) -> bool:
    return key in _keys("text")


@cache
def is_other(key: str) -> bool:
    """Whether no part of the story stands under the key."""
    if is_text_key(key) or _ADDRESS.search(key) or len(key) > MAX_KEY:
        return False
    words = (key.lower(), *name_words(key))
    return any(word in _keys("other") or word.removesuffix("s") in _keys("other") for word in words)


def is_no_text(value: Any) -> bool:
    """Whether an object or list is an element without text of the story: a script, a picture, a form."""
    if isinstance(value, dict):
        return _tag(value) is None
    name = value[1] if value[:1] == ["$"] and len(value) > 3 else None
    return isinstance(name, str) and name in _types("not")


class _Writer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.size = self.written = 0
        self.open: set[int] = set()  # containers that are being written: data may hold itself

    def put(self, text: str) -> None:
        self.size += len(text)
        self.parts.append(text)

    def write(self, value: Any, key: str, inline: bool, depth: int) -> None:
        self.written += 1
        if self.size > MAX_HTML or self.written > MAX_VALUES or depth > MAX_DEPTH:
            return
        if isinstance(value, str):
            self.string(value, key, inline)
        elif isinstance(value, (list, dict)) and id(value) not in self.open:
            self.open.add(id(value))
            if isinstance(value, list):
                self.list(value, key, inline, depth + 1)
            else:
                self.object(value, inline, depth + 1)
            self.open.discard(id(value))

    def string(self, text: str, key: str, inline: bool) -> None:
        if "&" in text and (not is_markup(text) or "&lt;p&gt;" in text[:2_000]):
            text = unescape(text)
        if is_markup(text):
            self.put(text if inline or _BLOCK.search(text) else f"<p>{text}</p>")
        elif inline:
            self.put(escape(text))
        elif (" " in text.strip() or not text.isascii()) and (is_text_key(key) or len(text) >= PROSE):
            self.paragraphs(text)

    def paragraphs(self, text: str) -> None:
        """Plain text or Markdown: a blank line, or where there is none each line, ends a paragraph."""
        for piece in _PARAGRAPHS.split(text) if "\n\n" in text else text.splitlines():
            piece = _MARKDOWN.sub(r"\1", piece.strip())
            if heading := _HEADING.fullmatch(piece):
                self.put(f"<h{len(heading[1])}>{escape(heading[2])}</h{len(heading[1])}>")
            elif piece:
                self.put(f"<p>{escape(piece)}</p>")

    def list(self, value: Sequence[Any], key: str, inline: bool, depth: int) -> None:
        first = value[0] if value else None
        if first == "$" and len(value) > 3:  # React: "$", tag or component, key, properties
            props = value[3] if isinstance(value[3], dict) else {}
            tag = value[1] if isinstance(value[1], str) and value[1] in _types("known") else "div"
            inner = props.get("dangerouslySetInnerHTML", props.get("children"))
            inner = inner.get("__html") if isinstance(inner, dict) else inner
            self.element(tag, [props if inner is None else inner], "children", inline, depth)
        elif (
            isinstance(first, str) and first in _types("known") and len(value) > 1
        ):  # JsonML: tag, attributes, children
            self.element(first, value[2:] if isinstance(value[1], dict) else value[1:], key, inline, depth)
        elif isinstance(first, int) and len(value) > 2 and isinstance(value[1], str) and value[1] in _types("known"):
            self.element(value[1], value[2:], key, inline, depth)  # Mobiledoc: 1, tag, markers
        elif not inline and _is_run(value):
            self.element("p", value, key, False, depth)
        else:
            for member in value:
                self.write(member, key, inline, depth)

    def object(self, value: Mapping[str, Any], inline: bool, depth: int) -> None:
        tag = _tag(value)
        if tag is None:
            return
        if inline and tag in ("p", "div"):
            tag = "span"
        start = self.open_tag(tag)
        begun: set[str] = set()
        for key, member in value.items():
            if is_other(key) or (isinstance(member, str) and not _says(key, member)):
                continue
            before, size = len(self.parts), self.size
            self.write(member, key, inline or _is_inline(tag), depth)
            beginning = folded(_MARKUP.sub("", "".join(self.parts[before : before + 40])[:1_000]))[:SAME]
            if len(beginning) == SAME and beginning in begun:
                del self.parts[before:]
                self.size = size
            begun.add(beginning)
        self.close_tag(tag, start)

    def element(self, tag: str, children: Sequence[Any], key: str, inline: bool, depth: int) -> None:
        if tag in _types("not"):
            return
        start = self.open_tag(tag)
        for child in children:
            self.write(child, key, inline or _is_inline(tag), depth)
        self.close_tag(tag, start)

    def open_tag(self, tag: str) -> int:
        self.put(f"<{tag}>")
        return len(self.parts)

    def close_tag(self, tag: str, start: int) -> None:
        """An element in which nothing was written is taken back."""
        if len(self.parts) == start:
            self.parts.pop()
        else:
            self.put(f"</{tag}>")


def _says(key: str, text: str) -> bool:
    """Whether a string of an object is text: under the keys that hold it, else prose alone."""
    if "://" in text[:12] and " " not in text:
        return False
    return is_text_key(key) or len(text) >= PROSE


def _is_inline(tag: str) -> bool:
    return tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th") or tag in INLINE


def _is_run(members: Sequence[Any]) -> bool:
    """Pieces of one paragraph: objects with a text and nothing in it, not all of which end as sentences do."""
    texts = [member.get("text", member.get("value")) if isinstance(member, dict) else None for member in members]
    said = [text for text in texts if isinstance(text, str)]
    if not said or len(said) < len(texts):
        return False
    return len(said) == 1 or not all(_ENDS.search(text) or not text.strip() for text in said)


def _tag(value: Mapping[str, Any]) -> str | None:
    """The element that an object's type stands for, `div` where it has none; None for what is no text."""
    for key in _keys("type"):
        kind = value.get(key)
        if not isinstance(kind, str) or len(kind) > 60:
            continue
        low = kind.lower()
        if level := _LEVEL.fullmatch(low):
            return f"h{level[1]}"
        for tag in ("p", "h1", "h2", "h3", "ul", "ol", "li", "blockquote", "table", "tr", "td"):
            if low in _types(tag):
                return tag
        if low in _types("inline"):
            return "span"
        if low in _types("known"):
            return None if low in _types("not") else low
        if not _types("not").isdisjoint(name_words(kind)):
            return None
    return "div"


@cache
def _keys(name: str) -> frozenset[str] | tuple[str, ...]:
    keys = rules.load("state")["keys"][name]
    return tuple(keys) if name == "type" else frozenset(keys)


@cache
def _types(name: str) -> frozenset[str]:
    return frozenset(rules.load("state")["tags"][name])
