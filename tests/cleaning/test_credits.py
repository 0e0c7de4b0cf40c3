"""What is cut off a story says where it is from: the credits fill the article's fields, in every language."""

from __future__ import annotations

import pytest

from aggregator.cleaning import boilerplate
from aggregator.items import Article, Block

STORY = "The dam held through the night, engineers said on Monday, and the valley road opened again at noon."


def stripped(*credits: str) -> Article:
    blocks = [Block("paragraph", text) for text in (STORY, STORY, *credits)]
    article = Article(blocks=blocks, text="\n\n".join(block.text for block in blocks))
    boilerplate.strip(article)
    assert article.text == f"{STORY}\n\n{STORY}"
    return article


@pytest.mark.parametrize(
    ("credit", "agency"),
    [
        ("(With inputs from PTI)", "PTI"),
        ("Mit Material der dpa", "dpa"),
        ("Avec Reuters", "Reuters"),
        ("Con información de EFE", "EFE"),
        ("Fonte: Adnkronos", "Adnkronos"),
        ("Bron: ANP", "ANP"),
        ("Kilde: Ritzau", "Ritzau"),
        ("Źródło: PAP", "PAP"),
        ("Zdroj: ČTK", "ČTK"),
        ("Источник: ТАСС", "TASS"),
        ("Джерело: Укрінформ", "Ukrinform"),
        ("Izvor: Hina", "HINA"),
        ("Forrás: MTI", "MTI"),
        ("Kaynak: AA", "Anadolu Agency"),
        ("المصدر: رويترز", "Reuters"),
        ("(भाषा)", "PTI"),
        ("(பிடிஐ)", "PTI"),
        ("Sumber: Antara", "Antara"),
        ("Nguồn: TTXVN", "Vietnam News Agency"),
        ("来源：新华社", "Xinhua"),
        ("Font: ACN", "ACN"),
    ],
)
def test_agencies(credit: str, agency: str) -> None:
    article = stripped(credit)
    assert article.agencies == [agency]
    assert article.evidence["agencies"]["raw"] == credit
    assert article.source is None


@pytest.mark.parametrize(
    ("credit", "name"),
    [
        ("Source: Valley Courier", "Valley Courier"),
        ("Quelle: Talkurier", "Talkurier"),
        ("Source : Le Courrier du Val", "Le Courrier du Val"),
        ("Fuente: El Correo del Valle", "El Correo del Valle"),
        ("Fonte: Correio do Vale", "Correio do Vale"),
        ("Bron: Valleikoerier", "Valleikoerier"),
        ("Källa: Dalkuriren", "Dalkuriren"),
        ("Lähde: Laakson Lehti", "Laakson Lehti"),
        ("Źródło: Kurier Doliny", "Kurier Doliny"),
        ("Источник: Долинный курьер", "Долинный курьер"),
        ("Sursa: Curierul Văii", "Curierul Văii"),
        ("Πηγή: Ταχυδρόμος", "Ταχυδρόμος"),
        ("Kaynak: Vadi Gazetesi", "Vadi Gazetesi"),
        ("المصدر: بريد الوادي", "بريد الوادي"),
        ("ஆதாரம்: பள்ளத்தாக்கு செய்தி", "பள்ளத்தாக்கு செய்தி"),
        ("来源：山谷日报", "山谷日报"),
        ("출처: 골짜기일보", "골짜기일보"),
    ],
)
def test_source(credit: str, name: str) -> None:
    article = stripped(credit)
    assert article.source is not None
    assert (article.source.name, article.source.evidence) == (name, credit)
    assert article.agencies == []


@pytest.mark.parametrize(
    ("credit", "editor"),
    [
        ("Edited by: Ann Smith", "Ann Smith"),
        ("Veröffentlicht von Anna Schmidt", "Anna Schmidt"),
        ("Mis en ligne par Anne Martin", "Anne Martin"),
        ("Publicado por: Ana Gómez", "Ana Gómez"),
        ("Publicado por Ana Souza", "Ana Souza"),
        ("Pubblicato da Anna Rossi", "Anna Rossi"),
        ("Geplaatst door Anna de Vries", "Anna de Vries"),
        ("Opublikowała Anna Kowalska", "Anna Kowalska"),
        ("Опубликовала: Анна Смирнова", "Анна Смирнова"),
        ("Publicat de Ana Pop", "Ana Pop"),
        ("Editör: Ayşe Demir", "Ayşe Demir"),
        ("المحرر: منى سالم", "منى سالم"),
        ("Editor: Sari Dewi", "Sari Dewi"),
    ],
)
def test_posted_by(credit: str, editor: str) -> None:
    article = stripped(credit)
    assert article.posted_by == editor
    assert article.evidence["posted_by"]["raw"] == credit


@pytest.mark.parametrize(
    "line",
    [
        "© 2024 Valley Courier Ltd",
        "Alle Rechte vorbehalten. Talkurier",
        "Tous droits réservés. Le Courrier du Val",
        "Todos los derechos reservados",
        "Todos os direitos reservados",
        "Riproduzione riservata",
        "Tots els drets reservats",
        "Wszelkie prawa zastrzeżone",
        "Все права защищены",
        "Всички права запазени",
        "Sva prava pridržana",
        "Tüm hakları saklıdır",
        "جميع الحقوق محفوظة",
        "無断転載を禁じます",
        "무단 전재 및 재배포 금지",
    ],
)
def test_copyright(line: str) -> None:
    assert stripped(line).rights.copyright == line
