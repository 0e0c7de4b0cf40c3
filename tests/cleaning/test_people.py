from __future__ import annotations

import pytest

from aggregator.cleaning import by, names, people
from aggregator.cleaning.people import credits

OWN = frozenset({"damtimes", "damtimesexample"})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ilse Brandt and Jo Keldar", ["Ilse Brandt", "Jo Keldar"]),
        ("Written by: Ilse Brandt, Jo Keldar & Ben Orla", ["Ilse Brandt", "Jo Keldar", "Ben Orla"]),
        ("ByIlse Brandt", ["Ilse Brandt"]),
        ("Von Ilse Brandt und Jo Keldar", ["Ilse Brandt", "Jo Keldar"]),
        ("Par Ilse Brandt et Jo Keldar", ["Ilse Brandt", "Jo Keldar"]),
        ("Por Ilse Brandt y Jo Keldar", ["Ilse Brandt", "Jo Keldar"]),
        ("di Ilse Brandt", ["Ilse Brandt"]),
        ("Door Ilse van der Brandt", ["Ilse van der Brandt"]),
        ("Ilse Brandt og Jo Keldar", ["Ilse Brandt", "Jo Keldar"]),
        ("Автор: Анна Смирнова", ["Анна Смирнова"]),
        ("بقلم أحمد علي", ["أحمد علي"]),
        ("作者：王小明", ["王小明"]),
        ("記者王小明／台北報導", ["王小明"]),
        ("山田太郎記者", ["山田太郎"]),
        ("홍길동 기자", ["홍길동"]),
        ("Ahmet Yılmaz tarafından", ["Ahmet Yılmaz"]),
    ],
)
def test_names_are_found_behind_the_words_of_many_languages(line: str, expected: list[str]) -> None:
    assert credits(line).names == expected


@pytest.mark.parametrize(
    "line",
    [
        "By Ilse Brandt, Senior Energy Editor",
        "Ilse Brandt | Staff Writer",
        "By Ilse Brandt, Ostermoor",
        "By Ilse Brandt, New York",
        "By Ilse Brandt - @ilse - ilse@dam-times.example",
        "Posted on 3 May 2024, 10:15 by Ilse Brandt",
        "By Ilse Brandt | May 3, 2024 | Share | 4 Comments",
        "Von Ilse Brandt Leitende Redakteurin",
        "By Ilse Brandt, Dam Times",
        "By Ilse Brandt (Ostermoor)",
        "By Ilse Brandt on behalf of the gate keepers",
        "By Ilse Brandt, U.S. National Institute of Allergy and Infectious Diseases",
        "Von Dam-Redakteurin Ilse Brandt",
        "Ilse Brandt, The New York Times",
        "By Ilse Brandt | Photographs by Jo Keldar",
        "By Ilse Brandt. With additional reporting by Jo Keldar",
    ],
)
def test_what_stands_around_a_name_is_taken_out(line: str) -> None:
    assert credits(line, OWN).names == ["Ilse Brandt"]


@pytest.mark.parametrize(
    "line",
    ["By default, all gates are closed at night", "Updated 3 May 2024", "World News", "Real estate", "Read more"],
)
def test_a_line_that_names_nobody_is_no_byline(line: str) -> None:
    assert credits(line).names == []


@pytest.mark.parametrize(
    "field", ["admin", "Dam Times", "Dam Times Staff", "dam-times.example", "Administrator", "Staff Writer"]
)
def test_the_site_s_own_accounts_are_nobody(field: str) -> None:
    assert credits(field, OWN, stated=True) == ([], [], [field])


@pytest.mark.parametrize("field", ["Unknown", "No Author", "Autor", "Contributor", "publisher", "null", "Y"])
def test_a_blank_a_label_or_a_job_names_not_even_an_account(field: str) -> None:
    assert not any(credits(field, OWN, stated=True))


def test_no_name_ends_where_a_particle_waits_for_more() -> None:
    assert credits("Les Amis du Choeur de Radio Ostermoor").names == []


def test_who_reported_it_is_named_in_brackets() -> None:
    assert credits("(Reporting by Ilse Brandt and Jo Keldar; editing by Ana Terlić)").names == [
        "Ilse Brandt",
        "Jo Keldar",
    ]
    assert credits("(Reporting by Ilse Brandt)").names == ["Ilse Brandt"]


