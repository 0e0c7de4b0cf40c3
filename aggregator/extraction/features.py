"""What the model sees of each segment: one row of numbers, computed for all segments of a page at once.

Nothing here knows a language; what words say stands in the lexicon, which is learned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from aggregator.extraction import characters, containers
from aggregator.extraction.blocks import Segment
from aggregator.extraction.lexicon import HEAD, Lean, Lexicon, first_words
from aggregator.extraction.sheet import Context, Sheet, ratio, running, shifted

LONGEST = 20_000  # characters of a segment that are counted
NEIGHBOURS = ("chars", "linked", "said", "own", "tag", "low", "strong", "stops", "desc.part")
_SOCIAL = re.compile(r"//[^/]*(?:twitter\.com|facebook\.com|instagram\.com|pinterest\.|whatsapp|linkedin\.com|"
                     r"youtu\.?be|tiktok\.com|reddit\.com|telegram|//(?:t\.co|t\.me|x\.com))")  # fmt: skip


@dataclass(slots=True)
class Clues:
    """What the page's metadata says, to compare the segments with."""

    host: str = ""
    title: str = ""
    description: str = ""
    told: str = ""  # JSON-LD articleBody
    people: str = ""


def first_stage(context: Context, clues: Clues, lexicon: Lexicon) -> Sheet:
    sheet = Sheet(context.n)
    _text(sheet, context)
    _links(sheet, context.text.segments, clues.host)
    scores = containers.names(sheet, context, lexicon)
    containers.containers(sheet, context, scores)
    _words(sheet, context, clues, lexicon)
    _neighbours(sheet, context)
    return sheet


def _text(sheet: Sheet, context: Context) -> None:
    segments, chars = context.text.segments, context.chars
    counted = characters.count([s.text[:LONGEST] for s in segments])
    context.full = chars * counted["ends"] * (chars > 60)
    sheet.add("chars", np.log1p(chars))
    sheet.add("linked", context.link_share)
    sheet.add("strong", [s.strong / len(s.text) for s in segments])
    for name in ("upper", "digit", "stop", "comma", "quote", "mark"):
        sheet.add(name, counted[name] / np.minimum(chars, LONGEST))
    for name in ("words", "stops", "commas", "ends", "first", "last"):
        sheet.add(name, counted[name])
    for name in ("capital", "short", "low"):
        sheet.add(name, ratio(counted[name], counted["words"]))


def _href_kind(href: str, host: str) -> int:
    """1 within the site, 2 elsewhere, 3 a place on the page or a script, 4 mail or telephone, 5 a social network."""
    if "//" not in href[:10]:
        return 3 if href.startswith(("#", "javascript:")) else 4 if href.startswith(("mailto:", "tel:")) else 1
    if host and host in href[:100]:
        return 1
    return 5 if _SOCIAL.search(href[:100]) else 2


def _links(sheet: Sheet, segments: Sequence[Segment], host: str) -> None:
    first = [_href_kind(s.hrefs[0], host) if s.hrefs else 0 for s in segments]
    sheet.add("href.first", first)
    sheet.add("href.last", [_href_kind(s.hrefs[-1], host) if s.hrefs else 0 for s in segments])
    # addresses of stories are longer than those of topics
    sheet.add("href.size", [len(s.hrefs[0]) if kind == 1 else 0 for s, kind in zip(segments, first, strict=True)])
    sheet.add("hrefs", [len(s.hrefs) for s in segments])


def _words(sheet: Sheet, context: Context, clues: Clues, lexicon: Lexicon) -> None:
    titled, described = set(first_words(clues.title)), set(first_words(clues.description))
    people = set(first_words(clues.people))
    told = " ".join(clues.told[:200_000].split())
    segments = context.text.segments
    count: dict[str, int] = {}
    leans: list[Lean] = []
    likeness = np.zeros((5, context.n), np.float32)  # to title, description and people: most lines share no word
    again = np.zeros(context.n, np.float32)
    heading, likest = -1, 0.0
    for i, s in enumerate(segments):
        text = s.text
        size = len(text)
        words, lean = lexicon.spoken(text[:HEAD], size <= HEAD)
        leans.append(lean)
        if words and size < 500:
            like = 0.5 if s.place.tag == "h1" else 0.0
            if not titled.isdisjoint(words):
                shared = len(words & titled)
                likeness[:2, i] = title, title_whole = shared / len(words), shared / len(titled)
                like += title * title_whole
            if not described.isdisjoint(words):
                shared = len(words & described)
                likeness[2:4, i] = shared / len(words), shared / len(described)
            if not people.isdisjoint(words):
                likeness[4, i] = len(words & people) / len(words)
            if like > likest + 0.1:
                likest, heading = like, i
        if text in count:
            count[text] += 1
            again[i] = 1
        else:
            count[text] = 1
    said = np.fromiter(chain.from_iterable(leans), np.float32).reshape(-1, len(Lean._fields))
    for name, column in zip(("said", "said.least", "said.most", "said.first", "said.final"), said.T, strict=True):
        sheet.add(name, column)
    for name, column in zip(("title.part", "title.whole", "desc.part", "desc.whole", "people"), likeness, strict=True):
        sheet.add(name, column)
    sheet.add("told", [1 if s.text[:80] in told else -1 for s in segments] if told else np.zeros(context.n))
    sheet.add("again", again)
    sheet.add("count", [count[s.text] for s in segments])
    before = running(context.chars)[:-1]
    sheet.fill("heading.found", likest)
    if heading >= 0:
        sheet.add("heading.steps", np.clip(context.position - heading, -60, 200))
        sheet.add("heading.chars", np.clip(before - before[heading], -3_000, 20_000))
    else:
        sheet.fill("heading.steps", -99)
        sheet.fill("heading.chars", -9_999)
    n = context.n
    sheet.add("position", context.position / n)
    sheet.add("before", before / float(context.chars.sum()))
    sheet.add("after", np.minimum(n - context.position, 200))


def _neighbours(sheet: Sheet, context: Context) -> None:
    n, position = context.n, context.position
    for name in NEIGHBOURS:
        column = sheet.columns[name]
        for by in (-2, -1, 1, 2):
            sheet.add(f"{name}{by:+d}", shifted(column, by, -1))
    links = running(context.link_share)
    sentences = running(context.full * (context.link_share < 0.3))
    for reach in (3, 6, 20):
        low, high = np.maximum(position - reach, 0), np.minimum(position + 1 + reach, n)
        sheet.add(f"links-{reach}", (links[position] - links[low]) / reach)
        sheet.add(f"links+{reach}", (links[high] - links[position + 1]) / reach)
        sheet.add(f"sentences-{reach}", np.log1p(sentences[position] - sentences[low]))
        sheet.add(f"sentences+{reach}", np.log1p(sentences[high] - sentences[position + 1]))
