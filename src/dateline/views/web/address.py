"""Filters in the address of a page, so that a view can be shared, and back.

One condition is one name of the query string (``?actor=Hungary&type=CONSULT&type=AGREE``), the names
and the spelling of values are those of ``dateline query``. A name given twice takes either value; an
empty value is none, so that a form can be sent as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request

from dateline.store.filters import Filters, QueryError, make_filters

# In the order in which addresses and forms have them.
NAMES = tuple(field.name for field in fields(Filters))
# What takes one value; all others take any number.
_SINGLE = ("pair", "since", "until")
# Values of a name: more are a mistake, and make questions that no store answers in time.
MAX_VALUES = 20

LABELS: Mapping[str, str] = {
    "actor": "Actor",
    "pair": "Pair",
    "country": "Country",
    "type": "Type",
    "since": "From",
    "until": "Until",
    "place": "Place",
    "issue": "Issue",
    "status": "Status",
    "text": "Words",
}


def filters_of(request: Request) -> Filters:
    """The filters in a request's address. Raises QueryError, which is answered with status 400."""
    return parse(request.query_params.multi_items())


Asked = Annotated[Filters, Depends(filters_of)]


def parse(pairs: Iterable[tuple[str, str]]) -> Filters:
    """Filters from names and values; other names are left alone. Raises QueryError."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if name in NAMES and value.strip():
            values = found.setdefault(name, [])
            if value.strip() not in values:
                values.append(value.strip())
    for name, values in found.items():
        if len(values) > MAX_VALUES:
            raise QueryError(f"{name}: expected at most {MAX_VALUES} values, found {len(values)}")
    return make_filters(**_arguments(found))


def _arguments(found: Mapping[str, list[str]]) -> dict[str, Any]:
    """Arguments of ``make_filters``. Of a name that takes one value the last counts; two values of
    ``pair`` are its two sides, as a form with two fields sends them."""
    given: dict[str, Any] = {}
    for name, values in found.items():
        if name == "pair" and len(values) == 2 and not any("," in value for value in values):
            given[name] = values
        else:
            given[name] = values[-1] if name in _SINGLE else values
    return given


def pairs_of(filters: Filters) -> list[tuple[str, str]]:
    """Names and values of an address, in a fixed order: equal filters give equal addresses."""
    return [(name, value) for name in NAMES for value in values_of(filters, name)]


def values_of(filters: Filters, name: str) -> tuple[str, ...]:
    """The values of one condition as an address has them; () when it is not set."""
    value = getattr(filters, name)
    if not value:
        return ()
    if name == "pair":
        return (",".join(value),)
    return (value.isoformat(),) if isinstance(value, date) else tuple(value)


def link(path: str, filters: Filters | None = None, /, **changes: Any) -> str:
    """The address of ``path`` with ``filters``. ``changes`` named like a condition replace it (a
    value, a list of values, or None to take it away); others are added (None: left out)."""
    asked = filters or Filters()
    kept: list[tuple[str, str]] = []
    for name in NAMES:
        values = _listed(changes.pop(name)) if name in changes else values_of(asked, name)
        kept += [(name, value) for value in values]
    kept += [(name, value) for name, given in changes.items() for value in _listed(given)]
    address = quote(path, safe="/~-._")
    return f"{address}?{urlencode(kept, quote_via=quote, safe=',')}" if kept else address


def _listed(value: Any) -> list[str]:
    if value is None or value == "":
        return []
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


@dataclass(frozen=True, slots=True)
class Chip:
    """One value of a condition in force. ``without`` are the filters without it."""

    name: str
    value: str
    without: Filters

    @property
    def label(self) -> str:
        return LABELS[self.name]

    @property
    def words(self) -> str:
        """The value for people."""
        from dateline.views.web import words

        shown: dict[str, Callable[[str], str]] = {
            "type": words.act_words,
            "issue": words.issue_title,
            "country": words.country_name,
            "since": words.day_words,
            "until": words.day_words,
        }
        return (
            shown[self.name](self.value) if self.name in shown else self.value.replace(",", " and ")
        )


def chips(filters: Filters) -> Iterator[Chip]:
    """The conditions in force, one by one."""
    for name in NAMES:
        for value in values_of(filters, name):
            yield Chip(name, value, drop(filters, name, value))


def drop(filters: Filters, name: str, value: str) -> Filters:
    """``filters`` without one value of a condition."""
    kept = tuple(one for one in values_of(filters, name) if one != value)
    changed: dict[str, Any] = {name: None if name in _SINGLE else kept}
    return replace(filters, **changed)


def allowed(filters: Filters, names: Iterable[str]) -> Filters:
    """``filters`` with the conditions in ``names`` only, for a kind that does not have the others."""
    wanted = set(names)
    kept: dict[str, Any] = {name: getattr(filters, name) for name in NAMES if name in wanted}
    return Filters(**kept)
