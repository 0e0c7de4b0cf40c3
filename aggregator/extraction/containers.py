"""Features of where a segment stands: names and tags on the way down, and the elements around it."""

from __future__ import annotations

import numpy as np

from aggregator.extraction.blocks import Place
from aggregator.extraction.lexicon import NAMED, Lexicon
from aggregator.extraction.sheet import AROUND, Context, Numbers, Sheet

INSIDE = ("figcaption", "figure", "li", "table", "blockquote", "article", "main", "section", "pre")
TAGS = ("p", "div", "li", "span", "td", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "blockquote", "section",
        "article", "pre", "dd", "dt", "body", "header", "footer", "aside", "th", "figure",
        "center", "time")  # fmt: skip
_ROW = {tag: i for i, tag in enumerate(INSIDE)}
_CODE = {tag: i for i, tag in enumerate(TAGS)}


def names(sheet: Sheet, context: Context, lexicon: Lexicon) -> Numbers:
    """Scores of the places' names (NAMED, places), the last three down from the top."""
    scores = lexicon.named([words for _, words in context.names]).take(context.named, axis=1)
    _, _, sums, lowest, highest = scores
    for level in context.levels[1:]:
        above = context.parent.take(level)
        sums[level] += sums.take(above)
        lowest[level] = np.minimum(lowest.take(level), lowest.take(above))
        highest[level] = np.maximum(highest.take(level), highest.take(above))
    sheet.add_all(NAMED, scores.take(context.at, axis=1))
    sheet.add_all(("up1.own", "up1.least"), scores[:2].take(context.up1, axis=1))
    sheet.add("up2.own", scores[0].take(context.up2))
    number: dict[tuple[str, ...], int] = {}
    which = [number.setdefault(segment.words, len(number)) for segment in context.text.segments]
    sheet.add_all(("inline.mean", "inline.least"), lexicon.named(list(number))[:2].take(which, axis=1))
    return scores


def containers(sheet: Sheet, context: Context, scores: Numbers) -> None:
    places = context.text.places
    up1, around = context.up1, context.around
    inside = np.zeros((len(INSIDE), context.n), np.float32)
    for place in places:
        if place.tag in _ROW:
            inside[_ROW[place.tag], place.first : place.last] = 1
    sheet.add_all((f"in.{tag}" for tag in _ROW), inside)
    tags = np.array([_CODE.get(tag, len(TAGS)) for tag, _ in context.names])[context.named]
    sheet.add_all(("tag", "up1.tag"), tags[around[:2]])
    siblings = np.bincount(context.parent, minlength=len(places))
    sheet.add("siblings", np.minimum(siblings[up1], 100))
    chars, full = context.chars, context.full
    total = float(chars.sum())
    mass, linked, ended = context.within(np.stack((chars, context.linked, full)), around)
    sheet.add_all((f"{name}.mass" for name in AROUND), np.log1p(mass))
    sheet.add_all((f"{name}.share" for name in AROUND), mass / total)
    sheet.add_all((f"{name}.linked" for name in AROUND), linked / mass)
    sheet.add_all((f"{name}.full" for name in AROUND), ended / mass)
    first, last = context.first[around[1:]], context.last[around[1:]]
    sheet.add_all((f"{name}.count" for name in AROUND[1:]), last - first)
    sheet.add_all(("up1.from", "up2.from"), np.minimum(context.position - first[:2], 40))
    sheet.add("kind.count", context.size[context.group])
    sheet.add("kind.chars", np.log1p(context.by_kind(chars)))
    sheet.add("kind.linked", context.by_kind(context.link_share))
    sheet.add("kind.ends", context.by_kind(sheet.columns["ends"]))
    sentences = full * (1 - context.link_share)
    held = np.zeros(len(places))
    for share, where in zip((1.0, 1.0, 0.7, 0.5), around, strict=True):
        held += np.bincount(where, share * sentences, len(places))
    best = int(held.argmax())
    toward(sheet, context, best, "best")
    of_branch = scores[[0, 3, 4]].take(context.branch, axis=1)
    sheet.add_all(("best.branch.own", "best.branch.lowest", "best.branch.highest"), of_branch)
    sheet.fill("best.share", float(chars[context.first[best] : context.last[best]].sum()) / total)
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
    mass, linked = context.within(np.stack((context.chars, context.linked)), context.branch)
    sheet.add(f"{name}.branch.mass", np.log1p(mass))
    sheet.add(f"{name}.branch.linked", linked / mass)
    sheet.add(f"{name}.branch.count", context.last[context.branch] - context.first[context.branch])
    start, end = context.first[best], context.last[best]
    sheet.add(f"{name}.at", (context.position - start) / max(1, end - start))
    sheet.add(f"{name}.start", np.clip(context.position - start, -50, 100))
    sheet.add(f"{name}.end", np.clip(end - context.position, -50, 100))
