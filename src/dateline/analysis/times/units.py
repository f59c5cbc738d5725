"""Normalisers for units of the calendar seen from a point: 'last week', 'two years ago',
'the third quarter', 'a day earlier'."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.times.context import Hit, Reading
from dateline.analysis.times.lexer import class_set
from dateline.analysis.times.numbers import number
from dateline.analysis.times.periods import add_days, shifted
from dateline.analysis.times.reading import capital_inside, direction, shade_of, year_in

UNIT_STEPS = {"2W": ("W", 2), "DE": ("Y", 10), "CE": ("Y", 100), "6M": ("M", 6), "ML": ("Y", 1000)}
"""Units that are multiples of others."""

_QUARTER_REACH = 60
"""Tokens for which a named quarter stays the one that 'a year ago' compares with."""


_NEAR = ("this", "last", "next", "the")


def near_unit(hit: Hit) -> Reading | None:
    """'last week', 'this year', 'the following month', 'the end of the month'."""
    unit, pointer = hit.value("unit"), hit.word("pointer")
    word = pointer.split()[-1]
    if capital_inside(hit, hit.last - 1):
        return None
    if word == "the" and not _definite(hit, unit):
        return None
    if unit.startswith("T") or (unit in ("DE", "CE") and word not in _NEAR):
        return _near_clock(hit, unit, word)
    told = word in ("that", "same", "following", "previous", "preceding", "prior")
    if word == "next" and unit == "D":
        told = hit.near(hit.span("pointer")[0] - 1) == "THE" or pointer == "the next"
    base = hit.story.reference
    if base is None:
        return Reading("DATE", "", shade_of(hit), True)
    if told:
        base = hit.story.anchored("W" if unit == "WE" else unit, base)
    if word == "the" and unit == "Q":
        return Reading("DATE", hit.story.quarter or shifted("Q", base, -1), None, True)
    if hit.has("tail"):
        return Reading("DURATION", f"P{duration_body(unit, 1)}", "APPROX", True)
    if unit == "D" and word in ("this", "last", "current", "coming", "past"):
        return _odd_day(hit, word, base)
    return _placed(hit, unit, word, base)


def _placed(hit: Hit, unit: str, word: str, base: date) -> Reading | None:
    if word == "past" and unit != "WE":
        return Reading("DURATION", f"P{duration_body(unit, 1)}", None, True)
    step = 0 if word in ("that", "same", "the") else direction(word)
    if unit == "WE" and word in ("coming", "upcoming") and base.weekday() < 5:
        step = 0
    if unit == "WE" and step == 0 and word == "the":
        value = shifted("WE", base, -1 if base.weekday() < 3 and hit.tense != "future" else 0)
    elif unit == "WE" and step < 0:
        value = shifted("WE", base, -1)
    else:
        value = shifted(unit, base, step)
    return Reading("DATE", value, shade_of(hit), True) if value else None


def _definite(hit: Hit, unit: str) -> bool:
    """Whether 'the year', 'the week' ... stands for the current one."""
    if hit.has("edge"):
        return unit in ("Y", "M", "W", "Q", "DE", "CE")
    if hit.near(hit.last) in ("OF", "THAT", "BEFORE", "AFTER", "HYPHEN", "IN", "AGO"):
        return unit == "WE" and hit.near(hit.last) != "HYPHEN"
    if unit == "WE":
        return True
    before, after = hit.near(hit.first - 1), hit.near(hit.last)
    cued = before in _DEFINITE or after == "POSS"
    return unit in ("Y", "Q", "W", "M") and (
        cued or hit.has("shade") or "FULL" in hit.classes(hit.first, hit.last)
    )


_DEFINITE = class_set("FOR DURING IN UNTIL ABOUT BY OF")
"""Classes before 'the year' that make it the current one."""


def _near_clock(hit: Hit, unit: str, word: str) -> Reading | None:
    """'the past hour', 'the last decade'."""
    if word in ("past", "last", "next", "coming", "previous"):
        return Reading("DURATION", f"P{duration_body(unit, 1)}", None, True)
    return None


def _odd_day(hit: Hit, word: str, base: date) -> Reading | None:
    """'the current day'; 'this day' and 'last day' name no certain day."""
    if word == "this":
        return Reading("DATE", base.isoformat(), shade_of(hit), True)
    if word == "past":
        return Reading("DURATION", "P1D", None, True)
    return None


def duration_body(unit: str, count: float) -> str:
    """ISO duration body of ``count`` units: '3M', 'T2H', '20Y' (two decades)."""
    if unit in UNIT_STEPS:
        unit, factor = UNIT_STEPS[unit]
        count *= factor
    figure = f"{count:g}" if count < 1e6 else f"{count:.0f}"
    return f"T{figure}{unit[1:]}" if unit.startswith("T") else f"{figure}{unit}"


def ended(hit: Hit) -> Reading | None:
    """'the year ended Sept. 30' is a length, 'the quarter ended Sept. 30' the quarter it closes."""
    unit, base = hit.value("unit"), hit.story.reference
    if unit == "Y":
        return Reading("DURATION", "P1Y")
    if unit != "Q" or base is None:
        return None
    month = int(hit.value("month"))
    year = base.year if month <= base.month else base.year - 1
    return Reading("DATE", f"{year:04d}-Q{(month + 2) // 3}", None, True)


def mid_unit(hit: Hit) -> Reading | None:
    """'midweek', 'mid-year'."""
    unit, base = hit.value("unit"), hit.story.reference
    if unit not in ("Y", "M", "W") or hit.near(hit.last) == "HYPHEN":
        return None
    return Reading("DATE", shifted(unit, base, 0) if base else "", "MID", True)


def beyond(hit: Hit) -> Reading | None:
    """'the week before last', 'the year after next'."""
    unit, base = hit.value("unit"), hit.story.reference
    if unit not in ("Y", "M", "W", "WE", "Q") or hit.near(hit.last) in ("WEEKDAY", "MONTH", "UNIT"):
        return None
    step = -2 if hit.near(hit.last - 1) == "LAST" else 2
    return Reading("DATE", shifted(unit, base, step) if base else "", None, True)


def year_end(hit: Hit) -> Reading | None:
    """'year-end', "year's end", 'month end'."""
    unit, base = hit.value("unit"), hit.story.reference
    if unit not in ("Y", "M", "Q", "W"):
        return None
    if base is None:
        return Reading("DATE", "", "END", True)
    step = -1 if hit.story.lexed.lower[hit.first] == "last" else 0
    return Reading("DATE", shifted(unit, base, step), "END", True)


def amount_of(hit: Hit, name: str = "amount") -> float | str | None:
    """A number, 'X' for a vague amount, None when the group holds neither."""
    if hit.has("half") and name == "amount":
        return 0.5
    if not hit.has(name):
        return None
    start, end = hit.span(name)
    names, lexed = hit.classes(start, end), hit.story.lexed
    if "FUZZY" in names:
        value = lexed.values[start + names.index("FUZZY")]
        return "X" if value == "X" else float(value)
    if names == ["A"]:
        return 1.0
    total = number(lexed, start, end)
    if total is not None and names[-1] == "HALF":
        total += 0.5
    return total


def ago(hit: Hit) -> Reading | None:
    """'three years ago', 'about two weeks ago', 'several years ago'."""
    amount, unit = amount_of(hit), hit.value("unit")
    unit = "TS" if hit.near(hit.span("unit")[0]) == "SECOND" else unit
    mod = hit.value("about") or None
    if amount is None:
        return None
    if amount == "X":
        return Reading("DATE", "PAST_REF", mod, True)
    amount = float(amount) + (0.5 if hit.has("andhalf") else 0.0)
    base = hit.story.reference
    if base is None:
        return Reading("DATE", "", mod, True)
    if unit == "Y" and amount == 1 and (quarter := _last_year_quarter(hit)):
        return Reading("DATE", quarter, mod, True)
    return _moved(unit, base, -float(amount), mod)


def _moved(
    unit: str, base: date, count: float, mod: str | None, first: int | None = None
) -> Reading | None:
    """The calendar unit ``count`` units from ``base``; clock units leave the day as it is."""
    if unit == "TH" and abs(count) >= 24:
        return Reading("DATE", add_days(base, int(count / 24)).isoformat(), mod, True, first)
    if unit.startswith("T"):
        return Reading("TIME", base.isoformat(), mod, True, first)
    if unit in UNIT_STEPS:
        unit, factor = UNIT_STEPS[unit]
        count *= factor
    if unit == "W":
        return Reading("DATE", add_days(base, int(7 * count)).isoformat(), mod, True, first)
    if unit == "Y" and count != int(count):
        unit, count = "M", count * 12
    value = shifted(unit, base, max(min(int(count), 10**6), -(10**6)))
    return Reading("DATE", value, mod, True, first) if value else None


def _last_year_quarter(hit: Hit) -> str:
    """In a report of quarterly results, 'a year ago' is the same quarter of the year before."""
    story = hit.story
    if not story.quarter or hit.first - story.quarter_at > _QUARTER_REACH:
        return ""
    year = int(story.quarter[:4]) - 1
    return f"{year:04d}{story.quarter[4:]}"


def removed(hit: Hit) -> Reading | None:
    """'a year earlier', 'two days later', 'year-earlier': from the narrative's day."""
    unit = hit.value("unit")
    unit = "TS" if hit.near(hit.span("unit")[0]) == "SECOND" else unit
    amount = amount_of(hit) if hit.has("amount") else 1.0
    sign = 1 if hit.word("way") in ("later", "after") else -1
    mod = hit.value("about") or None
    # 'a year-earlier loss': the article belongs to the noun
    first = hit.first + 1 if not hit.has("amount") and hit.near(hit.first) == "A" else None
    if amount is None:
        return None
    if amount == "X" or unit.startswith("T"):
        return _distance(hit, unit, amount, mod)
    if sign < 0 and unit == "Y" and amount == 1 and (quarter := _last_year_quarter(hit)):
        return Reading("DATE", quarter, mod, True, first)
    base = hit.story.reference
    if base is None:
        return Reading("DATE", "", mod, True)
    told = hit.story.anchored(unit, base)
    if hit.word("way") in ("earlier", "ago") and unit == "Y" and told.year >= base.year - 1:
        told = base  # results of this year compared with the last, not narrative
    return _moved(unit, told, sign * float(amount), mod, first)


