"""The real Chromium, on pages that are nothing before their scripts have run; one crawl for all tests."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.settings import Settings

from aggregator.commands.replay import articles_in
from aggregator.fetching import rendering
from aggregator.fetching.browser import SYSTEM
from aggregator.fetching.fixtures import Saved
from aggregator.fetching.loopback import Loopback
from aggregator.fetching.rendering import Render

HTML, JSON, SCRIPT = (
    {"Content-Type": kind} for kind in ("text/html; charset=utf-8", "application/json", "text/javascript")
)
SCROLL, BUTTON, APP = "http://scroll.example", "http://button.example", "http://app.example"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "RETRY_TIMES=0")

own = list(Path.home().glob(".cache/ms-playwright/chromium-*"))
needs_chromium = pytest.mark.skipif(
    not (own or os.environ.get("CHROMIUM") or any(map(shutil.which, SYSTEM))),
    reason="no Chromium here: apt install chromium, or playwright install chromium",
)

LIST = """
<main id="list"></main>
<script>
    let page = 0;
    async function more() {
        for (const slug of await (await fetch(`/list/${++page}.json`)).json()) {
            const link = `<a href="/2024/05/17/${slug}">${slug.replaceAll("-", " ")}</a>`;
            document.getElementById("list").insertAdjacentHTML("beforeend", `<h3 style="margin: 400px">${link}</h3>`);
        }
    }
    more();
