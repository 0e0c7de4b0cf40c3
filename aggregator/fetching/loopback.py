"""Saved pages over real HTTP: a proxy on the loopback interface that answers for any host it has pages of."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

from aggregator.fetching.fixtures import Saved

_HOP_BY_HOP = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}


class Loopback(ThreadingHTTPServer):
    """Serves `pages` by their URLs while the `with` block runs; any other URL is a 404.

    >>> with Loopback({"http://news.example/": Saved(content=b"hello")}) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, pages: Mapping[str, Saved]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.missing: list[str] = []  # asked for and not there, robots.txt aside

    def answer(self, url: str, headers: Mapping[str, str]) -> Saved:
        """What is sent back for a request with these headers; servers that do more than that override it."""
        saved = self.pages.get(url)
        if saved is None and not url.endswith("/robots.txt"):
            self.missing.append(url)
        return saved or Saved(404)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Silent where a client went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.shutdown()
        self.server_close()

    @contextmanager
    def as_proxy(self) -> Iterator[None]:
        """Lets all plain-http requests of this process go to this server."""
        before = {name: os.environ.pop(name, None) for name in ("http_proxy", "no_proxy", "NO_PROXY")}
        os.environ["http_proxy"] = self.url
        try:
            yield
        finally:
            del os.environ["http_proxy"]
            os.environ.update({name: value for name, value in before.items() if value is not None})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    server: Loopback

    def do_GET(self) -> None:
        url = self.path if self.path.startswith("http://") else f"http://{self.headers.get('Host', '')}{self.path}"
        saved = self.server.answer(url, dict(self.headers))
        body = saved.body()
        self.send_response(saved.status)
        for name, value in saved.headers.items():
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the crawl's own report tells."""
