"""How many articles, outlets and independent sources tell something.

Articles are of one origin, and count once, when they print one text (a story), when they come from
one agency, or when one outlet wrote them itself. What an article quotes from an agency ('told
Reuters') is noted and does not make the agency its origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dateline.article.metadata import agency_of_name, signoff_agency
from dateline.article.model import Article
from dateline.knowledge.tables import read_csv

_LAST_LINES = 3  # of a text that came without a page, where an agency signs
_LONGEST_SIGNATURE = 200


@dataclass(frozen=True, slots=True)
class Printing:
    """An article as a source. ``story`` is '' when it has no story of its own to share (text too
    short), ``outlet`` and ``agency`` None when unknown; ``quotes`` the agencies it cites."""

    article: str
    story: str
    outlet: str | None = None
    agency: str | None = None
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Articles of one origin: ids in order, and what they have in common ('alone' for one)."""

    articles: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class SourceCount:
    """``n_outlets`` counts known outlets only; ``n_unknown`` articles whose outlet is unknown.
    ``n_independent`` is the number of ``origins``."""

    n_articles: int
    n_outlets: int
    n_unknown: int
    origins: tuple[Origin, ...]

    @property
    def n_independent(self) -> int:
        return len(self.origins)


def printing(article: Article, *, id: str, story: str, outlet: str | None = None) -> Printing:
    """``article`` as a source. ``id`` and ``outlet`` are the store's; ``outlet`` None falls back on
    the name the page prints. An agency's own site counts as the agency."""
    name = outlet or article.outlet
    agency = article.agency or agency_of_name(article.outlet or "") or signed_agency(article.text)
    quotes = tuple(sorted(quoted_agencies(article.text) - {agency}))
    return Printing(id, story, name, agency, quotes)


def signed_agency(text: str) -> str | None:
    """The agency that a text signs itself with in its last lines, or None."""
    lines = [line.strip() for line in text[-1000:].splitlines() if line.strip()]
    for line in reversed(lines[-_LAST_LINES:]):
        agency = signoff_agency(line) if len(line) <= _LONGEST_SIGNATURE else None
        if agency:
            return agency
    return None


def quoted_agencies(text: str) -> set[str]:
    """Agencies that a text cites for something in it: 'told Reuters', 'the AP reported'."""
    aliases, pattern = _citations()
    return {aliases[match["after"] or match["before"]] for match in pattern.finditer(text)}


def count_sources(printings: Iterable[Printing]) -> SourceCount:
    """Count articles, outlets and origins; the same article given twice counts once."""
    listed = sorted({p.article: p for p in printings}.values(), key=lambda p: p.article)
    outlets = {p.outlet for p in listed if p.outlet}
    unknown = sum(p.outlet is None for p in listed)
    return SourceCount(len(listed), len(outlets), unknown, tuple(_origins(listed)))


def _origins(listed: Sequence[Printing]) -> list[Origin]:
    parents = list(range(len(listed)))

    def root(i: int) -> int:
        while parents[i] != i:
            parents[i] = parents[parents[i]]
            i = parents[i]
        return i

    first: dict[tuple[str, str], int] = {}
    for i, one in enumerate(listed):
        for key in _keys(one):
            parents[root(i)] = root(first.setdefault(key, i))
    groups: dict[int, list[int]] = {}
    for i in range(len(listed)):
        groups.setdefault(root(i), []).append(i)
    return [
        Origin(tuple(listed[i].article for i in group), _common([listed[i] for i in group]))
        for group in groups.values()
    ]


def _keys(one: Printing) -> list[tuple[str, str]]:
    """What makes an article one with others. An outlet does so only for what it wrote itself: two
    agencies' reports in one paper are two sources."""
    keys = [("text", one.story)] if one.story else []
    if one.agency:
        return [*keys, ("agency", one.agency)]
    return [*keys, ("outlet", one.outlet)] if one.outlet else keys


def _common(group: Sequence[Printing]) -> str:
    if len(group) == 1:
        return "alone"
    shared = [
        ("one text", len({p.story for p in group}) < len(group)),
        ("one agency", any(p.agency for p in group)),
        ("one outlet", len({p.outlet for p in group if not p.agency}) == 1),
    ]
    return ", ".join(name for name, holds in shared if holds)


@cache
def _citations() -> tuple[dict[str, str], re.Pattern[str]]:
    aliases = {
        alias: row["name"]
        for row in read_csv("agencies.csv", ["name", "aliases", "country", "signoff"])
        for alias in row["aliases"].split("|")
    }
    names = "|".join(re.escape(a) for a in sorted(aliases, key=len, reverse=True))
    return aliases, re.compile(
        rf"\b(?:told|tells|according to|reported by|quoted by|cited by|interview with|statement to)"
        rf" (?:the )?(?P<after>{names})\b"
        rf"|\b(?P<before>{names})(?: news agency)? (?:reported|reports|said|quoted|cited)\b"
    )
