"""Features of where a segment stands: names and tags on the way down, and the elements around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aggregator.extraction.blocks import Place
from aggregator.extraction.lexicon import Lexicon
from aggregator.extraction.sheet import Context, Sheet

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
_ROW = {tag: i for i, tag in enumerate(INSIDE)}
_CODE = {tag: i for i, tag in enumerate(TAGS)}


def names(sheet: Sheet, context: Context, lexicon: Lexicon) -> NDArray[np.float64]:
    """Scores of the places' names, (places, 6): mean, least, most of its own; sum, least, most down from the top."""
    places, segments = context.text.places, context.text.segments
    number: dict[tuple[str, ...], int] = {}  # pages have far fewer different names than places
    which = [number.setdefault(place.words, len(number)) for place in places]
    scores = np.array(list(map(lexicon.named, number)))[which]
    for level in context.levels[1:]:
        above = scores[context.parent[level], 3:]
        scores[level, 3] += above[:, 0]
        scores[level, 4] = np.minimum(scores[level, 4], above[:, 1])
        scores[level, 5] = np.maximum(scores[level, 5], above[:, 2])
    for prefix, where in (("", context.at), ("up1.", context.up1)):
        for i, name in enumerate(("own", "least", "most")):
            sheet.add(prefix + name, scores[where, i])
    sheet.add("up2.own", scores[context.up2, 0])
    for i, name in enumerate(("under", "lowest", "highest")):
        sheet.add(name, scores[context.at, 3 + i])
    number = {}
    which = [number.setdefault(segment.words, len(number)) for segment in segments]
    inline = np.array(list(map(lexicon.named, number)))[which]
    sheet.add("inline.least", inline[:, 1])
    sheet.add("inline.mean", inline[:, 0])
    return scores


def containers(sheet: Sheet, context: Context, scores: NDArray[np.float64]) -> None:
    places = context.text.places
    at, up1, up2, position = context.at, context.up1, context.up2, context.position
    inside = np.zeros((len(INSIDE), context.n), np.float32)
    for place in places:
        if place.tag in _ROW:
            inside[_ROW[place.tag], place.first : place.last] = 1
    for tag, row in _ROW.items():
        sheet.add(f"in.{tag}", inside[row])
    tags = np.array([_CODE.get(place.tag, len(TAGS)) for place in places])
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
    path: list[int] = []
    place: Place | None = context.text.places[best]
    while place:
        path.append(place.order)
        place = place.parent
    at = context.at
    common = np.zeros(context.n, np.int64)  # depth of the common ancestor with `best`
    for i in reversed(path):
        common[context.first[i] : context.last[i]] = context.depth[i]
    on_path = np.zeros(len(context.first), np.bool_)
    on_path[path] = True
    branches = np.flatnonzero(on_path[context.parent] & ~on_path)  # of the path; they come one after the other
    sizes = context.last[branches] - context.first[branches]
    inside = np.arange(sizes.sum()) + np.repeat(context.first[branches] - (np.cumsum(sizes) - sizes), sizes)
    context.branch = at.copy()  # that ancestor's child on the way down
    context.branch[inside] = np.repeat(branches, sizes)
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
