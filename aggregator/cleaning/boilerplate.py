"""Boilerplate around a story: disclaimers, credits, copyright lines, prompts.

Which sentences those are is in `rules/disclaimers.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from aggregator import rules
from aggregator.cleaning import people
from aggregator.cleaning.rulebook import SURE, Position, Rule, Rulebook
from aggregator.items import Article, Evidence, Removed, Source

FIRST, LAST = 3, 8  # blocks at either end that count as edges
CREDITS = SURE - {"copyright"}
LONGEST_INSIDE = 260  # characters: a longer block in the middle is never boilerplate
IN_A_ROW = 3  # credits, one after another at the end of the last block
LONGEST = 1200  # characters: a longer block is a paragraph of the story, though its end may be boilerplate

# One character for one, so that offsets hold.
_SIGNS = "‘’´“”„«»–—−\u00a0\ufe0e\ufe0f：（）［］【】｜，！？İ＜＞"
_PLAIN = tuple(zip(_SIGNS, '\'\'\'"""""---   :()[][]|,!?I<>', strict=True))
_OPENING = re.compile(r"[\s()\[<{*•※◇◎○△▽☆★\-►▶▷■◆●#|_=~·/+>¿¡]*")
_LABEL = re.compile(r"[\w' .\u0900-\u0e7f]{2,30}: ?")  # marks of Indic vowels are no \w
# The first look is cheap: most lines have no digit there.
_DATE = re.compile(r"(?=.{5,40}\d)[\w\s.:/,()年月日|-]{5,40}?\d{2}[\s)|-]{1,4}(?=[^\W\d])", re.DOTALL)
_SENTENCE = re.compile(r"""[.!?…][")'\]]*\s+[(\[*\-\s]*|[。！？][")'\]]*[(\[]*""")
_AND = re.compile(r"[,/;|&+]| (?:and|und|et|y|e|i|en|och|og|with|avec|con|mit) ")
_EDGES = " .,:;()[]<>\"'’“”-–—（）"


@cache
def _rulebook() -> Rulebook:
    return Rulebook(rules.load("disclaimers"))


@dataclass(frozen=True, slots=True)
class Find:
    begin: int  # where in the block the boilerplate begins
    rule: Rule
    match: re.Match[str]


def _find(text: str, position: Position, *, tail: bool = False) -> Find | None:
    """The boilerplate that a block begins with, or (`tail`) ends with."""
    if not tail and len(text) > (LONGEST_INSIDE if position == "middle" else LONGEST):
        return None
    book, plain = _rulebook(), _plain(text)
    low = plain.lower()
    opening = book.anywhere if position == "middle" else book.opening
    within = [] if position == "middle" else [*book.inside.within(low[-LONGEST:])]
    for begin, start in _tails(plain) if tail else _heads(plain):
        rest = len(plain) - start
        met = {*opening.at(low, start), *within}
        tried = [rule for rule in met if rest <= rule.limit and rule.at(position) and (rule.sure or not tail)]
        for rule in sorted(tried, key=lambda rule: rule.rank):
            agencies = book.agencies.within(plain) if rule.names_agency else ""
            if match := rule.pattern(agencies).match(plain, start):
                return Find(begin, rule, match)
    return None


def _plain(text: str) -> str:
    if text.isascii():
        return text
    if text.startswith("» "):  # an arrow, no quote
        text = ">" + text[1:]
    for sign, plain in _PLAIN:
        text = text.replace(sign, plain)
    return text


def _heads(plain: str) -> Iterator[tuple[int, int]]:
    """Where the words of a block may begin: at once, after its brackets and bullets, after a label or date."""
    if plain.startswith('"'):  # somebody speaks
        return
    opening = _OPENING.match(plain)
    start = opening.end() if opening else 0
    yield 0, start
    for lead in (_LABEL, _DATE):
        if match := lead.match(plain, start):
            yield 0, match.end()


