"""Text as people read it: white space, entities and invisible characters in order."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
"""Characters, for a regular expression, of scripts whose words stand without spaces, or with particles on them."""

_INVISIBLE = dict.fromkeys([*range(0x00, 0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0x00AD, 0x200B, 0x2060, 0xFEFF])
_SURROGATES = re.compile("[\ud800-\udfff]")
_FOLDED = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(0x80)}
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def squash(text: str) -> str:
    """One line: runs of white space become one space, soft hyphens, zero-width and control characters go.

    >>> squash(" The dam\\u00a0holds,\\n\\t say\\u200b engineers ")
    'The dam holds, say engineers'
    """
    line = " ".join(text.split())
    if line.isprintable():  # nearly all text: nothing to take out
        return line
    return _SURROGATES.sub("\ufffd", " ".join(text.translate(_INVISIBLE).split()))


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
