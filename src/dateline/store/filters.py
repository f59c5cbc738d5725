"""What a query asks for, checked before it goes to the store."""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import get_args

from dateline.record.model import EventType, Status
from dateline.store.countries import country_code

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class QueryError(ValueError):
    """A query that cannot be asked; the message says what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that all have to hold; of several values in one, any.

    ``actor``: names, words of a mention, or ids of actors, in any role. ``pair``: two of these, or
    of countries, both among the parties. ``country``: codes of a party's country. ``since`` and
    ``until``: the first and the last day, inclusive; a row of unsure date passes when it may lie
    between. ``place``: names of places or countries, or country codes. ``text``: words as they
    stand, in upper or lower case.
    """

    actor: tuple[str, ...] = ()
    pair: tuple[str, str] | None = None
    country: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    place: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    def used(self) -> list[str]:
        """Names of the conditions that are set."""
        return [field.name for field in fields(self) if getattr(self, field.name)]


def make_filters(
    *,
    actor: Sequence[str] = (),
    pair: str | Sequence[str] | None = None,
    country: Sequence[str] = (),
    type: Sequence[str] = (),
    since: str | date | None = None,
    until: str | date | None = None,
    place: Sequence[str] = (),
    issue: Sequence[str] = (),
    status: Sequence[str] = (),
    text: Sequence[str] = (),
) -> Filters:
    """Filters from what a person writes: one value or several, countries by code or name, days as
    2025, 2025-02 or 2025-02-12, a pair as 'A,B'. Raises QueryError."""
    checked = Filters(
        actor=_many("actor", actor),
        pair=None if pair is None else _pair(pair),
        country=tuple(_country(c) for c in _many("country", country)),
        type=tuple(_one_of("type", t.upper(), get_args(EventType)) for t in _many("type", type)),
        since=None if since is None else _day("since", since, last=False),
        until=None if until is None else _day("until", until, last=True),
        place=_many("place", place),
        issue=tuple(_one_of("issue", i.lower(), _issues()) for i in _many("issue", issue)),
        status=tuple(
            _one_of("status", s.lower(), get_args(Status)) for s in _many("status", status)
        ),
        text=_many("text", text),
    )
    if checked.since and checked.until and checked.since > checked.until:
        raise QueryError(f"since {checked.since} is after until {checked.until}")
    return checked


def _many(name: str, values: Sequence[str]) -> tuple[str, ...]:
    found = (values,) if isinstance(values, str) else tuple(values)
    if any(not isinstance(value, str) or not value.strip() for value in found):
        raise QueryError(f"{name}: expected some text, found an empty value")
    return tuple(value.strip() for value in found)


def _pair(value: str | Sequence[str]) -> tuple[str, str]:
    parts = value.split(",") if isinstance(value, str) else list(value)
    names = [part.strip() for part in parts]
    if len(names) != 2 or not all(names):
        raise QueryError(f"pair: expected two parties such as RUS,UKR, found {value!r}")
    return names[0], names[1]


def _country(text: str) -> str:
    code = country_code(text)
    if code is None:
        raise QueryError(f"country: expected an ISO 3166-1 alpha-3 code or a name, found {text!r}")
    return code


def _one_of(name: str, value: str, allowed: Iterable[str]) -> str:
    choices = list(allowed)
    if value in choices:
        return value
    near = difflib.get_close_matches(value, choices, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise QueryError(f"{name}: expected one of {', '.join(choices)}; found {value!r}{hint}")


def _issues() -> list[str]:
    from dateline.record.lexicon import issues

    return list(issues())


def _day(name: str, value: str | date, *, last: bool) -> date:
    """The first or last day of a year, month or day."""
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    match = _DATE.fullmatch(value.strip())
    try:
        if match is None:
            raise ValueError
        year, month = int(match[1]), int(match[2] or (12 if last else 1))
        day = int(match[3] or (calendar.monthrange(year, month)[1] if last else 1))
        return date(year, month, day)
    except ValueError:
        raise QueryError(
            f"{name}: expected a day such as 2025-02-12, 2025-02 or 2025, found {value!r}"
        ) from None