def _tails(plain: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of a block begin (with and without brackets), but the first; only near the block's end."""
    for sentence in _SENTENCE.finditer(plain, max(0, len(plain) - LONGEST)):
        if sentence.end() < len(plain):
            yield sentence.start() + len(sentence[0].rstrip(" (-[*")), sentence.end()


def flag(text: str, position: Position) -> str | None:
    """The rule that calls this block of an article boilerplate, or None.

    >>> flag("This story originally appeared on The Valley Courier.", "last")
    'republished.en.piece'
    """
    found = _whole(text, position)
    return found.rule.name if found else None


def strip(article: Article) -> None:
    """Cut boilerplate off the article: whole blocks at its edges, and sentences at the end of its last block.

    What is cut goes to `removed`; the credits in it fill `agencies`, `source`, `posted_by` and `rights.copyright` where
    they are empty. An article that is nothing but boilerplate is left as it is. Once is enough where every block was an
    edge; in a longer article a second time would judge as edges what was its middle, and may be the story.
    """
    said = [block for block in article.blocks if block.text]
    finds = [_whole(block.text, _position(at, len(said))) for at, block in enumerate(said)]
    kept = [block for block, find in zip(said, finds, strict=True) if not find]
    if not kept:
        return
    for block, find in zip(said, finds, strict=True):
        if find:
            _note(article, block.text, find)
    last = kept[-1]
    for _ in range(IN_A_ROW):
        find = _find(last.text, "last", tail=True)
        if not find:
            break
        _note(article, last.text[find.begin :].strip(), find)
        last.text = last.text[: find.begin].rstrip()
    cut = {id(block) for block, find in zip(said, finds, strict=True) if find}
    article.blocks = [block for block in article.blocks if id(block) not in cut]
    article.text = "\n\n".join(block.text for block in kept if block.text) or None


def _whole(text: str, position: Position) -> Find | None:
    """The boilerplate that is all of a block."""
    found = _find(text, position)
    return None if found and _only_ends_so(text, found) else found


def _only_ends_so(text: str, find: Find) -> bool:
    """A paragraph of the story that ends with a line on its rights, which may be cut off it."""
    if not find.rule.name.startswith("copyright."):
        return False
    end = _find(text, "last", tail=True)
    return end is not None and not _find(text[: end.begin], "last")


def beside(lines: Iterable[str]) -> list[Removed]:
    """The credits and disclaimers among the lines that stand after a story and were never among its blocks.

    A page's copyright and labels of its advertisements are none of the story's.
    """
    finds = [(line, find.rule) for line in lines if (find := _find(line, "last"))]
    return [
        Removed(line, rule.name)
        for line, rule in finds
        if rule.name.partition(".")[0] in CREDITS and not rule.name.endswith(".paid")
    ]


def _position(at: int, count: int) -> Position:
    if at < min(FIRST, count - 1):
        return "first"
    return "last" if at >= count - LAST else "middle"


def _note(article: Article, text: str, find: Find) -> None:
    article.removed.append(Removed(text, find.rule.name))
    said = {name: text for name, text in find.match.groupdict().items() if text}
    evidence: Evidence = {"from": f"text:{find.rule.name}", "raw": text}
    for name in _AND.split(said.get("agencies") or said.get("source", "")):
        if (agency := people.agency(name)) and agency not in article.agencies:
            article.agencies.append(agency)
            article.evidence.setdefault("agencies", evidence)
    source = said.get("source", "").strip(_EDGES)
    names_a_language = find.rule.name.startswith("translation_notice")  # 'Translated from Slovene' names no outlet
    if source and not names_a_language and not article.source and not people.agency(source):
        article.source = Source(name=source, evidence=text)
        article.evidence["source"] = evidence
    if (editor := said.get("editor")) and not article.posted_by:
        article.posted_by = editor.strip()
        article.evidence["posted_by"] = evidence
    if find.rule.name.startswith("copyright.") and not article.rights.copyright:
        article.rights.copyright = text
