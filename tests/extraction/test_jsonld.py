from __future__ import annotations

import pytest
from lxml import html

from aggregator.extraction import jsonld

URL = "https://dam-times.example/dam-holds"


def nodes(*scripts: str) -> tuple[list[jsonld.Node], list[str]]:
    text = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return jsonld.nodes(html.document_fromstring(f"<html><head>{text}</head><body></body></html>").iter("script"), URL)


def headlines(*scripts: str) -> list[str]:
    return [node["headline"] for node in nodes(*scripts)[0] if "headline" in node]


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"Dam holds"}',
        '[{"@type":"WebSite"},{"@type":["Article","Thing"],"headline":"Dam holds"}]',
        '{"@graph":[{"@type":"https://schema.org/NewsArticle","headline":"Dam holds"}]}',
        '<!-- {"@type":"NewsArticle","headline":"Dam holds"} -->',
        '//<![CDATA[\n{"@type":"NewsArticle","headline":"Dam holds"}\n//]]>',
        '{"@type":"NewsArticle","headline":"Dam holds",}',
        '{"@type":"NewsArticle","headline":"Dam holds","description":"two\nlines"};',
    ],
)
def test_nodes_are_found_in_every_wrapping(script: str) -> None:
    assert headlines(script) == ["Dam holds"]


def test_the_page_s_own_article_comes_first() -> None:
    other = '{"@type":"Article","headline":"Other","url":"https://dam-times.example/other"}'
    own = '{"@type":"Article","headline":"Own","mainEntityOfPage":{"@id":"https://www.dam-times.example/dam-holds/"}}'
    assert headlines('{"@type":"Organization","headline":"None"}', other, own) == ["Own", "Other", "None"]


def test_references_are_resolved_to_the_fullest_definition() -> None:
    graph = '{"@graph":[{"@type":"Article","author":[{"@id":"#a"}]},{"@id":"#a","@type":"Person","name":"Ilse"}]}'
    article = nodes('{"@id":"#a"}', graph)[0][0]
    assert article["author"] == [{"@id": "#a", "@type": "Person", "name": "Ilse"}]


def test_what_had_to_be_repaired_or_skipped_is_told() -> None:
    assert nodes('{"@type":"Article",}')[1] == ["json-ld: broken JSON repaired"]
    assert nodes("window.x = 1")[1] == ["json-ld: broken JSON skipped"]
    assert nodes(f'{{"@type":"Article","x":"{"y" * jsonld.MAX_SCRIPT}"}}') == (
        [],
        ["json-ld: script too long, skipped"],
    )


@pytest.mark.parametrize("script", ["[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000, "", "null", '"text"', "[1, 2]"])
def test_hostile_and_empty_scripts_give_nothing(script: str) -> None:
    assert nodes(script)[0] == []


def test_no_more_is_repaired_than_a_page_is_worth() -> None:
    broken = f'{{"@type":"Article","headline":"Dam holds","x":"{"y" * (jsonld.MAX_REPAIRED // 2)}",}}'
    told = nodes(*[broken] * 50)
    assert [node["headline"] for node in told[0]] == ["Dam holds"]
    assert told[1] == ["json-ld: broken JSON repaired", "json-ld: broken JSON skipped"]


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"name":', "}"), ('[{"@value":', "}]")])
def test_values_nested_as_deep_as_json_allows_are_read_to_a_bounded_depth(opens: str, closes: str) -> None:
    deep = f"{opens * 450}1{closes * 450}"
    [article] = nodes(f'{{"@type":"Article","headline":"Dam holds","author":{deep}}}')[0]
    assert article["headline"] == "Dam holds"
    level, value = 0, article["author"]
    while value and isinstance(value, (dict, list)):
        level, value = level + 1, next(iter(value.values() if isinstance(value, dict) else value))
    assert level < jsonld.DEEPEST
    assert list(jsonld.strings(article["author"])) == []


def test_the_number_of_nodes_is_bounded() -> None:
    found, warnings = nodes("[" + ",".join(['{"@type":"Thing"}'] * (jsonld.MAX_NODES + 5)) + "]")
    assert len(found) == jsonld.MAX_NODES
    assert "json-ld: too many nodes, rest skipped" in warnings


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("NewsArticle", True),
        ("LiveBlogPosting", True),
        ("http://schema.org/BlogPosting", True),
        ("Person", False),
        (None, False),
    ],
)
def test_articles_are_told_by_their_type(kind: str | None, answer: bool) -> None:
    assert jsonld.is_article({"@type": kind}) is answer
    assert jsonld.is_article({"@type": [kind, "Thing"]}) is answer


def test_texts_are_found_in_every_form_of_value() -> None:
    value = ["R&amp;D", {"@value": "Dams"}, {"name": ["Ilse", " Jo "]}, {"@id": "#x"}, 7, None, ""]
    assert list(jsonld.strings(value)) == ["R&D", "Dams", "Ilse", "Jo", "#x"]
    assert jsonld.first([]) is None
