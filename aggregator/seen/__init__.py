"""What was met before. The JSON Lines files are the truth; this index is a cache of them."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from aggregator.output import HasSettings
from aggregator.seen import renderings, sites, unfinished, walks
from aggregator.seen.index import Seen
from aggregator.seen.tables import IndexBroken

__all__ = ["IndexBroken", "Seen", "of", "renderings", "sites", "unfinished", "walks"]

_indexes: WeakKeyDictionary[HasSettings, Seen] = WeakKeyDictionary()


def of(crawler: HasSettings) -> Seen:
    """The crawler's one index, from the settings SEEN_URL and COPIES_DAYS."""
    if crawler not in _indexes:
        _indexes[crawler] = Seen(crawler.settings["SEEN_URL"], int(crawler.settings["COPIES_DAYS"]))
    return _indexes[crawler]