</script>"""
BY_SCROLL = "<script>addEventListener('scroll', () => { if (page < 3) more() })</script>"
BY_BUTTON = "<button onclick='if (page < 3) more()'>Load more stories</button>"
# What an app's scripts do, by the name of the story. The root is empty in each page's HTML.
FILL = (
    "fetch('/story' + location.pathname).then(r => r.text()).then(t => document.getElementById('root').innerHTML = t);"
)
APPS = {
    "plain": "",
    "filled": FILL,
    "greedy": FILL + "new Image().src = '/tracked.png'; fetch('http://tracker.example/x').catch(() => 0)",
    "nosy": FILL
    + "fetch('/inside').catch(() => 0); fetch('http://INSIDE/1').catch(() => 0); new WebSocket('ws://INSIDE/2')",
    "moved": "location.href = '/story' + location.pathname",
    "hanging": "while (true) {}",
    "crashing": "const held = []; while (true) held.push(new Array(1e6).fill(held.length + 0.5))",
}


def slug(name: str) -> str:
    return f"why-the-{name}-dam-stays-closed"


def sites(prose: Callable[..., str]) -> dict[str, Saved]:
    def story(seed: int) -> str:
        return f"<article><h1>Why dam {seed} stays closed</h1><p>{prose(seed)}</p><p>{prose(1000 + seed)}</p></article>"

    pages: dict[str, tuple[dict[str, str], str]] = {
        f"{SCROLL}/": (HTML, LIST + BY_SCROLL),
        f"{BUTTON}/": (HTML, LIST + BY_BUTTON),
    }
    for at, home in enumerate((SCROLL, BUTTON)):
        for number in (1, 2, 3):
            slugs = [slug(f"{word}-{number}") for word in ("upper", "lower", "old")]
            pages[f"{home}/list/{number}.json"] = (JSON, json.dumps(slugs))
            for nth, one in enumerate(slugs):
                pages[f"{home}/2024/05/17/{one}"] = (HTML, story(100 * at + 10 * number + nth))
    links = "".join(f'<h3><a href="/2024/05/17/{slug(name)}">Why the {name} dam stays closed</a></h3>' for name in APPS)
    pages[f"{APP}/"] = (HTML, f"<main>{links}</main><script src='/never-run.js'></script>")
    for nth, (name, script) in enumerate(APPS.items()):
        path = f"/2024/05/17/{slug(name)}"
        root = "" if script else story(500)
        pages[APP + path] = (
            HTML,
            f"<title>{name}</title><div id='root'>{root}</div><script src='/{name}.js'></script>",
        )
        pages[f"{APP}/{name}.js"] = (SCRIPT, script)
        pages[f"{APP}/story{path}"] = (HTML, story(500 + nth))
    return {url: Saved(200, headers, text.encode()) for url, (headers, text) in pages.items()}


class Server(Loopback):
    """Keeps a list of what it was asked, and leads from the inside of the site to the inside of this machine."""

    def __init__(self, pages: Mapping[str, Saved]) -> None:
        super().__init__(pages)
        self.asked: list[str] = []

    def answer(self, url: str, headers: Mapping[str, str]) -> Saved:
        self.asked.append(url)
        inside = self.url.removeprefix("http://")
        if url == f"{APP}/inside":
            return Saved(302, {"Location": f"http://{inside}/3"})
        saved = super().answer(url, headers)
        return Saved(saved.status, saved.headers, saved.body().replace(b"INSIDE", inside.encode()))


@dataclass
class Crawled:
    articles: dict[str, str]  # URL -> text
    fates: dict[str, list[str]]  # URL -> fate, reason
    rendered: int
    asked: list[str]
    inside: str  # the address that is this machine's own


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory, prose: Callable[..., str]) -> Crawled:
    """One crawl of the three sites, with one browser, for all tests and all workers."""
    shared = tmp_path_factory.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "rendered"
    folder.mkdir(exist_ok=True)
    result = folder / "result.json"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not result.exists():
            result.write_text(json.dumps(asdict(crawl(folder, sites(prose)))), "utf-8")
    return Crawled(**json.loads(result.read_text("utf-8")))


def crawl(folder: Path, pages: dict[str, Saved]) -> Crawled:
    with Server(pages) as server, server.as_proxy():
        words = ("crawl", "news", "-a", f"url={SCROLL}/ {BUTTON}/ {APP}/", "-s", "RENDER_TIMEOUT=10", *FAST)
        run = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert "Traceback" not in run.stderr, run.stderr
    lines = [line for file in folder.glob("data/*/*/*/fates.jsonl") for line in file.read_text("utf-8").splitlines()]
    reports = [json.loads(file.read_text("utf-8")) for file in folder.glob("data/*/*/*/run.json")]
    return Crawled(
        {line["url"]: line["text"] for line in articles_in(folder / "data")},
        {fate["url"]: [fate["fate"], fate["reason"]] for fate in map(json.loads, lines)},
        reports[0]["crawl"]["rendered"],
        server.asked,
        server.url,
    )


def environment() -> dict[str, str]:
    return {**os.environ, "SCRAPY_SETTINGS_MODULE": "aggregator.settings", "PYTHONPATH": os.pathsep.join(sys.path)}


@needs_chromium
@pytest.mark.parametrize("home", [SCROLL, BUTTON])
def test_a_listing_that_loads_by_scroll_or_button_is_had_in_full(crawled: Crawled, home: str) -> None:
    assert sum(url.startswith(home) for url in crawled.articles) == 9


@needs_chromium
def test_an_article_that_is_fetched_by_a_script(crawled: Crawled, prose: Callable[..., str]) -> None:
    assert prose(501) in crawled.articles[story_url("filled")]


@needs_chromium
def test_a_page_that_leads_on_has_the_address_it_led_to(crawled: Crawled) -> None:
    assert f"{APP}/story/2024/05/17/{slug('moved')}" in crawled.articles


@needs_chromium
@pytest.mark.parametrize(
    ("name", "reason"),
    [("hanging", "rendering took longer than 10 seconds"), ("crashing", "rendering: the browser crashed")],
)
def test_a_hang_or_crash_costs_one_page(crawled: Crawled, name: str, reason: str) -> None:
    assert crawled.fates[story_url(name)] == ["failed", reason]
    assert [fate for fate, _ in crawled.fates.values() if fate not in ("written", "failed")] == []
    assert len(crawled.articles) == 18 + len(APPS) - 2


@needs_chromium
def test_pictures_and_third_parties_are_not_fetched(crawled: Crawled) -> None:
    assert story_url("greedy") in crawled.articles
    assert [url for url in crawled.asked if "tracke" in url] == []


@needs_chromium
def test_the_browser_reaches_no_internal_address(crawled: Crawled) -> None:
    assert story_url("nosy") in crawled.articles
    assert f"{APP}/inside" in crawled.asked
    assert [url for url in crawled.asked if url.startswith(crawled.inside)] == []


@needs_chromium
def test_only_what_lacks_its_story_is_rendered(crawled: Crawled) -> None:
    assert {f"{APP}/never-run.js", f"{APP}/plain.js"} & set(crawled.asked) == set()
    assert crawled.rendered == 2 + len(APPS) - 3  # both lists; not the plain story, nor the two that failed


@needs_chromium
def test_what_was_rendered_is_captured_and_replayed_without_a_browser(
    scrapy: Any, tmp_path: Path, prose: Callable[..., str]
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    (tmp_path / "mine" / "app.py").write_text(
        f"from aggregator.spiders.base import SiteSpider\n\n\nclass App(SiteSpider):\n    name = 'app'\n"
        f"    start_urls = ['{APP}/']\n"
    )
    mine = ("-s", "SPIDER_MODULES=mine", "-s", "FIXTURES=saved")
    with Server(sites(prose)) as server, server.as_proxy():
        run = scrapy("capture", story_url("filled"), "--site", "app", *mine, *FAST)
    assert run.returncode == 0, run.stderr
    run = scrapy("replay", "app", *mine, "-s", "CHROMIUM=/nowhere")
    assert "1 articles, as expected, 0 pages missing" in run.stdout, run.stdout + run.stderr


def test_without_a_browser_the_page_fails_and_the_run_goes_on(
    scrapy: Any, tmp_path: Path, prose: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    with Server(sites(prose)) as server, server.as_proxy():
        run = scrapy("crawl", "news", "-a", f"url={APP}/", *FAST)
    assert run.returncode == 0
    assert len([line for line in run.stderr.splitlines() if "apt install chromium" in line]) == 1, run.stderr
    assert "Traceback" not in run.stderr
    (file,) = tmp_path.glob("data/*/*/*/fates.jsonl")
    fates = {one["url"]: (one["fate"], one["reason"]) for one in map(json.loads, file.read_text("utf-8").splitlines())}
    assert fates[story_url("plain")][0] == "written"
    assert fates[story_url("filled")] == ("failed", "needs a browser to be rendered, and none was found")


def test_a_crawl_that_renders_nothing_imports_no_browser(tmp_path: Path, prose: Callable[..., str]) -> None:
    code = (
        "import sys\nfrom scrapy.cmdline import execute\n"
        "try:\n    execute()\n"
        "finally:\n    print('browser:', {'playwright', 'scrapy_playwright'} & sys.modules.keys())"
    )
    words = ("crawl", "news", "-a", f"url={APP}/", "-a", "render=never", *FAST)
    with Server(sites(prose)) as server, server.as_proxy():
        run = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert "browser: set()" in run.stdout, run.stdout + run.stderr
    assert "app.example" in run.stdout


def story_url(name: str) -> str:
    return f"{APP}/2024/05/17/{slug(name)}"


def test_a_crawl_that_is_stopped_waits_for_no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging:
        async def render(self, job: Render) -> HtmlResponse:
            await asyncio.sleep(600)
            raise AssertionError

    monkeypatch.setattr(rendering, "GLANCE", 0.01)
    crawler: Any = SimpleNamespace(
        settings=Settings({"RENDER": True, "CHROMIUM": None}),
        engine=SimpleNamespace(_slot=SimpleNamespace(closing=True)),
    )
    middleware: Any = rendering.Rendering(crawler)
    middleware._browser = Hanging()
    job = Render(HtmlResponse(f"{APP}/"), "app.example", 0)
    with pytest.raises(rendering.StoppedError, match=r"^not finished"):
        asyncio.run(middleware.process_request(Request(f"{APP}/", meta={"render": job})))
