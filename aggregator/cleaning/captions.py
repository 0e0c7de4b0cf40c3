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

_EDGES = " \t-–—|,;:/·•*"
_LAST_BRACKET = re.compile(r"[(\[]([^()\[\]]{2,120})[)\]]\W*$")
_LISTED = re.compile(r"[/|@]")
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
    if not credit and len(text.split()) <= MAX_MAKER and _is_maker(text):
        caption, credit = "", text
    caption, credit = caption.strip(_EDGES), credit.strip(_EDGES + "()[]")
    return caption if not _is_junk(caption) else None, credit or None


def tidy(caption: str | None, credit: str | None, title: str | None) -> tuple[str | None, str | None]:
    """A picture's caption and credit, each without the other.

    What repeats the story's title, or asks the reader for something, is no caption.
    """
    shown, maker = split(caption) if caption else (None, None)
    beside, named = split(credit) if credit and _marked(credit) else (None, credit)
    shown = shown or beside
    if shown and (flag := boilerplate.flag(shown, "last")) and flag.startswith(PROMPTS):
        shown = None
    if shown and (folded(shown) in (folded(title or ""), folded(named or "")) or (by.opens(shown) and has_year(shown))):
        shown = None
    return shown, named or maker


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


def _apart(text: str) -> tuple[str, str]:
    """The text before a credit, and the credit without its label; all of the text where it has none."""
    marks = [*_labels().finditer(text), *_SIGN.finditer(text)]
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
    return bool(_labels().search(credit) or _SIGN.search(credit))


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
    labels, named = ("|".join(map(re.escape, sorted(data[key], key=len, reverse=True))) for key in ("labels", "by"))
    return re.compile(rf"(?<!\w)(?:(?i:{labels})\.?\s?[:：]|(?i:{named})\b:?(?=\s[^\Wa-z]))\s*")


@cache
def _libraries() -> re.Pattern[str]:
    names = "|".join(map(re.escape, rules.load("media")["credit"]["libraries"]))
    return re.compile(rf"(?<!\w)(?:{names})\W*$", re.IGNORECASE)
