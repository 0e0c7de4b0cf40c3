"""Rules of boilerplate, compiled: patterns made of word classes, tried only where a word they need is met."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal

from ahocorasick_rs import AhoCorasick, Implementation

from aggregator import rules

Position = Literal["first", "middle", "last"]
Words = dict[str, list[str]]  # class -> alternatives

SURE = frozenset({"disclaimer", "wire_credit", "copyright", "appeared_first", "republished", "translation_notice"})

AGENCY = "<agency>"
SHORT = 5  # letters of an agency's name that may be a word
MANY = 6  # agencies in one text
REMEMBERED = 4_096  # patterns
NEVER = "(?!)"
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
    def expanded(self) -> str:
        """The pattern without word classes, but for <agency>."""
        return _expand(self.match, self.words).replace("’", "'")

    def pattern(self, agencies: str) -> re.Pattern[str]:
        """Compiled when a text first has one of the rule's marks: most runs meet few of the languages.

        `agencies` are the alternatives that <agency> stands for; "" where it names none.
        """
        return _compiled(self, agencies)

    @cached_property
    def names_agency(self) -> bool:
        return AGENCY in self.expanded

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
        self._automaton = AhoCorasick(list(needed), implementation=Implementation.ContiguousNFA)

    def within(self, low: str) -> Iterator[Rule]:
        """The rules with a mark where a word of `low` begins; in scripts without spaces, anywhere."""
        for number, begin, _ in self._automaton.find_matches_as_indexes(low, overlapping=True):
            if _begins_word(low, begin):
                yield from self.rules[number]


class Agencies:
    """The names of agencies.toml. A pattern gets those that stand in the text: to compile it with all takes 40 ms."""

    def __init__(self) -> None:
        names = {alias for name, aliases in rules.load("agencies").items() for alias in (name, *aliases)}
        short = {name for name in names if len(name) <= SHORT}
        self.names = sorted(names - short, key=len, reverse=True)
        self.exact = sorted(short | {name.upper() for name in short}, key=len, reverse=True)
        self._lower = AhoCorasick(
            [name.lower().replace("’", "'") for name in self.names], implementation=Implementation.ContiguousNFA
        )
        self._exact = AhoCorasick(self.exact, implementation=Implementation.ContiguousNFA)

    def within(self, plain: str) -> str:
        """The names that stand in `plain`, as alternatives for a pattern; short ones, which may be words, only as the
        rules write them or in capitals.
        """
        numbers = {found[0] for found in self._lower.find_matches_as_indexes(plain.lower(), overlapping=True)}
        met = self._exact.find_matches_as_indexes(plain, overlapping=True)
        exact = {number for number, begin, _ in met if _begins_word(plain, begin)}
        if len(numbers) + len(exact) > MANY:  # rare: no text has a pattern of its own for long
            numbers, exact = set(range(len(self.names))), set(range(len(self.exact)))
        alternatives = [re.escape(self.names[number]) for number in sorted(numbers)]
        if exact:
            words = (self.exact[number] for number in sorted(exact))
            bounded = (re.escape(word) + ("" if word >= UNSPACED else r"(?!\w)") for word in words)
            alternatives.append(f"(?-i:{'|'.join(bounded)})")
        return "|".join(alternatives) or NEVER


class Rulebook:
    """The rules of `rules/disclaimers.toml`. A text without any of their marks is done with after one look."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self.agencies = Agencies()
        self.words: Words = tables["words"] | {"agency": [*self.agencies.names, *self.agencies.exact]}
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


def _begins_word(text: str, at: int) -> bool:
    """In scripts without spaces, any sign does."""
    return at == 0 or text[at] >= UNSPACED or not (text[at].isalnum() and text[at - 1].isalnum())


@lru_cache(maxsize=REMEMBERED)
def _compiled(rule: Rule, agencies: str) -> re.Pattern[str]:
    return re.compile(rule.expanded.replace(AGENCY, f"(?:{agencies})"), re.IGNORECASE)


def _expand(pattern: str, words: Words) -> str:
    def alternatives(found: re.Match[str]) -> str:
        return f"(?:{'|'.join(_expand(one, words) for one in words[found[1]])})" if found[0] != AGENCY else AGENCY

    return _CLASS.sub(alternatives, pattern)


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
