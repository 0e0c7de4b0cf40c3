"""Sample: a link aggregator; its stories lie on other hosts."""

from aggregator.spiders.base import SiteSpider


class Linkpile(SiteSpider):
    name = "linkpile"
    start_urls = ["http://linkpile.example/"]
    follow_offsite = True
    interval = 15
