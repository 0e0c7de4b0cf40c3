"""What the page and its headers say of reuse, recorded as said."""

from __future__ import annotations

from aggregator.extraction import jsonld
from aggregator.extraction.page import Page
from aggregator.items import Rights

AI_WORDS = ("noai", "noimageai")


def read(page: Page) -> Rights:
    """Robots meta and X-Robots-Tag, licence links, copyright, TDM reservation (W3C TDMRep), `noai`."""
    robots = [*page.meta.get("robots", ()), page.headers.get("x-robots-tag", "")]
    words = [word.strip().lower() for value in robots for word in value.split(",") if word.strip()]
    return Rights(
        robots=", ".join(dict.fromkeys(word for word in words if word not in AI_WORDS)) or None,
        license=_license(page),
        copyright=_copyright(page),
        tdm=next(iter(page.meta.get("tdm-reservation", ())), page.headers.get("tdm-reservation")),
        ai=next((word for word in words if word in AI_WORDS), None),
    )


def _license(page: Page) -> str | None:
    for element in (*page.elements("link"), *page.elements("a")):
        if "license" in (element.get("rel") or "").lower().split() and (
            url := page.absolute(element.get("href") or "")
        ):
            return url
    return next((value for node in page.jsonld if (value := jsonld.first(node.get("license")))), None)


def _copyright(page: Page) -> str | None:
    for name in ("copyright", "dc.rights", "dcterms.rights", "rights"):
        for content in page.meta.get(name, ()):
            return content
    return next((value for node in page.jsonld if (value := jsonld.first(node.get("copyrightHolder")))), None)
