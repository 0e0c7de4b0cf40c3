"""Appends articles to their site's file, copies to the run's `copies.jsonl`. An item leaves once its line is safe.

Lines are collected for GROUP_COMMIT_SECONDS, or until there are GROUP_COMMIT_ITEMS of them, and share one fsync and one
commit of the index: first the files, then the index, then the items go on. Whatever moment the process dies at, the
files hold all that counts as written, and the next run brings the index up to them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, NoReturn, Self

from scrapy import signals as scrapy_signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from aggregator import lines, output, seen, signals
from aggregator.items import Article, Copy
from aggregator.pipelines.drops import Duplicate, Failed
from aggregator.seen.catchup import catch_up

_log = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    item: Article | Copy
    path: Path
    line: bytes
    safe: asyncio.Future[None]


class WriteJsonl:
    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._output = output.of(crawler)
        self._seen = seen.of(crawler)
        self._seconds = crawler.settings.getfloat("GROUP_COMMIT_SECONDS")
        self._items = crawler.settings.getint("GROUP_COMMIT_ITEMS")
        self._waiting: list[_Waiting] = []
        self._full = asyncio.Event()
        self._committing: asyncio.Task[None] | None = None
        self._stopping: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        pipeline = cls(crawler)
        # Not close_spider: the reports of the run are written after it, under the same locks.
        crawler.signals.connect(pipeline.release, signal=scrapy_signals.engine_stopped)
        return pipeline

    def open_spider(self) -> None:
        """Lock the output of the spider's sites and bring the index up to date, or raise CloseSpider."""
        try:
            for site in output.sites(self._crawler.spider):
                self._output.lock(site)
            catch_up(self._seen, self._output)
        except output.OutputLocked as error:
            self._refuse("output_locked", error)
        except seen.IndexBroken as error:
            self._refuse("index_broken", error)
        except OSError as error:
            self._refuse("output_failed", error)

    async def process_item(self, item: Article | Copy) -> Article:
        """Raises Duplicate for a copy; Failed where the line cannot be written: the run is then ending."""
        try:
            await self._written(item)
        except Exception:
            if isinstance(item, Article):
                self._seen.give_up(item)
            raise
        if isinstance(item, Copy):
            raise Duplicate(f"duplicate of {item.duplicate_of} {item.article_url} ({item.by})", item.duplicate_of)
        return item

    async def _written(self, item: Article | Copy) -> None:
        """Returns once its line is safe."""
        is_copy = isinstance(item, Copy)
        path = self._output.folder(item.site) / output.COPIES if is_copy else self._output.path(item.site)
        try:
            self._output.lock(item.site)
        except (output.OutputLocked, OSError) as error:
            self._stop("output_locked" if isinstance(error, output.OutputLocked) else "output_failed", _told(error))
            raise Failed(f"{output.UNFINISHED}: {_told(error)}") from error
        safe = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(item, path, lines.encode(item), safe))
        if len(self._waiting) >= self._items:
            self._full.set()
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        await safe

    async def close_spider(self) -> None:
        if self._committing:
            self._full.set()
            await self._committing

    def release(self) -> None:
        self._output.release()
        self._seen.close()

    async def _commit(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), self._seconds)
            self._full.clear()
            group, self._waiting = self._waiting, []
            try:
                await self._write(group)
            except Exception as error:  # nobody may wait for ever
                _settle(group, error)
        self._committing = None

    async def _write(self, group: Sequence[_Waiting]) -> None:
        by_path: dict[Path, list[_Waiting]] = defaultdict(list)
        for waiting in sorted(group, key=lambda one: isinstance(one.item, Copy)):  # an article before its copies
            by_path[waiting.path].append(waiting)
        applied: dict[Path, int] = {}
        for path, together in by_path.items():
            if self._stopping and path.name == output.COPIES:  # the articles that they repeat may be lost
                _settle(together, Failed(f"{output.UNFINISHED}: the run is ending"))
                continue
            try:
                applied[path] = await asyncio.to_thread(_append, path, b"".join(each.line for each in together))
            except OSError as error:
                self._stop("output_failed", _told(error, path))
                _settle(together, Failed(f"{output.UNFINISHED}: {_told(error, path)}"))
        done = [waiting for path in applied for waiting in by_path[path]]
        safe = [waiting.item for waiting in done]
        try:
            self._seen.commit(
                [item for item in safe if isinstance(item, Article)],
                applied,
                copies=[item for item in safe if isinstance(item, Copy)],
            )
        except seen.IndexBroken as error:  # the lines are safe all the same, and the next run enters them
            self._stop("index_broken", _told(error))
        _settle(done, None)

    def _refuse(self, reason: str, error: Exception) -> NoReturn:
        self.release()
        self._tell(_told(error))
        raise CloseSpider(reason)

    def _stop(self, reason: str, text: str) -> None:
        if self._stopping is None:
            self._tell(text)
            self._stopping = asyncio.create_task(self._crawler.engine.close_spider_async(reason=reason))

    def _tell(self, text: str) -> None:
        _log.info(text)  # the run's report shows it
        self._crawler.signals.send_catch_log(signals.problem, text=text, site=None)


def _settle(group: Iterable[_Waiting], error: Exception | None) -> None:
    for waiting in group:
        if waiting.safe.done():
            continue
        if error:
            waiting.safe.set_exception(error)
        else:
            waiting.safe.set_result(None)


def _append(path: Path, data: bytes) -> int:
    """Append to the file and return its length once it is on disk; where that fails (OSError) it stays as it was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    with path.open("ab", buffering=0) as file:
        before = file.tell()
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.fsync(file.fileno())
        except OSError:
            with suppress(OSError):
                file.truncate(before)
            raise
    if is_new:
        for folder in path.parents[:4]:  # run, date, site, output: the ones that may be new
            _sync_entries(folder)
    return before + len(data)


def _sync_entries(folder: Path) -> None:
    """A new file outlives a power failure only if its folder's list of entries is on disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _told(error: Exception, path: Path | None = None) -> str:
    if isinstance(error, OSError):
        return f"cannot write the output: {error.strerror}: {error.filename or path}"
    return str(error)
