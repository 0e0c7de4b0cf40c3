"""What the model sees of each segment: one row of numbers, computed for all segments of a page at once.

Nothing here knows a language; what words say stands in the lexicon, which is learned.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aggregator.extraction import characters, containers
from aggregator.extraction.blocks import Segment
from aggregator.extraction.lexicon import SPOKEN, Lexicon, first_words
from aggregator.extraction.sheet import AROUND, LONGEST, Context, Floats, Numbers, Sheet, ratio, reach, running, shifted

COUNTED = ("upper", "comma", "words", "ends", "last", "capital", "short", "low")
LINE = 500  # characters of a segment that may be the headline or the deck
_SOCIAL = re.compile(r"//[^/]*(?:twitter\.com|facebook\.com|instagram\.com|pinterest\.|whatsapp|linkedin\.com|"
                     r"youtu\.?be|tiktok\.com|reddit\.com|telegram|//(?:t\.co|t\.me|x\.com))")  # fmt: skip


@dataclass(slots=True)
class Clues:
    """What the page's metadata says, to compare the segments with."""

    host: str = ""
    title: str = ""
    description: str = ""
    told: str = ""  # JSON-LD articleBody


def table(context: Context, clues: Clues, lexicon: Lexicon) -> Floats:
    """(features, read)"""
    sheet = Sheet(context.n)
    texts = [context.text.segments[i].text for i in context.read.tolist()]
    words = first_words(texts)
    _text(sheet, context, texts)
    _links(sheet, context.text.segments, clues.host)
    scores = containers.names(sheet, context, lexicon)
    containers.containers(sheet, context, scores)
    _spoken(sheet, context, lexicon.spoken(words, [len(text) for text in texts]))
    _likeness(sheet, context, words, clues)
    _neighbours(sheet, context)
    return sheet.matrix()[:, context.read]


def _text(sheet: Sheet, context: Context, texts: Sequence[str]) -> None:
    chars = context.chars
    counted = characters.count([t if len(t) <= LONGEST else t[: LONGEST - 1] + t[-1] for t in texts])
    upper, comma, words, ends, last, capital, short, low = context.spread(np.stack([counted[name] for name in COUNTED]))
    context.full = chars * ends * (chars > 60)
    sheet.add("chars", np.log1p(chars))
    sheet.add("linked", context.link_share)
    sheet.add_all(("upper", "comma"), np.stack((upper, comma)) / chars)
    sheet.add_all(("words", "ends", "last"), np.stack((words, ends, last)))
    sheet.add_all(("capital", "short", "low"), ratio(np.stack((capital, short, low)), words))


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


def _spoken(sheet: Sheet, context: Context, said: Numbers) -> None:
    spoken = context.spread(said)
    sheet.add_all(SPOKEN, spoken)
    mean, _, known = spoken[-3:]
    inside, whole = context.within(np.stack((mean * known, known)), context.around[1:])
    sheet.add_all((f"{name}.tone" for name in AROUND[1:]), ratio(inside, whole))
    sheet.add("tone.above", mean - (mean * known).sum() / max(1.0, known.sum()))


def _likeness(sheet: Sheet, context: Context, lines: Sequence[list[str]], clues: Clues) -> None:
    said = first_words([" ".join(text[:LINE].split()) for text in (clues.title, clues.description)])
    titled, described = map(set, said)
    told = " ".join(clues.told[:200_000].split())
    segments = context.text.segments
    likeness = np.zeros((3, context.n), np.float32)  # most lines share no word
    heading, likest = -1, 0.0
    for i, words in zip(context.read.tolist(), lines, strict=True):
        text = segments[i].text
        if words and len(text) < LINE:
            like = 0.5 if segments[i].place.tag == "h1" else 0.0
            different = set(words)
            if shared := len(different & titled):
                likeness[0, i] = title = shared / len(different)
                like += title * shared / len(titled)
            if shared := len(different & described):
                likeness[1:, i] = shared / len(different), shared / len(described)
            if like > likest + 0.1:
                likest, heading = like, i
    sheet.add_all(("title.part", "desc.part", "desc.whole"), likeness)
    sheet.add("told", [1 if s.text[:80] in told else -1 for s in segments] if told else np.zeros(context.n))
    number: dict[str, int] = {}  # the different texts
    which = np.array([number.setdefault(s.text, len(number)) for s in segments])
    count, begins = np.bincount(which), np.unique(which, return_index=True)[1]
    sheet.add("again", context.position > begins[which])
    sheet.add("count", count[which])
    before = running(context.chars)[:-1]
    sheet.fill("heading.found", likest)
    if heading >= 0:
        sheet.add("heading.steps", np.minimum(context.position - heading, 200))
        sheet.add("heading.chars", np.clip(before - before[heading], -3_000, 20_000))
    else:
        sheet.fill("heading.steps", -99)
        sheet.fill("heading.chars", -9_999)
    sheet.add("before", before / context.chars.sum())


def _neighbours(sheet: Sheet, context: Context) -> None:
    for name in ("chars", "linked", "own"):
        sheet.add_all((f"{name}-1", f"{name}+1"), shifted(sheet.columns[name], (-1, 1), -1))
    steps = (3, 6, 20)
    for name, column in (("links", context.link_share), ("sentences", context.full * (context.link_share < 0.3))):
        before, after = reach(running(column), steps)
        sheet.add_all((f"{name}-{by}" for by in steps), np.log1p(before))
        sheet.add_all((f"{name}+{by}" for by in steps), np.log1p(after))
