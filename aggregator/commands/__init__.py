"""Commands of `scrapy`, thin: each module's `Command` calls what other folders do. What they share stands here."""

from __future__ import annotations

import argparse
import gc
import logging
import math
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any, NoReturn
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.commands import ScrapyHelpFormatter
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from aggregator import settings as project

GARBAGE = 50_000  # objects that come to be, above those that go, before unreachable ones are looked for
gc.set_threshold(GARBAGE)  # now: imports and rules leave none, and a page a few dozen

ABOVE_ZERO = {
    "CONCURRENT_ITEMS",
    "CONCURRENT_REQUESTS",
    "CONCURRENT_REQUESTS_PER_DOMAIN",
    "DNS_TIMEOUT",
    "DOWNLOAD_TIMEOUT",
    "GROUP_COMMIT_ITEMS",
    "MAX_URLS_ALIKE",
    "RENDER_TIMEOUT",
}
LONGEST = {"_DAYS": 36_500, "_HOURS": 876_000}  # a century; what lies further back may be no date

logger = logging.getLogger(__name__)


def fail(message: str, code: int = 1) -> NoReturn:
    """Ends the command with one line on stderr."""
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


class _WithExamples(ScrapyHelpFormatter, argparse.RawDescriptionHelpFormatter):
    """Scrapy's help, with line breaks kept in the examples."""


def examples(parser: argparse.ArgumentParser, *lines: str) -> None:
    """Adds example calls to a command's --help."""
    parser.formatter_class = _WithExamples
    parser.epilog = "Examples:\n" + "\n".join(f"  {line}" for line in lines)


def check_arguments(args: list[str], least: int, most: int | None = None) -> None:
    """Ends the command where its arguments are too few or too many, or one is an option that nobody knows."""
    if unknown := next((argument for argument in args if argument.startswith("-")), None):
        fail(f"unknown option {unknown}; see --help", 2)
    if not least <= len(args) <= (len(args) if most is None else most):
        raise UsageError


def host_of(url: str) -> str:
    """Ends the command where it is no whole URL."""
    try:
        host = urlsplit(url).hostname if url.startswith(("http://", "https://")) else None
    except ValueError:
        host = None
    return host or fail(f"not a URL: {url!r} (whole, like https://news.example/)", 2)


def check_settings(settings: BaseSettings) -> None:
    """Ends the command where a setting given on the command line has a misspelt name or a value that makes no sense.

    A setting's type is that of the value it would have had: Scrapy's default or the project's.
    """
    from scrapy.settings import default_settings

    known = {
        name: value for module in (default_settings, project) for name, value in vars(module).items() if name.isupper()
    }
    for name in settings:
        if settings.getpriority(name) != SETTINGS_PRIORITIES["cmdline"]:
            continue
        value = settings[name]
        if name not in known:
            if close := get_close_matches(name, known, 1, 0.8):
                fail(f"unknown setting {name}; did you mean {close[0]}?", 2)
        elif wanted := _mismatch(settings, name, known[name]):
            fail(f"setting {name} must be {wanted}, not {value!r}", 2)


def _mismatch(settings: BaseSettings, name: str, default: object) -> str | None:
    """What the setting should have been, None where it is that."""
    readers: dict[type, tuple[Callable[[str], object], str]] = {
        bool: (settings.getbool, "True or False"),
        int: (settings.getint, "a whole number"),
        float: (settings.getfloat, "a number"),
        dict: (settings.getdict, "a JSON object"),
    }
    reader, words = readers.get(type(default), (settings.get, ""))
    try:
        value: Any = reader(name)
        if isinstance(default, list) and default and all(isinstance(one, int) for one in default):
            words = "numbers, like 1,6,24, or empty"
            value = list(map(float, settings.getlist(name)))
        if name in vars(project) and isinstance(default, (int, float, list)):
            return _beyond(name, value if isinstance(value, list) else [value])
        if name == "CLOCK":
            from aggregator.fetching.clock import clock

            clock(settings[name])
        if name == "LOG_LEVEL" and not isinstance(logging.getLevelName(settings[name]), int):
            return "DEBUG, INFO, WARNING, ERROR or CRITICAL"
    except ValueError:
        return words or "an ISO 8601 moment with offset, like 2024-05-06T07:08:09+02:00"
    return None


def _beyond(name: str, values: list[Any]) -> str | None:
    """What numbers of the project's own settings should have been, None where one can work with them."""
    numbers = [value for value in values if isinstance(value, (int, float))]
    longest = next((most for unit, most in LONGEST.items() if name.endswith(unit)), math.inf)
    if not all(0 <= one <= longest and math.isfinite(one) for one in numbers):
        return "0 or more" if math.isinf(longest) else f"from 0 to {longest}"
    return "more than 0" if name in ABOVE_ZERO and 0 in numbers else None


def load_spider(process: AsyncCrawlerProcess, name: str) -> type[Spider]:
    """The project's spider of that name; ends the command where there is none."""
    loader = process.spider_loader
    try:
        return loader.load(name)
    except KeyError:
        known = ", ".join(sorted(loader.list()))
        fail(f"unknown site {name!r}; there are: {known}. For any other: scrapy crawl news -a url=URL", 2)


def run(process: AsyncCrawlerProcess, crawlers: Iterable[Crawler], **spargs: Any) -> None:
    """Runs the crawlers side by side to their end; ends the command with one line where one could not start."""
    gc.freeze()  # what is there by now stays
    tasks = [process.crawl(crawler, **spargs) for crawler in crawlers]
    process.start()
    if not all(task.done() for task in tasks):
        fail("the crawl was stopped at once: what it had not finished is the next run's")
    for error in [task.exception() for task in tasks]:  # of all, or asyncio tells of those that nobody asked for
        if error:
            logger.debug("the crawl could not start", exc_info=error)
            fail(str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}")
