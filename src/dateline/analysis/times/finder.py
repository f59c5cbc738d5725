"""Finding time expressions: one scan of a text with the grammar, resolved in text order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache

from dateline.analysis.model import TimeExpression
from dateline.analysis.times.context import Hit, Reading, Story, Tense
from dateline.analysis.times.grammar import Rule, rules, stretches
from dateline.analysis.times.lexer import Lexed, class_codes, lex
from dateline.analysis.times.normalise import NORMALISERS
from dateline.analysis.times.periods import bounds
from dateline.analysis.times.tense import lexical_tense
from dateline.analysis.times.words import words

_MONTH = re.compile(r"\d{4}-\d\d")
_QUARTER = re.compile(r"\d{4}-Q[1-4]")
_Found = tuple[int, int, int, Rule, "re.Match[str]", int]


def find_times(text: str, *, reference: date | datetime | str | None) -> list[TimeExpression]:
    """Time expressions of ``text`` in text order, never overlapping, in TIMEX3 terms as TimeBank
    and TempEval-3 annotate them.

    ``reference`` is when the text was written: a date, a datetime or an ISO string. Without a
    usable one (None, or a string that is no ISO date) expressions that depend on it get a value
    with X for what is unknown ('XXXX-02-12'), or ''. The tense that tells whether a bare weekday or
    month lies ahead is guessed from the words around it: read off the syntax instead, it changed one
    value in 354 on the development articles. Never raises on any text; time is linear in its length.
    """
    lexed = lex(text, class_codes())
    vocabulary = words()

    def tense_at(index: int) -> Tense | None:
        return lexical_tense(lexed, vocabulary, index)

    story = Story(lexed, vocabulary, _names(), _as_date(reference), tense_at)
    expressions: list[TimeExpression] = []
    for reading, first, last in _readings(story):
        expressions.append(_expression(lexed, reading, first, last))
    return expressions


@cache
def _names() -> dict[str, str]:
    return {code: name for name, code in class_codes().items()}


def _as_date(reference: date | datetime | str | None) -> date | None:
    if isinstance(reference, datetime):
        return reference.date()
    if isinstance(reference, str):
        try:
            return date.fromisoformat(reference.strip()[:10])
        except ValueError:
            return None
    return reference


def _readings(story: Story) -> Iterator[tuple[Reading, int, int]]:
    """Accepted readings with their token ranges, left to right."""
    cursor = 0
    for start, _, _, rule, match, shift in _candidates(story.lexed):
        if start < cursor:
            continue
        hit = Hit(story, match, match.groupdict(), shift)
        result = NORMALISERS[rule.normaliser](hit)
        if result is None:
            continue
        for reading in result if isinstance(result, list) else [result]:
            first = hit.first if reading.first is None else reading.first
            last = hit.last if reading.last is None else reading.last
            _remember(story, rule, reading, first)
            yield reading, first, last
            cursor = last


def _candidates(lexed: Lexed) -> list[_Found]:
    """All rule matches: by start, then the longest, then the order of the rules."""
    codes, places, shifts = _condensed(lexed.codes)
    found: list[_Found] = []
    for priority, rule in enumerate(rules()):
        for match in rule.pattern.finditer(codes):
            shift = shifts[bisect_right(places, match.start()) - 1]
            found.append((match.start() + shift, -match.end(), priority, rule, match, shift))
    found.sort(key=lambda row: row[:3])
    return found


def _condensed(codes: str) -> tuple[str, list[int], list[int]]:
    """The stretches of ``codes`` in which a rule can match, parted by blanks, with the place of
    each stretch in the result and what to add there to get token indices. Most of a text is words
    that no rule mentions, so the rules have a sixth of it to scan."""
    live, head = stretches()
    kept: list[str] = []
    places: list[int] = []
    shifts: list[int] = []
    at = 0
    for match in live.finditer(codes):
        if head.search(match.group()) is None:
            continue
        kept.append(match.group())
        places.append(at)
        shifts.append(match.start() - at)
        at += len(match.group()) + 1
    return " ".join(kept), places, shifts


_ANCHORS = (
    (re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?"), ("D", "W", "M", "Y")),
    (re.compile(r"\d{4}-W\d\d(?:-WE)?"), ("W", "M", "Y")),
    (re.compile(r"\d{4}-(?:\d\d|Q\d|SP|SU|FA|WI)"), ("M", "Y")),
    (re.compile(r"\d{4}"), ("Y",)),
)
"""Which units a value can anchor: a month anchors 'the following month', not 'the next day'."""


def _remember(story: Story, rule: Rule, reading: Reading, at: int) -> None:
    """Let later expressions ('the following day', 'a year ago') refer back to this one."""
    if reading.type not in ("DATE", "TIME"):
        return
    if rule.normaliser == "quarter" and _QUARTER.fullmatch(reading.value):
        story.quarter, story.quarter_at = reading.value, at
    if not reading.anchored and _MONTH.match(reading.value) and (days := bounds(reading.value)):
        story.dated = days[0], at
    for form, units in _ANCHORS:
        covered = bounds(reading.value) if form.fullmatch(reading.value) else None
        if covered is not None:
            story.anchors.update(dict.fromkeys(units, covered[0]))


def _expression(lexed: Lexed, reading: Reading, first: int, last: int) -> TimeExpression:
    start, end = lexed.starts[first], lexed.ends[last - 1]
    covered = bounds(reading.value) if reading.type in ("DATE", "TIME") else None
    return TimeExpression(
        span=(start, end),
        type=reading.type,
        value=reading.value,
        text=lexed.text[start:end],
        mod=reading.mod,
        start=covered[0].isoformat() if covered else None,
        end=covered[1].isoformat() if covered else None,
        anchored=reading.anchored,
    )
