"""Dates of publication as pages print them: "12 February 2025 - 21:20", "Feb. 12, 2025 9:20 p.m.
ET", ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Literal

from dateline.knowledge.tables import KnowledgeError, read_csv
from dateline.spans import Span

Granularity = Literal["day", "minute"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"""(?<![\d/.-])(?:
      (?P<iso>{_YEAR})(?P<sep>[-/.])(?P<iso_m>\d\d?)(?P=sep)(?P<iso_d>\d\d?)(?!\d)
    | (?P<dm_d>\d\d?)(?:st|nd|rd|th)?\ *(?:of\ )?[ -]*(?P<dm_m>{_MONTH})[\ ,-]*(?P<dm_y>{_YEAR})(?!\d)
    | (?P<md_m>\b{_MONTH})\ *(?P<md_d>\d\d?)(?:st|nd|rd|th)?,?\ *(?P<md_y>{_YEAR})(?!\d)
    | (?P<num_a>\d\d?)(?P<num_sep>[/.-])(?P<num_b>\d\d?)(?P=num_sep)(?P<num_y>{_YEAR})(?!\d)
    )""",
    re.I | re.X,
)
# Some sites run the byline into the date ("Jane Doe12 May 2024"), hence no \b before a day.
_TIME = re.compile(
    r"""(?<![\d.:])(?:
      (?P<h24>[01]?\d|2[0-4])[:h](?P<m24>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?!\d)
      \ *(?P<half24>[ap]\.?m\b\.?)?
    | (?P<h12>1[0-2]|0?[1-9])(?:[.:](?P<m12>[0-5]\d))?\ *(?P<half>[ap]\.?m\b\.?)
    | (?P<h4>[01]\d|2[0-3])(?P<m4>[0-5]\d)(?=\ *(?:hrs|hours|gmt|utc)\b)
    )""",
    re.I | re.X,
)
_OFFSET = re.compile(r"^\s*\(?(?:GMT|UTC)?\s*([+\-−])(\d\d?)(?::?([0-5]\d))?(?![\d/.-])\)?")
_ZONE = re.compile(r"^\s*(?:hrs|hours)?\s*\(?([A-Z]{1,4})\b\)?")
_LABEL = re.compile(
    r"(?P<first>publish(?:ed)?|posted|first\ published|created|issued|date|on)"
    r"|(?P<later>updated?|last\ updated|modified|edited|corrected|revised)",
    re.I | re.X,
)
_JOINERS = re.compile(r"^[\s,|•·@\-–—T]*(?:at|on)?[\s,|]*$", re.I)


@dataclass(frozen=True, slots=True)
class PublishedMatch:
    """One date on a line. ``span`` covers the date and its time; ``later`` is True when the label
    in front of it says that it is the time of an update."""

    when: datetime
    granularity: Granularity
    span: Span
    later: bool


def parse_published(line: str) -> tuple[datetime | None, Granularity | None]:
    """The date of publication on ``line`` (aware; UTC when no zone is named) and its granularity.

    A date marked as published comes before one marked as updated. Numeric dates count only when
    day and month cannot be mistaken for each other. (None, None) when there is no usable date.
    """
    found = published_matches(line)
    if not found:
        return None, None
    best = min(found, key=lambda match: (match.later, match.span[0]))
    return best.when, best.granularity


def published_matches(line: str) -> list[PublishedMatch]:
    """Every usable full date on ``line``, in order."""
    found = []
    previous = 0
    for match in _DATE.finditer(line):
        day = _day(match)
        if day is not None:
            later = _is_later(line[previous : match.start()])
            found.append(_with_time(line, match.span(), day, later))
            previous = found[-1].span[1]
    return found


def _day(match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    if parts["iso"]:
        year, month, day = int(parts["iso"]), int(parts["iso_m"]), int(parts["iso_d"])
    elif parts["dm_d"]:
        year, month, day = int(parts["dm_y"]), _month(parts["dm_m"]), int(parts["dm_d"])
    elif parts["md_d"]:
        year, month, day = int(parts["md_y"]), _month(parts["md_m"]), int(parts["md_d"])
    else:
        first, second, year = int(parts["num_a"]), int(parts["num_b"]), int(parts["num_y"])
        if first <= 12 and second <= 12 and first != second:
            return None  # 3/4/2025 is two different days on the two sides of the Atlantic
        day, month = (first, second) if first > 12 or second <= 12 else (second, first)
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _is_later(before: str) -> bool:
    labels = list(_LABEL.finditer(before))
    return bool(labels) and labels[-1]["later"] is not None


def _with_time(line: str, span: Span, day: datetime, later: bool) -> PublishedMatch:
    after = _TIME.search(line, span[1])
    if after and _JOINERS.match(line[span[1] : after.start()]):
        zone, end = _zone(line, after.end(), day)
        when = _at(day, after, zone)
        return PublishedMatch(when, "minute", (span[0], end), later)
    for before in _TIME.finditer(line, 0, span[0]):
        zone, end = _zone(line, before.end(), day)
        if end <= span[0] and re.fullmatch(
            r"[\s,|•·\-–—]*(?:on|[a-z]{3,9})?[\s,.]*", line[end : span[0]], re.I
        ):
            return PublishedMatch(
                _at(day, before, zone), "minute", (before.start(), span[1]), later
            )
    return PublishedMatch(day, "day", span, later)


def _at(day: datetime, match: re.Match[str], zone: tzinfo) -> datetime:
    hour = int(match["h24"] or match["h12"] or match["h4"])
    minute = int(match["m24"] or match["m12"] or match["m4"] or 0)
    half = (match["half"] or match["half24"] or "").lower()[:1]
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    # Some desks print midnight as 24:00.
    return datetime(day.year, day.month, day.day, hour % 24, minute, tzinfo=zone) + timedelta(
        days=hour // 24
    )


def _zone(line: str, at: int, day: datetime) -> tuple[tzinfo, int]:
    """The zone printed at ``at`` (UTC when none) and where it ends."""
    offset = _OFFSET.match(line[at:])
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        if minutes <= 14 * 60:
            return _fixed(minutes if offset[1] == "+" else -minutes), at + offset.end()
    named = _ZONE.match(line[at:])
    if named and named[1] in _zones():
        minutes, summer = _zones()[named[1]]
        if summer == "us" and _us_summer(day):
            minutes += 60
        return _fixed(minutes), at + named.end()
    return UTC, at


def _fixed(minutes: int) -> tzinfo:
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


def _us_summer(day: datetime) -> bool:
    """Daylight time in the United States since 2007: second Sunday of March to the first of
    November (Energy Policy Act of 2005, section 110)."""
    return _sunday(day.year, 3, 2) <= day.date().toordinal() < _sunday(day.year, 11, 1)


def _sunday(year: int, month: int, number: int) -> int:
    first = datetime(year, month, 1, tzinfo=UTC)
    return first.toordinal() + (6 - first.weekday()) % 7 + 7 * (number - 1)


@cache
def _zones() -> dict[str, tuple[int, str]]:
    zones = {}
    for row in read_csv("zones.csv", ["abbreviation", "minutes", "summer"]):
        if row["summer"] not in {"", "us"} or not re.fullmatch(r"-?\d+", row["minutes"]):
            raise KnowledgeError(f"zones.csv, {row['abbreviation']}: expected minutes and '' or us")
        zones[row["abbreviation"]] = (int(row["minutes"]), row["summer"])
    return zones
