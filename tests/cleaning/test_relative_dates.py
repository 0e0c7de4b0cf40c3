from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.cleaning.dates import Habits
from aggregator.cleaning.relative_dates import relative

NOW = datetime.fromisoformat("2023-09-01T12:00:30+00:00")


IN_MANY_LANGUAGES = """
3 hours ago | vor 3 Stunden | hace 3 horas | il y a 3 heures | há 3 horas | 3 ore fa | 3 uur geleden
för 3 timmar sedan | 3 godziny temu | před 3 hodinami | 3 часа назад | πριν από 3 ώρες | 3 saat önce | منذ 3 ساعات
3小时前 | 3時間前 | 3시간 전 | 3 giờ trước | Posted: 3 hours ago
"""


@pytest.mark.parametrize(
    "text", [text.strip() for text in IN_MANY_LANGUAGES.replace("\n", "|").split("|") if text.strip()]
)
def test_hours_ago(text: str) -> None:
    moment = relative(text, NOW)
    assert moment
    assert (moment.at.isoformat(), moment.precision) == ("2023-09-01T09:00:00+00:00", "minute")


@pytest.mark.parametrize("text", ["2 days ago", "vor 2 Tagen", "hace 2 días", "2天前"])
def test_days_ago_name_a_day_only(text: str) -> None:
    moment = relative(text, NOW)
    assert moment
    assert (moment.at.isoformat(), moment.precision) == ("2023-08-30T00:00:00+00:00", "day")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Heute, 14:05 Uhr", "2023-09-01T14:05:00+02:00"),
        ("Yesterday at 3:05 pm", "2023-08-31T15:05:00+02:00"),
        ("hier à 14h05", "2023-08-31T14:05:00+02:00"),
        ("gestern", "2023-08-31T00:00:00+02:00"),
    ],
)
def test_today_and_yesterday_are_those_of_the_page_s_zone(text: str, iso: str) -> None:
    moment = relative(text, NOW, Habits(zone=ZoneInfo("Europe/Berlin")))
    assert moment
    assert moment.at.isoformat() == iso


@pytest.mark.parametrize("text", ["USA Today", "5 days", "3 weeks ago", "in 3 hours", "Today's headlines", "x" * 200])
def test_no_relative_date(text: str) -> None:
    assert relative(text, NOW) is None
