"""Which pages are rendered by a browser: those whose HTML does not keep its contract, unless that has been in vain.

A listing has to name articles, an article has to have text. Every page is read as the network brought it first, which
costs next to nothing beside a browser; so a site that stops to need one is read without it from that moment on.
"""

from __future__ import annotations

from typing import Any, Literal

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from aggregator.extraction import publisher, shell
from aggregator.fetching.pace import HostLeftAloneError
from aggregator.fetching.rendering import NoBrowserError, Render, StoppedError
from aggregator.items import Article
from aggregator.seen import Seen, renderings
from aggregator.spiders.sources import Read, Source, page

MODES = ("auto", "always", "never")
_WORDLESS = frozenset({"video", "audio", "gallery", "stub", "listing", "error"})
"""Kinds of page that may have no text because there is none."""

Kind = Literal["listing", "article"]


class Escalation:
    """`loads`: how often a listing is asked for more; `button`: CSS of its button for that.

    Raises ValueError where `mode` is none of MODES.
    """

    def __init__(self, mode: str, index: Seen, loads: int, button: str | None) -> None:
        if mode not in MODES:
            raise ValueError(f"render must be one of {', '.join(MODES)}, not {mode!r}")
        self._mode = mode
        self._index = index
        self._loads = loads
        self._button = button
        self._failures: dict[str, str] = {}  # site -> why the last one failed

    def listing(self, response: Response, source: Source, read: Read) -> Request | None:
        """The request that renders the page; None where the page is good as it is, or cannot be better."""
        if source.kind not in ("start", "listing") or source.endpoint or read.itself:
            return None
        return self._next(response, source.site, "listing", len(read.found), self._loads)

    def article(self, response: HtmlResponse, article: Article) -> Request | None:
        size = len(article.text or "")
        may_be_empty = size > 0 or article.kind in _WORDLESS
        return self._next(response, article.site, "article", size, may_be_empty=may_be_empty)

    def took_part(self, response: Response) -> bool:
        """Whether the page was rendered, or was to be: then whether its HTML changed tells nothing."""
        return "render" in response.meta or "unrendered" in response.meta

    def failed(self, request: Request, error: BaseException | None, site: str, kind: Kind) -> HtmlResponse | None:
        """The page as it was before it was to be rendered; None where this was no rendering."""
        job: Render | None = request.meta.get("render")
        if job is None:
            return None
        if not isinstance(error, (NoBrowserError, StoppedError, HostLeftAloneError)):  # it was not tried
            self._remember(job, site, kind, 0)
        self._failures[site] = f" ({request.url}: {error})"
        job.page.meta["unrendered"] = True
        return job.page

    def failure(self, site: str) -> str:
        """Why the site's last rendering failed, in brackets; empty where none did."""
        return self._failures.get(site, "")

    def _next(
        self, response: Response, site: str, kind: Kind, gave: int, loads: int = 0, may_be_empty: bool = False
    ) -> Request | None:
        """`gave`: article links, or characters of text."""
        job: Render | None = response.meta.get("render")
        if job:
            self._remember(job, site, kind, gave)
            return None
        request = response.request
        if request is None or request.method != "GET" or not isinstance(response, HtmlResponse):
            return None
        if "unrendered" in response.meta or self._mode == "never":
            return None
        if self._mode == "auto" and (
            self._keeps(response, kind, gave, may_be_empty) or self._in_vain(response, site, kind)
        ):
            return None
        job = Render(response, publisher.domain(response.url), gave, loads, self._button)
        kept: dict[str, Any] = {
            name: response.meta[name] for name in ("found", "source", "asked") if name in response.meta
        }
        return request.replace(url=response.url, headers={}, priority=2, meta={**kept, "render": job})

    def _keeps(self, response: HtmlResponse, kind: Kind, gave: int, may_be_empty: bool) -> bool:
        """Its contract. A page without scripts always does: a browser would show the same."""
        if kind == "article" and gave >= shell.LITTLE:
            return True
        read = page(response)
        return not (shell.is_shell(read) or (not gave and not may_be_empty and shell.is_scripted(read)))

    def _in_vain(self, response: HtmlResponse, site: str, kind: Kind) -> bool:
        proof = renderings.last(self._index, site, kind)
        return proof is not None and proof.speaks_against(response.meta["fetched_at"])

    def _remember(self, job: Render, site: str, kind: Kind, rendered: int) -> None:
        at = job.page.meta["fetched_at"]
        renderings.remember(self._index, site, kind, job.page.url, job.gave, rendered, at)
