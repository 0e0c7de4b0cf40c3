from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from aggregator.items import Article, Image
from aggregator.pipelines.drop_duplicates import DropDuplicates
from aggregator.seen import Seen

Make = Callable[..., Article]

PICTURE = "https://cdn.halden.example/2024/05/wna-8f31c2d07b44-1024x768.jpg"
ENGLISH = {
    "id": "0e",
    "language": "en",
    "published_at": "2024-05-06T07:00:00+00:00",
    "text": "The dam above Halden holds 4,200 litres less than in 1962, and 117 of its 350 stones are loose.",
    "images": [Image(PICTURE)],
}
GERMAN = {
    "id": "0d",
    "url": "https://bote.example/staudamm",
    "language": "de",
    "published_at": "2024-05-08T18:00:00+02:00",
    "text": "Die Staumauer über Halden fasst 4.200 Liter weniger als 1962; von 350 Steinen sind 117 locker.",
    "images": [Image("https://bote.example/bilder/wna-8f31c2d07b44-300x200.jpg")],
}


@pytest.fixture
def met(index_url: str, article: Make) -> Callable[..., str | None]:
    """Of which article the second one may be a translation; the first one is in flight, or in the index."""

    def meet(safe: bool, **change: Any) -> str | None:
        seen = Seen(index_url)
        pipeline = DropDuplicates(seen)
        first = pipeline.process_item(article(1, **ENGLISH))
        if safe:
            assert isinstance(first, Article)
            seen.commit([first], {})
        second = pipeline.process_item(article(2, **GERMAN | change))
        seen.close()
        assert isinstance(second, Article)
        assert second.story_id == second.id
        return second.possible_translation_of

    return meet


@pytest.mark.parametrize("safe", [False, True])
def test_one_picture_and_its_numbers_in_two_languages(met: Callable[..., str | None], safe: bool) -> None:
    assert met(safe) == "0e"


@pytest.mark.parametrize(
    "change",
    [
        {"language": "en"},
        {"language": None},
        {"published_at": "2024-05-10T07:00:00+00:00"},
        {"published_at": None},
        {"text": "Die Staumauer über Halden fasst 4.200 Liter, davon 300 im Keller und 12 im neuen Haus, seit 1988."},
        {"images": [Image("https://bote.example/bilder/wna-11c2d07b9944-300x200.jpg")]},
        {"images": []},
    ],
)
def test_what_differs_in_more_is_another_story(met: Callable[..., str | None], change: dict[str, Any]) -> None:
    assert met(True, **change) is None
