"""Which time expression tells when something was, and what follows when none does."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.model import TimeExpression
from dateline.record.context import Context
from dateline.record.model import Granularity, When
from dateline.record.tree import base

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# Relations that lead out of a clause: a time beyond them belongs to another act.
_BARRIERS = frozenset({"ccomp", "advcl", "acl", "conj", "parataxis", "csubj"})


def when_of(context: Context, i: int, *, said: bool = False) -> When | None:
    """When the act or report at token ``i`` was.

    A time expression of the same clause (or of the clause that governs it, when ``i`` is its noun or
    infinitive) is ``stated``; of several the nearest. Otherwise the day of publication, marked
    ``published``, or None when that is unknown. ``said``: the time of a report is never taken from
    inside what is reported.
    """
    found = _attached(context, i, said)
    if found is not None:
        return stated(found)
    if context.published is None:
        return None
    day = context.published.isoformat()
    return When(start=day, end=day, granularity="day", basis="published")


def stated(expression: TimeExpression) -> When:
    """The When of a resolved expression (one with ``start`` and ``end``)."""
    start, end = expression.start or "", expression.end or ""
    granularity: Granularity = "day"
    value = expression.value
    if re.fullmatch(r"\d{4}", value):
        start, end, granularity = value, value, "year"
    elif re.fullmatch(r"\d{4}-\d{2}", value):
        start, end, granularity = value, value, "month"
    elif re.match(r"\d{4}-\d{2}-\d{2}T\d{2}", value):
        start, end, granularity = value[:13], value[:13], "hour"
    return When(start=start, end=end, granularity=granularity, basis="stated", span=expression.span)


def days_before(when: When, published: date) -> int | None:
    """Days from the end of ``when`` to the day of publication; None when it is no calendar day."""
    text = when.end[:10]
    text += {4: "-12-31", 7: "-28"}.get(len(text), "")
    if not _DAY.fullmatch(text):
        return None
    return (published - date.fromisoformat(text)).days


def _attached(context: Context, i: int, said: bool) -> TimeExpression | None:
    tree = context.tree
    number = tree.sentence_of[i]
    best: tuple[int, int, TimeExpression] | None = None
    for expression in context.analysis.times:
        if expression.start is None or expression.type not in {"DATE", "TIME"}:
            continue
        head = tree.head_in(expression.span)
        if head is None or tree.sentence_of[head] != number:
            continue
        if said and _inside_report(context, i, expression):
            continue
        steps = _steps_between(context, head, i)
        if steps is None:
            continue
        rank = (steps, abs(head - i), expression)
        if best is None or rank[:2] < best[:2]:
            best = rank
    return best[2] if best else None


def _steps_between(context: Context, time: int, act: int) -> int | None:
    """How far a time stands from an act in the tree; None when another clause lies between."""
    above_time = _climb(context, time)
    above_act = _climb(context, act)
    for up, node in enumerate(above_time):
        if node in above_act:
            return up + above_act.index(node)
    return None


def _climb(context: Context, i: int) -> list[int]:
    """The token and what governs it, up to the head of its clause; an infinitive or a verb's noun
    reaches the clause above it."""
    tokens, path = context.tree.tokens, [i]
    while tokens[i].head != i and len(path) < 30:
        if base(tokens[i].dep) in _BARRIERS and not _open_clause(context, i):
            break
        i = tokens[i].head
        path.append(i)
    return path


def _open_clause(context: Context, i: int) -> bool:
    """A participle that modifies a noun shares that noun's time only if it has none of its own; a
    relative clause never does. Coordinated verbs share a time that stands with the first."""
    token = context.tree.tokens[i]
    return base(token.dep) == "conj" and not token.tag.startswith("V")


def _inside_report(context: Context, i: int, expression: TimeExpression) -> bool:
    start = expression.span[0]
    return any(
        a.content
        and any(low <= start < high for low, high in a.content)
        and any(low <= context.tree.tokens[i].start < high for low, high in a.cue)
        for a in context.analysis.attributions
    )
