"""Captions of pictures: what is shown, apart from who made the picture and from what says neither."""

from __future__ import annotations

import re
from functools import cache

from aggregator import rules
from aggregator.cleaning import boilerplate, by, people
from aggregator.cleaning.names import has_year
from aggregator.cleaning.text import folded, squash

MAX_CREDIT = 120  # characters
MAX_LINE = 300  # of a line in the text that is a caption
PROMPTS = ("newsletter", "social_prompt", "related_link", "read_more")  # rules for lines that are no captions
MAX_WORDS, MAX_MAKER = 10, 6  # words of a credit behind its label, and without one
MAX_CAPTION = 3_000  # characters that are read
LONG_TITLE = 20  # characters of a title that no caption begins with by chance

_EDGES = " \t-–—|,;:/·•*"
_LAST_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]\W*$")
_LISTED = re.compile(r"[/|@]")
_SENTENCE_END = re.compile(r"[.!?…)\]»”]+\s*(?=[^\W\d_])|\s[|–—]\s+")
_SMALL = frozenset(["for", "via", "of", "von", "de", "du", "di", "und", "and", "van", "für", "the"])
_SIGN = re.compile(r"(?:©|\([cC]\))\s*(?:(?:19|20)\d\d\b\W*)?(?=\S)")


def split(text: str) -> tuple[str | None, str | None]:
    """What a caption shows, and whom it credits; None where it says nothing.

    >>> split("The dam in May. Photo: Jo Keldar / AFP"), split("(Photo by Jo Keldar)"), split("3")
    (('The dam in May.', 'Jo Keldar / AFP'), (None, 'Jo Keldar'), (None, None))
    """
    text = squash(text[:MAX_CAPTION])
    caption, credit = text, ""
    if bracket := _LAST_BRACKET.search(text):
        before, inner = _apart(bracket[1])
        if inner or _is_maker(bracket[1]):
            caption = squash(f"{text[: bracket.start()]} {before if inner else ''}")
            credit = inner or bracket[1]
    if not credit:
        caption, credit = _apart(text)
    short = len(text.split()) <= MAX_MAKER
    if not credit and short and _is_known(text):
        caption, credit = "", text
    elif not credit and (found := _behind(text)):
        shown, again = split(found[0])  # some write it twice
        caption, credit = shown or "", found[1]
        if again and folded(credit) in folded(again):
            credit = again
    elif not credit and short and _is_maker(text):
        caption, credit = "", text
    caption, credit = caption.strip(_EDGES), credit.strip(_EDGES + "()[]")
    return caption if not _is_junk(caption) else None, credit or None


def tidy(caption: str | None, credit: str | None, title: str | None) -> tuple[str | None, str | None]:
    """A picture's caption and credit, each without the other.

    What repeats the story's title, or asks the reader for something, is no caption.
    """
    shown, maker = split(caption) if caption else (None, None)
    beside, named = split(credit) if credit and (_marked(credit) or _is_prose(credit)) else (None, credit)
    shown = _without(shown or beside or "", named or "") or None
    if shown and (flag := boilerplate.flag(shown, "last")) and flag.startswith(PROMPTS):
        shown = None
    if shown and (_repeats(shown, title or "") or folded(shown) == folded(named or "")):
        shown = None
    if shown and by.opens(shown) and has_year(shown):
        shown = None
    return shown, _once(named or maker or "") or None


def is_advert(caption: str) -> bool:
    """The line beside a picture says that it is an advertisement.

    >>> is_advert("- Advertisement -"), is_advert("The advertisement that sank the Silver Heron")
    (True, False)
    """
    return folded(caption) in rules.load("media")["captions"]["adverts"]


def is_credit(line: str) -> bool:
    """The line says who made a picture, and no more.

    >>> is_credit("Header image: Jo Keldar / AFP"), is_credit("© AP"), is_credit("Photo: The dam that held all winter")
    (True, True, False)
    """
    line = line.lstrip("(*[ ")
    marked = _labels().match(line) or _SIGN.match(line)
    return marked is not None and len(line) <= MAX_CREDIT and split(line)[0] is None


def is_caption(line: str, label_first: bool) -> bool:
    """The line tells of a picture: it ends with who made it, in brackets, or (`label_first`) it begins with 'Photo:'.

    >>> is_caption("The dam in May. (Photo: Jo Keldar)", False), is_caption("Bild: Der Damm im Mai", True)
    (True, True)
    >>> is_caption("The dam held (photo left).", True)
    False
    """
    if len(line) > MAX_LINE:
        return False
    bracket = _LAST_BRACKET.search(line)
    return bool(bracket and _is_labelled(bracket[1])) or (label_first and _is_labelled(line))


