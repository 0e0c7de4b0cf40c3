"""One page in the browser: what it may fetch, when it is done, and how it is asked for more."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route
from playwright.async_api import Request as PageRequest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from aggregator import rules
from aggregator.fetching.rendering import Render

QUIET = 0.4  # seconds without a request after which a page is taken to be done …
PATIENCE = 10.0  # … and after which it is taken as it is
MAX_REQUESTS = 150  # of one page
MAX_KEPT = 32 * 1024 * 1024  # bytes of scripts
SECONDS = 10  # that one of a page's requests may take

_UNSENT = frozenset({"user-agent", "cookie", "host", "content-length", "accept-encoding"})
_UNTOLD = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie"}
)

_log = logging.getLogger(__name__)


class PageNetwork:
    """What pages ask for, brought by the crawl's own downloader: address guard, robots.txt, proxy and bounds hold.

    Scripts are fetched once a run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._kept: OrderedDict[str, Response] = OrderedDict()
        self._size = 0

    async def fetch(self, asked: PageRequest) -> Response:
        """Raises whatever a download raises."""
        if kept := self._kept.get(asked.url):
            return kept
        headers = {name: value for name, value in asked.headers.items() if name not in _UNSENT}
        request: Request | Response = Request(
            asked.url,
            callback=NO_CALLBACK,
            method=asked.method,
            headers=headers,
            body=asked.post_data_buffer or b"",
            meta={"subresource": True, "dont_retry": True, "download_timeout": SECONDS},
        )
        downloader = self._crawler.engine.downloader
        while isinstance(request, Request):  # redirects, which the redirect middleware bounds
            request = await downloader.middleware.download_async(downloader.handlers.download_request_async, request)
        if asked.resource_type == "script" and request.status == 200:
            self._keep(asked.url, request)
        return request

    def _keep(self, url: str, response: Response) -> None:
        self._kept[url] = response
        self._size += len(response.body)
        while self._size > MAX_KEPT:
            self._size -= len(self._kept.popitem(last=False)[1].body)


class Tab:
    """Renders one page, which it is given: `open` it, then `settle`."""

    def __init__(self, job: Render, network: PageNetwork) -> None:
        self.url = job.page.url  # moves on where a script leads to another page
        self._job = job
        self._network = network
        self._given = False
        self._asked = self._waiting = 0

    async def open(self, page: Page, request: Request) -> None:
        await page.route("**/*", self._route)

    async def settle(self, page: Page) -> None:
        """Waits until the page has what it asks for, and asks a listing for more."""
        await self._quiet()
        await load_more(page, self._job.loads, self._job.button, self._quiet)

    async def _quiet(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                before = -1
                while self._waiting or self._asked != before:
                    before = self._asked
                    await asyncio.sleep(QUIET)

    async def _route(self, route: Route) -> None:
        with suppress(PlaywrightError):  # the page is gone
            await self._answer(route, route.request)

    async def _answer(self, route: Route, asked: PageRequest) -> None:
        page = asked.is_navigation_request() and not asked.frame.parent_frame
        if page and not self._given:
            self._given = True
            await route.fulfill(**_told(self._job.page))
        elif asked.resource_type == "stylesheet":
            await route.fulfill(content_type="text/css")
        elif self._asked < MAX_REQUESTS and self._may_fetch(asked):
            self._asked += 1
            self._waiting += 1
            try:
                response = await self._network.fetch(asked)
            except Exception as error:  # of any middleware or handler: the page does without
                _log.debug("%s does without %s: %s", self._job.page.url, asked.url, error)
                await route.abort()
            else:
                if page:
                    self.url = response.url
                await route.fulfill(**_told(response))
            finally:
                self._waiting -= 1
        else:
            await route.abort()

    def _may_fetch(self, asked: PageRequest) -> bool:
        known = rules.load("browser")
        host = urlsplit(asked.url).hostname or ""
        if asked.resource_type not in known["fetched"] or asked.method not in ("GET", "POST"):
            return False
        return _below(host, self._job.site) or (
            asked.resource_type == "script" and any(_below(host, one) for one in known["script_hosts"])
        )


def _below(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _told(response: Response) -> dict[str, Any]:
    headers = {name.decode("latin-1").lower(): b", ".join(all_) for name, all_ in response.headers.items()}
    return {
        "status": response.status,
        "headers": {name: value.decode("latin-1") for name, value in headers.items() if name not in _UNTOLD},
        "body": response.body,
    }


# --- Page actions -----------------------------------------------------------------------------------------------------

_PUSH = """([css, words]) => {
    window.scrollTo(0, document.documentElement.scrollHeight);
    const shown = e => e.offsetParent !== null && !e.disabled;
    const says = e => (e.innerText || e.value || e.ariaLabel || "").trim().toLowerCase().slice(0, 60);
    const leads = e => e.tagName === "A" && !/^(#|javascript:|$)/i.test(e.getAttribute("href") || "");
    const known = e => says(e).length < 40 && words.some(word => says(e).startsWith(word)) && !leads(e);
    const all = [...document.querySelectorAll(css || "button, a, [role=button], input[type=button]")].slice(-3000);
    all.findLast(e => shown(e) && (css || known(e)))?.click();
}"""


async def load_more(page: Page, times: int, button: str | None, quiet: Callable[[], Awaitable[None]]) -> None:
    """Scrolls to the page's end and clicks its button for more, up to so many times, while new links come of it."""
    for _ in range(times):
        before = await page.evaluate("document.links.length")
        await page.evaluate(_PUSH, [button, _words()])
        await quiet()
        if await page.evaluate("document.links.length") <= before:
            return


@cache
def _words() -> list[str]:
    return list(rules.load("browser")["load_more"])
