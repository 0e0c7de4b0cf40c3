from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import rules
from aggregator.cleaning import boilerplate, rulebook
from aggregator.items import Article, Block, Source

# (what begins the rule's name, the block)
BOILERPLATE = [
    ("disclaimer.en", "(Except for the headline, this story has not been edited by The Valley Courier's staff.)"),
    ("disclaimer.en", "The content was collected from various web sources and we cannot vouch for it."),
    ("disclaimer.en", "The views expressed in this column are the author's own."),
    ("disclaimer.en", "Valley Courier is not responsible for the content of external websites."),
    ("disclaimer.en", "We may receive a commission when you buy through links on this page."),
    ("wire_credit.en", "(With inputs from PTI)"),
    ("wire_credit.en", "Ann Smith in Oslo contributed to this report."),
    ("wire_credit.en", "Reporting by Ann Smith; Editing by Bo Li"),
    ("wire_credit.any", "(AFP)"),
    ("wire_credit.any", "(The Associated Press, Thomson Reuters, AFP, dpa, EFE)"),
    ("copyright.any", "© 2024 Valley Courier Ltd"),
    ("copyright.en", "No part of this article may be reproduced without written permission."),
    ("appeared_first.en", "The post Dam holds, say engineers appeared first on Valley Courier."),
    ("republished.en", "This story was originally published by Valley Courier."),
    ("republished.en", "Republished with permission from the Valley Courier."),
    ("translation_notice.en", "Translated from Norwegian by Bo Li"),
    ("read_more.en", "Click here to read the full story."),
    ("read_more.en", "This entry was posted in Valleys and tagged dams, rain."),
    ("read_more.de", "Dieser Beitrag wurde am Dienstag, 4. Mai, veröffentlicht und unter Täler gespeichert."),
    ("disclaimer.en", "Ann Smith has no position in any of the stocks mentioned."),
    ("disclaimer.en", "This site is protected by reCAPTCHA and its terms apply."),
    ("copyright.en", "This document is subject to copyright. Nothing of it may be printed without permission."),
    ("social_prompt.en", "(Visited 1,902 times, 3 visits today)"),
    ("social_prompt.de", "Artikel mit Freunden teilen:"),
    ("newsletter.en", "By submitting your email, you agree to our terms."),
    ("newsletter.en", "Independent journalism depends on readers like you."),
    ("newsletter.en", "If you like our work, buy us a coffee."),
    (
        "newsletter.es",
        "El periodismo independiente necesita del apoyo de sus lectores. ¡Con tu apoyo seguiremos informando!",
    ),
    ("newsletter.de", "Unabhängiger Journalismus kostet Geld: Ihr Beitrag hilft uns."),
    ("newsletter.fr", "Le journalisme indépendant a besoin de vous."),
    ("newsletter.pt", "O jornalismo independente depende do apoio de seus leitores."),
    ("newsletter.it", "Il giornalismo indipendente ha bisogno dei suoi lettori."),
    ("social_prompt.nl", "Download de app van de Dalbode."),
    ("social_prompt.ar", "حمل التطبيق الآن"),
    ("republished.en", "This is the extended version of an interview that was printed on Monday."),
    ("republished.en", "This post is based on a piece that its author wrote for the Valley Courier."),
    ("disclaimer.de", "*Talkurier ist Teil des Redaktionsnetzwerks Nord"),
    ("disclaimer.de", "Dieser Beitrag ist in freundlicher Kooperation mit dem Tourismusverband entstanden."),
    ("newsletter.en", "For as little as £5, you can support us, and it only takes a minute."),
    ("read_more.en", "Citation: Dam holds (2026, May 3) retrieved 4 May 2026 from https://valley-courier.example/dam"),
    ("read_more.de", "Rückfragen bitte an:"),
    ("newsletter.en", "Valley Courier takes your privacy seriously. You can unsubscribe at any time."),
    ("newsletter.de", "Hat dir dieser Beitrag gefallen? Dann freuen wir uns, wenn du uns hilfst."),
    ("newsletter.en", "Sign up for our morning newsletter"),
    ("related_link.en", "ALSO READ | Dam holds, say engineers"),
    ("social_prompt.en", "Follow us on Instagram"),
    ("newsletter.en", "Hill & Harbour is paid for by its readers. Buy the print edition."),
    ("author_bio.en", "Ann Smith is a reporter for the Valley Courier."),
    ("wire_credit.de", "Mit Material der dpa"),
    ("appeared_first.de", "Der Beitrag Der Damm hält erschien zuerst auf Talkurier."),
    ("republished.de", "Dieser Text ist zuerst im Talkurier erschienen."),
    ("author_bio.de", "Anna Schmidt ist Redakteurin im Ressort Politik."),
    ("wire_credit.fr", "Avec Reuters"),
    ("disclaimer.fr", "Les opinions exprimées ici n'engagent que leur auteur."),
    ("related_link.fr", "À lire aussi : Le barrage tient"),
    ("wire_credit.es", "Con información de EFE"),
    ("copyright.es", "Prohibida la reproducción total o parcial sin autorización."),
    ("appeared_first.es", "La entrada La presa aguanta se publicó primero en El Correo del Valle."),
    ("wire_credit.pt", "Com informações da Agência Brasil"),
    ("related_link.pt", "Leia também: A barragem resiste"),
    ("copyright.it", "Riproduzione riservata"),
    ("newsletter.it", "Iscriviti alla nostra newsletter"),
    ("wire_credit.nl", "Bron: ANP"),
    ("related_link.sv", "Läs mer: Dammen håller"),
    ("wire_credit.da", "Kilde: Ritzau"),
    ("related_link.fi", "Lue myös: Pato kestää"),
    ("wire_credit.pl", "Źródło: PAP"),
    ("related_link.cs", "Čtěte také: Hráz drží"),
    ("disclaimer.ru", "Мнение редакции может не совпадать с мнением автора."),
    ("newsletter.uk", "Підписуйтесь на наш канал"),
    ("appeared_first.ro", "Articolul Barajul rezistă apare prima dată în Curierul."),
    ("wire_credit.hu", "Forrás: MTI"),
    ("copyright.el", "Απαγορεύεται η αναδημοσίευση χωρίς άδεια."),
    ("copyright.tr", "Tüm hakları saklıdır."),
    ("related_link.tr", "İlgili haber: Baraj dayanıyor"),
    ("appeared_first.ar", "ظهرت المقالة السد يصمد أولاً على بريد الوادي."),
    ("related_link.fa", "بیشتر بخوانید: سد مقاومت کرد"),
    ("related_link.he", "קראו גם: הסכר מחזיק"),
    ("related_link.hi", "ये भी पढ़ें: बांध सुरक्षित"),
    ("wire_credit.bn", "সূত্র: রয়টার্স"),
    ("appeared_first.id", "Artikel ini telah tayang di Kurir Lembah"),
    ("wire_credit.vi", "Nguồn: TTXVN"),
    ("wire_credit.zh", "（来源：新华社）"),
    ("copyright.ja", "無断転載を禁じます。"),
    ("copyright.ko", "무단 전재 및 재배포 금지"),
    ("disclaimer.ca", "Les opinions d'aquest article són responsabilitat exclusiva de qui el signa."),
    ("copyright.ca", "Tots els drets reservats."),
    ("related_link.ca", "Llegeix també: La presa aguanta"),
    ("disclaimer.hr", "Redakcija ne odgovara za sadržaj oglasa."),
    ("related_link.hr", "Pročitajte i: Brana drži"),
    ("republished.sr", "Преузето из Долинског гласника"),
    ("copyright.bg", "Всички права запазени."),
    ("disclaimer.ta", "(இந்தச் செய்தி எங்கள் ஊழியர்களால் திருத்தப்படவில்லை.)"),
    ("related_link.ta", "இதையும் படிக்க: அணை தாங்கியது"),
    ("disclaimer.te", "ఈ వ్యాసంలోని అభిప్రాయాలు రచయిత వ్యక్తిగతం."),
    ("related_link.te", "ఇది కూడా చదవండి: ఆనకట్ట నిలిచింది"),
    ("disclaimer.gu", "(આ સમાચાર સિન્ડિકેટેડ ફીડમાંથી છે.)"),
    ("related_link.gu", "આ પણ વાંચો: બંધ ટક્યો"),
    ("related_link.mr", "हेही वाचा: धरण सुरक्षित"),
    ("related_link.kn", "ಇದನ್ನೂ ಓದಿ: ಅಣೆಕಟ್ಟು ಉಳಿಯಿತು"),
    ("wire_credit.ml", "കടപ്പാട്: താഴ്വര വാർത്ത"),
    ("related_link.pa", "ਇਹ ਵੀ ਪੜ੍ਹੋ: ਬੰਨ੍ਹ ਸੁਰੱਖਿਅਤ"),
    ("wire_credit.lt", "Šaltinis: ELTA"),
    ("disclaimer.en", "This column does not necessarily reflect the opinion of the editorial board."),
    ("disclaimer.en", "Prices were correct at the time of publication."),
    ("disclaimer.de", "Dieser Text stellt keine Anlageberatung dar."),
    ("disclaimer.es", "Si compras por estos enlaces, podemos recibir una comisión."),
    ("appeared_first.sv", "Artikeln publicerades först i Dalkuriren."),
    ("appeared_first.pl", "Tekst ukazał się pierwotnie w Kurierze Doliny."),
    ("copyright.any", "(c) 2024 Valley Courier Ltd"),
    ("related_link.fr", "» Lire aussi - Le barrage tient"),
    ("social_prompt.any", "Estimated reading time: 6 minutes"),
    ("social_prompt.any", "Lesezeit: ca. 4 Min."),
    ("social_prompt.any", "(12 votes, average: 4.50 out of 5)"),
]

