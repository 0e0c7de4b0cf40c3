"""Names out of credit lines: 'By Ann Smith and Bo Li, Staff Writers' -> Ann Smith, Bo Li."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from aggregator import rules
from aggregator.cleaning import by
from aggregator.cleaning.names import EDGES, MAX_NAME, looks_personal, without_stop, words
from aggregator.cleaning.phrases import Phrases
from aggregator.cleaning.text import folded, squash

MAX_LINE = 400  # characters of a credit line that are read
HOUSE_ENDS = ("staff", "admin")
OF = frozenset({"of", "for", "für", "de", "des", "di"})
PROSE = 3  # words; a longer piece that names nobody is a sentence, and the byline is over

_ADDRESS = re.compile(r"[^\s@]{1,80}(?:@|\[at\])[\w.-]{2,80}|(?:https?://|www\.)\S{1,200}|(?<!\w)@\w{2,40}")
_DIGIT = re.compile(r"\d")
_COMMA = re.compile(r"\s*[,，、]\s*")
_BRACKETS = re.compile(r"(?<=\w)\s*[(（\[《][^()（）\[\]《》]{0,80}[)）\]》]\s*$")
_ACCOUNT = re.compile(r"[a-z][a-z0-9_.-]{1,40}")
_SPELT_ACCOUNT = re.compile(r"[a-z]{2,20}(?:[._][a-z]{2,20}){1,3}")  # ana.ruiz, ana_de_la_ruiz
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|info|[a-z]{2})", re.IGNORECASE)
_COMPOUND = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+){1,3}\s[eyi]\s[^\W\d_]+")  # 'José Volta e Pinto' is one person
_INVERTED = re.compile(r"[A-ZÀ-Þ][a-zß-ÿ]+, [A-ZÀ-Þ][a-zß-ÿ]+(?: [A-Z]\.?)?")
_LABEL = re.compile(r"[^\W\d_]{2,20}(?:\s[^\W\d_]{2,20})?\s*[:：]\s*")


class Credits(NamedTuple):
    """Who a line credits."""

    names: list[str]  # persons and desks
    agencies: list[str]  # as rules/agencies.toml writes them
    nobody: list[str]  # accounts and signatures that stand for the site itself: admin, staff, the site's name


def credits(text: str, own: frozenset[str] = frozenset(), *, stated: bool = False, single: bool = False) -> Credits:
    """The people a credit line names.

    `own` are the site's names, folded. A `stated` line is a name field (metadata): what it says is believed unless it
    is known to be no name; in other lines only what looks like a personal name counts, of two words at least unless
    `single`.

    >>> credits("By Ann Smith and Bo Li, Staff Writers | Reuters")
    Credits(names=['Ann Smith', 'Bo Li'], agencies=['Reuters'], nobody=[])
    """
    found = Credits([], [], [])
    line = text[:MAX_LINE]
    if line.startswith("(") and by.opens(line):  # '(Reporting by Ann Smith)'
        line = line.strip("() ")
    if any(sign in line for sign in ("@", "[at]", "www.", "://")):
        line = _ADDRESS.sub(" | ", line)
    if helpers := _helpers().find(line):
        line = line[: helpers[0]]
    pieces = by.PIECES.split(line)
    for piece in pieces if stated else by.from_by(pieces):
        bare = _bare(piece, stated)
        if not stated:
            bare = _timed().split(bare, maxsplit=1)[0]
        if not bare or _known(bare, own, found):
            continue
        if not stated and (bare.lower() in words("until") or (found.names and _ends_byline(bare))):
            break
        before = sum(map(len, found))
        for part in _turned(bare) if stated and _INVERTED.fullmatch(bare) else _parts(bare):
            _sort(part, own, found, stated, single)
        if not stated and before == sum(map(len, found)) and len(bare.split()) > PROSE:
            break
    return Credits(*map(_distinct, found))


def agency(text: str) -> str | None:
    """The news agency that `text` names, as rules/agencies.toml writes it.

    >>> agency("Deutsche Presse-Agentur")
    'dpa'
    """
    text = text.strip(EDGES + "()[]")
    name, capitals = _agencies().get(folded(text), (None, False))
    if name is None and text.istitle() and text.endswith(tuple(rules.load("bylines")["agency_endings"])):
        return text  # not listed, but it says what it is
    return name if name and (not capitals or text.isupper()) else None


def is_nobody(name: str, own: frozenset[str]) -> bool:
    """The name stands for the site itself, or for nobody: 'admin', 'Example Staff'."""
    key = folded(name)
    return key in own or key in words("nobody") | words("nameless") or (agency(name) is None and _is_house(name, own))


def is_desk(name: str) -> bool:
    """A desk of the house rather than a person: 'Newsdesk', 'Die Redaktion', 'MM-Redaktion'."""
    return any(folded(word) in words("desks") | words("office") for word in (name, *re.split(r"[\s-]+", name)))


def is_account(name: str) -> bool:
    """What somebody logs in with rather than a name.

    >>> is_account("jkeldar77"), is_account("Jo"), is_account("marc lópez")
    (True, False, False)
    """
    return _ACCOUNT.fullmatch(name) is not None


def _ends_byline(piece: str) -> bool:
    first = piece.split(maxsplit=1)[0].lower()
    if first in words("and"):
        return False
    return _DIGIT.search(piece) is not None or first.strip(".:,") in words("noise") | words("dates")


def _bare(line: str, stated: bool) -> str:
    """The line without the words before and after the names."""
    line = squash(line)
    labelled = line.endswith((":", "："))
    line = line.strip(EDGES)
    while line and (end := by.length(line)):
        rest = line[end:].strip(EDGES)
        if not rest:
            return line if not labelled and folded(line) in words("nobody") | words("desks") else ""
        particle = line[:end].strip().lower() in words("particles")
        if stated and particle and not looks_personal(_parts(rest)[0]):
            break
        line = rest
    if not stated and (match := _LABEL.match(line)) and looks_personal(rest := line[match.end() :]):
        line = rest
    lower = line.lower()
    for word in _after():
        if lower.endswith(word) and len(line) > len(word):
            line = line[: -len(word)].strip(EDGES)
            break
    return _BRACKETS.sub("", line).strip(EDGES)


def _parts(piece: str) -> list[str]:
    """The piece at its commas, and at its 'and's where all sides can stand for themselves."""
    parts: list[str] = []
    for part in _COMMA.split(piece):
        part = _and_first().sub("", part)
        sides = [side.strip(EDGES) for side in _and().split(part)]
        listed = all(looks_personal(side, single=True) or agency(side) for side in sides)
        if listed and not _is_body(sides[0]) and not _COMPOUND.fullmatch(part):
            parts += sides
        else:
            parts.append(part.strip(EDGES))
    return [part for part in parts if part]


def _turned(piece: str) -> list[str]:
    """'Keldar, Jo T.' of a name field is one person; 'Reuters, Staff' are two that are none."""
    parts = _parts(piece)
    if any(agency(part) or is_nobody(part, frozenset()) or is_desk(part) for part in parts):
        return parts
    return [" ".join(reversed(parts))]


def _is_body(name: str) -> bool:
    """'Institute of Allergy', 'Department of Health': what follows an 'and' is of its name too."""
    split = [word.lower() for word in name.split()]
    return any(word in words("roles") and after in OF for word, after in pairwise(split))


def _known(part: str, own: frozenset[str], found: Credits) -> bool:
    """Agencies, and those that stand for the site itself."""
    key = folded(part)
    if key not in own and (wire := agency(part)):
        found.agencies.append(wire)
        return True
    if key in words("nameless"):
        return True
    if (
        key in own
        or key.rstrip("0123456789") in own
        or key in words("nobody")
        or _DOMAIN.fullmatch(part)
        or _is_house(part, own)
    ):
        found.nobody.append(part)
        return True
    return False


def _is_house(part: str, own: frozenset[str]) -> bool:
    """The site's name with such words as 'staff' or 'Redaktion', either alone, or anything that ends in 'staff'."""
    all_words = [folded(word) for word in part.split()]
    if len(all_words) in (2, 3) and all_words[-1] in HOUSE_ENDS and "," not in part:
        return True
    if is_account(part) and part.endswith("admin"):
        return True
    if len(all_words) > 1 and all_words[-1] in words("companies"):
        return True
    if folded(part) in words("office"):
        return True
    outer = [word for word in all_words if word not in words("house") | words("office")]
    numbered = outer[-1:] and outer[-1].isdigit() and len(outer) < len(all_words)  # 'Redacción Example 2'
    outer = outer[:-1] if numbered else outer
    return len(outer) < len(all_words) and (not outer or "".join(outer) in own)


