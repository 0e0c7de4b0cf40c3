"""Text as people read it: white space, entities and invisible characters in order."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Characters, for a regular expression, of scripts whose words stand without spaces, or with particles on them."""

_INVISIBLE: dict[int, str | None] = dict.fromkeys(
    [*range(0x00, 0x09), 0x0B, *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x00AD, 0x200B, 0x202D, 0x202E,
     *range(0x2060, 0x2065), 0xFEFF]
)  # fmt: skip
_MARKS = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069 "  # say something only between letters
_SURROGATES = re.compile("[\ud800-\udfff]")
_FOLDED = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(0x80)}
# UTF-8 that was read as Windows-1252 on its way: a lead byte and its trailing ones, as letters. No prose has these.
_BYTES = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    letter: byte for byte in range(0x80, 0xA0) if (letter := bytes([byte]).decode("cp1252", "replace")) != "\ufffd"
}
_INVISIBLE |= {byte: letter for letter, byte in _BYTES.items() if byte < 0xA0 and ord(letter) >= 0xA0}  # as browsers do
_TRAIL = "[" + "".join(letter for letter, byte in _BYTES.items() if byte < 0xC0) + "]"
_TWICE = re.compile(  # a set comes first, which is looked for fast
    f"[\xc2-\xf4](?:(?<=[\xc2-\xdf]){_TRAIL}|(?<=[\xe0-\xef]){_TRAIL}{{2}}|(?<=[\xf0-\xf4]){_TRAIL}{{3}})"
)
_LEFT = re.compile("\xc2(?=\\s)")  # of a space that does not break
SURELY_TWICE = 2  # in one line; one may be quoted
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def squash(text: str) -> str:
    """One line: runs of white space become one space, soft hyphens, zero-width and control characters go.

    >>> squash(" The dam\\u00a0holds,\\n\\t say\\u200b engineers ")
    'The dam holds, say engineers'
    """
    line = " ".join(text.split())
    plain = line.isprintable()
    if line.isascii() or (plain and not ("Ã" in line or "Â" in line or "â€" in line or "Ð" in line)):
        if plain:  # nearly all text: nothing to take out
            return line
    else:
        line = _read_once(line)
        if line.isprintable():
            return line
    return _SURROGATES.sub("\ufffd", " ".join(line.translate(_INVISIBLE).split())).strip(_MARKS)


def _read_once(line: str) -> str:
    """The line as it was before it was encoded twice; as it is where only one sign looks so and may be quoted."""
    found = _TWICE.findall(line)
    if not found or (
        len(found) < SURELY_TWICE and not any("\x80" <= letter < "\xa0" or letter in "€Â" for letter in found[0])
    ):
        return line
    return _LEFT.sub("", _TWICE.sub(_decoded, line))


def _decoded(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[letter] for letter in match[0]).decode()
    except UnicodeDecodeError:
        return match[0]


def from_markup(text: str) -> str:
    """Metadata text: entities resolved (twice encoded ones too), stray tags dropped, one line.

    >>> from_markup("Ships &amp;amp; <b>ports</b>")
    'Ships & ports'
    """
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    return squash(text)


def folded(text: str) -> str:
    """A key for comparing: letters and digits only, without case and accents.

    >>> folded("Le Monde – Économie")
    'lemondeeconomie'
    """
    if text.isascii():
        return text.translate(_FOLDED)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))
