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


def names(sheet: Sheet, context: Context, lexicon: Lexicon) -> NDArray[np.float64]:
    """Scores of the places' names, (places, 6): mean, least, most of its own; sum, least, most down from the top."""
    places, segments = context.text.places, context.text.segments
    rows: list[tuple[float, ...]] = []
    for place in places:
        found: tuple[float, ...] = lexicon.named(place.words)
        if place.parent:
            above = rows[place.parent.order]
            least, most = found[4], found[5]
            if least > above[4]:
                least = above[4]
            if most < above[5]:
                most = above[5]
            found = (found[0], found[1], found[2], above[3] + found[3], least, most)
        rows.append(found)
    scores = np.array(rows)
    for prefix, where in (("", context.at), ("up1.", context.up1)):
        for i, name in enumerate(("own", "least", "most")):
            sheet.add(prefix + name, scores[where, i])
    sheet.add("up2.own", scores[context.up2, 0])
    for i, name in enumerate(("under", "lowest", "highest")):
        sheet.add(name, scores[context.at, 3 + i])
    inline = np.array([lexicon.named(s.words)[:2] for s in segments])
    sheet.add("inline.least", inline[:, 1])
    sheet.add("inline.mean", inline[:, 0])
    return scores


def containers(sheet: Sheet, context: Context, scores: NDArray[np.float64]) -> None:
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
