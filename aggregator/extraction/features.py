"""What the model sees of each segment: one row of numbers, computed for all segments of a page at once.

Nothing here knows a language but the lexicon, which is learned: word -> how much more often it stands in bodies
than beside them, from -1 to 1. `near` holds name words of an element and its parent, `far` those of any ancestor,
`said` the first, last and few words of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction import characters
from aggregator.extraction.blocks import Place, Segment, Text

Floats = NDArray[np.float32]
Numbers = NDArray[np.float64]
Ints = NDArray[np.int64]
Lexicon = Sequence[Mapping[str, float]]  # near, far, said

INSIDE = (
    "figcaption",
    "figure",
    "li",
    "table",
    "blockquote",
    "article",
    "main",
    "section",
    "aside",
    "footer",
    "pre",
    "form",
)
TAGS = ("p", "div", "li", "span", "td", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote", "section",
        "article", "pre", "dd", "dt", "body", "header", "footer", "aside", "th", "figure",
        "center", "time")  # fmt: skip
NEIGHBOURS = ("chars", "linked", "said", "own", "tag", "low", "strong", "stops", "desc.part")
_TOKEN = re.compile(r"\w+")
_DIGITS = re.compile(r"\d+")
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


def first_words(text: str) -> list[str]:
    """Lower case, numbers as 0.

    >>> first_words("Photo: 12 Dams")
    ['photo', '0', 'dams']
    """
    return _TOKEN.findall(_DIGITS.sub("0", text[:160]).lower())


def keys(text: str, words: Sequence[str]) -> list[str]:
    """The lexicon's keys of a text: `^` its first words, `$` its last; if short, each word and `=` the whole."""
    if not words:
        return ["-"]
    out = ["^" + words[0], "^" + " ".join(words[:2]), "^" + " ".join(words[:3])]
    if len(text) <= 160:
        out += ["$" + words[-1], "$" + " ".join(words[-2:])]
        if len(words) <= 10:
            out += words
            if len(words) <= 6:
                out.append("=" + " ".join(words))
    return out


def ratio(a: NDArray[np.floating], b: NDArray[np.floating] | float) -> Numbers:
    return np.asarray(a / np.maximum(b, 1e-9), np.float64)