PROSE = [
    "The novel was originally published in 1961 and sold out within a week.",
    "The mayor read more than forty letters before she answered.",
    "Reuters reported the outage first, and the operator confirmed it.",
    "The company said it was not responsible for the damage downstream.",
    "Der Beitrag erschien zuerst in einer Chronik und wurde kaum beachtet.",
    "Le journaliste de l'AFP a quitté la ville mardi.",
    "La fuente cercana al caso pidió no ser citada.",
    "Independent journalism in Meridna depends on foreign money, the report says.",
    "Unabhängiger Journalismus ist in Meridna kaum noch möglich, sagte sie.",
    "Источник в мэрии подтвердил сроки ремонта.",
    "记者在现场看到，大坝完好无损。",
    "この記事は大きな反響を呼んだ。",
    "“Sign up for our newsletter,” the poster said, and nobody did.",
    # what names its sources, a form, a thing in a list, a letter that is itself the subject
    "All price data in this comparison was compiled from trusted sources, including the valley's two mills.",
    "Page 12 (print edition page 1894) - Credit Application",
    "- This soap, or the liquid kind (both are affiliate links).",
    "- Affiliate programs: Sellers earn a commission when viewers buy from their list.",
    "This is the last garden newsletter of the year; we are back when the snow has gone.",
    "Pour ne rien perdre du débat, trois points à retenir :",
    "Past performance was good, but the coach wants more from the second half.",
    "Ann Smith covers twelve miles a day on foot to reach her patients.",
    "Artikeln publicerades först efter ett halvår och väckte debatt i hela landet.",
    "Der Artikel erschien zuerst in einer Schülerzeitung und löste eine Debatte im Landtag aus.",
    "Redakcija je tada imala dvanaest ljudi.",
    "L'alcalde va dir que no es fa responsable dels danys.",
    "Pour aller mieux, le barrage doit d'abord vieillir moins vite, disent-ils.",
    "Presse- und Informationsamt der Stadt Brennick, Rathausplatz 3",
    "Klicken Sie die betroffenen Zeilen mit der rechten Maustaste an und wählen Sie 'Ausblenden'.",
    "Der Rat sah das anders. Den Plan konnte man da schon mit einem Abo der Stadtwerke einsehen.",
    "Signing up for a berth in the harbour is much like signing up for one in the marina.",
    "Hast du Tipps, wie man nach einem Hochwasser den Keller trocken bekommt?",
    "Was meinen Sie: Hält der Damm? Und wird er noch halten, wenn der Schnee der Berge im April auf einmal kommt?",
    "Die Stadt hat die Nutzungsrechte an den Bildern nie geprüft, stellte das Gericht fest.",
    "Только принципиальная позиция инженеров и жителей долины могут не позволить этому проекту начаться.",
    "120 votes, 45 abstentions of 170 members.",
    "この錠では、10人までの指紋を登録することができます。",
    "அமைச்சர் கருத்துகளைக் கேட்ட பிறகே முடிவெடுப்பதாகக் கூறினார்.",
    "ప్రమాదానికి తాము బాధ్యత వహించబోమని కంపెనీ చెప్పింది.",
    "અકસ્માત માટે કંપની જવાબદાર નથી, એમ પ્રવક્તાએ કહ્યું.",
    "एजेंसी ने बताया कि बांध सुरक्षित है।",
    "लेखक ने कहा कि उनके विचार बदल गए हैं।",
]


