from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aggregator.seen.copies import compare
from aggregator.seen.fingerprints import LEAST, SAMPLED, Fingerprint

SYLLABLES = [first + then for first in "bcdfghjklmnp" for then in "aou"]


def story(seed: int, words: int = 500) -> str:
    """Invented prose: some words often, most seldom, a name here and a number there."""
    pick = random.Random(seed)
    lexicon = ["".join(pick.choices(SYLLABLES, k=pick.randint(1, 4))) for _ in range(300)]
    said = []
    for at in range(words):
        word = pick.choice(lexicon)
        if at % 17 == 5:
            word = word.capitalize()
        if at % 23 == 7:
            word = str(pick.randint(2, 9999))
        said.append(word + (". " if at % 12 == 11 else " "))
    return "".join(said)


def repeats(new: str, *old: str) -> bool:
    return any(compare(Fingerprint.of(new), Fingerprint.of(text)) for text in old)


def edited(text: str, share: float) -> str:
    """So many of the words other ones."""
    pick = random.Random(5)
    return " ".join(f"other{at}" if pick.random() < share else word for at, word in enumerate(text.split()))


def first(text: str, share: float) -> str:
    words = text.split()
    return " ".join(words[: int(len(words) * share)])


ORIGINAL = story(1)


def test_case_punctuation_and_white_space_do_not_count() -> None:
    one, other = Fingerprint.of("The dam, held: 3 days!"), Fingerprint.of("the   DAM held — 3\ndays")
    assert one.hashes.tolist() == other.hashes.tolist() != []


def test_about_one_gram_in_eight_is_kept_and_of_a_short_text_all() -> None:
    long, short = Fingerprint.of(story(1, 4000)), Fingerprint.of(story(1, 40))
    assert 0.8 < len(long.hashes) * SAMPLED / 4000 < 1.2
    assert len(short.hashes) == 40 - 4 < LEAST


def test_every_text_keeps_the_same_grams() -> None:
    whole, part = Fingerprint.of(story(1, 4000)), Fingerprint.of(first(story(1, 4000), 0.5))
    assert set(part.hashes.tolist()) <= set(whole.hashes.tolist())


def test_recognises_copies() -> None:
    frame = story(7, 150)
    for copy in (
        ORIGINAL,
        first(ORIGINAL, 0.6),
        first(ORIGINAL, 0.2),
        f"A headline of one's own\n\n{ORIGINAL}\n\n(With inputs from agencies)",
        f"{first(frame, 0.2)}\n{ORIGINAL}\n{frame}",
        edited(ORIGINAL, 0.12),
        edited(ORIGINAL, 0.2),
    ):
        assert repeats(copy, story(2), ORIGINAL, story(3))


def test_recognises_the_longer_original_after_its_cut_copy() -> None:
    shares = compare(Fingerprint.of(ORIGINAL), Fingerprint.of(first(ORIGINAL, 0.35)))
    assert shares is not None
    inside, around = shares
    assert around > 0.9 > inside


def test_recognises_copies_in_scripts_without_spaces() -> None:
    signs = [chr(0x4E00 + value) for value in range(700)]
    pick = random.Random(3)
    text = "".join(pick.choices(signs, k=600))
    assert repeats(text[:300] + "（记者）", text)
    assert not repeats("".join(pick.choices(signs, k=600)), text)


def test_another_story_is_no_copy() -> None:
    assert not repeats(story(4), *(story(number) for number in range(5, 40)))


def test_a_shared_quote_is_no_copy() -> None:
    quote = story(9, 60)
    assert not repeats(f"{story(4, 200)} {quote} {story(5, 200)}", f"{story(6, 150)} {quote} {story(7, 250)}")


def test_a_follow_up_that_ends_with_the_earlier_story_is_no_copy() -> None:
    assert not repeats(f"{story(4, 600)} {first(ORIGINAL, 0.5)}", ORIGINAL)
    assert not repeats(f"{story(4, 1500)} {ORIGINAL}", ORIGINAL)


def test_a_template_with_other_facts_is_no_copy() -> None:
    template = (
        "The weather in {} today is {} with highs of {} degrees after a quiet start to the day across the region. "
        "Winds blow from the {} at up to {} kilometres an hour and ease towards the evening over the open country. "
        "The chance of rain stands at {} per cent in the afternoon, and at night it cools to {} degrees in the valleys."
    )
    assert not repeats(
        template.format("Porto", "sunny", 24, "north", 35, 10, 12),
        template.format("Lublin", "cloudy", 17, "west", 52, 65, 8),
    )


texts = st.text(max_size=300) | st.builds(story, st.integers(0, 99), st.integers(0, 200))


@given(texts)
def test_any_text_has_a_fingerprint(text: str) -> None:
    print_ = Fingerprint.of(text)
    assert len(print_.hashes) == len(print_.places) == len(print_.facts)
    assert bool(np.all(print_.hashes[1:] > print_.hashes[:-1]))
    assert print_.limit > (int(print_.hashes[-1]) if len(print_.hashes) else 0)


@given(texts)
def test_a_fingerprint_comes_back_from_its_bytes_as_it_was(text: str) -> None:
    before = Fingerprint.of(text)
    after = Fingerprint.unpacked(before.packed())
    assert after.limit == before.limit
    for name in ("hashes", "places", "facts", "numbers"):
        assert np.array_equal(getattr(after, name), getattr(before, name))


@given(texts, texts)
def test_two_texts_compare_the_same_both_ways(one: str, other: str) -> None:
    shares = compare(Fingerprint.of(one), Fingerprint.of(other))
    back = compare(Fingerprint.of(other), Fingerprint.of(one))
    assert back == (shares and shares[::-1])


def test_a_fingerprint_is_the_same_on_every_machine() -> None:
    assert Fingerprint.of("Engineers said the dam held").hashes.tolist() == [2704999498]
