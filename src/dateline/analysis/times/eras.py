"""Times counted from a beginning that the text dates: 'the war's first year' in an article that says
when the war began.

TIMEX3 has no value for these (its annotators mark at most the length), so that ``find_times`` leaves
them out and the record adds them. Values are ISO 8601 intervals of months ('2022-02/2023-02').
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from dateline.analysis.model import TimeExpression
from dateline.analysis.times.periods import add_days, add_months
from dateline.analysis.times.words import words
from dateline.spans import Span, overlaps

_NEAR = 90
"""Characters between a beginning's words and its date; in our samples and the development articles
none stands further apart."""
_UNITS = {"year": 12, "month": 1, "week": 0, "day": 0}
_DAYS = {"week": 7, "day": 1}
_NUMBERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
            "eighth": 8, "ninth": 9, "tenth": 10, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4,
            "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}  # fmt: skip
_STOP = re.compile(r"[.!?]\s|\n")


def with_eras(
    text: str, times: Sequence[TimeExpression], reference: date | None
) -> list[TimeExpression]:
    """``times`` and the times counted from beginnings that they date, in text order. A beginning that
    lies after ``reference`` is none."""
    matches = [m for m in _matches(text) if not _dated_at_once(m, times)]
    if not matches:
        return list(times)
    begun = _beginnings(text, times, reference)
    found = [e for m in matches if (e := _era(m, begun)) is not None]
    kept = [t for t in times if not any(overlaps(t.span, e.span) for e in found)]
    return sorted([*kept, *found], key=lambda e: e.span)


_BEFORE, _BEHIND = 70, 20
"""Characters around a noun in which the words that count from it stand."""


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Matches around the nouns of what lasts, which few texts have: a scan of the whole text with the
    full pattern takes as long as all other times together."""
    done = 0
    for noun in _nouns().finditer(text):
        low, high = max(done, noun.start() - _BEFORE), noun.end() + _BEHIND
        match = _eras().search(text, low, high)
        if match is not None:
            done = match.end()
            yield match


@cache
def _nouns() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_lasting()})\b")


def _dated_at_once(match: re.Match[str], times: Sequence[TimeExpression]) -> bool:
    """'since the strike began last month': the date that follows says it all."""
    at = match.end()
    return bool(match["start"]) and any(at < t.span[0] <= at + len(" in ") for t in times)


@cache
def _lasting() -> str:
    """What lasts, as an alternation; the longest first."""
    return "|".join(sorted(map(re.escape, words().lasting), key=len, reverse=True))


@cache
def _eras() -> re.Pattern[str]:
    noun = r"(?:the|its|their|this|[A-Z]\w+['’]s)\s(?:[\w-]+\s){0,2}?"
    ordinal = "|".join(n for n in _NUMBERS if n[-2:] in {"st", "nd", "rd", "th"})
    cardinal = r"\d{1,2}|a|" + "|".join(n for n in _NUMBERS if n not in ordinal.split("|"))
    units = "years?|months?|weeks?|days?"
    return re.compile(
        rf"(?P<whose>{noun}(?P<n1>{_lasting()})['’]s\s(?P<o1>{ordinal}|early|opening)\s(?P<u1>{units}))\b"
        rf"|(?P<of>the\s(?P<o2>{ordinal}|early|opening)\s(?P<u2>{units})\s(?:of|in)\s{noun}(?P<n2>{_lasting()}))\b"
        rf"|(?P<into>(?P<c3>{cardinal})\s(?P<u3>{units})\s(?:into|after\sthe\s(?:start|beginning|outbreak)\sof)"
        rf"\s{noun}(?P<n3>{_lasting()}))\b"
        rf"|(?<=since\s)(?P<start>(?:{noun}(?P<n4>{_lasting()})\s(?:began|started|broke\sout)"
        rf"|the\s(?:start|beginning|outbreak)\sof\s{noun}(?P<n5>{_lasting()})))\b",
        re.IGNORECASE,
    )


def _beginnings(
    text: str, times: Sequence[TimeExpression], reference: date | None
) -> dict[str, date]:
    """First days of what lasts, by its noun: a word of beginning, the noun and a date close together
    in one sentence, the date after or before them."""
    found: dict[str, date] = {}
    for match in _begun().finditer(text):
        noun = (match["after"] or match["before"]).lower()
        expression = _nearest(text, match.span(), times)
        if expression is None or expression.start is None:
            continue
        day = date.fromisoformat(expression.start)
        if reference is None or day <= reference:
            found.setdefault(noun, day)
    return found


@cache
def _begun() -> re.Pattern[str]:
    begins = "|".join(map(re.escape, words().begins))
    return re.compile(
        rf"\b(?:{begins})\b[^.;\n]{{0,40}}?\b(?P<after>{_lasting()})\b"
        rf"|\b(?P<before>{_lasting()})\b[^.;,\n]{{0,30}}?\b(?:{begins})\b",
        re.IGNORECASE,
    )


def _nearest(text: str, span: Span, times: Sequence[TimeExpression]) -> TimeExpression | None:
    """The calendar date that stands nearest to a span in its sentence."""
    near: list[tuple[int, TimeExpression]] = []
    for expression in times:
        if expression.start is None or expression.type != "DATE" or len(expression.value) < 4:
            continue
        gap = max(expression.span[0] - span[1], span[0] - expression.span[1], 0)
        low, high = min(expression.span[0], span[0]), max(expression.span[1], span[1])
        if gap <= _NEAR and _STOP.search(text, low, high) is None:
            near.append((gap, expression))
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _era(match: re.Match[str], begun: dict[str, date]) -> TimeExpression | None:
    """The expression of a match; None when the text does not date the beginning."""
    noun = next(match[n] for n in ("n1", "n2", "n3", "n4", "n5") if match[n]).lower()
    start = begun.get(noun)
    if start is None and len(set(begun.values())) == 1:
        start = next(iter(begun.values()))  # 'the war' after 'the invasion'
    if start is None:
        return None
    first, last = _covered(match, start)
    kind = next(k for k in ("whose", "of", "into", "start") if match[k])
    return TimeExpression(
        span=match.span(kind),
        type="DATE",
        value=f"{first.isoformat()[:7]}/{last.isoformat()[:7]}",
        text=match[kind],
        start=first.isoformat(),
        end=last.isoformat(),
        anchored=True,
    )


def _covered(match: re.Match[str], start: date) -> tuple[date, date]:
    """First and last day that the words cover."""
    if match["start"]:
        return start, start
    order = (match["o1"] or match["o2"] or match["c3"]).lower()
    unit = (match["u1"] or match["u2"] or match["u3"]).lower().rstrip("s")
    if order in {"early", "opening"}:
        return start, _moved(start, unit, 3)
    count = _NUMBERS.get(order) or int(order)
    if match["c3"]:
        day = _moved(start, unit, count)
        return day, day
    return _moved(start, unit, count - 1), _moved(start, unit, count)


def _moved(day: date, unit: str, count: int) -> date:
    if unit in _DAYS:
        return add_days(day, _DAYS[unit] * count)
    return add_months(day, _UNITS[unit] * count)
