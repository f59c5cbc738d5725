"""Normalisers for durations, sets and references to present, past and future."""

from __future__ import annotations

from dateline.analysis.times.context import Hit, Reading
from dateline.analysis.times.lexer import class_set
from dateline.analysis.times.reading import capital_inside
from dateline.analysis.times.units import amount_of, duration_body

_HALVES = {"Y": "6M", "TH": "30M", "TM": "30S"}
"""Half of a unit in the next smaller one: TimeBank writes P2Y6M, not P2.5Y."""


def unit_of(hit: Hit) -> str:
    """Code of the unit group ('Y', 'TM'); 'second' is a unit of time here, not an ordinal."""
    return "TS" if hit.near(hit.span("unit")[0]) == "SECOND" else hit.value("unit")


def duration(amount: float | str, unit: str) -> str:
    """TIMEX3 duration: P3M, PT2H, PXY (vague), P20Y for two decades, PT30M for half an hour."""
    if amount == "X":
        return f"PTX{unit[1:]}" if unit.startswith("T") else f"PX{unit}"
    count = float(amount)
    if unit in _HALVES and count % 1 == 0.5:
        whole = duration_body(unit, count - 0.5) if count > 1 else "T" * unit.startswith("T")
        return f"P{whole}{_HALVES[unit]}"
    return f"P{duration_body(unit, count)}"


def length(hit: Hit) -> Reading | None:
    """'two weeks', 'nearly forty years', 'five-year', 'half an hour', 'a year'."""
    amount, unit = amount_of(hit), unit_of(hit)
    if amount is None or (unit == "TS" and hit.near(hit.span("unit")[0]) == "SECOND"):
        return None
    if hit.has("amount") and hit.word("amount") in ("a", "an"):
        if hit.near(hit.span("unit")[0]) == "UNITS":
            return None  # 'a decades-long feud'
        return _single(hit, unit)
    if not _counts(hit, amount):
        return None
    return Reading("DURATION", duration(amount, unit), about(hit), first=trimmed(hit))


def about(hit: Hit) -> str | None:
    """TIMEX3 ``mod`` of 'about', 'more than' ... before or 'or so' after a length."""
    if hit.has("plus"):
        return "MORE_THAN"
    told = "" if trimmed(hit) is not None else hit.value("about")
    return told or hit.value("tail") or None


_EXCEEDS = frozenset(
    {
        "for",
        "just",
        "well",
        "little",
        "slightly",
        "last",
        "lasted",
        "lasts",
        "took",
        "takes",
        "take",
        "spent",
    }
)
"""Words after which 'over' means 'more than'."""


def trimmed(hit: Hit) -> int | None:
    """Start without an 'over' that is a preposition ('over the next year', 'over several years'):
    it means 'more than' only after 'for' and verbs of duration."""
    if not hit.has("about") or hit.word("about") != "over":
        return None
    before = hit.story.lexed.word(hit.first - 1)
    exceeds = before in _EXCEEDS
    vague = "FUZZY" in hit.classes(hit.first, hit.last) or hit.near(hit.first + 1) == "THE"
    return None if exceeds and not vague else hit.first + 1


def one_day(hit: Hit) -> Reading | None:
    """'one day' is some time to come beside a future verb, otherwise a length."""
    if hit.tense == "future":
        return Reading("DATE", "FUTURE_REF", None, True)
    return Reading("DURATION", "P1D")


def _single(hit: Hit, unit: str) -> Reading | None:
    """'a year': each year after a price or a rate, otherwise one year."""
    before = hit.near(hit.first - 1)
    if before in ("BIG", "UNITS", "DIG", "INT", "DEC", "TIMES", "ONCE", "NUMBER", "YEAR") or (
        before == "OTHER"
        and hit.story.lexed.word(hit.first - 1).endswith("s")
        and hit.near(hit.first - 2) in ("DIG", "INT", "NUMBER", "DEC")
    ):
        return Reading("SET", duration(1.0, unit))
    if unit == "Q" and (before != "FOR" or hit.near(hit.last) == "OF"):
        return None
    if unit == "WE" or (unit == "D" and before not in ("FOR", "IN", "ABOUT", "WITHIN")):
        return None
    return Reading("DURATION", duration(1.0, unit), about(hit), first=trimmed(hit))


