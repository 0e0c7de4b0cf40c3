"""Sample: an Austrian magazine with relative dates, and a feed that gives old stories today's date."""

from aggregator.spiders.base import SiteSpider


class Bergblick(SiteSpider):
    name = "bergblick"
    start_urls = ["http://www.bergblick-magazin.example/"]
    timezone = "Europe/Vienna"
    language = "de"
    interval = 120
