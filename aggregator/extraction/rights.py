"""What the page and its headers say of reuse, recorded as said."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from aggregator.cleaning.text import from_markup
from aggregator.extraction import jsonld
from aggregator.extraction.page import Page
from aggregator.items import Rights

AI_WORDS = ("noai", "noimageai")

_PARTS = frozenset({"figure", "figcaption", "picture"})
_VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
_PRODUCT = re.compile(r"[a-z][\w.-]*(?=/|$)")
_NAMED = re.compile(r"\s*([\w.*-]+)\s*:")


def read(page: Page) -> Rights:
    """Robots meta and X-Robots-Tag, licence links, copyright, TDM reservation (W3C TDMRep), `noai`."""
    names = frozenset(_PRODUCT.findall(page.agent.lower()))
    said = [content for name in ("robots", *sorted(names)) for content in page.meta.get(name, ())]
    lines = [*said, *page.headers.get("x-robots-tag", "").split("\n")]
    words = list(dict.fromkeys(word for line in lines for word in _for_us(line, names)))
    reserved = _tdm(page, "tdm-reservation")
    return Rights(
        robots=", ".join(word for word in words if word not in AI_WORDS) or None,
        license=_license(page),
        copyright=_copyright(page),
        tdm=" ".join(filter(None, (reserved, _tdm(page, "tdm-policy") if reserved else None))) or None,
        ai=", ".join(word for word in words if word in AI_WORDS) or None,
    )


def _for_us(line: str, names: Collection[str]) -> Iterator[str]:
    """The words of a robots line, in lower case, without those that are for a robot with none of our `names`.

    >>> list(_for_us("noindex, max-snippet:-1, otherbot: noarchive, nofollow", {"dambot"}))
    ['noindex', 'max-snippet:-1']
    """
    for_us = True
    for part in line.lower().split(","):
        if (named := _NAMED.match(part)) and named[1] not in _VALUED:
            for_us = named[1] == "*" or named[1] in names
            part = part[named.end() :]
        if for_us and part.strip():
            yield part.strip()


def _tdm(page: Page, name: str) -> str | None:
    """The page's own word counts before that of its server."""
    return next(iter(page.meta.get(name, ())), page.headers.get(name))


def _license(page: Page) -> str | None:
    for element in (*page.elements("link"), *page.anchors):
        if "license" not in (element.get("rel") or "").lower().split():
            continue
        if any(ancestor.tag in _PARTS for ancestor in element.iterancestors()):
            continue  # a picture's
        if url := page.absolute(element.get("href") or ""):
            return url
    nodes = (node for node in page.jsonld if "ImageObject" not in jsonld.types(node))
    return next((value for node in nodes if (value := jsonld.first(node.get("license")))), None)


def _copyright(page: Page) -> str | None:
    for name in ("copyright", "dc.rights", "dcterms.rights", "rights"):
        for content in page.meta.get(name, ()):
            return from_markup(content) or None
    holders = (jsonld.first(node.get("copyrightHolder")) for node in page.jsonld)
    return next((from_markup(holder) for holder in holders if holder and "://" not in holder), None)  # no bare @id