def _counts(hit: Hit, amount: float | str) -> bool:
    """Turns down ages ('55 years old'), prices and decimals of other things."""
    if hit.near(hit.last) == "OLD" or hit.near(hit.first - 1) == "CURRENCY":
        return False
    if hit.near(hit.last) == "HYPHEN" and hit.near(hit.last + 1) == "OLD":
        return False
    return amount == "X" or float(amount) < 1e5


def length_half(hit: Hit) -> Reading | None:
    """'a minute and a half', 'two years and a half'."""
    amount = amount_of(hit)
    if amount is None or amount == "X":
        return None
    return Reading("DURATION", duration(float(amount) + 0.5, unit_of(hit)), about(hit))


def length_or(hit: Hit) -> Reading | None:
    """'two to three weeks', '12-18 months', 'a year or two': the smaller figure, as TimeBank."""
    first, unit = amount_of(hit), hit.value("unit")
    if first is None or first == "X" or hit.near(hit.last) == "OLD":
        return None
    return Reading("DURATION", duration(first, unit), about(hit), first=trimmed(hit))


def old(hit: Hit) -> Reading | None:
    """'the nearly three-year-old war', but not the age of a person."""
    vocabulary, lexed = hit.story.vocabulary, hit.story.lexed
    amount = amount_of(hit) if hit.has("amount") else "X"
    following = [lexed.word(hit.last + k) for k in range(3)]
    unit = hit.value("unit")
    ageing = any(word in vocabulary.ageing for word in following)
    person = any(word in vocabulary.people for word in following) or hit.near(hit.last) == "CAP"
    if amount is None or (unit in ("Y", "M") and not ageing) or person:
        return None
    return Reading("DURATION", duration(amount, unit), about(hit), first=trimmed(hit))


def stretch(hit: Hit) -> Reading | None:
    """'the past three months', 'the next two years', 'the first nine months'."""
    unit = hit.value("unit")
    if not hit.has("amount"):
        return Reading("DURATION", duration("X", unit), None, True, trimmed(hit))
    amount = amount_of(hit)
    start, end = hit.span("amount")
    for cut in range(start, end):
        if hit.near(cut) in ("TO", "OR", "HYPHEN") and hit.near(cut + 1) in ("DIG", "NUMBER"):
            both = hit.near(cut) != "HYPHEN" or hit.near(cut - 1) == "DIG"
            amount = "X" if both else amount
    if amount is None:
        return None
    mod = hit.value("about2") or about(hit)
    return Reading("DURATION", duration(amount, unit), mod, True, trimmed(hit))


def vague_stretch(hit: Hit) -> Reading | None:
    """'recent weeks', 'coming months', 'the early years'."""
    if hit.value("unit").startswith("T") and not hit.word("way").endswith(("recent", "coming")):
        return None  # 'the early hours' is a part of some day
    return Reading("DURATION", duration("X", hit.value("unit")), None, True)


def plural(hit: Hit) -> Reading | None:
    """'for weeks', 'within days', 'months of negotiations', 'years ago'."""
    unit = hit.value("unit")
    if hit.near(hit.last - 1) == "AGO":
        return Reading("DATE", "PAST_REF", None, True)
    if unit == "WE":
        return None
    before, after = hit.near(hit.first - 1), hit.near(hit.last)
    if after in ("OLD", "POSS", "HYPHEN"):
        return None
    if unit == "Q" or before == "HYPHEN":
        return None
    cued = before in ("FOR", "AFTER", "WITHIN", "IN") or hit.has("about")
    told = after in ("LATER", "EARLIER", "BEFORE", "OF", "AFTER")
    if before in ("EARLY", "LATE", "FIRST", "THE"):
        return None
    if not (cued or (told and (before != "OTHER" or after == "OF"))):
        return None
    if hit.word("about") in ("about", "some", "around"):
        return None
    return Reading("DURATION", duration("X", unit), about(hit), first=trimmed(hit))


def unit_long(hit: Hit) -> Reading | None:
    """'day-long', 'three-day-long', 'decades-long'."""
    amount = amount_of(hit)
    if amount is None:
        amount = "X" if hit.near(hit.span("unit")[0]) == "UNITS" else 1.0
    return Reading("DURATION", duration(amount, hit.value("unit")))


