"""Normalisers for weekdays and days seen from the reference: 'Friday night', 'today'."""

from __future__ import annotations

from datetime import date

from dateline.analysis.times.context import Hit, Reading
from dateline.analysis.times.periods import add_days
from dateline.analysis.times.reading import (
    SHADES,
    capital_inside,
    direction,
    shade_of,
)
from dateline.analysis.times.units import amount_of


def in_title(hit: Hit) -> bool:
    """True for a word such as 'Today' that is part of a name ('VOA Today', 'USA Today')."""
    lexed = hit.story.lexed
    return lexed.text[lexed.starts[hit.first]].isupper() and hit.near(hit.first - 1) in (
        "CAP",
        "SOLID",
    )


def weekday(hit: Hit) -> Reading | None:
    """'Wednesday', 'last Friday', 'Earlier Sunday', 'Friday night'."""
    day = weekday_day(hit)
    mod = SHADES.get(hit.word("shade")) if hit.has("shade") else None
    if day is None:
        code = int(hit.value("wd")) + 1
        value, anchored = f"XXXX-WXX-{code}", True
    else:
        value, anchored = day.isoformat(), True
    if hit.has("part") and hit.word("part").endswith("s"):
        return Reading("SET", f"XXXX-WXX-{int(hit.value('wd')) + 1}T{hit.value('part')}")
    if hit.has("part"):
        return Reading("TIME", f"{value}T{hit.value('part')}", mod, anchored)
    return Reading("DATE", value, mod, anchored)


def weekday_of(hit: Hit) -> Reading | None:
    """'Friday of last week', 'Monday this week', 'Sunday night of the following week'."""
    base, pointer = hit.story.reference, hit.word("pointer")
    if hit.value("unit") != "W" or hit.near(hit.last) == "POSS":
        return None
    if base is not None and pointer.endswith(("following", "previous")):
        base = hit.story.anchored("W", base)
    if base is None:
        return Reading("DATE", f"XXXX-WXX-{int(hit.value('wd')) + 1}", None, True)
    day = add_days(base, 7 * direction(pointer) + int(hit.value("wd")) - base.weekday())
    if hit.has("part"):
        return Reading("TIME", f"{day.isoformat()}T{hit.value('part')}", None, True)
    return Reading("DATE", day.isoformat(), None, True)


def weekday_from(hit: Hit) -> Reading | None:
    """'a week from Friday', 'two weeks from today', 'a week ago Friday'."""
    base, amount = hit.story.reference, amount_of(hit)
    step = {"D": 1, "W": 7, "2W": 14}.get(hit.value("unit"))
    if step is None or amount is None or amount == "X":
        return None
    if base is None:
        return Reading("DATE", "", None, True)
    back = hit.word("way") == "ago"
    if hit.near(hit.span("day")[0]) == "DAYREF":
        base = add_days(base, int(hit.value("day")))
    else:
        ahead = (int(hit.value("day")) - base.weekday()) % 7
        base = add_days(base, ahead - 7 if back and ahead else ahead)
    count = int(step * float(amount))
    return Reading("DATE", add_days(base, -count if back else count).isoformat(), None, True)


def weekday_day(hit: Hit) -> date | None:
    """The day a weekday name means; None without a reference."""
    reference = hit.story.reference
    if reference is None:
        return None
    wanted, pointer = int(hit.value("wd")), hit.word("pointer")
    back, ahead = (reference.weekday() - wanted) % 7, (wanted - reference.weekday()) % 7
    last_word = pointer.split()[-1] if pointer else ""
    if pointer == "following" and hit.near(hit.last) == "POSS":
        return add_days(reference, -(back or 7))  # 'Following Monday's debate, ...'
    if last_word in ("that", "same", "following", "previous", "preceding", "prior"):
        return _told_weekday(wanted, last_word, hit.story.anchored("D", reference))
    if direction(pointer) < 0:
        return add_days(reference, -(back or 7))
    if direction(pointer) > 0:
        return add_days(reference, ahead or 7)
    if last_word == "this":
        return add_days(reference, ahead)
    opened = _range_start(hit)
    if opened is not None:
        return add_days(opened, (wanted - opened.weekday()) % 7)
    if back == 0:
        return reference
    if hit.near(hit.first - 1) == "SINCE" or hit.near(hit.last) == "POSS":
        # 'Wednesday's ruling' has been given
        return add_days(reference, -back)
    return add_days(reference, ahead if hit.tense == "future" else -back)


def _range_start(hit: Hit) -> date | None:
    """The day before 'to', 'through', 'until' or a dash in 'from Monday to Thursday'; None when there
    is no weekday there."""
    story, at = hit.story, hit.first - 1
    joined = hit.near(at) in ("TO", "UNTIL", "DURING", "HYPHEN", "DASH")
    if not joined or hit.near(at - 1) not in ("WEEKDAY", "PART", "WEEKDAY_SHORT"):
        return None
    return story.anchors.get("D")


def _told_weekday(wanted: int, word: str, base: date) -> date:
    """'that Friday', 'the following Friday', 'the previous Friday', seen from the narrative."""
    if word in ("previous", "preceding", "prior"):
        return add_days(base, -((base.weekday() - wanted) % 7 or 7))
    step = (wanted - base.weekday()) % 7
    return add_days(base, step if step or word != "following" else 7)


def day_word(hit: Hit) -> Reading | None:
    """'today', 'yesterday morning', 'tonight', 'later this evening'."""
    reference, mod = hit.story.reference, shade_of(hit)
    if in_title(hit):
        return None
    if reference is None:
        return Reading("DATE" if hit.has("day") and not hit.has("part") else "TIME", "", mod, True)
    day = add_days(reference, int(hit.value("day", "0")))
    if hit.has("part"):
        return Reading("TIME", f"{day.isoformat()}T{hit.value('part')}", mod, True)
    return Reading("DATE", day.isoformat(), mod, True)


def day_but_one(hit: Hit) -> Reading | None:
    """'the day before yesterday', 'the day after tomorrow'."""
    base, step = hit.story.reference, int(hit.value("day"))
    if hit.value("unit") != "D" or step == 0:
        return None
    return Reading("DATE", add_days(base, 2 * step).isoformat() if base else "", anchored=True)


def day_part(hit: Hit) -> Reading | None:
    """'this morning', 'last night', 'the following morning'."""
    pointer = hit.word("pointer")
    last_word = pointer.split()[-1] if pointer else "this"
    base = hit.story.reference
    if capital_inside(hit, hit.last - 1) and in_title(hit):
        return None  # 'CBS This Morning'
    if base is None:
        return Reading("TIME", "", shade_of(hit), True)
    if last_word in ("that", "same", "following", "next", "previous"):
        base = hit.story.anchored("D", base)
    step = direction(last_word) if last_word != "that" else 0
    day = add_days(base, step)
    return Reading("TIME", f"{day.isoformat()}T{hit.value('part')}", shade_of(hit), True)