@pytest.mark.parametrize(("name", "text"), BOILERPLATE, ids=lambda value: value[:40])
def test_flags_boilerplate_as_last_block(name: str, text: str) -> None:
    assert (boilerplate.flag(text, "last") or "").startswith(f"{name}.")


@pytest.mark.parametrize("text", PROSE)
@pytest.mark.parametrize("position", ["first", "middle", "last"])
def test_leaves_prose_alone(text: str, position: rulebook.Position) -> None:
    assert boilerplate.flag(text, position) is None


def test_in_the_middle_only_what_never_is_prose_is_flagged() -> None:
    assert boilerplate.flag("Also read: Dam holds, say engineers", "middle")
    assert boilerplate.flag("Ann Smith is a reporter for the Valley Courier.", "middle") is None


def test_every_pattern_compiles_and_every_language_has_rules() -> None:
    book = rulebook.Rulebook(rules.load("disclaimers"))
    found = {rule for marks in (book.opening, book.inside) for met in marks.rules for rule in met}
    assert all(isinstance(rule.pattern("dpa"), re.Pattern) for rule in found)
    assert len({rule.name.split(".")[1] for rule in found}) >= 40


def article(*texts: str) -> Article:
    return Article(blocks=[Block("paragraph", text) for text in texts], text="\n\n".join(texts))


