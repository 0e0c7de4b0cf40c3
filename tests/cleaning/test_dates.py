from __future__ import annotations

from datetime import date, timedelta, timezone

import pytest

from aggregator.cleaning.dates import Habits, find, offset, parse

NOON = "2023-09-01T12:30:00+02:00"


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        (NOON, NOON, "second"),
        ("2023-09-01T12:30:00.123Z", "2023-09-01T12:30:00+00:00", "second"),
        ("2023-09-01 12:30 +0330", "2023-09-01T12:30:00+03:30", "minute"),
        ("2023-09-01T12:30+03:30", "2023-09-01T12:30:00+03:30", "minute"),
        ("2023-9-1", "2023-09-01T00:00:00+00:00", "day"),
        ("20230901", "2023-09-01T00:00:00+00:00", "day"),
        ("20230901T10:04:34Z", "2023-09-01T10:04:34+00:00", "second"),
        ("1693564200", "2023-09-01T10:30:00+00:00", "second"),
        ("/Date(1693564200000+0200)/", "2023-09-01T10:30:00+00:00", "second"),
        ("Fri, 01 Sep 2023 12:30:00 GMT", "2023-09-01T12:30:00+00:00", "second"),
        ("Fri Sep 01 12:30:00 CEST 2023", NOON, "second"),
    ],
)
def test_machine_forms(text: str, iso: str, precision: str) -> None:
    moment = parse(text)
    assert moment
    assert (moment.at.isoformat(), moment.precision) == (iso, precision)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Friday, September 1st, 2023"),
        ("en", "SEPT. 1, 2023"),
        ("en", "1 Sept '23"),
        ("de", "Freitag, 1. September 2023"),
        ("fr", "vendredi 1er septembre 2023"),
        ("es", "1 de septiembre del 2023"),
        ("pt", "1º de setembro de 2023"),
        ("pl", "1 września 2023"),
        ("cs", "1. září 2023"),
        ("hu", "2023. szeptember 1."),
        ("lt", "2023 m. rugsėjo 1 d."),
        ("el", "Παρασκευή, 1 Σεπτεμβρίου 2023"),
        ("ru", "1 сентября 2023 г."),
        ("tr", "1 Eylül 2023"),
        ("ar", "١ سبتمبر ٢٠٢٣"),
        ("ar", "1 أيلول 2023"),
        ("hi", "1 सितंबर 2023"),
        ("th", "1 กันยายน 2566"),
        ("th", "1 ก.ย. 2566 เวลา 12:30 น."),
        ("th", "1 ก.ย. 66"),
        ("km", "១ កញ្ញា ២០២៣"),
        ("lv", "2023. gada 1. septembris"),
        ("fa", "جمعه ۱۰ شهریور ۱۴۰۲ ساعت ۱۲:۳۰"),
        ("fa", "1402/06/10 - 12:30"),
        (None, "۱۴۰۲/۶/۱۰"),
        ("ja", "令和5年9月1日"),
        ("ja", "2023年(令和5年)9月1日"),
        ("zh", "中華民國112年9月1日"),
        ("vi", "ngày 1 tháng 9 năm 2023"),
        ("zh", "2023年9月1日"),
        ("de", "Datum:1. September 2023"),
        ("de", "Datum:01.09.2023"),
        ("ko", "2023년 9월 1일"),
    ],
)
def test_written_dates(language: str | None, text: str) -> None:
    moment = parse(text, Habits(language=language))
    assert moment
    assert moment.at.date() == date(2023, 9, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("22 بهمن 1357", date(1979, 2, 11)),
        ("30 اسفند 1399", date(2021, 3, 20)),
        ("1 فروردین 1400", date(2021, 3, 21)),
        ("30 اسفند 1403", date(2025, 3, 20)),
    ],
)
def test_days_of_the_persian_year_around_its_leap_years(text: str, day: date) -> None:
    moment = parse(text)
    assert moment
    assert moment.at.date() == day


@pytest.mark.parametrize("text", ["30 اسفند 1402", "31 مهر 1402", "1402/13/1", "令和5年13月1日"])
def test_a_day_that_a_calendar_lacks_is_none(text: str) -> None:
    assert parse(text, Habits(language="fa")) is None


def test_a_number_of_four_digits_is_no_persian_year_elsewhere() -> None:
    assert parse("1402/06/10") is None


def test_a_month_name_that_two_languages_share_is_read_in_the_page_s() -> None:
    croatian, polish = (
        parse("5. listopada 2023.", Habits(language="hr")),
        parse("5 listopada 2023", Habits(language="pl")),
    )
    assert croatian
    assert polish
    assert (croatian.at.month, polish.at.month) == (10, 11)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("1. September 2023, 12:30 Uhr", "12:30"),
        ("01.09.2023 | 12.30 Uhr", "12:30"),
        ("le 1 septembre 2023 à 12h30", "12:30"),
        ("1 de septiembre de 2023 a las 12:30 h", "12:30"),
        ("12:30, 1 сентября 2023", "12:30"),
        ("Sep 1, 2023 at 3:05 p.m. EDT", "15:05"),
        ("September 1, 2023 3 PM", "15:00"),
        ("2023年9月1日 12時30分", "12:30"),
        ("September 1, 2023 15 comments", "00:00"),
    ],
)
def test_times_beside_written_dates(text: str, clock: str) -> None:
    moment = parse(text)
    assert moment
    assert moment.at.strftime("%H:%M") == clock
    assert (moment.precision == "day") == (clock == "00:00")


def test_numbers_are_read_in_the_page_s_order_and_remember_the_other() -> None:
    british, american = parse("03/04/2023"), parse("03/04/2023", Habits(day_first=False))
    assert british
    assert american
    assert (british.at.date(), british.swapped) == (date(2023, 4, 3), date(2023, 3, 4))
    assert (american.at.date(), american.swapped) == (date(2023, 3, 4), date(2023, 4, 3))
    certain = parse("13/04/2023", Habits(day_first=False))
    assert certain
    assert (certain.at.date(), certain.swapped) == (date(2023, 4, 13), None)


@pytest.mark.parametrize(
    "text", ["", "2023", "2023-02-30", "Version 3.10.2", "10.2.20.1", "tel. 0301 202023", "May 2023", "12:30"]
)
def test_what_names_no_day_is_no_date(text: str) -> None:
    assert parse(text) is None


def test_an_offset_is_told_from_a_span_of_time() -> None:
    span, with_offset = parse("2023-09-01 10:00-11:00"), parse("2023-09-01 10:00:00-11:00")
    assert span
    assert with_offset
    assert (span.zoned, with_offset.zoned) == (False, True)


def test_dates_are_found_in_running_text_with_their_places() -> None:
    text = "By Jane DoeMarch 3, 2021 | Updated: 5.4.2021, 8:15 Uhr"
    assert [(moment.at.isoformat(), text[start:end]) for moment, start, end in find(text)] == [
        ("2021-03-03T00:00:00+00:00", "March 3, 2021"),
        ("2021-04-05T08:15:00+00:00", "5.4.2021, 8:15 Uhr"),
    ]


def test_a_word_glued_to_the_month_is_no_part_of_the_date() -> None:
    text = "UpdatedJanuary 25, 2026"
    assert [text[start:end] for _, start, end in find(text)] == ["January 25, 2026"]


def test_zone_names() -> None:
    assert offset("GMT-5") == timezone(timedelta(hours=-5))
    assert offset("MESZ") == timezone(timedelta(hours=2))
    assert offset("+99:00") is None
    assert offset("XYZ") is None
