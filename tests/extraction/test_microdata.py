from __future__ import annotations

from lxml import html

from aggregator.extraction import microdata

ARTICLE = """
<article itemscope itemtype="https://schema.org/NewsArticle">
  <meta itemprop="headline " content="Dam holds">
  <time itemprop="datePublished" datetime="2024-05-30T08:00:00Z">today</time>
  <link itemprop="mainEntityOfPage" href="/dam-holds">
  <img itemprop="image" src="/dam.jpg">
  <div itemprop="author" itemscope itemtype="http://schema.org/Person/"><span itemprop="name">Ilse
    Brandt</span></div>
  <div itemprop="articleBody">The dam held.</div>
</article>"""


def items(text: str) -> list[microdata.Item]:
    return microdata.items(html.document_fromstring(f"<html><body>{text}</body></html>"))


def test_properties_belong_to_their_nearest_item() -> None:
    article, person = items(ARTICLE)
    assert (article.type, person.type) == ("NewsArticle", "Person")
    assert article.properties == {
        "headline": ["Dam holds"],
        "datePublished": ["2024-05-30T08:00:00Z"],
        "mainEntityOfPage": ["/dam-holds"],
        "image": ["/dam.jpg"],
    }
    assert article.items["author"] == [person]
    assert person.properties == {"name": ["Ilse Brandt"]}
    assert person.parent is article


def test_a_container_s_text_is_no_property() -> None:
    [article] = items(f"<p itemscope itemtype=Article><b itemprop=headline>{'word ' * 1_000}</b>")
    assert article.properties == {}


def test_an_element_may_have_several_properties_and_lie_outside_any_item() -> None:
    [person] = items(
        '<p itemprop=name>Nobody</p><p itemscope itemtype=Person><b itemprop="name givenName">Ilse</b></p>'
    )
    assert person.properties == {"name": ["Ilse"], "givenName": ["Ilse"]}


def test_a_page_without_microdata_has_no_items() -> None:
    assert items("<p itemprop=name>Ilse</p>") == []
