"""Rules of boilerplate, compiled: patterns made of word classes, tried only where a word they need is met."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from ahocorasick_rs import AhoCorasick, Implementation

from aggregator import rules

Position = Literal["first", "middle", "last"]
Words = dict[str, list[str]]  # class -> alternatives

SURE = frozenset({"disclaimer", "wire_credit", "copyright", "appeared_first", "republished", "translation_notice"})

LETTERS = 3  # of a mark by which it is looked up
UNSPACED = "\u0e00"  # from here on, scripts write no spaces between words (Thai, Chinese, Japanese; near enough)
_CLASS = re.compile(r"(?<!\?P)<([a-z_]+)>")
_LITERAL = re.compile(r"[\w\u0900-\u0e7f’@©℗ⓒ™-]+(?: [\w\u0900-\u0e7f’-]+)*")


@dataclass(frozen=True, eq=False)
class Rule:
    rank: int  # its place among the rules: the first that matches counts
    name: str  # kind.language.key
    match: str
    words: Words
    where: Literal["edges", "last", "anywhere"]
    limit: int

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when a text first has one of the rule's marks: most runs meet few of the languages."""
        return re.compile(_expand(self.match, self.words).replace("’", "'"), re.IGNORECASE)

    @cached_property
    def sure(self) -> bool:
        """Whether it may cut sentences off a paragraph."""
        return self.name.partition(".")[0] in SURE

    def at(self, position: Position) -> bool:
        return self.where == "anywhere" or position == "last" or (self.where == "edges" and position == "first")


class Openings:
    """Rules by the beginnings of words that they need where the text begins."""

    def __init__(self, needed: dict[str, list[Rule]]) -> None:
        self.rules = list(needed.values())
        self._by_head: dict[str, list[tuple[str, list[Rule]]]] = defaultdict(list)
        for mark, met in needed.items():
            self._by_head[mark[:LETTERS]].append((mark, met))
        self._sizes = sorted({len(head) for head in self._by_head})

    def at(self, low: str, start: int) -> Iterator[Rule]:
        """The rules with a mark where `low` has `start`."""
        for size in self._sizes:
            for mark, met in self._by_head.get(low[start : start + size], ()):
                if low.startswith(mark, start):
                    yield from met


class Marks:
    """Rules by the beginnings of words that they need anywhere, all looked for at once."""

    def __init__(self, needed: dict[str, list[Rule]]) -> None:
        self.rules = list(needed.values())
        self._automaton = AhoCorasick(list(needed), implementation=Implementation.DFA)

    def within(self, low: str) -> Iterator[Rule]:
        """The rules with a mark where a word of `low` begins; in scripts without spaces, anywhere."""
        for number, begin, _ in self._automaton.find_matches_as_indexes(low, overlapping=True):
            sign = low[begin]
            if begin == 0 or sign >= UNSPACED or not (sign.isalnum() and low[begin - 1].isalnum()):
                yield from self.rules[number]


class Rulebook:
    """The rules of `rules/disclaimers.toml`. A text without any of their marks is done with after one look."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self.words: Words = tables["words"] | {"agency": _agencies()}
        opening: dict[str, list[Rule]] = defaultdict(list)
        inside: dict[str, list[Rule]] = defaultdict(list)
        for rank, (name, facts, words) in enumerate(self._rules(tables)):
            rule = Rule(rank, name, facts["match"], words, facts.get("where", "edges"), facts.get("limit", 600))
            for marks, needed in ((facts.get("opens", []), opening), (facts.get("marks", []), inside)):
                classes = marks.split() if isinstance(marks, str) else []
                for mark in _beginnings((f"<{name}>" for name in classes), words) if classes else marks:
                    needed[mark.lower().replace("’", "'")].append(rule)
        self.opening, self.inside = Openings(opening), Marks(inside)
        anywhere = {mark: [rule for rule in met if rule.where == "anywhere"] for mark, met in opening.items()}
        self.anywhere = Openings({mark: met for mark, met in anywhere.items() if met})

    def _rules(self, tables: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Words]]:
        """Each language's own rules, then those made for every language that has the words for them."""
        for language, table in tables.items():
            if language in ("words", "each"):
                continue
            words = self.words | table.get("words", {})
            for kinds in (table, tables["each"] if language != "any" else {}):
                for kind, made in kinds.items():
                    for key, facts in made.items() if kind != "words" else ():
                        if all(name in words for name in _CLASS.findall(facts["match"])):
                            yield f"{kind}.{language}.{key}", facts, words


def _agencies() -> list[str]:
    """The names of agencies.toml; short ones, which may be words, only as they are written there or in capitals."""
    names = {alias for name, aliases in rules.load("agencies").items() for alias in (name, *aliases)}
    short = {name for name in names if len(name) <= 5}
    exact = sorted(short | {name.upper() for name in short}, key=len, reverse=True)
    bounded = (re.escape(name) + ("" if name >= UNSPACED else r"(?!\w)") for name in exact)
    return [*sorted(map(re.escape, names - short), key=len, reverse=True), f"(?-i:{'|'.join(bounded)})"]


def _expand(pattern: str, words: Words) -> str:
    return _CLASS.sub(lambda found: "(?:" + "|".join(_expand(one, words) for one in words[found[1]]) + ")", pattern)


def _beginnings(alternatives: Iterable[str], words: Words) -> Iterator[str]:
    """The literal letters that each alternative begins with."""
    for alternative in alternatives:
        one = alternative.removeprefix(r"\b").removeprefix(r"\W*").lstrip()
        if found := _CLASS.match(one):
            yield from _beginnings(words[found[1]], words)
        elif one.startswith(("(?:", "(?-i:")):
            inner, rest = _group(one)
            yield from _beginnings(inner, words)
            if rest.startswith("?"):
                yield from _beginnings([rest[1:]], words)
        elif found := _LITERAL.match(one):
            optional = one[found.end() : found.end() + 1] in ("?", "*", "{")
            yield found[0][:-1] if optional and found.end() < len(one) else found[0]
        else:
            raise ValueError(f"{one!r} does not begin with a letter, so it has no mark")


def _group(pattern: str) -> tuple[list[str], str]:
    """The alternatives of the group that `pattern` begins with, and what follows it."""
    depth, start, parts = 0, pattern.index(":") + 1, []
    for at, sign in enumerate(pattern):
        depth += (sign == "(") - (sign == ")")
        if (sign == "|" and depth == 1) or depth == 0:
            parts.append(pattern[start:at])
            start = at + 1
        if depth == 0:
            return parts, pattern[start:]
    raise ValueError(f"{pattern!r} has an open group")
