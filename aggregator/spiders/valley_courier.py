"""Sample: an aggregator on the WordPress theme 'Newspaper'."""

from aggregator.spiders.base import SiteSpider


class ValleyCourier(SiteSpider):
    name = "valley_courier"
    start_urls = ["http://www.valley-courier.example/"]
    language = "en"
    interval = 30
