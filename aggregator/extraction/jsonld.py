"""JSON-LD of a page as flat nodes: graphs and lists unrolled, `@id` references resolved, broken JSON repaired.

Format: https://www.w3.org/TR/json-ld11/, vocabulary https://schema.org.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import json_repair
from lxml.html import HtmlElement

Node = dict[str, Any]

ARTICLE_TYPES = ("Article", "BlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report")
"""Endings of the type names that schema.org's articles have: NewsArticle, LiveBlogPosting …"""

_WRAPPINGS = (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>"))

MAX_SCRIPT = 2_000_000  # characters; a longer script is data, not a description
MAX_REPAIRED = 200_000  # characters of a page's broken ones that are repaired: 4 s a million
MAX_NODES = 2_000
MAX_DEPTH = 12  # objects in each other whose nodes count
DEEPEST = 40  # levels of lists and objects; what lies deeper is emptied, as readers go down by calling themselves


def nodes(scripts: Iterable[HtmlElement], url: str) -> tuple[list[Node], list[str]]:
    """All nodes with an `@type`, article types first, those about `url` before others; and what was wrong.

    `scripts` are all of the page, in its order; a `<meta name="script:ld+json">`, as frameworks write it, is one too.
    """
    flat: list[Node] = []
    warnings: list[str] = []
    repaired = 0
    for script in scripts:
        if "ld+json" not in (script.get("type") or script.get("name") or "").lower():
            continue
        text = (script.get("content") or script.text_content()).strip()
        if not text:
            continue
        if len(text) > MAX_SCRIPT:
            warnings.append("json-ld: script too long, skipped")
            continue
        data, warning = parse(text, MAX_REPAIRED - repaired)
        if warning:
            warnings.append(warning)
            repaired += len(text)
        for node in _walk(data, 0):
            if len(flat) >= MAX_NODES:
                warnings.append("json-ld: too many nodes, rest skipped")
                break
            flat.append(node)
    by_id: dict[str, Node] = {}
    for node in flat:  # a bare {"@id": …} refers, a node with more keys defines
        if isinstance(key := node.get("@id"), str) and len(node) > len(by_id.get(key, {"@id": key})):
            by_id[key] = node
    typed = [_resolved(node, by_id) for node in flat if types(node)]
    address = _address(url)
    typed.sort(key=lambda node: (not is_article(node), address not in map(_address, _urls_of(node))))
    return typed, list(dict.fromkeys(warnings))


def parse(text: str, repairable: int = MAX_REPAIRED) -> tuple[Any, str | None]:
    """The value of one script, of DEEPEST levels at most, with a warning where it had to be repaired or given up.

    `repairable`: characters of a broken one that are worth the repair.

    >>> parse('{"@type": "Article", "headline": "Dam holds",}')
    ({'@type': 'Article', 'headline': 'Dam holds'}, 'json-ld: broken JSON repaired')
    """
    for opening, closing in _WRAPPINGS:
        text = text.strip().removeprefix(opening).removesuffix(closing)
    text = text.strip().rstrip(";")
    try:
        return _bounded(json.loads(text, strict=False)), None  # strict=False: raw line feeds inside strings are common
    except (ValueError, RecursionError):
        pass
    try:
        data = json_repair.loads(text, skip_json_loads=True) if len(text) <= repairable else None
    except (ValueError, RecursionError):
        data = None
    if isinstance(data, (dict, list)) and data:
        return _bounded(data), "json-ld: broken JSON repaired"
    return None, "json-ld: broken JSON skipped"


def _bounded(data: Any) -> Any:
    level = [data]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for value in level:
            members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            inner += [member for member in members if isinstance(member, (dict, list))]
        level = inner
    for value in level:
        value.clear()
    return data


def types(node: Node) -> list[str]:
    """The node's types without their namespace."""
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return [kind.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] for kind in kinds if isinstance(kind, str)]


def is_article(node: Node) -> bool:
    kind = node.get("@type")
    if isinstance(kind, str) and kind.isalpha():  # nearly always: no list, no namespace
        return kind.endswith(ARTICLE_TYPES)
    return any(kind.endswith(ARTICLE_TYPES) for kind in types(node))


def updates(nodes: Iterable[Node]) -> Iterator[Node]:
    """The entries of the page's live blogs."""
    for node in nodes:
        if "LiveBlogPosting" in types(node) and isinstance(members := node.get("liveBlogUpdate"), list):
            yield from (member for member in members[:MAX_NODES] if isinstance(member, dict))


def strings(value: Any) -> Iterator[str]:
    """The texts in a value: itself, its list's members, a node's `@value`, `name` or `@id`.

    >>> list(strings([{"@type": "Thing", "name": " Dams "}, "R&amp;D"]))
    ['Dams', 'R&D']
    """
    if isinstance(value, str):
        if text := unescape(value).strip():
            yield text
    elif isinstance(value, list):
        for member in value:
            yield from strings(member)
    elif isinstance(value, dict):
        for key in ("@value", "name", "url", "@id"):
            if value.get(key):
                yield from strings(value[key])
                return


def first(value: Any) -> str | None:
    return next(strings(value), None)


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for member in value:
            yield from _walk(member, depth)
    elif isinstance(value, dict):
        yield value
        for key, member in value.items():
            if isinstance(member, (dict, list)) and key != "liveBlogUpdate":  # its entries are parts of the story
                yield from _walk(member, depth + 1)


def _resolved(node: Node, by_id: dict[str, Node]) -> Node:
    """The node with `{"@id": …}` members replaced by what they refer to, one level deep."""

    def look_up(value: Any) -> Any:
        if isinstance(value, list):
            return [look_up(member) for member in value]
        if isinstance(value, dict) and len(value) <= 2 and isinstance(value.get("@id"), str):
            return by_id.get(value["@id"], value)
        return value

    return {key: look_up(value) for key, value in node.items()}


def _urls_of(node: Node) -> Iterator[str]:
    for key in ("url", "mainEntityOfPage", "@id"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            yield value


def _address(url: str) -> str:
    return url.split("#")[0].split("?")[0].rstrip("/").replace("http://", "https://").replace("://www.", "://")
