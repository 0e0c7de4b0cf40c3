"""Lines that are told already: in another field (byline, date, caption, deck, the theme's clock) or before."""

from __future__ import annotations

import re
from itertools import accumulate

from aggregator.cleaning import by, captions, dates
from aggregator.cleaning.text import folded
from aggregator.items import Article, Block, Removed

HEAD, TAIL = 4, 2  # blocks at the ends among which bylines and datelines are looked for
MAX_LINE = 160  # characters of such a line
_PLAIN = re.compile(r"[^\W\d_]+")
MAX_HEADING = 90  # characters of a last line that may be a heading with nothing below it
LONG = 40  # characters of a line that is not said twice by chance
RETOLD = 3  # different ones that stood before; where they are half of all, they are no refrain
_INITIALS = re.compile(
    r"\(?(?:[a-zà-ž]{2,4}|[A-Za-zÀ-ž]{1,6}(?:/[A-Za-zÀ-ž]{2,8})+)\)?|[（(〔][\u3400-\u9fff]{2,4}[)）〕]"
)
_ARMENIAN = re.compile(r"[\u0530-\u058f]")  # which ends its sentences with a colon
CLOCK_WORDS = 4  # words beside its moments that a line of nothing but date and time may have: 'Date: … Time: …'


def cut(article: Article) -> None:
    """Moves them from `blocks` to `removed`; a text that would be empty is left as it is."""
    shown = {folded(image.caption) for image in article.images if image.caption}
    said = {
        folded(trace["raw"])
        for field in ("authors", "posted_by", "published_at", "modified_at")
        if (trace := article.evidence.get(field)) and trace["from"].startswith(("byline", "text", "time"))
    }
    names = {folded(name) for name in (*(author.name for author in article.authors), article.posted_by) if name}
    full = [author.name for author in article.authors if " " in author.name]
    longest = max((2 * len(image.caption) + 20 for image in article.images if image.caption), default=0)
    longest = max(longest, MAX_LINE, 2 * len(article.subtitle or "") + 20)  # a longer block is none of these
    keys = [folded(block.text) if len(block.text) <= longest else "" for block in article.blocks]
    deck = folded(article.subtitle or "")
    repeated = bool(deck) and keys[: HEAD + 1].count(deck) > 1
    again = _again([block.text for block in article.blocks], article.title or "")
    kept, out = [], []
    numbers = list(accumulate(block.type != "embed" for block in article.blocks))
    last = numbers[-1] - TAIL if numbers else 0
    for at, (number, block, key) in enumerate(zip(numbers, article.blocks, keys, strict=True)):
        place = number - 1
        at_end = (place < HEAD or place >= last) and len(block.text) <= MAX_LINE
        if key in shown:
            out.append(Removed(block.text, "told:caption"))
        elif repeated and key == deck:
            out.append(Removed(block.text, "told:subtitle"))
        elif at in again:
            out.append(Removed(block.text, "told:again"))
        elif at_end and (key in said or folded(block.text[by.length(block.text) :]) in names or is_clock(block.text)):
            out.append(Removed(block.text, "told:byline"))
        elif place >= max(last, 1) and any(block.text.startswith(f"{name} ") for name in full):
            out.append(Removed(block.text, "told:author_bio"))
        elif at_end and captions.is_credit(block.text):
            out.append(Removed(block.text, "told:credit"))
        elif captions.is_caption(block.text, label_first=at_end):
            out.append(Removed(block.text, "told:caption"))
        else:
            kept.append(block)
    while len(kept) > 1 and (rule := _says_nothing(kept[-1])):  # of a list, a gallery or a prompt that is no text
        out.append(Removed(kept.pop().text, rule))
    if len(kept) > 1 and _is_without_words(kept[0]):  # a counter beside the headline
        out.append(Removed(kept.pop(0).text, "told:number"))
    if first := next((block for block in kept if block.text), None):
        out += _date_before(first, article)
        article.blocks, article.removed = kept, [*article.removed, *out]


def _says_nothing(block: Block) -> str | None:
    """The rule by which a last line tells nothing: it announces what does not follow, has no words, or is initials."""
    if _is_without_words(block):
        return "told:number"
    if block.type == "heading" and len(block.text) <= MAX_HEADING and block.text[-1:] not in ".!…":
        return "told:heading"  # some paragraphs are set as headings
    if block.type == "paragraph" and len(block.text) <= MAX_LINE and block.text[-1:] in ":：":
        return "told:heading" if not _ARMENIAN.search(block.text) else None
    return "told:signature" if _INITIALS.fullmatch(block.text) else None


def _is_without_words(block: Block) -> bool:
    return block.type in ("paragraph", "heading", "quote") and not any(map(str.isalpha, block.text or "-"))


def _again(lines: list[str], title: str) -> set[int]:
    """A lead that the next line begins with, and the later of two tellings of the story."""
    first, second = map(folded, lines[:2]) if len(lines) > 1 else ("", "")
    lead = {0} if len(first) >= LONG and second.startswith(first) else set()
    met, retold = {title}, set()
    for at, line in enumerate(lines):
        if line and line in met:  # embeds have no text
            retold.add(at)
        met.add(line)
    again = len({lines[at] for at in retold if len(lines[at]) >= LONG})
    return lead | retold if again >= max(RETOLD, sum(len(line) >= LONG for line in met) / 2) else lead


def _date_before(first: Block, article: Article) -> list[Removed]:
    """The line that gave the date, cut where the text begins behind it without a break: 'Posted: 3 May The dam …'."""
    trace = article.evidence.get("published_at")
    raw = trace["raw"] if trace and trace["from"] in ("text", "time") else ""
    rest = first.text[len(raw) :].lstrip(" |·:–—-")
    if not raw or not first.text.startswith(raw) or not rest[:1].isupper() or not is_clock(raw):
        return []
    first.text = rest
    return [Removed(raw, "told:byline")]


def is_clock(text: str) -> bool:
    """Whether a line says nothing but when.

    >>> is_clock("Date: May 30, 2024 Time: 19:57:47"), is_clock("On May 30, 2024 the old bridge at Brennick went")
    (True, False)
    """
    spans = [(start, end) for _, start, end in dates.find(text)]
    rest = text
    for start, end in reversed(spans):
        rest = rest[:start] + rest[end:]
    return bool(spans) and len(_PLAIN.findall(rest)) < CLOCK_WORDS and len(folded(rest)) < 20