def lasting(hit: Hit) -> Reading | None:
    """'weeklong', 'monthslong'."""
    return Reading("DURATION", hit.story.lexed.values[hit.first])


def sometime(hit: Hit) -> Reading | None:
    """'some time', 'a while'."""
    return Reading("DURATION", hit.story.lexed.values[hit.first])


def every(hit: Hit) -> Reading | None:
    """'every day', 'each year', 'every two weeks', 'every Monday'."""
    start = hit.span("unit")[0]
    kind, value = hit.near(start), hit.value("unit")
    if kind == "WEEKDAY":
        tail = f"T{hit.value('part')}" if hit.has("part") else ""
        return Reading("SET", f"XXXX-WXX-{int(value) + 1}{tail}")
    if kind == "PART":
        return Reading("SET", f"XXXX-XX-XXT{value}")
    if kind in ("SEASON", "FALL"):
        return Reading("SET", f"XXXX-{value}")
    if kind == "MONTH":
        return Reading("SET", f"XXXX-{int(value):02d}")
    amount = amount_of(hit) if hit.has("amount") else 1.0
    return Reading("SET", duration(1.0 if amount is None else amount, value))


def every_other(hit: Hit) -> Reading | None:
    """'every other Tuesday', 'every second day'."""
    kind, value = hit.near(hit.span("unit")[0]), hit.value("unit")
    if kind == "WEEKDAY":
        return Reading("SET", f"XXXX-WXX-{int(value) + 1}")
    if kind == "PART":
        return Reading("SET", f"XXXX-XX-XXT{value}")
    return Reading("SET", duration(float(hit.value("way")), value))


def weekends(hit: Hit) -> Reading | None:
    """'on weekends'."""
    if hit.value("unit") != "WE":
        return None
    return Reading("SET", "XXXX-WXX-WE", first=hit.first + 1)


def per(hit: Hit) -> Reading | None:
    """'twice a week', 'three times a day', 'per day'."""
    return Reading("SET", duration(1.0, hit.value("unit")))


def weekdays(hit: Hit) -> Reading | None:
    """'Mondays'."""
    return Reading("SET", f"XXXX-WXX-{int(hit.value('wd')) + 1}")


def often(hit: Hit) -> Reading | None:
    """'daily', 'weekly', 'annually'; 'annual' and 'quarterly' are names of reports and meetings
    and left alone."""
    if hit.word("often") in ("annual", "quarterly"):
        return None
    first = hit.span("often")[0]
    if capital_inside(hit, first):
        return None  # part of a name ('Daily News')
    return Reading("SET", hit.value("often"), first=first)


_AFTER_PAST = class_set("DOT COMMA BREAK OTHER PAREN MARK AND THAT") | {""}
"""What follows 'the past' when it stands alone ('' is the end of the text)."""


def reference(hit: Hit) -> Reading | None:
    """'now', 'currently', 'recently', 'soon', 'the past', 'the near future'."""
    word = hit.word("ref")
    if word == "past":
        alone = hit.near(hit.last) in _AFTER_PAST
        return Reading("DATE", "PAST_REF", None, True) if alone else None
    if word == "the present" and hit.near(hit.last) == "HYPHEN":
        return None
    if word == "future":
        return Reading("DATE", "FUTURE_REF", None, True)
    if word == "soon" and not _soon_to_come(hit):
        return None
    return Reading("DATE", hit.value("ref"), None, True)


def _soon_to_come(hit: Hit) -> bool:
    """'will soon leave', but not 'soon left', 'soon after' or 'as soon as'."""
    lexed = hit.story.lexed
    compared = lexed.word(hit.first - 1) in ("as", "too", "how") or lexed.word(hit.last) == "as"
    return hit.tense != "past" and hit.near(hit.last) != "AFTER" and not compared


def adjective(hit: Hit) -> Reading | None:
    """'recent' and 'current' before a noun."""
    if hit.near(hit.last) not in ("OTHER", "CAP", "NUMBER", "DIG", "YEARWORD", "FINAL"):
        return None
    return Reading("DATE", hit.value("ref"), None, True)
