"""Normalisers for years, months, decades, centuries and seasons."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.times.context import Hit, Reading
from dateline.analysis.times.lexer import class_set
from dateline.analysis.times.numbers import number, spoken_year
from dateline.analysis.times.reading import (
    pointer_year,
    shade_of,
    year_in,
)


def month_of_year(hit: Hit) -> Reading | None:
    """'late February 2022', 'the end of May 1998', 'March of this year'."""
    month, reference = int(hit.value("month")), hit.story.reference
    year = year_in(hit)
    anchored = year is None
    if year is None and reference is not None:
        year = pointer_year(hit, reference)
    if year is None:
        return None
    return Reading("DATE", f"{year:04d}-{month:02d}", shade_of(hit), anchored)


def month_named(hit: Hit) -> Reading | None:
    """'the month of May'."""
    if hit.value("unit") != "M":
        return None
    return month_of_year(hit) if hit.has("year") else bare_month(hit)


def bare_month(hit: Hit) -> Reading | None:
    """'October', 'late November', 'last May', 'each July'."""
    month, reference = int(hit.value("month")), hit.story.reference
    pointer = hit.word("pointer")
    if pointer in ("each", "every"):
        return Reading("SET", f"XXXX-{month:02d}")
    if not _is_month_here(hit):
        return None
    if reference is None:
        return Reading("DATE", f"XXXX-{month:02d}", shade_of(hit), True)
    year = _shared_year(hit, reference) or _month_year(hit, month, pointer, reference)
    return Reading("DATE", f"{year:04d}-{month:02d}", shade_of(hit), True)


_RANGE = re.compile(
    r"(?:AND|TO|UNTIL|DURING|HYPHEN|DASH) MONTH (?:DOT )?(?:(?:OF|COMMA) )?(?:(?P<year>YEAR) "
    r"|(?P<pointer>LAST|THIS|NEXT) UNIT )"
)


def _shared_year(hit: Hit, reference: date) -> int | None:
    """'between January and March of last year', 'from June to September 2024'."""
    names = hit.classes(hit.last, min(hit.last + 6, len(hit.story.lexed.codes)))
    match = _RANGE.match(" ".join(names) + " ")
    if match is None:
        return None
    if match["year"]:
        return int(hit.story.lexed.values[hit.last + match.group().count(" ") - 1])
    return reference.year + {"LAST": -1, "THIS": 0, "NEXT": 1}[match["pointer"]]


_MONTH_CUES = class_set(
    "IN BY SINCE UNTIL FROM TO OF THE A THIS LAST NEXT EARLY LATE MIDDLE HYPHEN DURING "
    "BETWEEN AND OR FOR EVERY BEFORE AFTER ON PAREN MONTH"
)
"""Classes before 'May' and 'March' when they are months."""


def _is_month_here(hit: Hit) -> bool:
    """Turns down 'May' the surname and the verb, 'March' in names, 'June' and 'Jan' as first
    names."""
    at = hit.span("month")[0]
    word, before, after = hit.story.lexed.lower[at], hit.near(at - 1), hit.near(at + 1)
    if after == "OF" and hit.near(at + 2) == "THE":
        return False
    if word in ("may", "march"):
        return before in _MONTH_CUES
    if word in ("april", "june", "august") or len(word) == 3:
        forename = after == "CAP" and (before in ("AND", "OR") or before not in _MONTH_CUES)
        return before not in ("CAP", "SOLID") and not forename
    return True


_TOLD_REACH = 40
"""Tokens over which a month with its year stays the one that a bare month is told after."""


def _told_year(hit: Hit, month: int, reference: date) -> int | None:
    """'In May 2014 he left; in June ...': the first such month after the one named in full."""
    dated = hit.story.dated
    if dated is None or hit.first - dated[1] > _TOLD_REACH:
        return None
    if "BREAK" in hit.classes(dated[1], hit.first):
        return None  # a new paragraph, as a rule another matter
    told = dated[0]
    year = told.year if month >= told.month else told.year + 1
    return year if date(year, month, 1) < date(reference.year - 1, reference.month, 1) else None


def _month_year(hit: Hit, month: int, pointer: str, reference: date) -> int:
    """The year of a month that is named without one."""
    if pointer == "last":
        return reference.year if month < reference.month else reference.year - 1
    if pointer == "next":
        return reference.year if month > reference.month else reference.year + 1
    if pointer == "this" or month == reference.month:
        return reference.year
    if hit.near(hit.first - 1) == "SINCE":
        return reference.year if month < reference.month else reference.year - 1
    if hit.tense != "future" and (told := _told_year(hit, month, reference)) is not None:
        return told
    ahead, tense = (month - reference.month) % 12, hit.tense
    limit = 6 if hit.infinitive else 9 if tense == "future" else 0 if tense == "past" else 3
    if hit.near(hit.first - 1) in ("BY", "UNTIL"):
        limit = max(limit, 6)
    if ahead <= limit:
        return reference.year if month > reference.month else reference.year + 1
    return reference.year if month < reference.month else reference.year - 1


_COUNTED = class_set("BIG PER PERCENT UNIT UNITS ZONE AMPM CURRENCY NUMBER")


def bare_year(hit: Hit) -> Reading | None:
    """'1998', 'early 1990', 'the end of 1994', 'pre-2014', 'mid-2023'."""
    year = int(hit.value("year"))
    if hit.near(hit.last) == "BC":
        return Reading("DATE", f"BC{year:04d}", shade_of(hit))
    if hit.has("pre"):
        mod = "BEFORE" if hit.word("pre") == "pre" else "AFTER"
        return Reading("DATE", f"{year:04d}", mod)
    if not _is_year_here(hit, year):
        return None
    return Reading("DATE", f"{year:04d}", hit.value("tail") or shade_of(hit))


_RECENT = (1900, 2060)
"""Years that news names without ceremony; earlier and later ones need a preposition."""

_OLD_YEAR_CUES = class_set(
    "IN SINCE FROM BY OF BETWEEN UNTIL TO AND COMMA PAREN DURING AFTER BEFORE THE"
)
_NOT_PLURAL = ("was", "is", "has", "s", "as", "this")


def _is_year_here(hit: Hit, year: int) -> bool:
    """Turns down four digits that count, price or number something."""
    before, after = hit.near(hit.first - 1), hit.near(hit.last)
    if before in ("CURRENCY", "ABOUT", "SLASH", "DEC", "INT", "NUMBER", "DIG") or after in _COUNTED:
        return False
    if before == "HYPHEN" or (after == "HYPHEN" and hit.near(hit.last + 1) in ("UNIT", "OTHER")):
        return before == "HYPHEN" and hit.near(hit.first - 2) in ("YEAR", "MIDDLE")
    if hit.story.lexed.word(hit.first - 1) in hit.story.vocabulary.numbered:
        return False
    if shade_of(hit):
        return True
    if after == "CAP" and before in ("DOT", "BREAK", "") and hit.near(hit.last + 1) == "CAP":
        return False
    following = hit.story.lexed.word(hit.last)
    if not _RECENT[0] <= year <= _RECENT[1]:
        return before in _OLD_YEAR_CUES and after != "OTHER"
    counts = following.endswith("s") and following not in _NOT_PLURAL
    return not (counts and year < 1960 and after == "OTHER" and before not in ("IN", "THE"))


def year_word(hit: Hit) -> Reading | None:
    """'the year 2000', 'fiscal 1989'."""
    if hit.has("unit") and hit.value("unit") != "Y":
        return None
    year = year_in(hit)
    return Reading("DATE", f"{year:04d}", shade_of(hit)) if year else None


def spoken(hit: Hit) -> Reading | None:
    """'nineteen ninety-six' on its own."""
    if hit.near(hit.last) in _COUNTED or hit.near(hit.last) in ("OTHER", "HYPHEN"):
        following = hit.story.lexed.word(hit.last)
        if following.endswith("s") or hit.near(hit.last) != "OTHER":
            return None
    year = spoken_year(hit.story.lexed, *hit.span("year"))
    return Reading("DATE", f"{year:04d}") if year else None


def year_span(hit: Hit) -> list[Reading] | None:
    """'1994-96' and '1994-1996': two expressions."""
    first, text = int(hit.value("year")), hit.value("year2")
    second = int(text) if len(text) == 4 else first - first % 100 + int(text)
    if not first < second <= first + 150 or len(text) == 1:
        return None
    split, resume = hit.span("one")[1], hit.span("two")[0]
    return [
        Reading("DATE", f"{first:04d}", last=split),
        Reading("DATE", f"{second:04d}", first=resume),
    ]


def decade(hit: Hit) -> Reading | None:
    """'the 1990s', 'the nineties', "the '60s" -> 199, 196; centuries named by digits too."""
    text = re.sub(r"\D", "", hit.value("decade"))
    if hit.near(hit.first - 1) in ("CURRENCY",) or hit.story.lexed.word(hit.first - 1) in (
        "his",
        "her",
        "their",
        "my",
        "our",
        "your",
        "its",
    ):
        return None  # a person's age, or money
    if hit.has("first"):
        first = number(hit.story.lexed, *hit.span("first"))
        if first is None or first not in (17, 18, 19, 20):
            return None
        return Reading("DATE", f"{int(first)}{text[0]}", shade_of(hit))
    if len(text) == 4:
        return Reading("DATE", text[:3], shade_of(hit))
    marked = not hit.value("decade")[0].isdigit()
    if hit.near(hit.first) != "THE" or (not marked and text[0] < "5"):
        return None  # 'rates in the mid-30s'
    return Reading("DATE", f"19{text[0]}" if text[0] >= "2" else f"20{text[0]}", shade_of(hit))


def century(hit: Hit) -> Reading | None:
    """'the 20th century' -> 19."""
    if hit.value("unit") != "CE":
        return None
    total = 0
    for i in range(hit.first, hit.last - 1):
        digits = re.sub(r"\D", "", hit.story.lexed.values[i])
        total += int(digits) if digits and hit.near(i) != "HYPHEN" else 0
    if not 1 <= total <= 30:
        return None
    return Reading("DATE", f"{total - 1:02d}", shade_of(hit))


def season(hit: Hit) -> Reading | None:
    """'this summer', 'the fall of 2023', 'last winter', 'the spring'."""
    code, pointer, reference = hit.value("season"), hit.word("pointer"), hit.story.reference
    year = year_in(hit)
    if year is not None:
        return Reading("DATE", f"{year:04d}-{code}", shade_of(hit))
    if pointer in ("each", "every"):
        return Reading("SET", f"XXXX-{code}")
    named = pointer or hit.near(hit.first) == "THE" or hit.near(hit.first - 1) in ("IN", "BY")
    if not named or not _season_here(hit):
        return None
    if reference is None:
        return Reading("DATE", f"XXXX-{code}", shade_of(hit), True)
    chosen = _season_year(hit, code, pointer, reference)
    return Reading("DATE", f"{chosen:04d}-{code}", shade_of(hit), True)


def _season_here(hit: Hit) -> bool:
    """'the fall of the Wall' is no season, nor is 'the spring' of a clock."""
    ambiguous = hit.near(hit.span("season")[0]) == "FALL"
    return not (ambiguous and not hit.has("pointer") and hit.near(hit.last) in ("OF", "IN"))


_SEASON_PAST = 3
"""Months after its middle from which a season named beside a future verb is the next one."""


def _season_year(hit: Hit, code: str, pointer: str, reference: date) -> int:
    middle = {"SP": 4, "SU": 7, "FA": 10, "WI": 13}[code]
    now = reference.month + (12 if code == "WI" and reference.month <= 2 else 0)
    year = reference.year - (1 if now > 12 else 0)
    if pointer.endswith("that"):
        return hit.story.anchored("Y", reference).year
    if pointer == "last":
        return year if now > middle + 1 else year - 1
    if pointer == "next":
        return year if now < middle - 1 else year + 1
    if pointer:
        return year
    if hit.tense == "past" and now < middle - 1:
        return year - 1
    if hit.tense == "future" and now > middle + _SEASON_PAST:
        return year + 1
    return year