class Sheet:
    """Columns of equal length, in the order they were added."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.columns: dict[str, Floats] = {}

    def add(self, name: str, column: Iterable[float] | NDArray[np.generic]) -> None:
        self.columns[name] = np.asarray(column, np.float32)

    def fill(self, name: str, value: float) -> None:
        self.columns[name] = np.full(self.size, value, np.float32)

    def matrix(self) -> Floats:
        return np.stack(list(self.columns.values()), 1)


class Context:
    """What both stages share of a page: arrays over its segments (`at`: their place) and its places."""

    def __init__(self, text: Text) -> None:
        segments, places = text.segments, text.places
        self.text = text
        self.n = n = len(segments)
        self.position = np.arange(n)
        self.at = np.array([s.place.order for s in segments], np.int64)
        self.parent = np.array([p.parent.order if p.parent else 0 for p in places], np.int64)
        self.first = np.array([p.first for p in places], np.int64)
        self.last = np.array([p.last for p in places], np.int64)
        self.depth = np.array([p.depth for p in places], np.int64)
        self.up1 = self.parent[self.at]
        self.up2 = self.parent[self.up1]
        self.up3 = self.parent[self.up2]
        self.chars = np.array([len(s.text) for s in segments], np.float64)
        self.linked = np.array([s.linked for s in segments], np.float64)
        self.link_share = self.linked / self.chars
        self.full = self.chars  # characters of texts that end like sentences, else 0; set with the text's features
        self.branch = self.at  # each segment's way off the best container; set by `toward`
        kinds: dict[tuple[object, ...], int] = {}
        of_place: dict[int, int] = {}
        group = []
        for s in segments:
            place = s.place
            found = of_place.get(place.order)
            if found is None:
                found = of_place[place.order] = kinds.setdefault(_kind(place), len(kinds))
            group.append(found)
        self.group = np.array(group, np.int64)
        self.size = np.bincount(self.group)

    def within(self, column: NDArray[np.floating], places: Ints) -> Numbers:
        """The sum of `column` over the segments inside each of `places`."""
        sums = running(column)
        return sums[self.last[places]] - sums[self.first[places]]

    def by_kind(self, column: NDArray[np.floating]) -> Numbers:
        """The mean of `column` over the segments in places of the same kind."""
        return (np.bincount(self.group, column) / self.size)[self.group]


def running(column: NDArray[np.floating]) -> Numbers:
    """Sums of all before: one longer than `column`, from 0."""
    return np.concatenate(([0.0], np.cumsum(column, dtype=np.float64)))


def shifted(column: Floats, by: int, fill: float) -> Floats:
    """The neighbour `by` places further on, `fill` beyond the ends."""
    out = np.full_like(column, fill)
    if by > 0:
        out[:-by] = column[by:]
    else:
        out[-by:] = column[:by]
    return out


def _kind(place: Place) -> tuple[object, ...]:
    parent = place.parent
    return (place.tag, place.words, parent.tag, parent.words) if parent else (place.tag, place.words)


def first_stage(context: Context, clues: Clues, lexicon: Lexicon) -> Sheet:
    near, far, said = lexicon
    sheet = Sheet(context.n)
    _text(sheet, context)
    _links(sheet, context.text.segments, clues.host)
    scores = _names(sheet, context, near, far)
    _containers(sheet, context, scores)
    _words(sheet, context, clues, said)
    _neighbours(sheet, context)
    return sheet


def _text(sheet: Sheet, context: Context) -> None:
    segments, chars = context.text.segments, context.chars
    counted = characters.count([s.text for s in segments])
    context.full = chars * counted["ends"] * (chars > 60)
    sheet.add("chars", np.log1p(chars))
    sheet.add("linked", context.link_share)
    sheet.add("strong", [s.strong / len(s.text) for s in segments])
    for name in ("upper", "digit", "stop", "comma", "quote", "mark"):
        sheet.add(name, counted[name] / chars)
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


def _names(sheet: Sheet, context: Context, near: Mapping[str, float], far: Mapping[str, float]) -> NDArray[np.float64]:
    """Scores of the places' names: own mean, least and most of itself; sum, least and most down from the top."""
    places, segments = context.text.places, context.text.segments
    met: dict[tuple[str, ...], tuple[float, float, float, float, float, float]] = {(): (0, 0, 0, 0, 0, 0)}
    rows: list[tuple[float, ...]] = []
    for place in places:
        found = met.get(place.words)
        if found is None:
            own = [near[word] for word in place.words if word in near] or [0]
            path = [far[word] for word in place.words if word in far] or [0]
            found = met[place.words] = (
                sum(own) / len(own), min(*own, 0), max(*own, 0), sum(path), min(*path, 0), max(*path, 0),
            )  # fmt: skip
        if place.parent:
            above = rows[place.parent.order]
            rows.append((*found[:3], above[3] + found[3], min(above[4], found[4]), max(above[5], found[5])))
        else:
            rows.append(found)
    scores = np.array(rows)
    for prefix, where in (("", context.at), ("up1.", context.up1)):
        for i, name in enumerate(("own", "least", "most")):
            sheet.add(prefix + name, scores[where, i])
    sheet.add("up2.own", scores[context.up2, 0])
    for i, name in enumerate(("under", "lowest", "highest")):
        sheet.add(name, scores[context.at, 3 + i])
    inline = [[near[word] for word in s.words if word in near] if s.words else [] for s in segments]
    sheet.add("inline.least", [min(scored) if scored else 0 for scored in inline])
    sheet.add("inline.mean", [sum(scored) / len(scored) if scored else 0 for scored in inline])
    return scores


def _containers(sheet: Sheet, context: Context, scores: NDArray[np.float64]) -> None:
    places = context.text.places
    at, up1, up2, position = context.at, context.up1, context.up2, context.position
    bit = {tag: 1 << i for i, tag in enumerate(INSIDE)}
    flags: list[int] = []
    for place in places:
        flags.append((flags[place.parent.order] if place.parent else 0) | bit.get(place.tag, 0))
    inside = np.array(flags)[at]
    for i, tag in enumerate(INSIDE):
        sheet.add(f"in.{tag}", (inside >> i) & 1)
    code = {tag: i for i, tag in enumerate(TAGS)}
    tags = np.array([code.get(place.tag, len(TAGS)) for place in places])
    sheet.add("tag", tags[at])
    sheet.add("up1.tag", tags[up1])
    sheet.add("depth", context.depth[at])
    siblings = np.bincount(context.parent, minlength=len(places))
    sheet.add("siblings", np.minimum(siblings[up1], 100))
    chars, full = context.chars, context.full
    total = float(chars.sum())
    for name, where in (("at", at), ("up1", up1), ("up2", up2), ("up3", context.up3)):
        mass = context.within(chars, where)
        sheet.add(f"{name}.mass", np.log1p(mass))
        sheet.add(f"{name}.share", mass / total)
        sheet.add(f"{name}.linked", context.within(context.linked, where) / mass)
        sheet.add(f"{name}.full", context.within(full, where) / mass)
        sheet.add(f"{name}.count", context.last[where] - context.first[where])
        if name in ("up1", "up2"):
            sheet.add(f"{name}.from", np.minimum(position - context.first[where], 40))
            sheet.add(f"{name}.till", np.minimum(context.last[where] - position, 40))
    sheet.add("kind.count", context.size[context.group])
    sheet.add("kind.chars", np.log1p(context.by_kind(chars)))
    sheet.add("kind.linked", context.by_kind(context.link_share))
    sheet.add("kind.ends", context.by_kind(sheet.columns["ends"]))
    sentences = full * (1 - context.link_share)
    mass = np.zeros(len(places))
    for share, where in ((1.0, at), (1.0, up1), (0.7, up2), (0.5, context.up3)):
        mass += np.bincount(where, share * sentences, len(places))
    best = int(mass.argmax())
    toward(sheet, context, best, "best")
    for i, name in ((0, "own"), (4, "lowest"), (5, "highest")):
        sheet.add(f"best.branch.{name}", scores[context.branch, i])
    sheet.fill("best.share", float(context.within(chars, np.array([best]))[0]) / total)
    media = np.array([s.media for s in context.text.segments])
    sheet.add("media.before", np.minimum(np.diff(media, prepend=0), 3))
    sheet.add("media.share", media / max(1, len(context.text.media)))


