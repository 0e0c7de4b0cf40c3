"""Pages made to exhaust a reader: the cost stays bounded, and what could not be read is said."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

import aggregator

ROOT = Path(__file__).parents[2]
STORY = "<h1>Dams hold</h1>" + "".join(
    f"<p>The dam above {town} has held through the night, engineers said on Monday, and nobody was hurt.</p>"
    for town in ("Halden", "Brennick", "Ostrow")
)
MEGABYTES = 600  # in all
SECONDS = 120  # after which it is stopped: what is not linear takes far longer, the rest about 2

MEASURED = """
import json, resource, sys
import aggregator
aggregator.extract("<p>Dams hold</p>", "https://any-news.example/warm")
story = sys.argv[1]
html = eval(sys.argv[2])
article = aggregator.extract(html, "https://any-news.example/dams-hold")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([peak, article.title, "Halden" in (article.text or ""), article.extraction.partial]))
"""


@pytest.mark.parametrize(
    ("html", "partial"),
    [
        pytest.param("story + ''.join(f'<a href=/s/{i}>x{i}</a> ' for i in range(10**6))", True, id="a million links"),
        pytest.param("""f'<div data-x="{"a" * 50_000_000}">x</div>{story}'""", False, id="an attribute of 50 MB"),
        pytest.param("""f'{story}<div class="{"share " * 1_500_000}">x</div>'""", False, id="a class of 9 MB"),
        pytest.param("story + '<p>' + 'word ' * 10_000_000", True, id="a paragraph of 50 MB"),
        pytest.param("story + '<div>' * 2_000 + 'x' + '</div>' * 2_000", False, id="2,000 boxes in each other"),
        pytest.param(
            """'<script>__next_f.push([1,"0:[]' + '\\\\n1:["$0","$1"]' * 300_000 + '"])</script>' + story""",
            False,
            id="rows that hold each other",
        ),
        pytest.param(
            """'<script>window.__STATE__=' + '{"a":[' * 1_000_000 + '</script>' + story""", False, id="deep data"
        ),
        pytest.param(
            """'<script type=application/json>[' + '"Dams have held, they say",' * 250_000 + '0]</script>' + story""",
            False,
            id="much data",
        ),
        pytest.param("""f'<meta name=description content="{"a " * 4_000_000}">{story}'""", False, id="a long meta"),
    ],
)
def test_memory_and_time_stay_bounded(html: str, partial: bool) -> None:
    words = [sys.executable, "-c", MEASURED, STORY, html]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True, timeout=SECONDS)
    peak, title, told, flagged = json.loads(run.stdout)
    assert peak < MEGABYTES
    assert (title, told, flagged) == ("Dams hold", True, partial)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("a<!-- b -->" * 200_000, id="comments without end"),
        pytest.param(
            f"<p itemscope itemtype=Article>{'<b itemprop=headline>' * 1_500}{'word ' * 60_000}</p>",
            id="properties in each other",
        ),
        pytest.param("<div>" * 1_500 + "<iframe src=https://b.example/c></iframe>" * 30_000, id="frames, deep inside"),
    ],
)
def test_time_grows_with_the_page_and_not_with_its_square(html: str) -> None:
    """Of each page the square takes three seconds and more."""
    aggregator.extract("<p>Dams hold</p>", "https://any-news.example/warm")
    before = time.process_time()
    article = aggregator.extract(STORY + html, "https://any-news.example/dams-hold")
    assert time.process_time() - before < 1.5
    assert article.title == "Dams hold"


def test_lists_of_names_and_marks_are_of_a_length_to_be_read() -> None:
    people = json.dumps(
        {"@type": "Article", "author": [{"name": f"Ann {'abcdefgh'[n % 8] * n} Smith"} for n in range(300)]}
    )
    head = "".join(f'<meta property="article:tag" content="mark {n}">' for n in range(300))
    html = f'{head}<script type="application/ld+json">{people}</script>{STORY}'
    article = aggregator.extract(html, "https://any-news.example/dams-hold")
    assert len(article.tags) == 200
    assert 0 < len(article.authors) <= 100