def _distance(hit: Hit, unit: str, amount: float | str, mod: str | None) -> Reading:
    """'a few days later' is tagged as the length alone."""
    body = f"X{unit}" if amount == "X" else duration_body(unit, float(amount))
    if amount == "X" and unit.startswith("T"):
        body = f"TX{unit[1:]}"
    return Reading("DURATION", f"P{body}", mod, last=hit.span("way")[0])


def day_beside(hit: Hit) -> Reading | None:
    """'the day before', 'the day after', 'the year before'."""
    unit, base = hit.value("unit"), hit.story.reference
    if unit not in ("D", "W", "M", "Y") or hit.near(hit.last) not in ("DOT", "COMMA", "BREAK", ""):
        return None
    if base is None:
        return Reading("DATE", "", None, True)
    step = 1 if hit.word("way") == "after" else -1
    return Reading("DATE", shifted(unit, hit.story.anchored(unit, base), step), None, True)


def hence(hit: Hit) -> Reading | None:
    """'two years from now', 'two years hence'."""
    amount, base = amount_of(hit), hit.story.reference
    if amount is None or amount == "X":
        return Reading("DATE", "FUTURE_REF", None, True)
    if base is None:
        return Reading("DATE", "", None, True)
    return _moved(hit.value("unit"), base, float(amount), hit.value("about") or None)


