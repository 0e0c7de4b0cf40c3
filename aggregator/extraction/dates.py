"""When the story was published: belief in the claims, not the first match.

Each claim brings the log-odds that its day is the story's. Claims of one witness (one place where the site states its
dates) count once, those of different witnesses add up; the day that is believed most wins, if it is believed enough.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from aggregator import rules
from aggregator.cleaning.dates import Habits
from aggregator.extraction import date_claims, date_text, date_zones, publisher
from aggregator.extraction.body import Body
from aggregator.extraction.date_claims import Claim, Role
from aggregator.extraction.page import Page
from aggregator.items import Evidence, Trace

EARLIEST = 1990
LATEST = timedelta(days=1)  # after the fetch: the day may have begun already where the site is
ENOUGH = {"published": -0.6, "modified": 1.0}  # log-odds under which a day is a guess
SETTLED = 6.0  # log-odds at which the visible text need not be asked
SECOND = 0.3  # what a further witness adds at least, however little it is trusted alone
MONTH = 0.7  # what the month in the page's address speaks for a day in it, and against others
CHANGED = 1.0  # what a change on that day or the next two speaks for a day, and one only before it against it
EARLY = "the last change was before publication"
ZONES = ("value", "page", "site", "assumed")  # where an offset comes from, surest first
MAX_CONFLICTS = 4

Scores = dict[date, float]


@dataclass(slots=True)
class Dates:
    published: datetime | None = None  # aware, under the offset whose day the page shows
    modified: datetime | None = None
    evidence: dict[str, Evidence] = field(default_factory=dict)  # published_at, modified_at


def read(page: Page, body: Body) -> Dates:
    """Both dates with their evidence; a date that is only a guess is None, with the candidate as `runner_up`."""
    claims = _claims(page, body)
    published = _believed(claims, "published", page)
    modified = _believed(claims, "modified", page)
    early = published is not None and modified is not None and _is_before(modified, published)
    modified = None if early else modified
    dates = Dates(published.moment.at if published else None, modified.moment.at if modified else None)
    if evidence := _evidence(claims, "published", published, page):
        dates.evidence["published_at"] = evidence
    if evidence := _evidence(claims, "modified", modified, page):
        dates.evidence["modified_at"] = evidence | ({"note": EARLY} if early else {})
    return dates


def _is_before(modified: Claim, published: Claim) -> bool:
    """What waited for its hour was last changed before it; a zone that one of the two got wrong looks the same."""
    if published.moment.precision == "day":
        return _day(modified) < _day(published)
    return modified.moment.at < published.moment.at


def _claims(page: Page, body: Body) -> list[Claim]:
    """As many claims as it takes: metadata first, then the visible text, then what is believed least."""
    habits = _habits(page)
    raw = list(date_claims.claims(page, habits))
    claims = _sane(raw, page)
    if _settled(claims, page):
        return claims
    claims = _sane(raw + date_text.claims(page, body, habits), page)
    if _believed(claims, "published", page):
        return claims
    return claims + _sane([*date_text.hidden_claims(page, body, habits), *date_claims.from_scripts(page, habits)], page)


def _sane(claims: list[Claim], page: Page) -> list[Claim]:
    """The claims on the page's own calendar, without those of impossible times."""
    latest = page.rendered_at + LATEST
    claims = [claim for claim in claims if claim.moment.at.year >= EARLIEST]
    return [claim for claim in date_zones.settle(claims, page) if claim.moment.at <= latest]


def _settled(claims: list[Claim], page: Page) -> bool:
    """Whether metadata leaves neither the day nor its calendar in doubt."""
    scores = _scores(claims, "published", page)
    day = max(scores, key=lambda day: scores[day], default=None)
    if day is None or scores[day] < SETTLED or len(scores) > 1:
        return False
    return any(claim.zone != "assumed" and (claim.moment.at.utcoffset() or not claim.moment.zoned) for claim in claims)


def _believed(claims: list[Claim], role: Role, page: Page) -> Claim | None:
    """The claim that gives the day believed most, and of those the time."""
    scores = _scores(claims, role, page)
    day = max(scores, key=lambda day: scores[day], default=None)
    if day is None or scores[day] < ENOUGH[role]:
        return None
    own = [claim for claim in claims if claim.role == role and _day(claim) == day]
    trusted = [claim for claim in own if claim.weight > 0] or own  # a comment of the day does not give its time
    return max(trusted, key=lambda claim: (claim.moment.at.time() != time(), -ZONES.index(claim.zone), claim.weight))


def _scores(claims: list[Claim], role: Role, page: Page) -> Scores:
    """How much each day is believed: its best witness, what the others add, and what fits it."""
    best: defaultdict[date, dict[str, float]] = defaultdict(dict)
    for claim in claims:
        if claim.role == role:
            witnesses = best[_day(claim)]
            witnesses[claim.witness] = max(witnesses.get(claim.witness, claim.weight), claim.weight)
    scores = {}
    for day, witnesses in best.items():
        first, *others = sorted(witnesses.values(), reverse=True)
        scores[day] = first + sum(max(other, SECOND) for other in others)
    if role == "published":
        month = date_claims.month_of(publisher.live(page.url))
        machines = ("json-ld", "microdata", "meta", "state")
        changes = {_day(claim) for claim in claims if claim.role == "modified" and claim.witness in machines}
        for day in scores:
            scores[day] += _fit(day, month, changes)
    return scores


def _fit(day: date, month: tuple[int, int] | None, changes: set[date]) -> float:
    """What speaks for or against a day of publication without naming it."""
    fit = 0.0
    if month:
        fit += MONTH if (day.year, day.month) == month else -MONTH
    gaps = [(change - day).days for change in changes]
    if any(0 <= gap <= 2 for gap in gaps):
        fit += CHANGED
    elif gaps and max(gaps) < -1:
        fit -= CHANGED
    return fit


def _evidence(claims: list[Claim], role: Role, chosen: Claim | None, page: Page) -> Evidence | None:
    day = _day(chosen) if chosen else None
    scores = _scores(claims, role, page)
    others = sorted(
        (claim for claim in claims if claim.role == role and _day(claim) != day),
        key=lambda claim: (scores[_day(claim)], claim.weight),
        reverse=True,
    )
    if not chosen and not others:
        return None
    evidence: Evidence = {"from": "none", "raw": ""}
    if chosen:
        evidence = {"from": chosen.place, "raw": chosen.raw, "zone": chosen.zone}
    if others:
        evidence["runner_up"] = _trace(others[0])
    conflicts = {claim.place: _trace(claim) for claim in reversed(others[1:]) if claim.weight > 0 and chosen}
    if conflicts:
        evidence["conflicts"] = list(conflicts.values())[:MAX_CONFLICTS]
    return evidence


def _trace(claim: Claim) -> Trace:
    return {"from": claim.place, "raw": claim.raw}


def _day(claim: Claim) -> date:
    return claim.moment.at.date()


def _habits(page: Page) -> Habits:
    """The page's language, and whether it writes the day before the month."""
    tag = page.root.get("lang") or next(iter(page.meta.get("og:locale", ())), "")
    language, _, region = tag.strip().lower().replace("_", "-").partition("-")
    if page.site and page.site.language:
        language = page.site.language
    order = rules.load("dates")["month_first"]
    domain = page.host.rsplit(".", 1)[-1]
    if region:
        month_first = region in order["regions"]
    elif language:
        month_first = language in order["languages"] and domain not in order["other_domains"]
    else:
        month_first = domain in order["domains"]
    return Habits(date_zones.home(page)[0], language or None, not month_first)
