"""A page as its scripts make it: a request may carry a page that the network brought, to be rendered by a browser.

Nothing of the browser is imported, and none is started, before the first such request.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import HtmlResponse

from aggregator.engine import is_closing
from aggregator.fetching.pace import GLANCE
from aggregator.output import UNFINISHED

if TYPE_CHECKING:
    from aggregator.fetching.browser import Browser


class RenderError(Exception):
    """The page could not be rendered; the message says why."""


class NoBrowserError(RenderError):
    """There is nothing to render with."""


class StoppedError(RenderError):
    """The crawl ends before the page was rendered."""


@dataclass(frozen=True, slots=True, eq=False)
class Render:
    """What `request.meta["render"]` holds."""

    page: HtmlResponse  # as the network brought it; it is not fetched again
    site: str  # its registrable domain; other hosts are third parties
    gave: int  # what the page gave as it was: article links, or characters of text
    loads: int = 0  # how often a listing is asked for more, by scrolling and by its button
    button: str | None = None  # CSS of that button; None: known by its words


class Rendering:
    """Answers the requests that carry a `Render`."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("RENDER"):
            raise NotConfigured
        named = crawler.settings["CHROMIUM"]
        if named and not shutil.which(named):
            raise ValueError(f"CHROMIUM is no program that can be run: {named!r}; without it one is looked for")
        self._crawler = crawler
        self._browser: Browser | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        rendering = cls(crawler)
        crawler.signals.connect(rendering.close, signals.engine_stopped)
        return rendering

    async def process_request(self, request: Request) -> HtmlResponse | None:
        """Raises RenderError."""
        job: Render | None = request.meta.get("render")
        if job is None:
            return None
        if self._browser is None:
            from aggregator.fetching.browser import Browser

            self._browser = Browser(self._crawler)
        rendering = asyncio.ensure_future(self._browser.render(job))
        while not (await asyncio.wait([rendering], timeout=GLANCE))[0]:
            if is_closing(self._crawler):  # which is not to wait for a page that may take long
                rendering.cancel()
                await asyncio.gather(rendering, return_exceptions=True)
                raise StoppedError(f"{UNFINISHED}: the crawl was stopped")
        return rendering.result().replace(request=request)  # not the one that brought the page

    async def close(self) -> None:
        if self._browser:
            await self._browser.close()