def quarter(hit: Hit) -> Reading | None:
    """'the third quarter', 'third-quarter', 'the first quarter of 1990', 'the fiscal second
    quarter': the quarter of that number that is nearest in the direction of the tense."""
    order = "4" if hit.has("closing") else re.sub(r"\D", "", hit.value("ord"))
    if hit.value("unit", "Q") != "Q" or order not in ("1", "2", "3", "4"):
        return None
    year = year_in(hit)
    anchored = year is None
    if year is None:
        year = _quarter_year(hit, int(order))
    if year is None:
        return Reading("DATE", f"XXXX-Q{order}", None, True)
    return Reading("DATE", f"{year:04d}-Q{order}", None, anchored)


def _quarter_year(hit: Hit, order: int) -> int | None:
    reference = hit.story.reference
    if reference is None:
        return None
    if hit.has("pointer"):
        return reference.year + direction(hit.word("pointer"))
    if hit.has("ago"):
        return reference.year - 1
    current = (reference.month + 2) // 3
    if order <= current or hit.tense == "future":
        return reference.year
    # results come out within a quarter of the quarter's end, forecasts up to a quarter ahead
    return reference.year if order - current == 1 else reference.year - 1


def half_year(hit: Hit) -> Reading | None:
    """'the first half of 1999', 'the second half'."""
    order = "2" if hit.word("ord") == "last" else re.sub(r"\D", "", hit.value("ord"))
    if order not in ("1", "2") or not (
        hit.has("year") or hit.has("pointer") or hit.story.lexed.word(hit.last - 1) == "year"
    ):
        return None
    year, reference = year_in(hit), hit.story.reference
    if year is None:
        if reference is None:
            return Reading("DATE", f"XXXX-H{order}", None, True)
        year = reference.year + direction(hit.word("pointer"))
    return Reading("DATE", f"{year:04d}-H{order}", None, not hit.has("year"))


def latest_quarter(hit: Hit) -> Reading | None:
    """'the latest quarter', 'the year-ago period', 'the 1988 quarter'."""
    known, unit = hit.story.quarter, hit.value("unit")
    if unit not in ("Q", ""):
        return None
    year = year_in(hit)
    if year is not None:
        tail = known[4:] if known and unit == "Q" else ""
        return Reading("DATE", f"{year:04d}{tail}", None, True)
    base = hit.story.reference
    if not known and base is None:
        return Reading("DATE", "", None, True)
    value = known or (shifted("Q", base, -1) if base else "")
    word = hit.story.lexed.lower[hit.first + 1]
    if hit.has("ago") or word != "latest":
        value = f"{int(value[:4]) - 1:04d}{value[4:]}"
    return Reading("DATE", value, None, True)


def nth_unit_of_year(hit: Hit) -> Reading | None:
    """'the third month of 1998', 'the first quarter of 1999'."""
    order = int(re.sub(r"\D", "", hit.value("ord")) or 0)
    unit, year = hit.value("unit"), year_in(hit)
    limit = {"M": 12, "Q": 4, "W": 52}.get(unit, 0)
    if year is None or not 1 <= order <= limit:
        return None
    tail = {"M": f"{order:02d}", "Q": f"Q{order}", "W": f"W{order:02d}"}[unit]
    return Reading("DATE", f"{year:04d}-{tail}")
