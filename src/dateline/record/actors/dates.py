"""The day that a question about an actor refers to."""

from __future__ import annotations

import re
from datetime import date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:[T ].*)?$")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]{3,9})\.?,? (\d{4})$")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})$")


def day_of(value: str | date | datetime | None) -> date:
    """The day ``value`` names; today when it is None, empty, 'today' or not a date.

    Accepts ISO dates cut to year or month (read as their first day), '10 May 2015' and
    'May 10, 2015'.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return (_read(value.strip()) if isinstance(value, str) else None) or date.today()


def _read(text: str) -> date | None:
    if match := _ISO.match(text):
        year, month, day = match.groups()
        return _make(int(year), int(month or 1), int(day or 1))
    if match := _DAY_FIRST.match(text):
        return _make(int(match[3]), _month(match[2]), int(match[1]))
    if match := _MONTH_FIRST.match(text):
        return _make(int(match[3]), _month(match[1]), int(match[2] or 1))
    return None


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_period(day: date, start: str, end: str) -> bool:
    """True when ``day`` lies in the period; bounds are ISO dates cut at the granularity known,
    inclusive ('2019' ends on 31 December 2019), and an empty bound is open."""
    shown = day.isoformat()
    return (not start or shown[: len(start)] >= start) and (not end or shown[: len(end)] <= end)


def is_date(text: str) -> bool:
    """True for an ISO date, possibly cut to the month or year."""
    match = _ISO.fullmatch(text)
    if match is None:
        return False
    year, month, day = match.groups()
    return _make(int(year), int(month or 1), int(day or 1)) is not None