STORY = "The dam held through the night, engineers said on Monday, and the valley road opened again at noon."


def test_strip_cuts_blocks_and_says_which_rule_did() -> None:
    got = article("Follow us on Instagram", STORY, STORY, "ALSO READ | Roads closed", STORY, "© 2024 Valley Courier")
    boilerplate.strip(got)
    assert got.text == f"{STORY}\n\n{STORY}\n\n{STORY}"
    assert [(cut.text, cut.rule.split(".")[0]) for cut in got.removed] == [
        ("Follow us on Instagram", "social_prompt"),
        ("ALSO READ | Roads closed", "related_link"),
        ("© 2024 Valley Courier", "copyright"),
    ]


def test_strip_cuts_sentences_off_the_last_block() -> None:
    got = article(STORY, f"{STORY} (With inputs from PTI)")
    boilerplate.strip(got)
    assert got.text == f"{STORY}\n\n{STORY}"
    assert got.agencies == ["PTI"]
    assert got.evidence["agencies"]["raw"] == "(With inputs from PTI)"


def test_strip_cuts_one_credit_after_another() -> None:
    got = article(STORY, f"{STORY} (With inputs from PTI.) © 2024 Valley Courier Ltd")
    boilerplate.strip(got)
    assert got.text == f"{STORY}\n\n{STORY}"
    assert (got.agencies, got.rights.copyright) == (["PTI"], "© 2024 Valley Courier Ltd")


