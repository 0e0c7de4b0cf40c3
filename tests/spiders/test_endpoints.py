"""Lists that load more in the background, over HTTP: the crawl sends what the page's script would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

PAGES, EACH = 4, 5


class Newspaper(ThreadingHTTPServer):
    """A site of twenty stories, five a page; `more` is how its front page goes on."""

    daemon_threads = True

    def __init__(self, more: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.more, self.asked = more, list[str]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Newspaper

    def do_GET(self) -> None:
        parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        if parts.path == "/":
            self.answer(
                "text/html", f"<html><head></head><body class='home'>{cards(1)}{self.server.more}</body></html>"
            )
        elif parts.path.startswith("/2024/"):
            text = "" if self.server.more == SHELL else story(parts.path)
            self.answer("text/html", f"<html><title>{parts.path}</title><article><h1>Dam</h1>{text}</article></html>")
        elif parts.path == "/api/list":
            self.asked(int(query["offset"][0]) // EACH + 1)
        elif parts.path == "/wp-json/wp/v2/posts":
            self.server.asked.append(self.path)
            posts = [
                {
                    "link": f"{self.server.url}{path}",
                    "title": {"rendered": title},
                    "content": {"rendered": story(path)},
                }
                for path, title in all_stories()
            ]
            self.answer("application/json", json.dumps(posts))
        else:
            self.answer("text/plain", "", 404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert form["action"] == ["td_ajax_loop"]
        self.asked(int(form["loopState[currentPage]"][0]))

    def asked(self, page: int) -> None:
        self.server.asked.append(f"{self.command} {page}")
        key = "server_reply_html_data" if self.command == "POST" else "html"
        self.answer("application/json", json.dumps({key: cards(page) if page <= PAGES else ""}))

    def answer(self, kind: str, text: str, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def all_stories(pages: range = range(1, PAGES + 1)) -> list[tuple[str, str]]:
    numbers = [(page - 1) * EACH + n for page in pages for n in range(EACH)]
    return [(f"/2024/05/17/the-dam-on-day-{n}", f"The dam still holds on its day {n}") for n in numbers]


def story(path: str) -> str:
    return "".join(
        f"<p>{path} tells of the dam, the rain, and of the {n} who stood on it all night.</p>" for n in range(6)
    )


def cards(page: int) -> str:
    return "".join(f"<h3><a href='{path}'>{title}</a></h3>" for path, title in all_stories(range(page, page + 1)))


LOOP = """<script>var td_ajax_url="/wp-admin/admin-ajax.php";</script><script>tdAjaxLoop.loopState.currentPage = 1;
    tdAjaxLoop.loopState.max_num_pages = 4; tdAjaxLoop.loopState.atts = {'category_id':13};</script>"""
BUTTON = '<button data-url="/api/list?offset=5">Load more</button>'
API = '<link rel="https://api.w.org/" href="/wp-json/">'
SHELL = API + "<!-- its stories' pages are empty without their script -->"


@pytest.fixture
def newspaper(request: pytest.FixtureRequest) -> Iterator[Newspaper]:
    server = Newspaper(request.param)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("newspaper", "asked"),
    [
        (LOOP, ["POST 2", "POST 3", "POST 4"]),
        (BUTTON, ["GET 2", "GET 3", "GET 4", "GET 5"]),
        (
            API,
            [
                "/wp-json/wp/v2/posts?per_page=50&page=1&_fields=link%2Cdate_gmt%2Cmodified_gmt%2Ctitle%2Cexcerpt%2Ccontent"
            ],
        ),
    ],
    indirect=["newspaper"],
    ids=["tagDiv", "a button", "WordPress"],
)
def test_a_list_that_loads_more_is_read_to_its_end(newspaper: Newspaper, asked: list[str], scrapy: Any) -> None:
    settings = ["-s", "ALLOWED_INTERNAL=127.0.0.1", "-s", "DOWNLOAD_DELAY=0", "-s", "MAX_LISTING_PAGES=9"]
    run = scrapy("crawl", "news", "-a", f"url={newspaper.url}/", *settings)
    assert newspaper.asked == asked, run.stderr
    assert f" {PAGES * EACH} " in run.stdout, run.stdout


@pytest.mark.parametrize("newspaper", [SHELL], indirect=True)
def test_a_story_that_its_page_lacks_is_read_as_the_api_gave_it(
    newspaper: Newspaper, scrapy: Any, tmp_path: Path
) -> None:
    settings = ["-s", "ALLOWED_INTERNAL=127.0.0.1", "-s", "DOWNLOAD_DELAY=0", "-s", "RENDER=False"]
    run = scrapy("crawl", "news", "-a", f"url={newspaper.url}/", *settings)
    lines = [
        json.loads(line) for file in tmp_path.glob("data/*/*/*.jsonl") for line in file.read_text("utf-8").splitlines()
    ]
    assert {line["evidence"]["text"]["from"] for line in lines} == {"api"}, run.stderr
    fates = next(tmp_path.glob("data/*/*/*/fates.jsonl")).read_text("utf-8")
    assert fates.count('"written"') + fates.count('"duplicate"') == PAGES * EACH  # the stories are much alike
    assert "who stood on it" not in fates
