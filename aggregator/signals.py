"""What the crawl tells its reports, beside Scrapy's own signals."""

article_discovered = object()
"""An article URL was met for the first time in this run: `found` (items.Found)."""

article_settled = object()
"""A URL has its fate without having become an item: `found`, `fate`, `reason`; `fetched`: this run asked for it."""

source_closed = object()
"""A feed, sitemap or listing was dealt with: `site`, `url`, `outcome` (read, not_modified, failed)."""

problem = object()
"""The run falls short of its job: `text` in one line, `site` (None: the whole run). The exit code will not be 0."""

warning = object()
"""Somebody should look at it, though the run did its job: `text` in one line, `site`."""
