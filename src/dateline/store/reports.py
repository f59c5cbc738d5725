"""Reports (events with what merging needs) as rows of the store, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from dateline.store.copies import Printing
from dateline.store.ids import hash_of
from dateline.store.merge import Number, Report, Spot, Who
from dateline.store.model import Row

_NOT_KEPT = ("event", "printing")


def report_row(report: Report, *, keep_text: bool) -> Row:
    """The row of a report. Without text, words of the article are replaced by their hashes, which is
    enough to tell whether two are the same."""
    if not keep_text:
        report = _without_words(report)
    fields = asdict(report)
    kept = {
        name: _plain(value) for name, value in fields.items() if name not in _NOT_KEPT and value
    }
    return {
        "event": report.event,
        "article": report.printing.article,
        "day": report.first,
        "report": json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
    }


def report_of(event: str, stored: str, printing: Printing) -> Report:
    """The report that a row holds; ``printing`` is its article's."""
    fields: dict[str, Any] = json.loads(stored)
    for name in ("actors", "recipients"):
        fields[name] = tuple(Who(**who) for who in fields.get(name, ()))
    fields["numbers"] = tuple(Number(**number) for number in fields.get("numbers", ()))
    fields["words"] = frozenset(fields.get("words", ()))
    for name in ("first", "last"):
        if name in fields:
            fields[name] = date.fromisoformat(fields[name])
    if "place" in fields:
        fields["place"] = Spot(**fields["place"])
    return Report(event=event, printing=printing, **fields)


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return sorted(value) if isinstance(value, frozenset) else value


def _without_words(report: Report) -> Report:
    return replace(
        report,
        actors=tuple(map(_hashed, report.actors)),
        recipients=tuple(map(_hashed, report.recipients)),
        numbers=tuple(replace(n, text=hash_of(n.text)) for n in report.numbers),
    )


def _hashed(who: Who) -> Who:
    """The party with the hash of its words for a name, when it is tied to no actor."""
    return who if who.id is not None else replace(who, name=hash_of(who.name.casefold()))
