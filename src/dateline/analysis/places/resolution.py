"""Which of the places of one name a text means."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dateline.analysis.places import gazetteer
from dateline.analysis.places.containment import Container, contain, distance_km, within
from dateline.analysis.places.folding import fold
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.matching import Mention

# How known a place of each kind is, on the scale of log10(population) that cities use.
_PRIOR = {
    "continent": 8.5, "country": 8.0, "disputed": 7.2, "historic": 7.2, "region": 6.6, "sea": 6.6,
    "state": 6.4, "island": 6.2, "river": 6.0, "strait": 6.5, "range": 6.0, "lake": 6.0,
    "desert": 6.0, "front": 6.0, "facility": 6.4, "mountain": 5.8, "peninsula": 6.2,
    "district": 5.6, "county": 5.4, "city": 5.0,
}  # fmt: skip
# Set by hand, then varied one at a time on GeoVirus, GeoWebNews and every other document of LGL:
# no variation tried moved the share within 161 km by more than a point.
_INSIDE, _OUTSIDE = 5.0, -2.0
_COUNTRY_VOTE, _STATE_VOTE = 2.0, 1.6
_NEAR_CAP, _NEAR_KM, _SAME_STATE, _SAME_COUNTRY = 2.5, 120.0, 0.3, 0.1
_FAME = 0.7
_ROUNDS = 3
_LEAST_WEIGHT = 0.2
_CELL = 4.0  # degrees; places further than a cell apart give no support for being near
_HINT = 0.7
_TOSS_UP = 0.05
_FAR_KM = 161.0


_Cell = tuple[int, int]


@dataclass(slots=True)
class Anchors:
    """The readings of the last round, each with its weight: places on a grid, and sums by country
    and by US state. ``own`` keeps each name's share, so that no name supports itself."""

    cells: dict[_Cell, list[tuple[str, Entry, float]]] = field(default_factory=dict)
    areas: dict[tuple[str, str], float] = field(default_factory=dict)
    votes: dict[tuple[str, str], float] = field(default_factory=dict)
    total: float = 0.0
    own: dict[tuple[str, str, str], float] = field(default_factory=dict)
    own_votes: dict[tuple[str, str, str], float] = field(default_factory=dict)
    own_total: dict[str, float] = field(default_factory=dict)

    def add_place(self, name: str, entry: Entry, weight: float) -> None:
        """A place small enough to be near to others."""
        cell = (int(entry.lat // _CELL), int(entry.lon // _CELL))
        self.cells.setdefault(cell, []).append((name, entry, weight))
        for area in _areas(entry):
            self.areas[area] = self.areas.get(area, 0.0) + weight
            key = (name, *area)
            self.own[key] = self.own.get(key, 0.0) + weight

    def add_vote(self, name: str, entry: Entry, weight: float) -> None:
        """``weight`` mentions of a country, of its people, or of a state."""
        self.total += weight
        self.own_total[name] = self.own_total.get(name, 0.0) + weight
        for area in _areas(entry):
            self.votes[area] = self.votes.get(area, 0.0) + weight
            key = (name, *area)
            self.own_votes[key] = self.own_votes.get(key, 0.0) + weight

    def share(self, name: str, area: tuple[str, str]) -> float:
        """Share (0..1) of the votes of other names that go to ``area``."""
        total = self.total - self.own_total.get(name, 0.0)
        votes = self.votes.get(area, 0.0) - self.own_votes.get((name, *area), 0.0)
        return max(0.0, votes / total) if total > 1e-9 else 0.0

    def area_weight(self, name: str, area: tuple[str, str]) -> float:
        """Weight of the other names read as places in ``area``."""
        return self.areas.get(area, 0.0) - self.own.get((name, *area), 0.0)

    def nearby(self, name: str, entry: Entry) -> float:
        """Weight of the other names read as places close to ``entry``."""
        row, column = int(entry.lat // _CELL), int(entry.lon // _CELL)
        total = 0.0
        near = ((row + r, column + c) for r in (-1, 0, 1) for c in (-1, 0, 1))
        for cell in near:
            for other, anchor, weight in self.cells.get(cell, ()):
                if other != name:
                    total += weight / (1.0 + (distance_km(entry, anchor) / _NEAR_KM) ** 2)
        return total


def _areas(entry: Entry) -> list[tuple[str, str]]:
    areas = [(entry.country, "")] if entry.country else []
    return [*areas, (entry.country, entry.admin)] if entry.admin else areas


@dataclass(slots=True)
class Context:
    """What the whole text says about where it plays, and what the caller knows of the source.
    ``stated``: entries that the text names as the container of another ('Atlanta, Georgia')."""

    anchors: Anchors = field(default_factory=Anchors)
    hints: dict[str, float] = field(default_factory=dict)
    stated: dict[str, set[Entry]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of one mention, best first, with probabilities; none when nothing is known."""

    mention: Mention
    ranked: tuple[tuple[Entry, float], ...]

    @property
    def best(self) -> Entry | None:
        return self.ranked[0][0] if self.ranked else None

    @property
    def toss_up(self) -> bool:
        """True when two far-apart readings are about equally likely."""
        if len(self.ranked) < 2:
            return False
        (first, p), (second, q) = self.ranked[:2]
        return p - q < _TOSS_UP and distance_km(first, second) > _FAR_KM


def resolve(
    text: str, mentions: Sequence[Mention], *, dateline: str | None, outlet_country: str | None
) -> list[Reading]:
    """A reading for each mention. Mentions of one name share a reading unless the text places one
    of them elsewhere ('Paris, Texas')."""
    mentions, containers = contain(text, mentions)
    groups = _groups(mentions, containers)
    context = Context(hints=_hints(dateline, outlet_country), stated=_stated(mentions, containers))
    ranked: dict[tuple[str, str], tuple[tuple[Entry, float], ...]] = {}
    for _ in range(_ROUNDS):
        for key, members in groups.items():
            ranked[key] = _rank(key, members, mentions, containers, context)
        context.anchors = _anchors(ranked, groups)
    order = {i: key for key, members in groups.items() for i in members}
    return [Reading(m, ranked[order[i]]) for i, m in enumerate(mentions)]


def _anchors(
    ranked: dict[tuple[str, str], tuple[tuple[Entry, float], ...]],
    groups: dict[tuple[str, str], list[int]],
) -> Anchors:
    """Support for other names; countries and seas are too large to be near anything."""
    anchors = Anchors()
    for key, readings in ranked.items():
        for entry, weight in readings[:3]:
            if weight < _LEAST_WEIGHT:
                continue
            if entry.kind in ("country", "state", "disputed"):
                anchors.add_vote(key[0], entry, weight * len(groups[key]))
            if entry.kind not in ("country", "continent", "sea", "historic"):
                anchors.add_place(key[0], entry, weight)
    return anchors


def _stated(mentions: Sequence[Mention], containers: Sequence[Container]) -> dict[str, set[Entry]]:
    stated: dict[str, set[Entry]] = {}
    for i, container in enumerate(containers):
        for mention in mentions[max(0, i - 1) : i + 2] if container else ():
            if container in mention.entries:
                stated.setdefault(_name(mention), set()).add(container)
    return stated


def _name(mention: Mention) -> str:
    return fold(mention.surface) + ("~" if mention.demonym else "")


def _groups(
    mentions: Sequence[Mention], containers: Sequence[Container]
) -> dict[tuple[str, str], list[int]]:
    """Mentions by name; a name placed in two containers makes two groups, bare ones join the
    first."""
    groups: dict[tuple[str, str], list[int]] = {}
    first: dict[str, tuple[str, str]] = {}
    for mention, container in zip(mentions, containers, strict=True):
        name = _name(mention)
        if container is not None:
            first.setdefault(name, (name, container.name))
    for i, (mention, container) in enumerate(zip(mentions, containers, strict=True)):
        name = _name(mention)
        key = (name, container.name) if container else first.get(name, (name, ""))
        groups.setdefault(key, []).append(i)
    return groups


def _hints(dateline: str | None, outlet_country: str | None) -> dict[str, float]:
    hints: dict[str, float] = defaultdict(float)
    if outlet_country:
        hints[outlet_country.upper()] += _HINT
    if dateline:
        for entry in gazetteer.own_entries(dateline)[:1] or _largest(dateline):
            hints[entry.country] += _HINT
    return dict(hints)


def _largest(name: str) -> list[Entry]:
    cities = gazetteer.city_entries(name)
    return [max(cities, key=lambda e: e.population)] if cities else []


def _rank(
    key: tuple[str, str],
    members: list[int],
    mentions: Sequence[Mention],
    containers: Sequence[Container],
    context: Context,
) -> tuple[tuple[Entry, float], ...]:
    container = next((containers[i] for i in members if containers[i]), None)
    entries = dict.fromkeys(entry for i in members for entry in mentions[i].entries)
    scored = [(entry, _score(entry, key[0], container, context)) for entry in entries]
    scored.sort(key=lambda pair: (-pair[1], pair[0].geonameid or 0))
    if not scored:
        return ()
    top = scored[0][1]
    weights = [math.exp(min(0.0, 1.5 * (score - top))) for _, score in scored]
    total = sum(weights)
    return tuple((e, w / total) for (e, _), w in zip(scored, weights, strict=True))


def _score(entry: Entry, name: str, container: Container, context: Context) -> float:
    score = _prior(entry) + context.hints.get(entry.country, 0.0)
    if container is not None:
        score += _INSIDE if within(entry, container) else _OUTSIDE
    if entry in context.stated.get(name, ()):
        score += _INSIDE
    anchors = context.anchors
    if entry.country:
        score += _COUNTRY_VOTE * math.sqrt(anchors.share(name, (entry.country, "")))
    if entry.admin and entry.country == "USA":
        score += _STATE_VOTE * math.sqrt(anchors.share(name, (entry.country, entry.admin)))
    return score + _nearness(entry, name, context)


def _prior(entry: Entry) -> float:
    prior = _PRIOR[entry.kind] - (0.8 if entry.rough else 0.0)
    if entry.kind == "city" and entry.population:
        prior = math.log10(entry.population + 10) + _FAME * math.log10(entry.fame + 1) - 1.0
    elif entry.kind == "city" and entry.admin:
        prior = 2.5  # GeoNames knows no population: mostly hamlets and quarters
    return prior + (0.8 if entry.capital else 0.0) - (1.0 if entry.spelling else 0.0)


def _nearness(entry: Entry, name: str, context: Context) -> float:
    """Support from the other places of the text: close by, in the same state, in the same
    country."""
    anchors = context.anchors
    total = anchors.nearby(name, entry)
    if entry.admin and entry.country == "USA":
        total += _SAME_STATE * anchors.area_weight(name, (entry.country, entry.admin))
    if entry.country:
        total += _SAME_COUNTRY * anchors.area_weight(name, (entry.country, ""))
    return min(_NEAR_CAP, total)


def settle_counties(readings: Sequence[Reading]) -> list[Reading]:
    """Give counties that we have no position for that of the towns of the same state nearby in the
    text, where there are any."""
    towns = [
        (reading.mention.span[0], reading.best)
        for reading in readings
        if reading.best and reading.best.kind == "city" and reading.best.country == "USA"
    ]
    return [_settled(reading, towns) for reading in readings]


def _settled(reading: Reading, towns: list[tuple[int, Entry]]) -> Reading:
    best = reading.best
    if best is None or not best.rough:
        return reading
    near = [(abs(at - reading.mention.span[0]), e) for at, e in towns if e.admin == best.admin]
    if not near:
        return reading
    town = min(near, key=lambda pair: pair[0])[1]
    moved = replace(best, lat=town.lat, lon=town.lon)
    return replace(reading, ranked=((moved, reading.ranked[0][1]), *reading.ranked[1:]))
