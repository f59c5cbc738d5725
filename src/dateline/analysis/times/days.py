"""Normalisers for calendar days and holidays."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.times.context import Hit, Reading
from dateline.analysis.times.periods import add_days, add_months, holiday, shifted
from dateline.analysis.times.reading import (
    pointer_year,
    safe_date,
    two_digit_year,
    year_in,
)

_FAR_DAYS = 240


"""Against the nearest year, the tense is believed up to this distance: of the 144 such days in
TimeBank and AQUAINT two lie further back (361 and 273 days), none further ahead (218)."""


def open_day(hit: Hit, month: int, day: int) -> date | None:
    """A day without a year: the nearest to the reference, unless the tense says otherwise."""
    reference = hit.story.reference
    if reference is None:
        return None
    found = [d for y in (-1, 0, 1) if (d := safe_date(reference.year + y, month, day))]
    if not found:
        return None
    return _by_tense(hit, found, reference)


def _by_tense(hit: Hit, found: list[date], reference: date) -> date | None:
    """Of the same day in several years, the one the tense asks for when it is near enough, else the
    nearest."""
    closing = hit.story.lexed.word(hit.first - 1) == "ended"  # 'the year ended Oct. 31'
    tense = "past" if hit.near(hit.first - 1) == "LAST" else hit.tense
    ahead = [d for d in found if d >= reference]
    behind = [d for d in found if d <= reference]
    begun = hit.near(hit.first - 1) == "SINCE" or (
        hit.near(hit.first - 1) == "BETWEEN" and tense != "future"
    )
    if (closing or begun) and behind:
        return behind[-1]
    far = _FAR_DAYS // 2 if hit.infinitive else _FAR_DAYS
    if tense == "future" and ahead and (ahead[0] - reference).days <= far:
        return ahead[0]
    if tense == "past" and behind and (reference - behind[-1]).days <= _FAR_DAYS:
        return behind[-1]
    return min(found, key=lambda d: (abs((d - reference).days), d), default=None)


def _month_day(hit: Hit, day_group: str = "day", *, move: int = 0) -> tuple[str, bool] | None:
    """Value of month and day groups, and whether it rests on the reference."""
    day = int(re.sub(r"\D", "", hit.value(day_group)) or 0)
    month = int(hit.value("month"))
    year = year_in(hit)
    if not 1 <= day <= 31:
        return None
    if year is None and hit.has("pointer") and hit.story.reference is not None:
        year = pointer_year(hit, hit.story.reference)
    if year is not None:
        exact = safe_date(year, month, day)
        return (exact.isoformat(), False) if exact else None
    near = _famous(hit, month, day) or _shared_year(hit, month, day) or open_day(hit, month, day)
    if near is None:
        return (f"XXXX-{month:02d}-{day:02d}", True) if hit.story.reference is None else None
    return near.isoformat(), True


def _famous(hit: Hit, month: int, day: int) -> date | None:
    """'the Sept. 11 attacks': a day known without its year, when a word of violence follows."""
    vocabulary, reference = hit.story.vocabulary, hit.story.reference
    year = vocabulary.famous.get(f"{month:02d}-{day:02d}")
    following = {hit.story.lexed.word(hit.last + k) for k in range(2)}
    if year is None or not following & vocabulary.deeds:
        return None
    known = date(year, month, day)
    return known if reference is None or known <= reference else None


_RANGE = re.compile(
    r"(?:AND|TO|UNTIL|DURING|HYPHEN|DASH) (?:MONTH (?:DOT )?(?:DIG|DAYORD)|DIG MONTH)"
    r" (?:COMMA )?YEAR "
)


def _shared_year(hit: Hit, month: int, day: int) -> date | None:
    """'between May 3 and May 9, 2024': the year stands with the second day."""
    names = hit.classes(hit.last, min(hit.last + 6, len(hit.story.lexed.codes)))
    match = _RANGE.match(" ".join(names) + " ")
    if match is None:
        return None
    year = int(hit.story.lexed.values[hit.last + match.group().count(" ") - 1])
    return safe_date(year, month, day)


def dated(hit: Hit) -> Reading | None:
    """'9/11': a day known by its figures."""
    if hit.near(hit.first - 1) == "CURRENCY" or hit.near(hit.last) in ("UNIT", "UNITS", "PERCENT"):
        return None
    return Reading("DATE", hit.value("dated"))


def day_number(hit: Hit) -> Reading | None:
    """'on the 20th', at the end of a clause: a day of this month or one beside it."""
    reference = hit.story.reference
    day = int(re.sub(r"\D", "", hit.value("day")) or 0)
    alone = hit.near(hit.first - 1) == "ON" and hit.near(hit.last) in ("DOT", "COMMA", "BREAK", "")
    if not alone or reference is None or not 1 <= day <= 31:
        return None
    months = [add_months(reference.replace(day=1), step) for step in (-1, 0, 1)]
    found = [d for m in months if (d := safe_date(m.year, m.month, day))]
    near = _by_tense(hit, found, reference)
    return Reading("DATE", near.isoformat(), anchored=True) if near else None


def week_of(hit: Hit) -> Reading | None:
    """'the week of March 3', 'the week ending Feb. 7'."""
    if hit.value("unit") not in ("W", "WE"):
        return None
    day_group = "day" if hit.has("day") else "day2"
    month = int(hit.value("month" if hit.has("month") else "month2"))
    day, year = int(re.sub(r"\D", "", hit.value(day_group)) or 0), year_in(hit)
    found = safe_date(year, month, day) if year else open_day(hit, month, day)
    if found is None:
        return None
    return Reading("DATE", shifted(hit.value("unit"), found, 0), anchored=year is None)


def nth_of_month(hit: Hit) -> Reading | None:
    """'the first week of March', 'the last day of May 2014', 'the third weekend in June'."""
    unit, month, year = hit.value("unit"), int(hit.value("month")), year_in(hit)
    if unit not in ("D", "W", "WE"):
        return None
    order = int(re.sub(r"\D", "", hit.value("ord")) or 0) if hit.has("ord") else -1
    first = date(year, month, 1) if year else open_day(hit, month, 1)
    if first is None or not -1 <= order <= (31 if unit == "D" else 5):
        return None
    last = add_days(add_months(first, 1), -1)
    if unit == "D":
        day = last if order < 0 else add_days(first, order - 1)
    else:  # the week that holds most of the days from the 7n-6th to the 7n-th
        day = add_days(last, -3) if order < 0 else add_days(first, 7 * order - 4)
    return Reading("DATE", shifted(unit, day, 0), anchored=year is None)


def calendar_day(hit: Hit) -> Reading | None:
    """'Monday, Oct. 26', '12 February 2025', 'Mar 3rd, 2024'."""
    found = _month_day(hit)
    if found is None:
        return None
    return Reading("DATE", found[0], anchored=found[1])


def calendar_days(hit: Hit) -> list[Reading] | None:
    """'March 3-5', 'April 24 and 25', '3-5 March': two expressions."""
    one, two = _month_day(hit, "day"), _month_day(hit, "day2")
    if one is None or two is None or _is_count(hit):
        return None
    if hit.has("one"):
        split, resume = hit.span("one")[1], hit.span("day2")[0]
    else:
        split, resume = hit.span("day")[1], hit.span("two")[0]
    return [
        Reading("DATE", one[0], anchored=one[1], last=split),
        Reading("DATE", two[0], anchored=two[1], first=resume),
    ]


def _is_count(hit: Hit) -> bool:
    """'April 24 and 25 people': the second number counts things."""
    return (
        not hit.has("year")
        and hit.near(hit.last) in ("BIG", "OTHER", "NUMBER", "PERCENT")
        and (hit.near(hit.span("day2")[0] - 1) in ("AND", "COMMA", "TO"))
        and hit.story.lexed.word(hit.last).endswith("s")
    )


def iso_day(hit: Hit) -> Reading | None:
    """'1998-08-07', '2025/02/14', '1998-08-07 14:12', '2025-02-12T21:20:00Z'."""
    day, _, clock = hit.value("iso").replace("/", "-").partition("T")
    year, month, number_ = (int(part) for part in day.split("-"))
    exact = safe_date(year, month, number_)
    if exact is None:
        return None
    clock = clock or hit.value("clock")
    if clock:
        return Reading("TIME", f"{exact.isoformat()}T{_two_digits(clock)}")
    return Reading("DATE", exact.isoformat())


def _two_digits(clock: str) -> str:
    hours, _, rest = clock.partition(":")
    return f"{int(hours):02d}:{rest}"


def slash_day(hit: Hit) -> Reading | None:
    """'2/14/2000' and '08-07-98', month or day first: the order that gives
    the day nearer to the reference, month first when it cannot tell; '14.02.2025' day first."""
    first, second, year = re.split(r"[/.-]", hit.value("slash"))
    reference = hit.story.reference
    if "." in hit.value("slash"):
        dotted = safe_date(int(year), int(second), int(first))
        return Reading("DATE", dotted.isoformat()) if dotted else None
    full = int(year) if len(year) == 4 else two_digit_year(int(year), reference)
    orders = (safe_date(full, int(first), int(second)), safe_date(full, int(second), int(first)))
    exact = [day for day in orders if day]
    if not exact:
        return None
    near = min(exact, key=lambda d: abs((d - reference).days)) if reference else exact[0]
    return Reading("DATE", near.isoformat())


def holiday_named(hit: Hit) -> Reading | None:
    """'Christmas', 'Thanksgiving Day', 'last Easter'."""
    day = _holiday_day(hit)
    if day is None:
        return None
    return Reading("DATE", day.isoformat(), anchored=not hit.has("year"))


def holiday_eve(hit: Hit) -> Reading | None:
    """'the eve of Christmas'."""
    day = _holiday_day(hit)
    if day is None:
        return None
    return Reading("DATE", add_days(day, -1).isoformat(), anchored=not hit.has("year"))


def holiday_week(hit: Hit) -> Reading | None:
    """'Easter week', 'Christmas weekend'."""
    day, unit = _holiday_day(hit), hit.value("unit")
    if day is None or unit not in ("W", "WE", "D"):
        return None
    if unit == "D":
        return Reading("DATE", day.isoformat(), anchored=True)
    back = -1 if unit == "WE" and day.weekday() < 2 else 0  # Labor Day weekend ends on the Monday
    return Reading("DATE", shifted(unit, day, back), anchored=True)


def _holiday_day(hit: Hit) -> date | None:
    name, year, reference = hit.value("holiday"), year_in(hit), hit.story.reference
    if year is not None:
        return holiday(name, year)
    named = (
        " " in name
        or hit.story.lexed.text[hit.story.lexed.starts[hit.span("holiday")[0]]].isupper()
    )
    if reference is None or hit.near(hit.last) == "CAP" or not named:
        return None
    found = [d for y in (-1, 0, 1) if (d := holiday(name, reference.year + y))]
    behind = [d for d in found if d <= reference]
    ahead = [d for d in found if d >= reference]
    pointer = hit.word("pointer")
    if pointer == "last":
        return behind[-1] if behind else None
    if pointer == "next":
        return ahead[0] if ahead else None
    return _by_tense(hit, found, reference)


def ordinal_weekday(hit: Hit) -> Reading | None:
    """'the last Thursday of November', 'the first Monday in May 1999'."""
    reference = hit.story.reference
    year = year_in(hit) or (reference.year if reference else None)
    if year is None:
        return None
    month, wanted = int(hit.value("month")), int(hit.value("wd"))
    if hit.has("ord"):
        first = date(year, month, 1)
        nth = int(re.sub(r"\D", "", hit.value("ord")) or 0)
        day = add_days(first, (wanted - first.weekday()) % 7 + 7 * (nth - 1))
    else:
        day = add_days(add_months(date(year, month, 1), 1), -1)
        day = add_days(day, -((day.weekday() - wanted) % 7))
    return Reading("DATE", day.isoformat(), anchored=not hit.has("year"))


def day_of_month(hit: Hit) -> Reading | None:
    """'the third of March'."""
    found = _month_day(hit, "ord")
    return Reading("DATE", found[0], anchored=found[1]) if found else None
