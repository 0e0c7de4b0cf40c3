"""What reading a page costs: milliseconds of CPU time for each reader, beside lxml alone and trafilatura.

    python tests/benchmarks/readers.py [FOLDER] [--pages 150]

FOLDER holds HTML pages, or labelled ones as JSON lines packed with xz (default: ../shared/corpus/articles where it is,
else the bundled fixtures). All are timed in one run, page by page in turn, so that a busy machine slows all alike.
A second table shows how the cost grows with a page's size, and draws it: each # is a factor of two.
"""

from __future__ import annotations

import argparse
import gc
import json
import lzma
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from math import log2
from pathlib import Path
from time import process_time
from typing import Any

import lxml.html

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import aggregator.commands  # noqa: E402, F401  sets how often garbage is looked for, as in crawls
from aggregator.extraction import (  # noqa: E402
    article,
    blocks,
    body,
    bylines,
    classify,
    credit_lines,
    dates,
    jsonld,
    language,
    media,
    metadata,
    microdata,
    model,
    origin,
    people,
    rights,
    title,
    told,
)
from aggregator.extraction.page import Page  # noqa: E402

CORPUS = ROOT.parent / "shared/corpus/articles"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
URL = "https://any-news.example/2026/11/dams-hold"
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)  # characters of the pages that show growth
WORDS = "dam river valley engineer council water bridge monday flood report repair gauge night shore"
READERS = [
    (blocks, "read"), (model, "beliefs"), (body, "read"), (dates, "read"), (people, "read"), (bylines, "read"),
    (origin, "read"), (credit_lines, "read"), (title, "candidates"), (metadata, "candidates"), (media, "images"),
    (media, "videos"), (jsonld, "nodes"), (microdata, "items"), (language, "read"), (classify, "kind"),
    (classify, "access"), (rights, "read"), (told, "cut"),
]  # fmt: skip

Times = dict[str, list[float]]  # name -> seconds, one a page


class Clock:
    """CPU seconds of each reader on the page at hand, without those of the readers it calls."""

    def __init__(self) -> None:
        self.own: dict[str, float] = defaultdict(float)
        self.inner: list[float] = []
        for module, name in READERS:
            setattr(module, name, self.timed(getattr(module, name), f"{module.__name__.rpartition('.')[2]}.{name}"))

    def timed(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            start = process_time()
            self.inner.append(0.0)
            result = function(*values)
            if isinstance(result, Iterator):
                result = iter(list(result))
            spent = process_time() - start
            self.own[name] += spent - self.inner.pop()
            if self.inner:
                self.inner[-1] += spent
            return result

        return call


def pages(folder: Path) -> Iterator[tuple[str, str]]:
    """(URL, HTML) of the folder's pages."""
    for file in sorted(folder.rglob("*.html")):
        yield URL, file.read_text("utf-8", "replace")
    for file in sorted(folder.rglob("*.jsonl.xz")):
        with lzma.open(file, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                yield row["url"] if "://" in row["url"] else URL, row["html"]


def trafilatura() -> Callable[[str], object] | None:
    try:
        from trafilatura import bare_extraction
    except ImportError:
        return None
    return lambda html: bare_extraction(html, with_metadata=True, include_comments=False)


def parse(html: str) -> None:
    """What lxml alone does."""
    lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=lxml.html.HTMLParser(encoding="utf-8"))


def measure(sample: list[tuple[str, str]]) -> Times:
    peer, clock = trafilatura(), Clock()
    for _, html in sample[:10]:
        article.read(Page.parse(html, URL, NOW))  # rules, model and word lists are read once
    gc.freeze()  # as crawls do
    times: Times = defaultdict(list)
    for url, html in sample:
        clock.own.clear()
        start = process_time()
        parse(html)
        times["lxml alone"].append(process_time() - start)
        if peer:
            start = process_time()
            peer(html)
            times["trafilatura"].append(process_time() - start)
        start = process_time()
        page = Page.parse(html, url, NOW)
        parsed = process_time()
        article.read(page)
        end = process_time()
        times["whole"].append(end - start)
        times["parse"].append(parsed - start)
        for module, name in READERS:
            key = f"{module.__name__.rpartition('.')[2]}.{name}"
            times[key].append(clock.own[key])
        times["the rest"].append(end - parsed - sum(clock.own.values()))
    return times


def grown(size: int) -> str:
    """A page of about `size` characters: paragraphs, each with a teaser and a script beside it."""
    words = WORDS.split()
    dice = random.Random(0)
    parts = ["<title>Dams hold</title><h1>Dams hold</h1>"]
    reached = 0
    while reached < size:
        text = " ".join(dice.choices(words, k=60))
        link = f'<div class="teaser"><a href="/{dice.random()}">{text[:50]}</a></div><script>var a = "{text}";</script>'
        parts.append(f"<p>{text.capitalize()}.</p>{link}")
        reached += len(parts[-1])
    return "".join(parts)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", default=CORPUS if CORPUS.is_dir() else ROOT / "fixtures")
    options.add_argument("--pages", type=int, default=150)
    options.add_argument("--largest", type=int, default=SIZES[-1], help="characters of the largest page that is grown")
    chosen = options.parse_args()
    met = list(pages(chosen.folder))
    if not met:
        sys.exit(f"{chosen.folder}: no .html and no .jsonl.xz in it")
    random.Random(0).shuffle(met)
    sample = list(islice(met, chosen.pages))
    times = measure(sample)
    print(f"{len(sample)} pages of {chosen.folder}, ms of CPU time a page")
    print(f"{'':22}{'median':>9}{'mean':>9}")
    for name, spent in sorted(times.items(), key=lambda pair: -statistics.mean(pair[1])):
        print(f"{name:22}{1e3 * statistics.median(spent):9.2f}{1e3 * statistics.mean(spent):9.2f}")
    if "trafilatura" not in times:
        print("trafilatura is not installed: not measured")
    print(f"\n{'characters':>12}{'lxml ms':>9}{'whole ms':>10}{'ms/MB':>8}")
    for size in (size for size in SIZES if size <= chosen.largest):
        html = grown(size)
        start = process_time()
        parse(html)
        middle = process_time()
        article.read(Page.parse(html, URL, NOW))
        alone, whole = 1e3 * (middle - start), 1e3 * (process_time() - middle)
        print(f"{len(html):12,}{alone:9.1f}{whole:10.1f}{1e6 * whole / len(html):8.1f}  {'#' * round(log2(whole))}")


if __name__ == "__main__":
    main()
