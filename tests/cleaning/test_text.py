from __future__ import annotations

import pytest

from aggregator.cleaning import text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (" Dam\n\t holds ", "Dam holds"),
        ("Dam\u00a0holds\u202f!", "Dam holds !"),
        ("hydro\u00adelectric\u200b", "hydroelectric"),
        ("bro\x00ken\x1f", "broken"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("क्‍ष", "क्‍ष"),  # the joiner is a letter's part here
    ],
)
def test_one_line_without_what_nobody_sees(raw: str, clean: str) -> None:
    assert text.squash(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Ships &amp;amp; ports", "Ships & ports"),
        ("<b>Dam</b> holds<br>", "Dam holds"),
        ("2 < 3 and 4 > 3", "2 < 3 and 4 > 3"),
        ("caf&eacute; &#8220;Dam&#8221;", "café “Dam”"),
    ],
)
def test_metadata_loses_its_markup(raw: str, clean: str) -> None:
    assert text.from_markup(raw) == clean


def test_keys_ignore_case_accents_spaces_and_punctuation() -> None:
    assert text.folded("Le Monde – Économie!") == text.folded("le-monde economie") == "lemondeeconomie"
    assert text.folded("Straße") == "strasse"
    assert text.folded("東京新聞") == "東京新聞"
    assert text.folded("…") == ""


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("The wall doesnâ\x80\x99t move", "The wall doesn’t move"),
        ("The wall doesnâ€™t move", "The wall doesn’t move"),
        ("Â¿QuiÃ©n vigila EspaÃ±a?", "¿Quién vigila España?"),
        ("1%Â\xa0of 300Â\xa0people donâ\x80\x99t", "1% of 300 people don’t"),
        ("ÐŸÐ»Ð¾Ñ‚Ð¸Ð½Ð°", "Плотина"),
        ("CopyrightÂ© 2024", "Copyright© 2024"),
        ("The page shows 'Ã¤' for 'ä'", "The page shows 'Ã¤' for 'ä'"),
        ("Âge: «l’été» à Ostermoor, Île d’Ambre", "Âge: «l’été» à Ostermoor, Île d’Ambre"),
        ("SÃO PAULO É MAIOR", "SÃO PAULO É MAIOR"),
    ],
)
def test_what_was_encoded_twice_is_read_once(line: str, mended: str) -> None:
    assert text.squash(line) == mended


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\u200d", ""),
        ("\u200fהסכר מחזיק\u200f", "הסכר מחזיק"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("The dam\u202e sdloh\u202c", "The dam sdloh"),
        ("We\x92re here\u2063", "We’re here"),
    ],
)
def test_marks_stay_between_letters_only_and_none_that_turns_the_line(raw: str, clean: str) -> None:
    assert text.squash(raw) == clean
