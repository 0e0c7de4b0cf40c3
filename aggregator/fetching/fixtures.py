"""Saved pages of a site: a folder with `pages.json`, the page files it names and the articles expected of them.

    {"fetched_at": "2024-05-06T07:08:09+00:00",
     "start": ["http://…"],
     "pages": {"http://…/": {"file": "front.html", "status": 200, "headers": {"content-type": "text/html"}}}}

`start` is left out where the crawl begins at the spider's own `start_urls`; a page without `file` has an empty body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from w3lib.url import safe_url_string


@dataclass(frozen=True, slots=True)
class Saved:
    """One answer as it is replayed or served; the body is read from its file when asked for."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | Path = b""

    def body(self) -> bytes:
        return self.content.read_bytes() if isinstance(self.content, Path) else self.content

    def response(self, url: str) -> Response:
        """As Scrapy would have received it."""
        body, headers = self.body(), Headers(dict(self.headers))
        kind = responsetypes.from_args(headers=headers, url=url, body=body)
        return kind(url=url, status=self.status, headers=headers, body=body)


@dataclass(frozen=True, slots=True)
class Fixture:
    """One folder of saved pages; URLs are spelled as Scrapy asks for them."""

    folder: Path
    fetched_at: str
    pages: dict[str, Saved]
    start: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path) -> Fixture:
        """Raises FileNotFoundError where there is no pages.json, ValueError or KeyError where it is broken."""
        index = json.loads((folder / "pages.json").read_text(encoding="utf-8"))
        moment = datetime.fromisoformat(index["fetched_at"])
        if moment.tzinfo is None:
            raise ValueError(f"{folder}/pages.json: fetched_at has no UTC offset")
        pages = {
            safe_url_string(url): Saved(
                page.get("status", 200), page.get("headers", {}), folder / page["file"] if "file" in page else b""
            )
            for url, page in index["pages"].items()
        }
        return cls(folder, index["fetched_at"], pages, index.get("start", []))

    def expected(self) -> list[dict[str, Any]]:
        """The articles that a replay has to give; empty where there is no expected.jsonl yet."""
        file = self.folder / "expected.jsonl"
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []


def of_site(root: Path, site: str) -> list[Fixture]:
    """All fixtures of one site, the oldest first."""
    return [Fixture.read(file.parent) for file in sorted((root / site).glob("*/pages.json"))]