def _sort(part: str, own: frozenset[str], found: Credits, stated: bool, single: bool) -> None:
    """Put one part where it belongs: with the names, the agencies, nobody, or nowhere."""
    later = any(found)
    if found.names and folded(part) in words("degrees"):
        found.names[-1] += f", {part}"
        return
    if _known(part, own, found):
        return
    split = part.split()
    if (cut := _wire_at_end(split)) and looks_personal(head := " ".join(split[:cut]).strip(EDGES)):
        found.agencies.append(agency(" ".join(split[cut:])) or "")
        part, split = head, split[:cut]
    if len(split) > 2 and _is_job(split[0]) and looks_personal(head := " ".join(split[1:])):
        part, split = head, split[1:]
    lower = [word.strip(".,:").lower() for word in split]
    beside = all(word in words("noise") for word in lower) if stated else lower[0] in words("noise")
    if beside or all(word in words("dates") for word in lower) or part.lower() in words("places"):
        return
    if (later and folded(part) in _outlets()) or part.endswith(tuple(words("reports"))):
        return
    job = next((place for place, word in enumerate(lower) if word in words("roles")), None)
    if job is not None and (later or not stated or job >= 2):
        head = " ".join(split[:job]).strip(EDGES)
        broken = lower[job - 1] in words("particles")  # 'Les Amis du Chœur de' Radio France
        if not later and not broken and looks_personal(head) and lower[0] != "the" and not is_desk(part):
            part = head
        elif later or not stated:
            return
    if _SPELT_ACCOUNT.fullmatch(part):
        part = re.sub("[._]", " ", part).title()
    first_names = stated and bool(found.names) and all(" " not in name for name in found.names)  # 'Maria & Katerina'
    believed = stated and not later and 1 < len(part) <= MAX_NAME and any(map(str.isalpha, part))
    if believed or looks_personal(part, single=first_names or (single and not later)):
        found.names.append(without_stop(part))


