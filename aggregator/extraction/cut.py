"""Whether a page was cut short, which looks like success: parsers close what is open, and no error is told."""

from __future__ import annotations

import re

from lxml.etree import ErrorTypes

from aggregator.extraction.body import Body
from aggregator.extraction.page import Page
from aggregator.extraction.zones import span

FOOT = 3  # segments after the story that a page has at least
_ENDED = re.compile(r"""[.!?…:;。！？；।؟۔][\s"'”’“»«)\]〉》」』]*$""")


def is_cut(page: Page, body: Body) -> bool:
    """The parser gave up on the page's nesting, or its markup ends in the story.

    A page that closes none of its boxes has its foot after the story, or ends with a sentence; a hand-written one
    leaves out `</body>` at most.
    """
    parser = page.root.getroottree().parser
    last = parser.error_log.last_error if parser is not None else None
    if last is not None and last.type == ErrorTypes.ERR_RESOURCE_LIMIT:
        return True
    segments = page.text.segments
    left = len(segments) - span(segments, body)[1]
    if page.unclosed - {"body"}:
        return left < FOOT
    return bool(page.unclosed) and left == 0 and segments != [] and _ENDED.search(segments[-1].text) is None
