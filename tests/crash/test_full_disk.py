"""A crawl whose disk is full: it says so in one line, and the next one, with room again, has every story once."""

from __future__ import annotations

import json
import re
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aggregator.commands.replay import articles_in
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback

SITE = "http://www.granary.example"
STORIES = 60
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def granary(prose: Callable[..., str]) -> Iterator[list[str]]:
    """A site whose stories are long; their URLs."""
    urls = [f"{SITE}/2024/05/17/harvest-{number}-is-brought-in" for number in range(STORIES)]
    links = "".join(f'<h3><a href="{url}">Harvest {number} is brought in</a></h3>' for number, url in enumerate(urls))
    pages = {f"{SITE}/": Saved(200, HTML, f"<title>Granary</title><main>{links}</main>".encode())}
    for number, url in enumerate(urls):
        text = "".join(f"<p>{prose(number * 100 + part, 150)}</p>" for part in range(12))
        story = f"<article><h1>Harvest {number} is brought in</h1>{text}</article>"
        pages[url] = Saved(200, HTML, f'<html lang="en"><body>{story}'.encode())
    with Loopback(pages) as server, server.as_proxy():
        yield urls


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """`folder` lies on a disk of 700 kB, until the function that is given is called: then there is room."""
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", folder], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    try:
        yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True) and None
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def small_files(folder: Path) -> Iterator[Callable[[], None]]:
    """No file may grow beyond 400 kB, until …"""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, before[1]))
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("small", [small_disk, small_files])
def test_a_full_disk_costs_no_story(granary: list[str], scrapy: Any, tmp_path: Path, small: Any) -> None:
    arguments = ("crawl", "news", "-a", f"url={SITE}/", "-s", "DOWNLOAD_DELAY=0")
    with small(tmp_path / "data") as make_room:
        run = scrapy(*arguments)
        errors = [line for line in run.stderr.splitlines() if "error" in line.lower()]
        assert (run.returncode, len(errors)) == (1, 1), run.stderr
        assert re.match(r"error: (cannot write the output|the index \S+ cannot be used)", errors[0])
        assert "Traceback" not in run.stderr
        assert len(articles_in(tmp_path / "data")) < STORIES

        make_room()
        run = scrapy(*arguments)
        assert run.returncode == 0, run.stderr
        assert sorted(line["url"] for line in articles_in(tmp_path / "data")) == sorted(granary)
        report = json.loads(max(tmp_path.glob("data/*/*/*/run.json")).read_text("utf-8"))
        assert report["discovered"] == STORIES == report["written"] + report["unchanged"]
