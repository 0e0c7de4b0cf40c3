"""Claims brought to the page's own calendar: day and month in order, times under the zone the page lives in."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from aggregator import rules
from aggregator.extraction.date_claims import Claim
from aggregator.extraction.page import Page

WEST, EAST = -12, 14  # hours between UTC and the first and last calendar on earth


def home(page: Page) -> tuple[tzinfo, str]:
    """The zone the site is in, and how that is known: its spider's fact, or a guess from its domain or language."""
    if page.site and page.site.timezone:
        return ZoneInfo(page.site.timezone), "site"
    data = rules.load("dates")
    name = data["zones_of"].get(page.host.rsplit(".", 1)[-1])
    name = name or data["zones_of_languages"].get((page.root.get("lang") or "").lower().split("-")[0])
    return ZoneInfo(name) if name else UTC, "assumed"


def settle(claims: list[Claim], page: Page) -> list[Claim]:
    """The same claims, each under the offset whose calendar day the page's readers see."""
    zone, origin = _zone(claims, page)
    local = [_local(claim, zone, origin) for claim in _in_order(claims, page.rendered_at.date())]
    return _shown(local)


def _in_order(claims: list[Claim], today: date) -> list[Claim]:
    """03/04/2023 read the other way round where only that day is claimed elsewhere on the page, or has come yet."""
    sure = {claim.moment.at.date() for claim in claims if not claim.moment.swapped}
    return [_turned(claim, sure, today) for claim in claims]


def _turned(claim: Claim, sure: set[date], today: date) -> Claim:
    moment = claim.moment
    day, other = moment.at.date(), moment.swapped
    if not other or day in sure or not (other in sure or other <= today < day):
        return claim
    at = moment.at.replace(month=other.month, day=other.day)
    return claim._replace(moment=moment._replace(at=at, swapped=day))


def _zone(claims: list[Claim], page: Page) -> tuple[tzinfo, str]:
    """The zone the page's times are in, and how that is known: by an offset on the page, or as `home`.

    An offset that the site's own zone has then is that zone: '+01:00' in winter is '+02:00' in a summer's story.
    """
    own, origin = home(page)
    for claim in claims:
        at = claim.moment.at
        if claim.moment.zoned and at.utcoffset():
            return own if at.astimezone(own).utcoffset() == at.utcoffset() else at.tzinfo or UTC, "page"
    return own, origin


def _local(claim: Claim, zone: tzinfo, origin: str) -> Claim:
    """A time without offset is read in the page's zone, one in UTC shown in it."""
    moment = claim.moment
    if not moment.zoned:
        return claim._replace(moment=moment._replace(at=moment.at.replace(tzinfo=zone)), zone=origin)
    if not moment.at.utcoffset():
        return claim._replace(moment=moment._replace(at=moment.at.astimezone(zone)))
    return claim


def _shown(claims: list[Claim]) -> list[Claim]:
    """Moments in UTC moved to the day before or after, where the page shows that day in words or in its address."""
    shown: defaultdict[date, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.role == "published" and not claim.moment.zoned and claim.weight > 0:
            shown[claim.moment.at.date()].append(claim)
    return [_moved(claim, shown) for claim in claims] if shown else claims


def _moved(claim: Claim, shown: dict[date, list[Claim]]) -> Claim:
    moment = claim.moment
    if claim.role != "published" or not moment.zoned or moment.at.utcoffset():
        return claim
    own = max((other.weight for other in shown.get(moment.at.date(), ())), default=0.0)
    for days, hours in ((-1, -moment.at.hour - 1), (1, 24 - moment.at.hour)):
        others = shown.get(moment.at.date() + timedelta(days=days), [])
        if WEST < hours < EAST and any(other.weight > max(own, 1.0) for other in others):
            timed = (other.moment.at for other in others if other.moment.precision != "day")
            exact = next(filter(None, (_offset(local, moment.at) for local in timed)), None)
            at = moment.at.astimezone(timezone(exact or timedelta(hours=hours)))
            return claim._replace(moment=moment._replace(at=at), zone="page" if exact else "assumed")
    return claim


def _offset(local: datetime, utc: datetime) -> timedelta | None:
    """What lies between a time of day without offset and a moment in UTC, if that can be a zone's offset."""
    minutes = round((local.replace(tzinfo=UTC) - utc).total_seconds() / 60)
    return timedelta(minutes=minutes) if minutes % 15 == 0 and WEST * 60 <= minutes <= EAST * 60 else None