def toward(sheet: Sheet, context: Context, best: int, name: str) -> None:
    """Where segments stand as seen from the container `best`: how far away, and in which of its branches."""
    path: set[int] = set()
    place: Place | None = context.text.places[best]
    while place:
        path.add(place.order)
        place = place.parent
    shared: list[int] = []  # depth of the common ancestor with `best`
    branch: list[int] = []  # and that ancestor's child on the way down
    for i, (up, depth) in enumerate(zip(context.parent.tolist(), context.depth.tolist(), strict=True)):
        if i in path:
            shared.append(depth)
            branch.append(i)
        else:
            shared.append(shared[up])
            branch.append(i if up in path else branch[up])
    at = context.at
    common = np.array(shared)[at]
    context.branch = np.array(branch)[at]
    sheet.add(f"{name}.away", context.depth[best] - common)
    sheet.add(f"{name}.below", context.depth[at] - common)
    mass = context.within(context.chars, context.branch)
    sheet.add(f"{name}.branch.mass", np.log1p(mass))
    sheet.add(f"{name}.branch.linked", context.within(context.linked, context.branch) / mass)
    sheet.add(f"{name}.branch.count", context.last[context.branch] - context.first[context.branch])
    start, end = context.first[best], context.last[best]
    sheet.add(f"{name}.at", (context.position - start) / max(1, end - start))
    sheet.add(f"{name}.start", np.clip(context.position - start, -50, 100))
    sheet.add(f"{name}.end", np.clip(end - context.position, -50, 100))


def _words(sheet: Sheet, context: Context, clues: Clues, said: Mapping[str, float]) -> None:
    segments, n = context.text.segments, context.n
    titled, described = set(first_words(clues.title)), set(first_words(clues.description))
    people = set(first_words(clues.people))
    told = " ".join(clues.told[:200_000].split())
    count: dict[str, int] = {}
    columns = np.zeros((14, n), np.float32)
    heading, likest = -1, 0.0
    for i, s in enumerate(segments):
        text = s.text
        words = first_words(text)
        known = keys(text, words)
        scores = [said[key] for key in known if key in said]
        if scores:
            columns[:5, i] = (
                sum(scores) / len(scores), min(scores), max(scores),
                next((said[key] for key in (*known[2::-1],) if key in said), 0),
                next((said[key] for key in known[4:2:-1] if key in said), 0),
            )  # fmt: skip
        distinct = set(words)
        if distinct and len(text) < 500:
            shared = len(distinct & titled)
            columns[5, i], columns[6, i] = shared / len(distinct), shared / max(1, len(titled))
            shared_too = len(distinct & described)
            columns[7, i], columns[8, i] = shared_too / len(distinct), shared_too / max(1, len(described))
            columns[9, i] = len(distinct & people) / len(distinct)
            like = columns[5, i] * columns[6, i] + (0.5 if s.place.tag == "h1" else 0)
            if like > likest + 0.1:
                likest, heading = float(like), i
        if told:
            columns[10, i] = 1 if text[:80] in told else -1
        columns[11, i] = text in count  # met before
        count[text] = count.get(text, 0) + 1
    columns[12] = [count[s.text] for s in segments]
    names = ("said", "said.least", "said.most", "said.first", "said.final", "title.part", "title.whole", "desc.part",
             "desc.whole", "people", "told", "again", "count")  # fmt: skip
    for name, column in zip(names, columns, strict=False):
        sheet.add(name, column)
    before = running(context.chars)[:-1]
    sheet.fill("heading.found", likest)
    if heading >= 0:
        sheet.add("heading.steps", np.clip(context.position - heading, -60, 200))
        sheet.add("heading.chars", np.clip(before - before[heading], -3_000, 20_000))
    else:
        sheet.fill("heading.steps", -99)
        sheet.fill("heading.chars", -9_999)
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
