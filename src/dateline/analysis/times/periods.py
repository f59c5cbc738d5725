"""Calendar arithmetic on TIMEX3 values: days covered, shifting, holidays. No text here.

Values follow TIMEX3 (ISO 8601 with additions): '2025', '2025-02', '2025-02-12', '2025-W07',
'2025-W07-WE', '2025-Q3', '2025-H1', '2025-SU', '199' (a decade), '19' (a century).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from dateline.analysis.times.words import words

SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
"""First and last month of the meteorological seasons of the northern hemisphere; 13 and 14 are
January and February of the next year."""

_VALUE = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|W(?P<week>\d\d)(?P<end>-WE)?"
    r"|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<season>SP|SU|FA|WI)))?(?:T.*)?"
)


def add_months(day: date, count: int) -> date:
    """``day`` moved by whole months, kept inside the month; the nearest limit when out of range."""
    index = day.year * 12 + day.month - 1 + count
    year = min(max(index // 12, MINYEAR), MAXYEAR)
    month = index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def add_days(day: date, count: int) -> date:
    """``day`` moved by ``count`` days, clamped to the range of ``date``."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max if count > 0 else date.min


def week_value(day: date) -> str:
    """ISO week of ``day`` ('2025-W07')."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def shifted(unit: str, day: date, count: int) -> str:
    """The value of the ``unit`` (Y, M, W, D, Q, WE, DE, CE) that lies ``count`` units from the one
    that holds ``day``; '' for other units."""
    if unit == "Y":
        return f"{_year(day.year + count):04d}"
    if unit == "M":
        return add_months(day, count).isoformat()[:7]
    if unit == "Q":
        moved = add_months(day, 3 * count)
        return f"{moved.year:04d}-Q{(moved.month + 2) // 3}"
    if unit in ("W", "WE", "2W"):
        weeks = 2 * count if unit == "2W" else count
        value = week_value(add_days(day, 7 * weeks))
        return value + "-WE" if unit == "WE" else value
    if unit == "D":
        return add_days(day, count).isoformat()
    if unit == "DE":
        return f"{_year(day.year + 10 * count) // 10:03d}"
    if unit == "CE":
        return f"{_year(day.year + 100 * count) // 100:02d}"
    return ""


def _year(year: int) -> int:
    return min(max(year, MINYEAR), MAXYEAR)


def bounds(value: str) -> tuple[date, date] | None:
    """First and last day covered by a calendar value; None when it is no calendar value."""
    if value.isdigit() and len(value) in (2, 3):
        return _years(int(value) * 10 ** (4 - len(value)), 10 ** (4 - len(value)))
    match = _VALUE.fullmatch(value)
    if match is None or match["year"] == "0000":
        return None
    try:
        return _bounds_of(match)
    except ValueError:
        return None


def _years(first: int, count: int) -> tuple[date, date] | None:
    if first < MINYEAR or first + count - 1 > MAXYEAR:
        return None
    return date(first, 1, 1), date(first + count - 1, 12, 31)


def _bounds_of(match: re.Match[str]) -> tuple[date, date] | None:
    year = int(match["year"])
    if match["day"]:
        day = date(year, int(match["month"]), int(match["day"]))
        return day, day
    if match["month"]:
        return _months(year, int(match["month"]), 1)
    if match["week"]:
        monday = date.fromisocalendar(year, int(match["week"]), 1)
        return add_days(monday, 5 if match["end"] else 0), add_days(monday, 6)
    if match["quarter"]:
        return _months(year, 3 * int(match["quarter"]) - 2, 3)
    if match["half"]:
        return _months(year, 6 * int(match["half"]) - 5, 6)
    if match["season"]:
        first, _ = SEASON_MONTHS[match["season"]]
        return _months(year, first, 3)
    return _years(year, 1)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, add_days(add_months(first, count), -1)


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous, or Meeus-Jones-Butcher, rule)."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    epact = (skipped + 19 * golden + 15) % 30
    epact -= (epact // 28) * (1 - (29 // (epact + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + epact + 2 - century + century // 4) % 7
    offset = epact - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the Julian computus, as a Gregorian date (1900 to 2099)."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return add_days(date(year, month, day + 1), 13)


_HEBREW_EPOCH = -1373427
"""Day number (``date.toordinal``) of the first day of the Hebrew calendar."""


def jewish_new_year(year: int) -> date:
    """Rosh Hashanah in the autumn of a Gregorian year (Reingold and Dershowitz, *Calendrical
    Calculations*): the mean new moon of Tishri, put off by the rules of the calendar."""
    before, this, after = (_elapsed(year + 3760 + step) for step in range(3))
    if after - this == 356:
        this += 2
    elif this - before == 382:
        this += 1
    return date.fromordinal(_HEBREW_EPOCH + this)


def _elapsed(hebrew_year: int) -> int:
    """Days from the epoch to the mean new moon that opens a Hebrew year, moved off three weekdays."""
    months = (235 * hebrew_year - 234) // 19
    days = 29 * months + (12084 + 13753 * months) // 25920
    return days + 1 if 3 * (days + 1) % 7 < 3 else days


def _hanukkah(year: int) -> date:
    """25 Kislev: the month before it has 30 days, not 29, in years of 355 or 385 days."""
    first = jewish_new_year(year)
    complete = (jewish_new_year(year + 1) - first).days % 10 == 5
    return add_days(first, 84 if complete else 83)


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The ``nth`` ``weekday`` (Monday 0) of a month; -1 is the last."""
    if nth < 0:
        last = date(year, month, monthrange(year, month)[1])
        return add_days(last, -((last.weekday() - weekday) % 7))
    first = date(year, month, 1)
    return add_days(first, (weekday - first.weekday()) % 7 + 7 * (nth - 1))


def holiday(name: str, year: int) -> date | None:
    """The day of a holiday in ``year``; None when its date that year is not in the tables."""
    if not MINYEAR < year < MAXYEAR:
        return None
    rule = words().holidays.get(name, "")
    if rule.startswith("M:"):
        return next((day for day in words().movable[rule[2:]] if day.year == year), None)
    if rule.startswith("E"):
        if rule == "ELECTION":
            # the Tuesday after the first Monday of November
            return add_days(nth_weekday(year, 11, 1, 0), 1)
        return add_days(easter(year), int(rule[1:]))
    if rule.startswith("T"):
        return add_days(nth_weekday(year, 11, 4, 3), int(rule[1:]))
    if rule.startswith("O"):
        return add_days(orthodox_easter(year), int(rule[1:]))
    if rule.startswith("J"):
        return add_days(jewish_new_year(year), int(rule[1:]))
    if rule.startswith("K"):
        return add_days(_hanukkah(year), int(rule[1:]))
    if "-" not in rule:
        return None
    month, rest = int(rule[:2]), rule[3:]
    if re.fullmatch(r"-?\d-\d", rest):
        nth, weekday = rest.rsplit("-", 1)
        return nth_weekday(year, month, int(nth), int(weekday))
    return date(year, month, int(rest))
