"""Pagers as publishing systems and themes print them, in many languages, each on a page of stories.

Every case holds the pager of a middle page, `{prev}` and `{next}` its neighbours. The same pager is tried on a listing
whose stories, menu and side column hold links that could be mistaken for it.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.html import tostring

from aggregator.discovery import pagination
from aggregator.extraction.page import Page

SITE = "https://dam-times.example"
NOW = datetime(2024, 5, 17, tzinfo=UTC)

# system or theme: (URL of this page, of the one before, of the one after, pager)
PAGERS = {
    "WordPress, numbers": (
        "/valley/page/3/", "/valley/page/2/", "/valley/page/4/",
        '<nav class="navigation pagination"><h2 class="screen-reader-text">Posts navigation</h2><div class="nav-links">'
        '<a class="prev page-numbers" href="{prev}">Previous</a> <a class="page-numbers" href="/valley/">1</a>'
        '<span class="page-numbers current">3</span> <a class="page-numbers" href="{next}">4</a>'
        '<a class="page-numbers" href="/valley/page/91/">91</a>'
        '<a class="next page-numbers" href="{next}">Next</a></div></nav>'),
    "WordPress, older and newer": (
        "/page/3/", "/page/2/", "/page/4/",
        '<div id="nav-below"><div class="nav-previous"><a href="{next}"><span class="meta-nav">←'
        '</span> Older posts</a></div>'
        '<div class="nav-next"><a href="{prev}">Newer posts <span class="meta-nav">→</span></a></div></div>'),
    "WordPress, previous means older": (
        "/page/3/", "/page/2/", "/page/4/",
        '<div class="navigation"><div class="alignleft"><a href="{next}">&laquo; Previous</a></div>'
        '<div class="alignright"><a href="{prev}">Next &raquo;</a></div></div>'),
    "WP-PageNavi": (
        "/valley/page/3/", "/valley/page/2/", "/valley/page/4/",
        "<div class='wp-pagenavi'><span class='pages'>Page 3 of 9</span><a class='first' href='/valley/'>« First</a>"
        "<a class='previouspostslink' href='{prev}'>«</a><span class='current'>3</span>"
        "<a class='page larger' href='{next}'>4</a>"
        "<a class='nextpostslink' href='{next}'>»</a><a class='last' href='/valley/page/9/'>Last »</a></div>"),
    "Newspaper, arrows that are pictures": (
        "/tag/dam/page/3/", "/tag/dam/page/2/", "/tag/dam/page/4/",
        '<div class="page-nav td-pb-padding-side"><a href="{prev}"><i class="td-icon-menu-left"></i></a>'
        '<a href="/tag/dam/" class="first">1</a><span class="extend">...</span><span class="current">3</span>'
        '<a href="{next}" class="page">4</a><a href="/tag/dam/page/91/" class="last">91</a>'
        '<a href="{next}"><i class="td-icon-menu-right"></i></a><span class="pages">Page 3 of 91</span></div>'),
    "WordPress query block": (
        "/valley/?query-12-page=3", "/valley/?query-12-page=2", "/valley/?query-12-page=4",
        '<nav class="wp-block-query-pagination"><a href="{prev}" class="wp-block-query-pagination-previous">Zurück</a>'
        '<div class="wp-block-query-pagination-numbers"><span class="page-numbers current">3</span></div>'
        '<a href="{next}" class="wp-block-query-pagination-next">Weiter</a></nav>'),
    "Elementor": (
        "/valley/?e-page-1a2b3c=3", "/valley/?e-page-1a2b3c=2", "/valley/?e-page-1a2b3c=4",
        '<nav class="elementor-pagination"><a class="page-numbers" href="{prev}">2</a>'
        '<span class="page-numbers current">3</span><a class="page-numbers" href="{next}">4</a></nav>'),
    "Drupal 7": (
        "/valley?page=2", "/valley?page=1", "/valley?page=3",
        '<ul class="pager"><li class="pager-previous"><a href="{prev}" title="Go to previous page">‹ previous</a></li>'
        '<li class="pager-current">3</li><li class="pager-item"><a href="{next}" title="Go to page 4">4</a></li>'
        '<li class="pager-next"><a title="Go to next page" href="{next}">next ›</a></li></ul>'),
    "Drupal 10": (
        "/valley?page=2", "/valley?page=1", "/valley?page=3",
        '<nav class="pager"><ul class="pager__items"><li class="pager__item pager__item--previous">'
        '<a href="{prev}" rel="prev">'
        '<span class="visually-hidden">Previous page</span><span aria-hidden="true">‹‹</span></a></li>'
        '<li class="pager__item pager__item--next"><a href="{next}" rel="next">'
        '<span class="visually-hidden">Next page</span>'
        '<span aria-hidden="true">››</span></a></li></ul></nav>'),
    "Drupal, mini pager in Catalan": (
        "/vall?page=2", "/vall?page=1", "/vall?page=3",
        '<div class="item-list"><ul><li><a href="{prev}">‹‹</a></li><li>3 de 9</li><li>'
        '<a href="{next}">››</a></li></ul></div>'),
    "Joomla": (
        "/valley?start=20", "/valley?start=10", "/valley?start=30",
        '<ul class="pagination-list"><li><a title="Zurück" href="{prev}" class="pagenav">Zurück</a></li>'
        '<li><span>3</span></li>'
        '<li><a title="4" href="{next}" class="pagenav">4</a></li><li>'
        '<a title="Weiter" href="{next}" class="pagenav">Weiter</a></li></ul>'),
    "Joomla of old": (
        "/valley?limitstart=20", "/valley?limitstart=10", "/valley?limitstart=30",
        '<span class="pagination"><a href="{prev}">&lt; Prev</a> <a href="{next}"><strong>Next &gt;'
        '</strong></a></span>'),
    "TYPO3": (
        "/aktuelles?tx_news_pi1%5BcurrentPage%5D=3&cHash=0a1b", "/aktuelles?tx_news_pi1%5BcurrentPage%5D=2&cHash=1b2c",
        "/aktuelles?tx_news_pi1%5BcurrentPage%5D=4&cHash=2c3d",
        '<ul class="f3-widget-paginator"><li class="previous"><a href="{prev}">Vorherige</a></li>'
        '<li class="current">3</li>'
        '<li><a href="{next}">4</a></li><li class="next"><a href="{next}">Nächste</a></li></ul>'),
    "TYPO3 with speaking addresses": (
        "/aktuelles/seite-3", "/aktuelles/seite-2", "/aktuelles/seite-4",
        '<div class="page-navigation"><a href="{prev}">zurück</a><a href="{next}">vor</a></div>'),
    "Blogger": (
        "/search?updated-max=2024-05-01T00:00:00Z", "/", "/search?updated-max=2024-04-01T00:00:00Z",
        "<div class='blog-pager' id='blog-pager'><span id='blog-pager-newer-link'>"
        "<a class='blog-pager-newer-link' href='{prev}'>"
        "Postagens mais recentes</a></span><span id='blog-pager-older-link'>"
        "<a class='blog-pager-older-link' href='{next}'>"
        "Postagens mais antigas</a></span></div>"),
    "Ghost": (
        "/page/3/", "/page/2/", "/page/4/",
        '<nav class="pagination"><a class="newer-posts" href="{prev}"><span>←</span> Newer Posts</a>'
        '<span class="page-number">Page 3 of 9</span>'
        '<a class="older-posts" href="{next}">Older Posts <span>→</span></a></nav>'),
    "Jekyll": (
        "/blog/page3/", "/blog/page2/", "/blog/page4/",
        '<div class="pagination"><a class="pagination-item older" href="{next}">Older</a>'
        '<a class="pagination-item newer" href="{prev}">Newer</a></div>'),
    "Laravel": (
        "/valley?page=3", "/valley?page=2", "/valley?page=4",
        '<ul class="pagination"><li class="page-item">'
        '<a class="page-link" href="{prev}" rel="prev" aria-label="« Previous">‹</a></li>'
        '<li class="page-item active"><span class="page-link">3</span></li>'
        '<li class="page-item"><a class="page-link" href="{next}" rel="next" aria-label="Next »">›</a></li></ul>'),
    "Rails": (
        "/valley?page=3", "/valley?page=2", "/valley?page=4",
        '<div class="pagination"><a class="previous_page" rel="prev" href="{prev}">← Previous</a>'
        ' <em class="current">3</em> '
        '<a class="next_page" rel="next" href="{next}">Next →</a></div>'),
    "Bootstrap": (
        "/news.php?cat=4&page=3", "/news.php?cat=4&page=2", "/news.php?cat=4&page=4",
        '<ul class="pagination"><li><a href="{prev}" aria-label="Previous">'
        '<span aria-hidden="true">&laquo;</span></a></li>'
        '<li class="active"><a href="/news.php?cat=4&page=3">3</a></li><li><a href="{next}">4</a></li>'
        '<li><a href="{next}" aria-label="Next"><span aria-hidden="true">&raquo;</span></a></li></ul>'),
    "Bitrix": (
        "/novosti/?PAGEN_1=3", "/novosti/?PAGEN_1=2", "/novosti/?PAGEN_1=4",
        '<div class="modern-page-navigation"><a class="modern-page-previous" href="{prev}">Пред.</a>'
        '<span class="modern-page-current">3</span><a href="{next}">4</a>'
        '<a class="modern-page-next" href="{next}">След.</a></div>'),
    "DataLife Engine": (
        "/novosti/page/3/", "/novosti/page/2/", "/novosti/page/4/",
        '<div class="navigation"><a href="{prev}">Назад</a> <span>3</span> <a href="{next}">4</a>'
        ' <a href="{next}">Вперед</a></div>'),
    "DataLife Engine, by its parameter": (
        "/index.php?do=cat&category=dam&cstart=3", "/index.php?do=cat&category=dam&cstart=2",
        "/index.php?do=cat&category=dam&cstart=4",
        '<div class="pages"><a href="{prev}">2</a> <span>3</span> <a href="{next}">4</a></div>'),
    "eZ Publish": (
        "/vallee/(offset)/20", "/vallee/(offset)/10", "/vallee/(offset)/30",
        '<div class="pagenavigator"><p><span class="previous"><a href="{prev}">« Précédent</a></span>'
        '<span class="next"><a href="{next}">Suivant »</a></span></p></div>'),
    "SPIP": (
        "/vallee?debut_articles=20", "/vallee?debut_articles=10", "/vallee?debut_articles=30",
        '<p class="pagination"><a href="{prev}" class="lien_pagination">10</a> | <strong class="on">20</strong> | '
        '<a href="{next}" class="lien_pagination">30</a></p>'),
    "Plone": (
        "/valley?b_start:int=20", "/valley?b_start:int=10", "/valley?b_start:int=30",
        '<nav class="pagination"><ul><li class="previous"><a href="{prev}">Previous 10 items</a></li>'
        '<li class="next"><a href="{next}">Next 10 items</a></li></ul></nav>'),
    "CakePHP": (
        "/valley/page:3", "/valley/page:2", "/valley/page:4",
        '<span class="prev"><a href="{prev}" rel="prev">&lt;&lt; precedente</a></span>'
        '<span class="next"><a href="{next}" rel="next">successiva &gt;&gt;</a></span>'),
    "ASP.NET": (
        "/News.aspx?PageIndex=3", "/News.aspx?PageIndex=2", "/News.aspx?PageIndex=4",
        '<div class="pager"><a id="lnkPrev" href="{prev}">Geri</a> <a id="lnkNext" href="{next}">İleri</a></div>'),
    "a Polish portal": (
        "/wiadomosci,3.html", "/wiadomosci,2.html", "/wiadomosci,4.html",
        '<div class="stronicowanie"><a href="{prev}">« poprzednia</a> <b>3</b> <a href="{next}">następna »</a></div>'),
    "a Polish portal with words": (
        "/wiadomosci/strona/3", "/wiadomosci/strona/2", "/wiadomosci/strona/4",
        '<div class="pagination"><a class="btnPrev" href="{prev}"></a><a class="btnNext" href="{next}"></a></div>'),
    "a Czech daily": (
        "/zpravy?strana=3", "/zpravy?strana=2", "/zpravy?strana=4",
        '<div class="paging"><a href="{prev}">Předchozí</a><a href="{next}">Starší články</a></div>'),
    "a Hungarian portal": (
        "/hirek/3", "/hirek/2", "/hirek/4",
        '<div class="lapozo"><a href="{prev}">előző</a> <span>3</span> <a href="{next}">következő</a></div>'),
    "a Greek portal": (
        "/eidiseis?pg=3", "/eidiseis?pg=2", "/eidiseis?pg=4",
        '<div><a href="{prev}">Προηγούμενη</a> <a href="{next}">Επόμενη</a></div>'),
    "a Turkish portal": (
        "/gundem?sayfa=3", "/gundem?sayfa=2", "/gundem?sayfa=4",
        '<div class="sayfalama"><a href="{prev}">Önceki</a> <a href="{next}">SONRAKİ</a></div>'),
    "a Dutch daily": (
        "/nieuws/pagina/3", "/nieuws/pagina/2", "/nieuws/pagina/4",
        '<div><a href="{prev}">Vorige</a> <a href="{next}">Volgende pagina</a></div>'),
    "a Swedish daily": (
        "/nyheter?sida=3", "/nyheter?sida=2", "/nyheter?sida=4",
        '<div><a href="{prev}">Nyare</a> <a href="{next}">Äldre artiklar</a></div>'),
    "a Finnish daily": (
        "/uutiset/sivu/3", "/uutiset/sivu/2", "/uutiset/sivu/4",
        '<div><a href="{prev}">Edellinen</a> <a href="{next}">Seuraava</a></div>'),
    "a Romanian daily": (
        "/stiri?pagina=3", "/stiri?pagina=2", "/stiri?pagina=4",
        '<div><a href="{prev}">Pagina anterioară</a> <a href="{next}">Pagina următoare</a></div>'),
    "a Ukrainian daily": (
        "/novyny?page=3", "/novyny?page=2", "/novyny?page=4",
        '<div><a href="{prev}">Попередня</a> <a href="{next}">Наступна сторінка</a></div>'),
    "an Indonesian portal": (
        "/berita?hal=3", "/berita?hal=2", "/berita?hal=4",
        '<div><a href="{prev}">Sebelumnya</a> <a href="{next}">Selanjutnya »</a></div>'),
    "a Vietnamese portal": (
        "/thoi-su/trang-3.html", "/thoi-su/trang-2.html", "/thoi-su/trang-4.html",
        '<div class="phan-trang"><a href="{prev}">Trang trước</a> <a href="{next}">Trang sau</a></div>'),
    "a Chinese portal, static files": (
        "/xinwen/index_2.html", "/xinwen/index_1.html", "/xinwen/index_3.html",
        '<div class="page"><a href="{prev}">上一页</a> <span>3</span> <a href="{next}">4</a>'
        ' <a href="{next}">下一页</a></div>'),
    "a Chinese portal, lists by number": (
        "/list-5-3.html", "/list-5-2.html", "/list-5-4.html",
        '<div class="pages"><a href="{prev}">&lt;</a> <b>3</b> <a href="{next}">&gt;</a></div>'),
    "a Japanese daily": (
        "/news/?p=3", "/news/?p=2", "/news/?p=4",
        '<ul class="pager"><li><a href="{prev}">前へ</a></li><li>3</li><li><a href="{next}">次へ</a></li></ul>'),
    "a Korean daily": (
        "/news/articleList.html?page=3&sc_section_code=S1N1", "/news/articleList.html?page=2&sc_section_code=S1N1",
        "/news/articleList.html?page=4&sc_section_code=S1N1",
        '<ul class="pagination"><li><a href="{prev}">이전</a></li><li><strong>3</strong></li><li>'
        '<a href="{next}">4</a></li>'
        '<li><a href="{next}"><i class="icon-angle-right"></i></a></li></ul>'),
    "an Arabic daily": (
        "/akhbar/page/3", "/akhbar/page/2", "/akhbar/page/4",
        '<div dir="rtl"><a href="{prev}">السابق</a> <a href="{prev}">٢</a> <span>٣</span> <a href="{next}">٤</a> '
        '<a href="{next}">التالي</a></div>'),
    "an Arabic daily, arrows the other way round": (
        "/akhbar/page/3", "/akhbar/page/2", "/akhbar/page/4",
        '<div dir="rtl" class="pagination"><a href="{prev}">»</a> <a href="{prev}">2</a> <span>3</span>'
        ' <a href="{next}">4</a> '
        '<a href="{next}">«</a></div>'),
    "a Persian agency": (
        "/archive?pi=3&ms=0", "/archive?pi=2&ms=0", "/archive?pi=4&ms=0",
        '<ul class="pagination"><li><a href="{prev}">قبلی</a></li><li><a href="{next}">بعدی</a></li></ul>'),
    "a Hebrew portal": (
        "/news?page=3", "/news?page=2", "/news?page=4",
        '<div><a href="{prev}">העמוד הקודם</a> <a href="{next}">העמוד הבא</a></div>'),
    "a Hindi daily": (
        "/khabar?page=3", "/khabar?page=2", "/khabar?page=4",
        '<div><a href="{prev}">पिछला</a> <a href="{next}">अगला</a></div>'),
    "a Thai portal": (
        "/news?page=3", "/news?page=2", "/news?page=4",
        '<div><a href="{prev}">ก่อนหน้า</a> <a href="{next}">ถัดไป</a></div>'),
    "infinite scroll, its fallback": (
        "/valley?page=3", "/valley?page=2", "/valley?page=4",
        '<a class="pagination__next" href="{next}">Please wait</a>'),
    "a button that loads more": (
        "/valley?offset=40", "/valley?offset=20", "/valley?offset=60",
        '<div class="load-more-wrap"><a class="btn" href="{next}">Show more stories</a></div>'),
    "a JSON API's bracketed counter": (
        "/valley?page%5Bnumber%5D=3", "/valley?page%5Bnumber%5D=2", "/valley?page%5Bnumber%5D=4",
        '<div class="paginator"><a href="{prev}">«</a><a href="{next}">»</a></div>'),
    "numbers with words for screen readers": (
        "/valley/page/3/", "/valley/page/2/", "/valley/page/4/",
        '<div class="nav-links"><a href="{prev}"><span class="screen-reader-text">Page </span>2</a><span>Page 3</span>'
        '<a href="{next}"><span class="screen-reader-text">Page </span>4</a></div>'),
    "numbers in brackets": (
        "/valley.php?s=2&p=3", "/valley.php?s=2&p=2", "/valley.php?s=2&p=4",
        '<p><a href="{prev}">[2]</a> <b>[3]</b> <a href="{next}">[4]</a></p>'),
    "ranges of entries": (
        "/valley?start=20", "/valley?start=10", "/valley?start=30",
        '<div class="pages"><a href="{prev}">11-20</a> <b>21-30</b> <a href="{next}">31-40</a></div>'),
    "words of one's own": (
        "/valley/page/3/", "/valley/page/2/", "/valley/page/4/",
        '<div class="pagination"><a href="{prev}">Upstream</a> <a href="{next}">Downstream</a></div>'),
}  # fmt: skip

STORIES = "".join(
    f"<article><h2>"
    f'<a href="/2024/05/{day}/the-dam-holds-in-the-night-of-day-{day}">The dam holds in the night of day {day}'
    f"</a></h2>"
    f'<p>After rain. <a class="more-link" href="/2024/05/{day}/the-dam-holds-in-the-night-of-day-{day}">More »</a></p>'
    '<a href="/2024/05/{day}/the-dam-holds-in-the-night-of-day-{day}?page=2">2</a></article>'
    for day in range(1, 8)
)
MENU = '<nav><a href="/hills/">Hills</a><a href="/valley/">Valley</a><a href="/valley/weather/2">2 days</a></nav>'
ASIDE = (
    '<aside><h4>Hills</h4><a href="/hills/page/2/">More »</a><table id="wp-calendar"><tr><td>'
    '<a href="/2024/05/04/">4</a>'
    '</td></tr><tr><td><a href="/2024/06/">Jun »</a></td></tr></table></aside>'
)


def next_page(pager: str, at: str) -> str | None:
    html = f"<html><body>{MENU}<main>{STORIES}{pager}</main>{ASIDE}</body></html>"
    found = pagination.next_page(Page.parse(html, SITE + at, NOW))
    return found.removeprefix(SITE) if found else None


@pytest.mark.parametrize("case", PAGERS.values(), ids=PAGERS.keys())
def test_the_next_page_is_found(case: tuple[str, str, str, str]) -> None:
    at, before, after, pager = case
    assert next_page(pager.format(prev=before, next=after), at) == after


@pytest.mark.parametrize("case", PAGERS.values(), ids=PAGERS.keys())
def test_on_the_last_page_nothing_is(case: tuple[str, str, str, str]) -> None:
    """The last page's pager has no way on: what led there is gone."""
    at, before, after, pager = case
    root = Page.parse(pager.format(prev=before, next=after), SITE + at, NOW).root
    for link in list(root.iter("a")):
        if link.get("href") == after or "91" in (link.get("href") or "") or "Last" in (link.text or ""):
            link.getparent().remove(link)
    if "updated-max" not in at:  # a mark has no order
        assert next_page(tostring(root, encoding="unicode"), at) is None
