"""What the form of conditions (templates/filters.html) offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, get_args

from dateline.record.model import EventType, Status
from dateline.views.web import words
from dateline.views.web.address import LABELS, NAMES, chips, link, values_of

Options = tuple[tuple[str, str], ...]
# Title of a group ('' for none) and its values with what they are called.
Groups = tuple[tuple[str, Options], ...]

STATUSES: tuple[str, ...] = get_args(Status)
# What a timeline shows unless it is asked for the background.
FOREGROUND = tuple(status for status in STATUSES if status != "background")

_HINTS = {
    "actor": "Name or office",
    "country": "Name or code",
    "place": "Town or country",
    "text": "As they stand",
}


@cache
def type_choices() -> Groups:
    """Event types by quad class: the codebook's order runs from cooperation to conflict."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in get_args(EventType):
        groups.setdefault(words.QUADS[_quads()[name]].capitalize(), []).append(
            (name, words.act_words(name))
        )
    return tuple((title, tuple(options)) for title, options in groups.items())


@cache
def _quads() -> dict[str, int]:
    from dateline.record.codebook import load_codebook

    book = load_codebook()
    return {name: book.quad(name) for name in get_args(EventType)}


@cache
def status_choices() -> Groups:
    """Statuses of an event."""
    return (("", tuple((status, status) for status in STATUSES)),)


@cache
def issue_choices() -> Groups:
    """Issues that dateline knows, by their titles."""
    from dateline.record.lexicon import issues

    titles = sorted((issue.title, name) for name, issue in issues().items())
    return (("", tuple((name, title) for title, name in titles)),)


@cache
def country_choices() -> Options:
    """Countries and bodies of countries, by name."""
    from dateline.store.countries import country_names

    return tuple(sorted(country_names().items(), key=lambda pair: pair[1]))


def titles_of(groups: Groups, values: Sequence[str]) -> list[str]:
    """What chosen values are called; a value that is not offered stands for itself."""
    named: dict[str, str] = {name: title for _, options in groups for name, title in options}
    return [named.get(value, value) for value in values]


GLOBALS: Mapping[str, Any] = {
    "link": link,
    "chips_of": chips,
    "values_of": values_of,
    "filter_names": NAMES,
    "filter_labels": LABELS,
    "filter_hints": _HINTS,
    "type_choices": type_choices,
    "status_choices": status_choices,
    "issue_choices": issue_choices,
    "country_choices": country_choices,
    "titles_of": titles_of,
}
