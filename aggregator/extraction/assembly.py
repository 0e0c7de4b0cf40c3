"""From the kept segments to the article's blocks, in reading order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from aggregator.cleaning.text import folded, squash
from aggregator.extraction.blocks import KINDS, Place, Segment
from aggregator.extraction.embeds import Embed
from aggregator.extraction.live import Entry
from aggregator.items import Block

HEADINGS = {f"h{level}": level for level in range(1, 7)}
GROUPS = {"ul": "list", "ol": "list", "table": "table", "blockquote": "quote", "pre": "preformatted"}
MAX_SPEAKER = 120  # characters of the line under a quote that says who is quoted
LONG_CELL = 200  # characters a cell or item of a list has on average above which it lays out paragraphs instead


def story(
    segments: Sequence[Segment], kept: Sequence[int], shown: Sequence[Embed], entries: Sequence[Entry]
) -> Iterator[tuple[Block, HtmlElement]]:
    """The blocks of the segments that are `kept`, with the embeds between them or next to their ends; an entry of a
    live blog has its moment at its first block."""
    cuts: list[tuple[int, int, Embed | Entry | None]] = []
    cuts += [(each.last, 1, each) for each in shown if each.last >= kept[0] and each.first <= kept[-1] + 1]
    cuts += [cut for each in entries for cut in ((each.first, 2, each), (each.last, 0, None))]
    start, top, moment = 0, None, None
    for position, _, what in [*sorted(cuts, key=lambda cut: cut[:2]), (kept[-1] + 1, 0, None)]:
        end = bisect_left(kept, position)
        for block, element in blocks([segments[at] for at in kept[start:end]], top):
            block.published_at, moment = moment, None
            yield block, element
        start = max(start, end)
        if isinstance(what, Embed):
            yield Block("embed", "", url=what.url), what.element
        else:
            top = what.place if what else None
            moment = what.at.isoformat(timespec="seconds") if what and what.at else None


def blocks(segments: Sequence[Segment], top: Place | None = None) -> Iterator[tuple[Block, HtmlElement]]:
    """Each block with its element. Lists, tables, quotes and preformatted text become one block each; what is around
    `top` does not count."""
    at = 0
    while at < len(segments):
        group = _group(segments[at].place, top)
        end = at + 1
        while end < len(segments) and _group(segments[end].place, top) is group:
            end += 1
        run = segments[at:end]
        if group is not None and (block := _grouped(group, run)):
            yield block, group.element
        else:
            yield from _paragraphs(run)
        at = end


def common_ancestor(elements: Sequence[HtmlElement]) -> HtmlElement | None:
    """The innermost element that holds all of `elements`."""
    if not elements:
        return None
    path = [elements[0], *elements[0].iterancestors()]
    shared = set(path)
    for element in elements[1:]:
        if shared.isdisjoint(line := {element, *element.iterancestors()}):
            return None
        shared &= line
    return next(element for element in path if element in shared)


def _group(place: Place, top: Place | None) -> Place | None:
    """The outermost list, table, quote or preformatted element around it, inside `top`."""
    found = None
    inner: Place | None = place
    while inner and inner is not top:
        if inner.tag in GROUPS:
            found = inner
        inner = inner.parent
    return found


def _grouped(group: Place, run: Sequence[Segment]) -> Block | None:
    kind = GROUPS[group.tag]
    if kind == "quote":
        speaker = _speaker(group.element)
        key = folded(speaker or "")
        said = [segment.text for segment in run if folded(segment.text) != key]
        return Block("quote", "\n".join(said), speaker=speaker) if said else None
    if kind == "preformatted":
        return Block("preformatted", _lines(group.element))
    cells: dict[Place, list[str]] = {}
    for segment in run:
        cell = segment.place
        while cell.parent and cell.tag not in ("li", "tr"):
            cell = cell.parent
        cells.setdefault(cell, []).append(segment.text)
    if sum(len(segment.text) for segment in run) > LONG_CELL * len(cells) or (
        len(run) > 4 * len(cells) and kind == "list"
    ):
        return None
    if kind == "table":
        if len(cells) < 2:
            return None
        return Block("table", "\n".join(" | ".join(row) for row in cells.values()))
    items = [" ".join(texts) for texts in cells.values()]
    return Block("list", "\n".join(items), items=items)


def _lines(element: HtmlElement) -> str:
    """The element's text as it stands; `<br>` and elements that are lines of their own end a line."""
    parts = ["\n"]
    walk = etree.iterwalk(element, events=("start", "end", "comment"))
    for event, node in walk:
        kind = KINDS.get(node.tag)
        if event == "start" and kind == "skipped":
            walk.skip_subtree()
            continue
        text = (node.text if event == "start" else node.tail if node is not element else "") or ""
        if node.tag == "br":
            parts.append("\n" if event == "start" else text)
            continue
        if kind is None and event != "comment" and not text.startswith("\n") and not parts[-1].endswith("\n"):
            parts.append("\n")
        if text:
            parts.append(text)
    return "".join(parts).strip("\n").rstrip()


def _speaker(quote: HtmlElement) -> str | None:
    """Whom the quote's own markup names in a line of its own; a `<cite>` inside a sentence is a work's title."""
    figure = quote.getparent()
    around = figure.iterfind("figcaption") if figure is not None and figure.tag == "figure" else ()
    for element in (*quote.iter("cite", "footer", "figcaption"), *around):
        name = squash(element.text_content()).lstrip("-–—― ~")
        parent = element.getparent()
        alone = parent.tag != "p" or folded(parent.text_content()) == folded(name)
        if alone and 0 < len(name) <= MAX_SPEAKER:
            return name
    return None


def _paragraphs(run: Sequence[Segment]) -> Iterator[tuple[Block, HtmlElement]]:
    last: Segment | None = None
    block: Block | None = None
    for segment in run:
        runs_on = last is not None and segment.breaks == 1 and segment.place is last.place
        if block and last and runs_on and segment.media == last.media:  # no picture between
            block.text += "\n" + segment.text
        else:
            if block and last:
                yield block, last.place.element
            level = HEADINGS.get(segment.place.tag)
            block = Block("heading" if level else "paragraph", segment.text, level=level)
        last = segment
    if block and last:
        yield block, last.place.element
