"""The 'load more' of tagDiv's WordPress themes (Newspaper, Newsmag): what their scripts post, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from aggregator.extraction.page import Page

Form = dict[str, str]

_SCRIPTS = 400_000  # characters of scripts that are looked through
_URL = re.compile(r"""td_ajax_url\s{0,3}=\s{0,3}["']([^"']{1,500})""")
_LOOP = re.compile(r"tdAjaxLoop\.loopState\.(\w{1,40})\s{0,3}=\s{0,3}([^;]{0,3000});")
_PAIR = re.compile(r"""["']?(\w{1,40})["']?\s{0,3}:\s{0,3}(?:'([^']{0,500})'|"([^"]{0,500})"|(-?\d{1,12}))""")
_BLOCK = re.compile(
    r"""block_(\w{1,60})\.(atts|td_column_number|block_type|max_num_pages)\s{0,3}=\s{0,3}"""
    r"""(?:'((?:[^'\\\n]|\\.){0,20000})'|"((?:[^"\\\n]|\\.){0,20000})"|(\d{1,9}));"""
)
_ESCAPE = re.compile(r"\\(.)")


def further(page: Page) -> Iterator[tuple[str, Form, int | None]]:
    """For each list of the page that goes on: the address, the form for its second page, and its last page.

    The main list first, then blocks that have a button or arrows.
    """
    scripts = [script.text or "" for script in page.root.iter("script") if "td" in (script.text or "")]
    text = "\n".join(scripts)[:_SCRIPTS]
    asked = _URL.search(text)
    url = page.absolute(asked[1].replace("\\/", "/")) if asked else None
    if url is None or urlsplit(url).netloc != urlsplit(page.url).netloc:
        return
    if loop := dict(_LOOP.findall(text)):
        state = {name: _bare(value) for name, value in loop.items() if name != "atts"}
        last, now = _number(state.get("max_num_pages")), _number(state.get("currentPage")) or 1
        if last > now:
            form = {"action": "td_ajax_loop"} | {f"loopState[{name}]": value for name, value in state.items()}
            atts = {name: one or two or three for name, one, two, three in _PAIR.findall(loop.get("atts", ""))}
            form |= {f"loopState[atts][{name}]": value for name, value in atts.items()}
            yield url, form | {"loopState[currentPage]": str(now + 1)}, last
    yield from _blocks(page, text, url)


def _blocks(page: Page, text: str, url: str) -> Iterator[tuple[str, Form, int | None]]:
    blocks: dict[str, Form] = {}
    for name, key, one, two, three in _BLOCK.findall(text):
        blocks.setdefault(name, {})[key] = _ESCAPE.sub(r"\1", one or two or three)
    for link in page.root.iter("a"):
        classes = (link.get("class") or "").split()
        if not {"td-ajax-next-page", "td_ajax_load_more"} & set(classes) or "ajax-page-disabled" in classes:
            continue
        name = link.get("data-td_block_id") or (link.get("id") or "").removeprefix("next-page-")
        block = blocks.pop(name, {})
        if (last := _number(block.get("max_num_pages"))) > 1 and "atts" in block:
            form = {
                "action": "td_ajax_block",
                "td_atts": block["atts"],
                "td_block_id": name,
                "td_column_number": block.get("td_column_number", "1"),
                "td_current_page": "2",
                "block_type": block.get("block_type", ""),
                "td_filter_value": "",
            }
            yield url, form, last


def answer(said: Any, form: Form, last: int | None) -> tuple[str, Form | None]:
    """The HTML of an answer, and the form for the page after it; None where this was the last."""
    said = said if isinstance(said, dict) else {}
    counter = "td_current_page" if form["action"] == "td_ajax_block" else "loopState[currentPage]"
    html = said.get("td_data") if counter == "td_current_page" else said.get("server_reply_html_data")
    page = _number(form.get(counter))
    over = said.get("td_hide_next") is True or (last is not None and page >= last)
    return html if isinstance(html, str) else "", None if over else form | {counter: str(page + 1)}


def _bare(value: str) -> str:
    return value.strip().strip("\"'")


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 7 else 0
