"""What the normalisers share: modifying words, pointing words, years as written."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.times.context import Hit
from dateline.analysis.times.numbers import spoken_year

SHADES = {
    "early": "START",
    "earlier": "START",
    "beginning": "START",
    "start": "START",
    "outset": "START",
    "turn": "START",
    "late": "END",
    "later": "END",
    "end": "END",
    "close": "END",
    "mid": "MID",
    "middle": "MID",
}
"""Modifying words and TIMEX3 ``mod``."""


def shade_of(hit: Hit) -> str | None:
    """``mod`` from an edge ('the end of') or a shade ('late'), None without either."""
    for name in ("shade", "shade2", "edge"):
        for word in hit.word(name).split():
            if word in SHADES:
                return SHADES[word]
    return None


def capital_inside(hit: Hit, at: int) -> bool:
    """True for a capitalised word that does not open a sentence: part of a title or name."""
    lexed = hit.story.lexed
    return lexed.text[lexed.starts[at]].isupper() and hit.near(at - 1) not in (
        "DOT",
        "BREAK",
        "MARK",
        "DASH",
        "",
    )


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def year_in(hit: Hit, name: str = "year") -> int | None:
    """The year that a group names, in digits ('1998', "'98") or words; None when absent."""
    if not hit.has(name):
        return None
    if hit.classes(*hit.span(name))[-1] == "NUMBER":
        return spoken_year(hit.story.lexed, *hit.span(name))
    text = re.sub(r"\D", "", hit.value(name))
    if len(text) == 4:
        return int(text)
    if len(text) == 2:
        return two_digit_year(int(text), hit.story.reference)
    return None


_PIVOT = 2030
"""Year that stands in for an unknown reference when a year has two digits."""


def two_digit_year(short: int, reference: date | None) -> int:
    """A two-digit year in the century that puts it at most ten years after the reference."""
    pivot = reference.year if reference else _PIVOT
    year = pivot - pivot % 100 + short
    return year - 100 if year > pivot + 10 else year


def pointer_year(hit: Hit, reference: date) -> int | None:
    """The year meant by 'this', 'last', 'next' or 'that' year."""
    pointer = hit.word("pointer")
    if not pointer:
        return None
    if pointer.endswith("that"):
        return hit.story.anchored("Y", reference).year
    return reference.year + direction(pointer)


def direction(pointer: str) -> int:
    """-1, 0 or 1 for the pointing word ('last', 'this', 'next')."""
    word = pointer.split()[-1] if pointer else ""
    if word in ("last", "past", "previous", "preceding", "prior"):
        return -1
    return 1 if word in ("next", "coming", "upcoming", "following") else 0
