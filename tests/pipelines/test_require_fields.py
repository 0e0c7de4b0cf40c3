from __future__ import annotations

from collections.abc import Callable

import pytest

from aggregator.items import NOT_ARTICLES, Article
from aggregator.pipelines.drops import NotArticle, Rejected
from aggregator.pipelines.require_fields import RequireFields

Make = Callable[..., Article]


def test_an_article_passes(article: Make) -> None:
    whole = article(1)
    assert RequireFields().process_item(whole) is whole


@pytest.mark.parametrize("missing", ["url", "title", "text"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_what_lacks_a_field_is_rejected_by_its_name(article: Make, missing: str, nothing: str | None) -> None:
    lacking = article(1)
    setattr(lacking, missing, nothing)
    with pytest.raises(Rejected, match=f"^no {missing}$"):
        RequireFields().process_item(lacking)


def test_all_missing_fields_are_named(article: Make) -> None:
    with pytest.raises(Rejected, match="no title, text"):
        RequireFields().process_item(article(1, title=None, text=None))


@pytest.mark.parametrize("kind", sorted(NOT_ARTICLES))
def test_what_is_no_article_is_told_by_its_kind(article: Make, kind: str) -> None:
    evidence = {"kind": {"from": "body", "raw": "40 links, 3 sentences"}}
    with pytest.raises(NotArticle) as dropped:
        RequireFields().process_item(article(1, kind=kind, evidence=evidence, text=None))
    assert str(dropped.value) == f"{kind} (body: 40 links, 3 sentences)"


def test_a_kind_without_evidence_is_told_all_the_same(article: Make) -> None:
    with pytest.raises(NotArticle, match=r"^listing$"):
        RequireFields().process_item(article(1, kind="listing"))