def _is_job(word: str) -> bool:
    """'FOCUS-Online-Experte', 'AZ-Redakteurin': a house and a job in one word."""
    _, hyphen, job = word.lower().rpartition("-")
    return bool(hyphen) and job in words("roles")


def _wire_at_end(split: list[str]) -> int | None:
    """Where an agency's name begins that ends the words: 'Ann Smith The Associated Press'."""
    return next((cut for cut in range(2, len(split)) if agency(" ".join(split[cut:]))), None)


def _distinct(names: list[str]) -> list[str]:
    return list({folded(name): name for name in reversed(names)}.values())[::-1]


@cache
def _outlets() -> frozenset[str]:
    return frozenset(map(folded, rules.load("outlets")))


@cache
def _agencies() -> dict[str, tuple[str, bool]]:
    """Folded alias -> (name, whether it must stand in capitals, as short acronyms are words elsewhere)."""
    return {
        folded(alias): (name, alias.isupper() and len(alias) <= 5)
        for name, aliases in rules.load("agencies").items()
        for alias in (name, *aliases)
    }


@cache
def _timed() -> re.Pattern[str]:
    """What begins a moment or a section behind a name: 'Ann Smith on 3 May', '… in Energy', '… op 3 mei'."""
    plain, dated = ("|".join(map(re.escape, words(table))) for table in ("until", "until_date"))
    return re.compile(rf"\s+(?:(?:{plain}|@)\s+(?=[\w:])|(?:{dated})\s+(?=\d))")


@cache
def _helpers() -> Phrases:
    return Phrases(words("helpers"))


@cache
def _after() -> list[str]:
    return sorted(words("after"), key=len, reverse=True)


@cache
def _and() -> re.Pattern[str]:
    return re.compile(rf"\s+(?:{'|'.join(map(re.escape, sorted(words('and'))))}|AND|UND)\s+")


@cache
def _and_first() -> re.Pattern[str]:
    return re.compile(rf"^(?:{'|'.join(map(re.escape, sorted(words('and'))))})\s+")
