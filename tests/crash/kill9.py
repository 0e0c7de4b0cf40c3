"""Kills crawls with SIGKILL at random moments, lets one end, and looks whether an article was lost or written twice.

    python tests/crash/kill9.py --kills 30 --seed 1 [--postgres]

A site of its own is served on the loopback interface. Each round starts from nothing, and its crawls are killed one
after the other until one reaches its end. Ends with 1 where anything is wrong, and says what.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))  # the project …
sys.path.insert(0, str(Path(__file__).parents[1]))  # … and what its tests share

import postgres

from aggregator import lines
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.reports.fates import FATES

SITE = "halden.example"
FRONT = f"http://{SITE}/"
STORIES, COPIES = 200, 10  # a copy has the text of a story, and a URL and title of its own
WORDS = ("reservoir", "spillway", "turbine", "valley", "engineer", "council", "bridge", "harbour", "orchard", "quarry")


def site() -> dict[str, Saved]:
    pages, links = {}, []
    for number in range(STORIES + COPIES):
        story = number if number < STORIES else random.Random(number).randrange(STORIES)
        title = f"Report {number} on the {' and the '.join(random.Random(number).sample(WORDS, 3))}"
        url = f"{FRONT}2024/05/06/report-{number}-on-the-valley-of-halden"
        links.append(f'<article><h2><a href="{url}">{title}</a></h2><time>6 May 2024</time></article>')
        pages[url] = _page(title, f"<article><h1>{title}</h1>{_paragraphs(story)}</article>")
    pages[FRONT] = _page("Halden", "".join(links))
    return pages


def _page(title: str, body: str) -> Saved:
    head = f'<meta charset=utf-8><title>{title}</title><meta property="og:title" content="{title}">'
    html = f"<!doctype html><html lang=en><head>{head}</head><body><main>{body}</main></body></html>"
    return Saved(headers={"Content-Type": "text/html; charset=utf-8"}, content=html.encode())


def _paragraphs(story: int) -> str:
    dice = random.Random(f"story {story}")
    sentences = (
        f"The {dice.choice(WORDS)} near the {dice.choice(WORDS)} cost {dice.randrange(10**6)} crowns."
        for _ in range(24)
    )
    return "".join(f"<p>{' '.join(next(sentences) for _ in range(6))}</p>" for _ in range(4))


def crawl(folder: Path, index: str) -> subprocess.Popen[bytes]:
    settings = {"SEEN_URL": index, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "LOG_LEVEL": "ERROR"}
    options = [word for name, value in settings.items() for word in ("-s", f"{name}={value}")]
    return subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"url={FRONT}", *options],
        cwd=folder,
        env={**os.environ, "SCRAPY_SETTINGS_MODULE": "aggregator.settings", "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("ab"),
    )


def killed(folder: Path, index: str, dice: random.Random) -> bool:
    """Whether a crawl was killed before its end: while it started, or some commits on and in any part of the next."""
    wanted = _written(folder) + dice.randrange(40_000)
    started = time.monotonic() + dice.uniform(0, 2) if dice.random() < 0.1 else float("inf")
    process = crawl(folder, index)
    while _written(folder) < wanted and time.monotonic() < started and process.poll() is None:
        time.sleep(0.001)
    time.sleep(dice.uniform(0, 0.2))
    process.kill()
    return process.wait() < 0


def _written(folder: Path) -> int:
    """Bytes of articles so far."""
    return sum(path.stat().st_size for path in folder.glob("data/*/*/*.jsonl"))


def faults(folder: Path, index: str) -> Iterator[str]:
    """What is wrong after a crawl that was left to its end."""
    if code := crawl(folder, index).wait():
        yield f"the last crawl ended with {code}: {(folder / 'log').read_text()}"
    texts: Counter[str | None] = Counter()
    urls: Counter[str] = Counter()
    for path in folder.glob("data/*/*/*.jsonl"):
        if not (content := path.read_bytes()).endswith(b"\n") and content:
            yield f"{path} has a torn tail"
        for line in content.splitlines():
            article = lines.decode(line)
            texts[article.text] += 1
            urls[article.url] += 1
    if len(texts) != STORIES:
        yield f"{len(texts)} of {STORIES} stories were written"
    yield from (f"{url} was written {times} times" for url, times in urls.items() if times > 1)
    yield from (f"a text was written {times} times: {text}" for text, times in texts.items() if times > 1)
    report = json.loads(max(folder.glob("data/*/*/*/run.json")).read_text())
    if report["discovered"] != STORIES + COPIES or report["discovered"] != sum(report[fate] for fate in FATES):
        yield f"the fates do not add up: {report}"
    if report["discovered"] != report["written"] + report["unchanged"] + report["duplicate"]:
        yield f"there are other fates than expected: {report}"


def run(kills: int, seed: int, new_index: Callable[[], str]) -> bool:
    """Whether all rounds went well."""
    dice, done, rounds, found = random.Random(seed), 0, 0, []
    with Loopback(site()) as server, server.as_proxy():
        while done < kills:
            with TemporaryDirectory() as folder:
                index = new_index()
                while done < kills and killed(Path(folder), index, dice):
                    done += 1
                rounds += 1
                found += [f"round {rounds}: {fault}" for fault in faults(Path(folder), index)]
    print(f"{done} kills in {rounds} rounds, {len(found)} faults (seed {seed})", *found, sep="\n")
    return not found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--postgres", action="store_true", help="the index lies on a PostgreSQL server")
    arguments = parser.parse_args()
    with postgres.served() if arguments.postgres else nullcontext() as server:
        sys.exit(not run(arguments.kills, arguments.seed, server.url if server else lambda: "sqlite:///data/seen.db"))
