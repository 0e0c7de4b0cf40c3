"""The browser: Chromium without a network of its own, a few tabs at a time, each in a context of its own.

What goes wrong in it costs the page that was being rendered: a tab has a time limit, a browser that is gone is started
again, one that hangs is killed. It ends with this process, whatever way that ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import signal
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

from playwright._impl._errors import TargetClosedError
from playwright.async_api import Browser as PlaywrightBrowser
from playwright.async_api import Error as PlaywrightError
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from aggregator.fetching.rendering import NoBrowserError, Render, RenderError
from aggregator.fetching.tab import PageNetwork, Tab

SYSTEM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--host-resolver-rules=MAP * ~NOTFOUND",  # no network: names, addresses and WebSockets lead nowhere
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=256",  # megabytes; a page that wants more crashes alone
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TABS = 2  # at a time: 0.45 GB, and 0.17 for the Node process that drives them
CLOSING = 5.0  # seconds that closing a tab, or the browser, may take

_log = logging.getLogger(__name__)


class Browser:
    """Started by the first `render`."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._seconds = settings.getfloat("RENDER_TIMEOUT")
        self._tabs = asyncio.Semaphore(TABS)
        self._starting, self._alone = asyncio.Lock(), asyncio.Lock()
        self._network = PageNetwork(crawler)
        self._names = map(str, count())
        self._handler: _Handler | None = None
        self._missing: NoBrowserError | None = None
        logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # what it warns of is raised as well

    async def render(self, job: Render) -> HtmlResponse:
        """The page after its scripts have run. Raises RenderError."""
        try:
            async with self._tabs:
                response = await self._render(job)
        except TargetClosedError:  # the browser is gone, by this page or by another: alone it can only harm itself
            response = await self._render_alone(job)
        self._crawler.stats.inc_value("rendering/pages")
        return response

    async def _render_alone(self, job: Render) -> HtmlResponse:
        async with self._alone:  # two that wait for all tabs would wait for each other
            for _ in range(TABS):
                await self._tabs.acquire()
        try:
            return await self._render(job)
        except TargetClosedError as error:
            raise RenderError("rendering: the browser crashed") from error
        finally:
            for _ in range(TABS):
                self._tabs.release()

    async def _render(self, job: Render) -> HtmlResponse:
        handler = await self._started()
        tab, name = Tab(job, self._network), next(self._names)
        meta = {
            "playwright": True,
            "playwright_include_page": True,  # it is closed here, with its context
            "playwright_context": name,
            "playwright_context_kwargs": {
                "service_workers": "block",
                "accept_downloads": False,
                "user_agent": self._crawler.settings["USER_AGENT"],
            },
            "playwright_page_init_callback": tab.open,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
            "playwright_page_methods": [PageMethod(tab.settle)],
        }
        try:
            async with asyncio.timeout(self._seconds):
                rendered = await handler.download_request(Request(job.page.url, meta=meta))
        except TargetClosedError:
            raise
        except TimeoutError as error:
            raise RenderError(f"rendering took longer than {self._seconds:g} seconds") from error
        except PlaywrightError as error:
            raise RenderError(f"rendering: {_told(error)}") from error
        finally:
            await handler.forget(name)
        return job.page.replace(url=tab.url, body=rendered.body, encoding=rendered.encoding)

    async def _started(self) -> _Handler:
        async with self._starting:
            if self._missing:
                raise self._missing
            if self._handler is None:
                self._handler = await self._start()
        return self._handler

    async def _start(self) -> _Handler:
        handler = _Handler(self._crawler)
        try:
            await handler.start()
        except PlaywrightError as error:
            await handler.close()
            self._missing = NoBrowserError("needs a browser to be rendered, and none was found")
            _log.warning(
                "pages need a browser to be read, and none can be started (%s): `apt install chromium` or "
                "`playwright install chromium` installs one, -s CHROMIUM=PATH names one",
                _told(error),
            )
            raise self._missing from error
        return handler

    async def close(self) -> None:
        if self._handler:
            with suppress(PlaywrightError, TimeoutError):
                async with asyncio.timeout(CLOSING):
                    await self._handler.close()


class _Handler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]  # it has no types
    """scrapy-playwright's handler, started when it is needed."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.browser_provider_cls = _Chromium
        self.config.launch_options = {"executable_path": crawler.settings["CHROMIUM"] or os.environ.get("CHROMIUM")}
        self.config.target_closed_max_retries = 0

    async def start(self) -> None:
        """Raises playwright's Error where no browser can be started."""
        await self._launch()
        await self._maybe_launch_browser()

    async def forget(self, name: str) -> None:
        """Close a context with its tab; a browser that is too busy even for that is killed."""
        context = self.context_wrappers.get(name)
        if context is None:
            return
        try:
            async with asyncio.timeout(CLOSING):
                await context.context.close()
        except PlaywrightError:
            pass  # it is gone
        except TimeoutError:
            self.browser_provider.kill()


class _Chromium(PlaywrightBrowserProvider):  # type: ignore[misc]
    _process = 0

    async def launch_browser(self) -> PlaywrightBrowser:
        """The one that is named, else Playwright's own, else the system's."""
        path = self.config.launch_options["executable_path"] or _find(self.browser_type.executable_path)
        browser: PlaywrightBrowser = await self.browser_type.launch(
            executable_path=path, args=FLAGS, handle_sigint=False, handle_sigterm=False, handle_sighup=False
        )
        session = await browser.new_browser_cdp_session()
        processes: dict[str, Any] = await session.send("SystemInfo.getProcessInfo")
        self._process = next(one["id"] for one in processes["processInfo"] if one["type"] == "browser")
        return browser

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)


def _find(own: str) -> str | None:
    """The browser to start; None: `own`, which is Playwright's."""
    return None if Path(own).exists() else next(filter(None, map(shutil.which, SYSTEM)), None)


def _told(error: PlaywrightError) -> str:
    """The first line, without the call that it came from."""
    return re.sub(r"^\w+\.\w+: ", "", error.message.partition("\n")[0])
