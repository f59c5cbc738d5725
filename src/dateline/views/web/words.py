"""Codes as words for people, and the filters that templates use."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from dateline.views.layout import clean, clip

_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}))?)?)?")

BASIS = {
    "stated": "stated in the text",
    "inferred": "worked out from the text",
    "published": "day of publication; the text gives no time",
}
QUADS = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}


def act_words(type: str, mode: str | None = None) -> str:
    """An event's type and mode: 'consult: by phone' → 'Consult · phone'."""
    shown = type.replace("_", " ").capitalize()
    return f"{shown} · {spaced(mode)}" if mode else shown


def spaced(code: str) -> str:
    """A code such as 'rules_out' or 'heavy-weapons' as words."""
    return code.replace("_", " ").replace("-", " ")


def day_words(value: str | date | datetime | None) -> str:
    """A day, month or year: '12 Feb 2025', 'Feb 2025', '2025'; '' for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    match = _ISO.match(value if isinstance(value, str) else value.isoformat())
    if match is None:
        return str(value)
    year, month, day, hour = match.groups()
    if isinstance(value, datetime):
        hour = None
    if month is None or not 1 <= int(month) <= 12:
        return year
    named = f"{_MONTHS[int(month) - 1]} {year}"
    dated = f"{int(day)} {named}" if day else named
    return f"{dated}, {hour} h" if hour else dated


def days_words(first: str | date | None, last: str | date | None) -> str:
    """A span of days: '3–5 Feb 2025', '28 Feb 2025 – 2 Mar 2025', a whole month or year as such
    ('Feb 2025', '2025'); 'no date' for None."""
    first, last = _whole(_iso(first), _iso(last))
    one, other = day_words(first), day_words(last)
    if not one:
        return "no date"
    if not other or one == other:
        return one
    day, _, month = one.partition(" ")
    last_day, _, last_month = other.partition(" ")
    if month and month == last_month and day.isdigit():
        return f"{day}–{last_day} {month}"
    return f"{one} – {other}"


def _iso(value: str | date | None) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return value.isoformat() if isinstance(value, date) else value or ""


def _whole(first: str, last: str) -> tuple[str, str]:
    """First and last day, cut to the month or year that they are the bounds of."""
    year = first[:4]
    if (first, last) == (f"{year}-01-01", f"{year}-12-31"):
        return year, year
    month = first[:7]
    if first == f"{month}-01" and last[:7] == month and len(last) == 10:
        days = calendar.monthrange(int(year), int(month[5:]))[1]
        if int(last[8:]) == days:
            return month, month
    return first, last


def minute_words(value: datetime | None) -> str:
    """A moment in UTC: '12 Feb 2025, 21:20 UTC'; '' for None."""
    if value is None:
        return ""
    moment = value.astimezone(UTC)
    return f"{day_words(moment.date())}, {moment:%H:%M} UTC"


def safe_link(url: str | None) -> str | None:
    """A web address that may stand in a link, None for any other (``javascript:`` and the like)."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else None


def percent(share: float | None) -> str:
    """A share (0..1) as '87 %'; '' for None."""
    return "" if share is None else f"{round(share * 100)} %"


def number(value: int | float | None) -> str:
    """A count with thin spaces: '12 345'."""
    return "" if value is None else f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def plural(count: int, one: str, many: str | None = None) -> str:
    """'1 article', '3 articles'."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def passage(text: str | None, limit: int = 280) -> str:
    """Words of an article on one line, cut at a word."""
    return clip(clean(text or ""), limit)


@cache
def issue_title(issue: str) -> str:
    """The title of an issue; its code as words when it is a user's own."""
    from dateline.record.lexicon import issues

    known = issues().get(issue)
    return known.title if known else spaced(issue).capitalize()


@cache
def country_name(code: str) -> str:
    """The name of a country code, the code itself when it has none, '' for ''."""
    from dateline.store.countries import country_names

    return country_names().get(code, code)


FILTERS: dict[str, Callable[..., Any]] = {
    "act_words": act_words,
    "spaced": spaced,
    "day": day_words,
    "minute": minute_words,
    "safe_link": safe_link,
    "percent": percent,
    "number": number,
    "passage": passage,
    "issue_title": issue_title,
    "country_name": country_name,
    "clean": lambda text: clean(text or ""),
    "basis": lambda basis: BASIS.get(basis or "", ""),
    "quad": lambda quad: QUADS.get(quad, ""),
}
GLOBALS: dict[str, Callable[..., Any]] = {"days": days_words, "plural": plural}
