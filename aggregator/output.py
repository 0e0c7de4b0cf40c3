"""Where a run's files lie, and who may write them.

OUTPUT names the article files. Beside `data/x/2026-11-24/RUN.jsonl` lies a folder `data/x/2026-11-24/RUN/` for what is
told about the run. One process at a time writes below a site's folder: it holds the lock there.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol
from weakref import WeakKeyDictionary

FATES = "fates.jsonl"
COPIES = "copies.jsonl"
UNFINISHED = "not finished"
"""How the reason of a fate begins where the next run is to fetch the URL: this one did not come to it."""

_UNSAFE = re.compile(r"[^\w.-]|^\.+")


class HasSettings(Protocol):
    """A Scrapy crawler, as far as this module knows it."""

    @property
    def settings(self) -> Mapping[Any, Any]: ...


class OutputLocked(Exception):
    """Another run is writing there."""


class Output:
    """The files of one run, which is known by the moment it started and a random tail.

    Raises ValueError where `pattern` is no `.jsonl` path that names nothing but {site}, {date} and {run}, or `clock` no
    ISO 8601 moment with an offset.
    """

    def __init__(self, pattern: str, clock: str | None = None) -> None:
        self._clock = datetime.fromisoformat(clock) if clock else None
        if self._clock and self._clock.tzinfo is None:
            raise ValueError(f"CLOCK has no UTC offset: {clock!r}")
        self.started = self.now()
        self.run = f"{self.started:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}"
        self._parts = Path(pattern).parts
        self._locks: dict[Path, IO[bytes]] = {}
        try:
            valid = pattern.endswith(".jsonl") and self.path("site")
        except (LookupError, ValueError):
            valid = False
        if not valid:
            raise ValueError(f"OUTPUT must end in .jsonl and may name {{site}}, {{date}} and {{run}} only: {pattern!r}")

    def now(self) -> datetime:
        """The run's clock, in UTC."""
        return (self._clock or datetime.now(UTC)).astimezone(UTC)

    def path(self, site: str) -> Path:
        """The file that this run's articles of `site` are appended to."""
        return self._filled(site, len(self._parts))

    def folder(self, site: str) -> Path:
        """What is told about this run of `site`: fates, counts."""
        return self.path(site).with_suffix("")

    def files(self) -> Iterator[Path]:
        """All files of lines of all runs on disk, those of articles first, oldest run first within a site."""
        fixed = next((place for place, part in enumerate(self._parts) if "{" in part), len(self._parts) - 1)
        rest = [re.sub(r"{\w+}", "*", part) for part in self._parts[fixed:]]
        root = Path(*self._parts[:fixed])
        yield from sorted(root.glob("/".join(rest)))
        for name in (COPIES, FATES):
            yield from sorted(root.glob("/".join([*rest[:-1], Path(rest[-1]).stem, name])))

    def lock(self, site: str) -> None:
        """Keep other runs out of the site's folder until `release`. Raises OutputLocked where one is there already."""
        folder = self._filled(site, self._depth)
        if not self._take(folder):
            raise OutputLocked(f"another run is writing {folder} (process {_owner(folder)})")

    @contextmanager
    def borrowed(self, path: Path) -> Iterator[bool]:
        """Holds the lock of the site that one of `files` belongs to; False where another run has it."""
        folder = Path(*path.parts[: self._depth])
        held = folder in self._locks
        yield self._take(folder)
        if not held and folder in self._locks:
            self._locks.pop(folder).close()

    def release(self) -> None:
        for file in self._locks.values():
            file.close()
        self._locks.clear()

    @property
    def _depth(self) -> int:
        """How many parts lead to the folder of one site."""
        named = next((place for place, part in enumerate(self._parts[:-1]) if "{site}" in part), None)
        return len(self._parts) - 1 if named is None else named + 1

    def _filled(self, site: str, depth: int) -> Path:
        names = {"site": _UNSAFE.sub("_", site) or "_", "date": f"{self.started:%Y-%m-%d}", "run": self.run}
        return Path(*(part.format_map(names) for part in self._parts[:depth]))

    def _take(self, folder: Path) -> bool:
        if folder in self._locks:
            return True
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("a+b")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        self._locks[folder] = file
        return True


def _owner(folder: Path) -> str:
    return (folder / ".lock").read_text(encoding="ascii", errors="replace") or "?"


def sites(spider: Any) -> list[str]:
    """The sites that a spider says it will write; its name where it says nothing."""
    return getattr(spider, "sites", None) or [spider.name]


_outputs: WeakKeyDictionary[HasSettings, Output] = WeakKeyDictionary()


def of(crawler: HasSettings) -> Output:
    """The crawler's one Output, from the settings OUTPUT and CLOCK."""
    if crawler not in _outputs:
        _outputs[crawler] = Output(crawler.settings["OUTPUT"], crawler.settings["CLOCK"])
    return _outputs[crawler]
