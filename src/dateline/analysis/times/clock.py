"""Normalisers for times of day."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.times.context import Hit, Reading
from dateline.analysis.times.days import open_day
from dateline.analysis.times.numbers import number
from dateline.analysis.times.periods import add_days
from dateline.analysis.times.reading import (
    capital_inside,
    safe_date,
    shade_of,
)
from dateline.analysis.times.weekdays import weekday_day


def part_of(hit: Hit) -> Reading | None:
    """'mid-afternoon', 'mid-morning yesterday'."""
    day = _clock_day(hit)
    if day is None:
        return None
    return Reading("TIME", f"{day.isoformat()}T{hit.value('part')}", shade_of(hit), True)


def overnight(hit: Hit) -> Reading:
    """'overnight': the night before the day of writing."""
    base = hit.story.reference
    return Reading("TIME", f"{base.isoformat()}TNI" if base else "", None, True)


def clock(hit: Hit) -> Reading | None:
    """'9:30 a.m. EST', '10 p.m. Wednesday', '5 p.m. EST, Nov. 6', 'noon', '2100 GMT'."""
    stamp = _stamp(hit)
    inside = hit.near(hit.first - 1) == "PAREN" and hit.near(hit.first - 2) in ("AMPM", "CLOCK")
    if stamp is None or inside or hit.near(hit.first - 1) == "HYPHEN":
        return None
    mod = "APPROX" if hit.value("about") == "APPROX" else None
    first = hit.first
    if hit.has("about") and mod is None:
        first = hit.first + 1
    day = _clock_day(hit)
    value = f"{day.isoformat()}{stamp}" if day else f"XXXX-XX-XX{stamp}"
    return Reading("TIME", value, mod, True, first=first)


def _stamp(hit: Hit) -> str | None:
    """'T21:30' of the clock group, None when it is no clock time."""
    if hit.has("hour"):
        base = number(hit.story.lexed, *hit.span("hour"))
        return f"T{int(base):02d}:30" if base is not None and base <= 24 else None
    start, end = hit.span("clock")
    names, values = hit.classes(start, end), hit.story.lexed.values[start:end]
    if names[0] == "INSTANT":
        return None if capital_inside(hit, start) else values[0]
    text = values[0].replace(".", ":").replace("h", ":")
    if names[0] == "HOURS":
        text = f"{text[:-2]}:{text[-2:]}"
    parts = [int(part) for part in text.split(":")]
    hours, minutes = parts[0], parts[1] if len(parts) > 1 else 0
    if "AMPM" in names:
        if hours > 12:
            return None
        hours = hours % 12 + (12 if values[names.index("AMPM")] == "pm" else 0)
    if hours > 24 or minutes > 59:
        return None
    zone = values[names.index("ZONE")] if "ZONE" in names else ""
    return f"T{hours:02d}:{minutes:02d}{'Z' if zone == 'Z' else ''}"


def _clock_day(hit: Hit) -> date | None:
    """The day of a clock time: named beside it, or that of the narrative."""
    reference = hit.story.reference
    if hit.has("wd"):
        return weekday_day(hit)
    if hit.has("dayref"):
        if hit.near(hit.span("dayref")[0]) == "WEEKDAY":
            wanted = int(hit.value("dayref"))
            return add_days(reference, -((reference.weekday() - wanted) % 7)) if reference else None
        return add_days(reference, int(hit.value("dayref"))) if reference else None
    if hit.has("date"):
        return _named_date(hit)
    return hit.story.anchored("D", reference) if reference else None


def _named_date(hit: Hit) -> date | None:
    start, end = hit.span("date")
    names, values = hit.classes(start, end), hit.story.lexed.values[start:end]
    month = int(values[names.index("MONTH")])
    digits = next((v for n, v in zip(names, values, strict=True) if n in ("DIG", "DAYORD")), "0")
    day = int(re.sub(r"\D", "", digits))
    if "YEAR" in names:
        return safe_date(int(values[names.index("YEAR")]), month, day)
    return open_day(hit, month, day)