def _is_labelled(text: str) -> bool:
    label = _labels().match(text)
    return label is not None and label.end() < len(text)


def _once(credit: str) -> str:
    """Each of the names once, without brackets around them."""
    if credit.startswith("(") and credit.endswith(")"):
        credit = credit[1:-1]
    names = {folded(name): name for name in reversed(credit.split(" | "))}
    return " | ".join(reversed(names.values()))


def _repeats(shown: str, title: str) -> bool:
    """It is the title, or the headline with the byline and the buttons below it."""
    return folded(shown) == folded(title) or (len(title) >= LONG_TITLE and shown.startswith(title))


def _without(shown: str, credit: str) -> str:
    """The caption without the credit that it ends with, although that is told beside it."""
    at = shown.rfind(credit) if credit else -1
    if at <= 0 or shown[at + len(credit) :].strip(_EDGES + "()[]."):
        return shown
    before = shown[:at].rstrip(_EDGES + "([")
    label = _labels().search(f"{before}: ")
    return before[: label.start()].rstrip(_EDGES) if label and label.end() > len(before) else before


def _behind(text: str) -> tuple[str, str] | None:
    """The text before an agency or a library, with or without a name, that stands behind its last sentence; or before
    one that no sentence ends with."""
    for end in reversed([*_SENTENCE_END.finditer(text, max(0, len(text) - MAX_CREDIT))]):
        rest = text[end.end() :].strip(_EDGES)
        if rest and len(rest.split()) <= MAX_WORDS and _is_known(rest):
            return text[: end.end()], rest
    tail = _tail().search(text)
    return (text[: tail.start(1)], tail[1]) if tail else None


def _is_known(text: str) -> bool:
    """Nothing but names, one of them an agency's or a library's."""
    parts = [part for part in (part.strip(_EDGES) for part in re.split(r"[/|,]| via ", text)) if part]
    others = [part for part in parts if not (people.agency(part) or _libraries().fullmatch(part))]
    words = (word for part in others for word in part.split())
    return len(others) < len(parts) and all(not word[0].islower() or word in _SMALL for word in words)


def _apart(text: str) -> tuple[str, str]:
    """The text before a credit, and the credit without its label; all of the text where it has none."""
    marks = [*_labels().finditer(text), *_sources().finditer(text), *_SIGN.finditer(text)]
    for mark in sorted(marks, key=lambda mark: -mark.start()):
        rest = text[mark.end() :].strip(_EDGES)
        if not 1 < len(rest) <= MAX_CREDIT or _is_prose(rest):
            continue
        return text[: mark.start()], rest
    return text, ""


def _is_prose(text: str) -> bool:
    """A sentence rather than names: long, or most of its words without capitals."""
    split_ = text.split()
    small = sum(word[0].islower() for word in split_)
    return len(split_) > MAX_WORDS or (len(split_) > 3 and small * 2 > len(split_) and not _LISTED.search(text))


def _marked(credit: str) -> bool:
    return any(mark.search(credit) for mark in (_labels(), _sources(), _SIGN))


def _is_maker(text: str) -> bool:
    """An agency or a library, or names parted by a stroke: 'NASA/JPL', 'Jo Keldar via Getty Images'."""
    first, *others = (part.strip() for part in text.split("/"))
    if any(map(people.agency, (first, *others))) or _libraries().search(text):
        return True
    return bool(others) and first[:1].isupper() and others[0][:1].isupper()


def _is_junk(caption: str) -> bool:
    silent = folded(caption) in rules.load("media")["captions"]["junk"] or is_advert(caption)
    return silent or not any(map(str.isalpha, caption))


@cache
def _labels() -> re.Pattern[str]:
    data = rules.load("media")["credit"]
    return re.compile(
        rf"(?<!\w)(?:(?i:{_any(data['labels'])})\.?\s?[:：]|(?i:{_any(data['by'])})\b:?(?=\s[^\Wa-z]))\s*"
    )


@cache
def _sources() -> re.Pattern[str]:
    """Labels that make a credit of what follows beside a picture only; they may be glued to the caption."""
    return re.compile(
        rf"(?:(?<!\w)|(?<=[^\W\d_])(?=[A-Z]))(?i:{_any(rules.load('media')['credit']['sources'])})\s?[:：]\s*"
    )


@cache
def _libraries() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_any(rules.load('media')['credit']['libraries'])})\W*$", re.IGNORECASE)


@cache
def _tail() -> re.Pattern[str]:
    return re.compile(rf"(?:^|\s)((?:{_any(rules.load('media')['credit']['tails'])})(?:\s?/[^/.]{{2,60}})?)\W*$")


def _any(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