@pytest.mark.parametrize(
    ("field", "agency"),
    [
        ("AP", "Associated Press"),
        ("The Associated Press", "Associated Press"),
        ("dpa/lno", "dpa"),
        ("Agencia EFE", "EFE"),
        ("© Reuters", "Reuters"),
        ("新华社", "Xinhua"),
    ],
)
def test_agencies_are_known_by_their_many_names(field: str, agency: str) -> None:
    assert credits(field, stated=True) == ([], [agency], [])


def test_an_acronym_in_small_letters_is_a_word() -> None:
    assert people.agency("AP") == "Associated Press"
    assert people.agency("ap") is None


def test_an_agency_behind_a_name_is_told_from_it() -> None:
    assert credits("By Ilse Brandt The Associated Press") == (["Ilse Brandt"], ["Associated Press"], [])
    assert credits("Ilse Brandt, Reuters", stated=True) == (["Ilse Brandt"], ["Reuters"], [])


def test_the_agency_s_own_site_is_no_agency() -> None:
    assert credits("Reuters", frozenset({"reuters"}), stated=True) == ([], [], ["Reuters"])


@pytest.mark.parametrize("field", ["delta201", "Ilse", "Maria & Katerina", "Dam Watch Editorial Team", "MM-Redaktion"])
def test_a_name_field_is_believed(field: str) -> None:
    assert credits(field, stated=True).names == field.split(" & ")


def test_one_person_s_surnames_may_be_joined_by_and() -> None:
    assert credits("José Volta e Pinto", stated=True).names == ["José Volta e Pinto"]
    assert credits("Por Ana Ruiz y Gasset").names == ["Ana Ruiz y Gasset"]
    assert credits("Por Ana Ruiz y Jo Keldar").names == ["Ana Ruiz", "Jo Keldar"]


def test_a_free_line_needs_two_words_unless_one_is_allowed() -> None:
    assert credits("by Ilse").names == []
    assert credits("by Ilse", single=True).names == ["Ilse"]


def test_degrees_belong_to_the_name_and_initials_keep_their_stop() -> None:
    assert credits("By Ilse Brandt, PhD, and Juan Muñoz C.").names == ["Ilse Brandt, PhD", "Juan Muñoz C."]


def test_a_particle_at_the_start_of_a_name_field_is_part_of_it() -> None:
    assert credits("Di Maria", stated=True).names == ["Di Maria"]
    assert credits("Von Ilse Brandt", stated=True).names == ["Ilse Brandt"]


def test_an_and_inside_an_organisation_s_name_does_not_split_it() -> None:
    field = "Centre for Dams and water"
    assert credits(field, stated=True).names == [field]


def test_a_line_of_any_length_is_read_in_bounded_time() -> None:
    assert credits("By " + "Ann Smith, " * 100_000).names == ["Ann Smith"]
    assert credits("a@" * 100_000).names == []


def test_desks_and_posting_accounts_are_told_from_writers() -> None:
    assert all(map(people.is_desk, ("Newsdesk", "Die Redaktion", "MM-Redaktion")))
    assert not people.is_desk("Ilse Brandt")
    assert by.posts("Posted by | Ilse")
    assert not by.posts("By Ilse")


@pytest.mark.parametrize(
    "name", ["Ilse Brandt", "Ursula von der Leyen", "J.J. Guillén", "O'Connor Jean-Luc", "สมชาย ใจดี"]
)
def test_names_look_like_names(name: str) -> None:
    assert names.looks_personal(name)


@pytest.mark.parametrize("text", ["Dam holds, say engineers", "ilse brandt", "Gate 4", "Ilse", "A B C D E F G H"])
def test_other_texts_do_not(text: str) -> None:
    assert not names.looks_personal(text)


@pytest.mark.parametrize(
    ("line", "names"), [("Keldar, Jo", ["Jo Keldar"]), ("Keldar, Jo T.", ["Jo T. Keldar"]), ("Reuters, Staff", [])]
)
def test_a_name_field_may_turn_a_name_round(line: str, names: list[str]) -> None:
    assert people.credits(line, stated=True).names == names
