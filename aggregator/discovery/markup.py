"""From hostile bytes to XML that can be read: bounded, decoded, its entities and stray marks put right."""

from __future__ import annotations

import codecs
import re
import zlib
from functools import lru_cache
from html.entities import html5

from lxml import etree

LIMIT = 50 * 1024 * 1024
"""Bytes of one document, unpacked; the sitemap protocol's own bound."""

_OPENING = 4096
GZIP = b"\x1f\x8b"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STRAY = re.compile(r"&(#?\w{1,32};)?|<(?![A-Za-z_/!?])")
_XML_NAMES = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""")
_SUBSET_END = re.compile(r"\]\s*>")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


class TooLarge(ValueError):
    """The document exceeds LIMIT; the message says so in one line."""


def unpacked(body: bytes) -> bytes:
    """`body`, inflated where it is gzip (twice packed too); of a damaged one what can be had. Raises TooLarge."""
    for _ in range(2):
        if not body.startswith(GZIP):
            break
        body = _inflated(body)
    if len(body) > LIMIT:
        raise TooLarge(f"larger than {LIMIT // 1024 // 1024} MiB unpacked")
    return body


def _inflated(body: bytes) -> bytes:
    unzip, out = zlib.decompressobj(wbits=31), bytearray()
    for start in range(0, len(body), 65536):
        try:
            out += unzip.decompress(body[start : start + 65536], LIMIT + 1 - len(out))
        except zlib.error:
            break
        if len(out) > LIMIT or unzip.eof:
            break
    return bytes(out)


def opening(body: bytes) -> str:
    """The first words of a document, enough to tell what it is."""
    if body.startswith(GZIP):
        try:
            body = zlib.decompressobj(wbits=31).decompress(body[:8192], _OPENING)
        except zlib.error:
            return ""
    return decoded(body[:_OPENING]).lstrip()


def decoded(body: bytes) -> str:
    """Text of the document: what is UTF-8 is read as such whatever it declares, the rest as declared."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    name = found[1].decode("ascii") if (found := _DECLARED.search(body[:1000])) else "utf-8"
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        codec = "utf-8"
    if codec.startswith("iso2022"):  # which is ASCII to the eye
        return body.decode(codec, "replace")
    text = body.decode("utf-8", "replace")
    flaws = text.count("\ufffd")
    if not flaws:
        return text
    if codec in ("utf-8", "ascii", "iso8859-1"):
        ascii_only = len(body.translate(None, bytes(range(128, 256))))
        codec = "utf-8" if len(text) - ascii_only > 2 * flaws else "cp1252"
    return body.decode(codec, "replace")


def repaired(text: str) -> str:
    """XML without document type and illegal characters, each `&` and `<` outside CDATA part of something or escaped."""
    text = _without_doctype(_ILLEGAL.sub("", text))
    out, at = [], 0
    while (start := text.find("<![CDATA[", at)) >= 0:
        end = text.find("]]>", start)
        out.append(_STRAY.sub(_escaped, text[at:start]))
        out.append(text[start : end + 3] if end >= 0 else text[start:] + "]]>")
        at = end + 3 if end >= 0 else len(text)
    out.append(_STRAY.sub(_escaped, text[at:]))
    return "".join(out)


def _escaped(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&lt;" if found[0] == "<" else "&amp;"
    if name in _XML_NAMES:
        return found[0]
    if name.startswith("#"):
        return _character(name[1:-1])
    return html5.get(name, f"&amp;{name}").replace("<", "&lt;")


def _character(number: str) -> str:
    try:
        code = int(number[1:], 16) if number[:1] in "xX" else int(number)
        char = chr(code)
    except (ValueError, OverflowError):
        return ""
    return "" if _ILLEGAL.match(char) else {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(char, char)


def _without_doctype(text: str) -> str:
    start = text[:10_000].upper().find("<!DOCTYPE")
    if start < 0:
        return text
    end, subset = text.find(">", start), text.find("[", start)
    if 0 <= subset < end and (closed := _SUBSET_END.search(text, subset)):
        end = closed.end() - 1
    return text[:start] + text[end + 1 :] if end >= 0 else text[:start]


def tree(text: str, url: str) -> etree._Element | None:
    """The repaired document's root, as far as it can be read; None where nothing can."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(text.encode(), parser, base_url=url)


def is_cut(text: str, *names: str) -> bool:
    """Whether the last element of one of these names lacks its end tag."""
    mark = re.compile(rf"<(/?)(?:\w{{1,20}}:)?(?:{'|'.join(names)})\b", re.IGNORECASE)
    for size in (4_000, 100_000, 2_000_000):
        if marks := mark.findall(text[-size:]):
            return bool(marks[-1] == "")
    return False


def local(element: etree._Element) -> str:
    """The element's name in lower case; of a vocabulary beside the document's own, with its conventional prefix.

    Feeds bind odd prefixes to namespaces and leave some undeclared: the namespace counts, else the prefix as written.
    """
    return _local(str(element.tag))


@lru_cache(maxsize=1024)
def _local(tag: str) -> str:
    space, _, name = tag.lstrip("{").rpartition("}")
    if not space or ":" in name:
        return name.lower()
    prefix = next((known for mark, known in _VOCABULARIES if mark in space), "other:")
    return f"{prefix}{name}".lower()


_VOCABULARIES = (
    ("w3.org/2005/Atom", ""),
    ("purl.org/atom/ns", ""),
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/rss/1.0/modules", "other:"),
    ("purl.org/rss/1.0", ""),
    ("my.netscape.com", ""),
    ("userland.com", ""),
    ("sitemaps.org", ""),
    ("google.com/schemas/sitemap/0", ""),
    ("sitemap-news", "news:"),
    ("purl.org/dc/terms", "dcterms:"),
    ("purl.org/dc/", "dc:"),
    ("search.yahoo.com/mrss", "media:"),
    ("feedburner", "feedburner:"),
    ("pheedo", "pheedo:"),
    ("itunes", "itunes:"),
)
