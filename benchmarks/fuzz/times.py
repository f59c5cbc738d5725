"""Fuzz target: the time grammar. See README.md."""

from __future__ import annotations

import re
import sys
from datetime import date

import atheris

with atheris.instrument_imports(include=["dateline"]):
    from dateline.analysis.times import find_times
    from dateline.analysis.times.eras import with_eras

_TYPES = {"DATE", "TIME", "DURATION", "SET"}
_VALUE = re.compile(r"[-+0-9A-Z_:.]*(?:PAST|PRESENT|FUTURE)?[-+0-9A-Z_:.]*")
_DAYS = [None, date(2025, 2, 12), date(2024, 2, 29), date.min, date.max, date(1900, 1, 1)]


def one(data: bytes) -> None:
    """A text read on one of a few days, or on none."""
    day = _DAYS[data[0] % len(_DAYS)] if data else None
    text = data[1:].decode("utf-8", "replace")
    end = -1
    for found in find_times(text, reference=day):
        start, stop = found.span
        assert 0 <= start < stop <= len(text), (found, "outside the text")
        assert start >= end, (found, "overlaps the one before")
        assert text[start:stop].strip(), (found, "is blank")
        assert found.type in _TYPES, found
        assert _VALUE.fullmatch(found.value), (found, "no TIMEX3 value")
        end = stop
    with_eras(text, find_times(text, reference=day), day)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