def test_a_paragraph_that_ends_with_its_rights_stays_without_them() -> None:
    got = article(STORY, "I cibi piccanti irritano la vescica. Ultimo aggiornamento: 22:07 © RIPRODUZIONE RISERVATA")
    boilerplate.strip(got)
    assert got.text == f"{STORY}\n\nI cibi piccanti irritano la vescica."
    assert got.rights.copyright == "Ultimo aggiornamento: 22:07 © RIPRODUZIONE RISERVATA"


def test_strip_keeps_what_credits_say() -> None:
    got = article(STORY, "Source: Valley Courier", "Posted by Ann Smith", "© 2024 Valley Courier Ltd")
    boilerplate.strip(got)
    assert got.source is not None
    assert (got.source.name, got.source.evidence) == ("Valley Courier", "Source: Valley Courier")
    assert (got.posted_by, got.rights.copyright) == ("Ann Smith", "© 2024 Valley Courier Ltd")


def test_strip_does_not_overwrite_a_known_source() -> None:
    got = article(STORY, "Source: Valley Courier")
    got.source = Source("Hill Gazette")
    boilerplate.strip(got)
    assert got.source.name == "Hill Gazette"


def test_an_article_of_nothing_but_boilerplate_is_left_as_it_is() -> None:
    got = article("Follow us on Instagram", "© 2024 Valley Courier")
    boilerplate.strip(got)
    assert len(got.blocks) == 2
    assert got.removed == []


@given(st.lists(st.sampled_from([STORY, *PROSE, *(text for _, text in BOILERPLATE), "", "x. (AFP)"]), max_size=25))
def test_stripping_never_empties_and_loses_nothing(texts: list[str]) -> None:
    got = article(*texts)
    boilerplate.strip(got)
    assert any(block.text for block in got.blocks) == any(texts)
    kept = [block.text for block in got.blocks] + [cut.text for cut in got.removed]
    assert sorted("".join(kept).replace(" ", "")) == sorted("".join(texts).replace(" ", ""))


@given(
    st.lists(
        st.sampled_from([STORY, *(text for _, text in BOILERPLATE)]), max_size=boilerplate.FIRST + boilerplate.LAST - 1
    )
)
def test_an_article_without_a_middle_is_stripped_once_for_all(texts: list[str]) -> None:
    got = article(*texts, STORY)
    boilerplate.strip(got)
    once = (list(got.blocks), list(got.removed), got.text)
    boilerplate.strip(got)
    assert (got.blocks, got.removed, got.text) == once


def test_what_stood_in_the_middle_is_judged_as_an_edge_the_second_time() -> None:
    bio, credit = "Ann Smith is a reporter for the Valley Courier.", "(With inputs from PTI)"
    got = article(*[STORY] * 4, bio, *[credit] * boilerplate.LAST)
    boilerplate.strip(got)
    assert got.blocks[-1].text == bio
    boilerplate.strip(got)
    assert got.blocks[-1].text == STORY


@given(st.text(max_size=400), st.sampled_from(["first", "middle", "last"]))
def test_any_text_is_answered(text: str, position: rulebook.Position) -> None:
    found = boilerplate.flag(text, position)
    assert found is None or found.count(".") == 2


def test_embeds_do_not_count_as_blocks_at_the_ends() -> None:
    said = [*(f"The dam above town {n} has held." for n in range(9)), "(With inputs from PTI)"]
    shown = [Block("embed", "", url=f"https://x.com/halden/status/{n}") for n in range(9)]
    article = Article(blocks=[*(Block("paragraph", line) for line in said), *shown])
    boilerplate.strip(article)
    assert [cut.text for cut in article.removed] == said[9:]
    assert [block.type for block in article.blocks] == ["paragraph"] * 9 + ["embed"] * 9


def test_credits_beside_the_story_are_told_but_no_footer_and_no_label() -> None:
    lines = ["(With inputs from PTI)", "© 2024 Valley Courier Ltd", "Anzeige", "The dam holds.", "Mit Material der dpa"]
    assert [(cut.text, cut.rule.partition(".")[0]) for cut in boilerplate.beside(lines)] == [
        (lines[0], "wire_credit"),
        (lines[4], "wire_credit"),
    ]
