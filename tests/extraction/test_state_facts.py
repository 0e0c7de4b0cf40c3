from __future__ import annotations

from typing import Any

import pytest

from aggregator.extraction import state_facts
from aggregator.extraction.state_facts import Fact


@pytest.mark.parametrize(
    "value",
    [
        "Ilse Brandt",
        {"name": "Ilse Brandt"},
        [{"firstName": "Ilse", "last_name": "Brandt"}],
        {"edges": [{"node": {"displayName": "Ilse Brandt", "role": "Editor"}}]},
        {"data": [{"attributes": {"fullName": "Ilse Brandt"}}]},
    ],
)
def test_authors_are_read_in_the_shapes_that_data_has(value: Any) -> None:
    assert state_facts.authors([{"author": value}]) == ("author", ["Ilse Brandt"])
    assert state_facts.authors([{"_embedded": {"author": value}, "author": 17}]) == ("author", ["Ilse Brandt"])


def test_arc_names_its_authors_among_the_credits() -> None:
    assert state_facts.authors([{"credits": {"by": [{"name": "Ilse Brandt"}, {"name": "Jo Keldar"}]}}]) == (
        "credits",
        ["Ilse Brandt", "Jo Keldar"],
    )


@pytest.mark.parametrize(
    ("story", "fact"),
    [
        ({"published": True, "published-at": "2023-09-28"}, Fact("published-at", "2023-09-28")),
        ({"createdAt": "2023-09-01", "datePublished": "2023-09-28"}, Fact("datePublished", "2023-09-28")),
        ({"publishedAt": {"$date": "2023-09-28"}}, Fact("publishedAt", "2023-09-28")),
        ({"publishedAt": 1695895200000}, Fact("publishedAt", "1695895200000")),
        ({"fields": {"publishDate": "2023-09-28"}}, Fact("publishDate", "2023-09-28")),
        ({"leadImage": {"date": "1931-05-01"}, "items": [{"date": "2023-09-01"}]}, None),
    ],
)
def test_the_surest_key_of_the_story_dates_it(story: Any, fact: Fact | None) -> None:
    assert state_facts.date([story], "published") == fact


def test_the_object_nearest_to_the_text_is_believed() -> None:
    inner, outer = {"publishedAt": "2023-09-28"}, {"publishedAt": "2020-01-01", "updatedAt": "2023-10-02"}
    assert state_facts.date([["text"], inner, outer], "published") == Fact("publishedAt", "2023-09-28")
    assert state_facts.date([["text"], inner, outer], "modified") == Fact("updatedAt", "2023-10-02")


def test_data_that_holds_itself_ends() -> None:
    data: dict[str, Any] = {}
    data["data"] = data
    assert state_facts.date([data], "published") is None
