"""Recognises the pages that a site's bot protection sends instead of the article."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from aggregator import rules

MARKED_BYTES = 32 * 1024


def recognise(response: Response) -> str | None:
    """What blocks us, by rules/blocks.toml; None where the page seems to be the one asked for."""
    body: str | None = None
    for mark in rules.load("blocks")["mark"]:
        if "status" in mark and response.status not in mark["status"]:
            continue
        if not all(_header_holds(response, name, text) for name, text in mark.get("headers", {}).items()):
            continue
        if "body" in mark:
            body = body if body is not None else response.body[:MARKED_BYTES].decode("utf-8", "ignore").lower()
            if not all(text in body for text in mark["body"]):
                continue
        return str(mark["by"])
    return None


def _header_holds(response: Response, name: str, text: str) -> bool:
    value: Any = response.headers.get(name)
    return value is not None and text in value.decode("latin-1").lower()


class BlockPages:
    """Turns a block page into a refusal that names the blocker; asking again at once would not help."""

    def process_response(self, request: Request, response: Response) -> Response:
        if by := recognise(response):
            raise IgnoreRequest(by)
        return response
