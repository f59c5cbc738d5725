"""When an act was: by the words of its clause, by other words of the article, or not told."""

from __future__ import annotations

import re
from datetime import date

from dateline.analysis.model import TimeExpression
from dateline.record.attachment import attached, is_since
from dateline.record.context import Context
from dateline.record.model import Granularity, Status, When
from dateline.record.told_elsewhere import told_elsewhere
from dateline.record.tree import Tree

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NO = frozenset({"no", "not", "n't", "n’t", "never", "nobody", "none"})
_TO_COME = frozenset({"planned", "proposed", "hypothetical"})


def when_of(context: Context, i: int, *, said: bool = False) -> When | None:
    """When the act or report at token ``i`` was.

    ``stated``: a time expression of its clause, or of one whose time it shares, says so. ``inferred``:
    the article dates it elsewhere (``note`` says how), or counts from a beginning that it dates ('in
    the war's first year'). Otherwise ``published``, the day of publication, or None when that is
    unknown. ``note`` is 'since' where the date is only the beginning. ``said``: the act is a report,
    whose time is never taken from inside what is reported nor from other sentences.
    """
    found = attached(context, i, said=said)
    if found is not None:
        return since_aware(context, found)
    begun = None if said else _since_clause(context, i)
    if begun is not None:
        return begun
    elsewhere = None if said else told_elsewhere(context, i)
    if elsewhere is not None:
        expression, note = elsewhere
        return stated(expression).model_copy(update={"basis": "inferred", "note": note})
    if context.published is None:
        return None
    day = context.published.isoformat()
    return When(start=day, end=day, granularity="day", basis="published")


def _since_clause(context: Context, i: int) -> When | None:
    """'Nobody has met them since the war began in 2022', 'held no talks after the invasion of 2022': the
    clause dates the beginning."""
    tree = context.tree
    for c in tree.dependents(i, "advcl"):
        mark = tree.case(c)
        if mark == "since" or (mark == "after" and _nothing(tree, i)):
            found = attached(context, c)
            if found is not None:
                return stated(found).model_copy(update={"note": "since"})
    return None


def _nothing(tree: Tree, i: int) -> bool:
    """The clause says that something was not: a negated verb, or no subject or object."""
    arguments = [i, *tree.dependents(i, "nsubj", "nsubj:pass", "obj")]
    return any(tree.tokens[c].lemma.lower() in _NO for a in arguments for c in tree.children[a])


def of_status(when: When | None, status: Status) -> When | None:
    """The time of an act of that status: what is only planned, proposed or supposed has none unless
    the words give it; the day of publication says nothing of it."""
    if when is not None and when.basis == "published" and status in _TO_COME:
        return None
    return when


def stated(expression: TimeExpression) -> When:
    """The When of a resolved expression (one with ``start`` and ``end``); an interval counted from a
    beginning told elsewhere ('2022-02/2023-02') is ``inferred``."""
    start, end, value = expression.start or "", expression.end or "", expression.value
    if "/" in value:
        start, _, end = value.partition("/")
        note = "counted from the beginning that the article dates"
        return When(
            start=start, end=end, granularity=_granularity(start), basis="inferred",
            span=expression.span, note=note,
        )  # fmt: skip
    if re.fullmatch(r"\d{4}|\d{4}-\d{2}", value):
        start = end = value
    elif re.match(r"\d{4}-\d{2}-\d{2}T\d{2}", value):
        start = end = value[:13]
    return When(
        start=start, end=end, granularity=_granularity(start), basis="stated", span=expression.span
    )


_GRANULARITIES: dict[int, Granularity] = {4: "year", 7: "month", 13: "hour"}


def _granularity(start: str) -> Granularity:
    return _GRANULARITIES.get(len(start), "day")


def since_aware(context: Context, expression: TimeExpression) -> When:
    """The When, its note 'since' when the time is a beginning."""
    when = stated(expression)
    return when.model_copy(update={"note": "since"}) if is_since(context, expression) else when


def days_before(when: When, published: date) -> int | None:
    """Days from the end of ``when`` to the day of publication; None when it is no calendar day."""
    text = when.end[:10]
    text += {4: "-12-31", 7: "-28"}.get(len(text), "")
    if not _DAY.fullmatch(text):
        return None
    return (published - date.fromisoformat(text)).days
