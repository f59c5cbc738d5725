"""How likely each reading of each name is, given the readings of the others.

What speaks for a reading (size, fame, kind, the words beside it, the other places of the text) is
laid out in one row of numbers per candidate and weighed by a small network whose weights
``training/places.py`` fits on LGL, GeoVirus and GeoWebNews. Readings depend on each other, so that
it is asked a few times over, each time with the answers of the time before.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from dateline.analysis.places.containment import Container, within
from dateline.analysis.places.gazetteer import Entry

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ROUNDS = 3
_PRIOR_SCALE = 1.5  # of the hand-made scores that the first round starts from
_LEAST_WEIGHT = 0.1  # a reading less likely than that supports no other
_MOST_ANCHORS = 400  # keeps the work on a very long list of places within bounds
_EARTH_KM = 6371.0
_SCALES_KM = (25.0, 120.0, 500.0)
# Too large to be near to anything.
_VAST = frozenset(("country", "continent", "sea", "historic", "disputed"))
_VOTERS = frozenset(("country", "disputed", "historic"))
_KINDS = ("city", "country", "state", "county", "region", "facility", "continent")
# How known a place of each kind is, on the scale of log10(population) that cities use.
_PRIOR = {
    "continent": 8.5, "country": 8.0, "disputed": 7.2, "historic": 7.2, "region": 6.6, "sea": 6.6,
    "state": 6.4, "island": 6.2, "river": 6.0, "strait": 6.5, "range": 6.0, "lake": 6.0,
    "desert": 6.0, "front": 6.0, "facility": 6.4, "mountain": 5.8, "peninsula": 6.2,
    "district": 5.6, "county": 5.4, "city": 5.0,
}  # fmt: skip
_FAME = 0.7
_CAPITAL_COLUMN = 4  # of Table.fixed
# Set by hand: news corpora of local papers name the state of Washington too often to learn it from.
_CAPITAL_ODDS = 2.0


@dataclass(slots=True)
class Group:
    """The mentions that share one reading: ``name`` is the folded name, ``count`` how many there
    are, ``container`` the place that the words beside them put it in, ``stated`` the entries that
    the text names as containers of others."""

    name: str
    count: int
    entries: tuple[Entry, ...]
    container: Container = None
    stated: frozenset[Entry] = frozenset()
    first: float = 0.0  # where in the text its first mention stands, 0..1


@dataclass(slots=True)
class Table:
    """One row per candidate. ``fixed`` are the numbers that do not depend on other readings."""

    groups: Sequence[Group]
    entries: list[Entry]
    group: Ints
    name: Ints
    count: Floats
    points: Floats  # unit vectors [n, 3]
    country: Ints
    area: Ints
    vast: npt.NDArray[np.bool_]
    voter: npt.NDArray[np.bool_]
    state: npt.NDArray[np.bool_]
    fixed: Floats
    hint: Floats
    starts: Ints


def prior(entry: Entry) -> float:
    """How known a place is, by itself: about log10 of its population."""
    score = _PRIOR[entry.kind] - (0.8 if entry.rough else 0.0)
    if entry.kind == "city" and entry.population:
        score = math.log10(entry.population + 10) + _FAME * math.log10(entry.fame + 1) - 1.0
    elif entry.kind == "city" and entry.admin:
        score = 2.5  # GeoNames knows no population: mostly hamlets and quarters
    return score + (0.8 if entry.capital else 0.0) - (1.0 if entry.spelling else 0.0)


def make_table(groups: Sequence[Group], hints: Mapping[str, float]) -> Table:
    """Lay out the candidates of ``groups``, none of which is empty. ``hints``: weight by country of
    what the caller knows of the source."""
    entries = [entry for group in groups for entry in group.entries]
    sizes = [len(group.entries) for group in groups]
    group = np.repeat(np.arange(len(groups)), sizes)
    names = _codes(g.name for g in groups)
    return Table(
        groups, entries, group, names[group],
        np.array([g.count for g in groups], dtype=np.float64)[group],
        _points(entries),
        _codes(e.country for e in entries),
        _codes(f"{e.country}.{e.admin}" if e.admin else e.country for e in entries),
        np.array([e.kind in _VAST for e in entries]),
        np.array([e.kind in _VOTERS for e in entries]),
        np.array([e.kind == "state" for e in entries]),
        np.array([row for g in groups for row in _fixed_rows(g)]),
        np.array([hints.get(e.country, 0.0) for e in entries]),
        np.cumsum([0, *sizes[:-1]]),
    )  # fmt: skip


def _codes(values: Iterable[str]) -> Ints:
    """Each value's number; -1 for ''."""
    known: dict[str, int] = {"": -1}
    return np.array([known.setdefault(v, len(known) - 1) for v in values], dtype=np.int64)


def _points(entries: Sequence[Entry]) -> Floats:
    lat = np.radians([e.lat for e in entries])
    lon = np.radians([e.lon for e in entries])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _fixed_rows(group: Group) -> list[list[float]]:
    priors = [prior(entry) for entry in group.entries]
    top = max(priors)
    many = math.log(len(priors))
    rows = []
    for entry, own in zip(group.entries, priors, strict=True):
        inside = group.container is not None and within(entry, group.container)
        rows.append(
            [
                own, own - top, math.log10(entry.population + 10), math.log10(entry.fame + 1),
                float(entry.capital), float(entry.spelling), float(entry.rough),
                float(inside), float(group.container is not None and not inside),
                float(entry in group.stated),
                float(entry.country == "USA"), many, math.log(group.count), group.first,
                *_kind_row(entry),
            ]
        )  # fmt: skip
    return rows


@cache
def _kind_columns() -> dict[str, tuple[float, ...]]:
    same = {"island": "region", "disputed": "country", "historic": "country", "district": "city"}
    return {
        kind: tuple(float(same.get(kind, kind) == column) for column in _KINDS) for kind in _PRIOR
    }


def _kind_row(entry: Entry) -> tuple[float, ...]:
    return _kind_columns()[entry.kind]


def softmax(table: Table, scores: Floats) -> Floats:
    """Probabilities within each group."""
    top = np.maximum.reduceat(scores, table.starts)
    weights = np.exp(scores - top[table.group])
    return np.asarray(weights / np.add.reduceat(weights, table.starts)[table.group])


def start(table: Table) -> Floats:
    """Probabilities before any reading of another name is known: size, and the words beside."""
    own = table.fixed[:, 0] + 4.0 * table.fixed[:, 7] - 2.0 * table.fixed[:, 8]
    own += 4.0 * table.fixed[:, 9]
    return softmax(table, _PRIOR_SCALE * own + table.hint)


def features(table: Table, chances: Floats) -> Floats:
    """The numbers [n, f] that the network weighs, given how likely each reading is."""
    weight = np.where(chances >= _LEAST_WEIGHT, chances, 0.0)
    spot = np.where(table.vast, 0.0, weight)
    votes = np.where(table.voter, weight * table.count, 0.0)
    states = np.where(table.state, weight * table.count, 0.0)
    columns = [
        *_near(table, spot),
        np.sqrt(_share(table, table.country, votes)),
        np.sqrt(_share(table, table.country, weight)),
        np.log1p(_others(table, table.country, spot)),
        np.where(table.state, 0.0, np.sqrt(_share(table, table.area, states))),
        np.sqrt(_share(table, table.area, spot)),
        np.log1p(_others(table, table.area, spot)),
        np.full(len(chances), np.log1p(votes.sum())),
        np.full(len(chances), np.log1p(spot.sum())),
    ]
    return np.concatenate([table.fixed, np.stack(columns, axis=1)], axis=1)


def _seat_of_government(table: Table, chances: Floats) -> Floats:
    """Log odds for a capital against a state of its name of which the text names no other place:
    'Washington' is the government of the United States first."""
    spot = np.where(table.vast | table.state, 0.0, np.where(chances >= _LEAST_WEIGHT, chances, 0.0))
    bare = table.state & (_others(table, table.area, spot) < _LEAST_WEIGHT)
    groups = np.zeros(len(table.groups), dtype=np.bool_)
    groups[table.group[bare]] = True
    capital = table.fixed[:, _CAPITAL_COLUMN] > 0
    return np.where(capital & groups[table.group], _CAPITAL_ODDS, 0.0)


def _near(table: Table, weight: Floats) -> list[Floats]:
    """Weight of other names read as places close by, for each of a few meanings of close."""
    anchors = np.flatnonzero(weight)
    if len(anchors) > _MOST_ANCHORS:
        anchors = anchors[np.argsort(-weight[anchors], kind="stable")[:_MOST_ANCHORS]]
        anchors.sort()
    cosine = np.clip(table.points @ table.points[anchors].T, -1.0, 1.0)
    distance = _EARTH_KM * np.arccos(cosine)
    other = table.name[:, None] != table.name[anchors][None, :]
    support = other * weight[anchors][None, :]
    near = [(support / (1.0 + (distance / scale) ** 2)).sum(axis=1) for scale in _SCALES_KM]
    vast = table.vast
    return [np.where(vast, 0.0, np.log1p(total)) for total in near]


def _others(table: Table, code: Ints, weight: Floats) -> Floats:
    """For each candidate, the weight of other names' candidates with the same ``code``."""
    width = int(code.max()) + 2
    total = np.bincount(code + 1, weights=weight, minlength=width)[code + 1]
    own_code = table.name * width + code + 1
    _, own_at = np.unique(own_code, return_inverse=True)
    own = np.bincount(own_at, weights=weight)[own_at]
    return np.where(code < 0, 0.0, np.maximum(total - own, 0.0))


def _share(table: Table, code: Ints, weight: Floats) -> Floats:
    """The share (0..1) of other names' weight that goes to candidates with the same ``code``."""
    all_others = weight.sum() - np.bincount(table.name, weights=weight)[table.name]
    same = _others(table, code, weight)
    return np.where(all_others > 1e-9, same / np.maximum(all_others, 1e-9), 0.0)


@cache
def _weights() -> dict[str, Any]:
    resource = files("dateline.analysis.places").joinpath("ranking.json")
    raw = json.loads(resource.read_text(encoding="utf-8"))
    return {name: np.array(values, dtype=np.float64) for name, values in raw["weights"].items()}


def score(rows: Floats, weights: Mapping[str, Floats]) -> Floats:
    """The network: one hidden layer beside a straight weighing of the numbers."""
    scaled = (rows - weights["mean"]) / weights["scale"]
    hidden = np.tanh(scaled @ weights["w1"] + weights["b1"])
    return np.asarray(hidden @ weights["w2"] + scaled @ weights["w0"])


def rank(table: Table, weights: Mapping[str, Floats] | None = None) -> Floats:
    """Probability of each candidate within its group."""
    used = _weights() if weights is None else weights
    chances = start(table)
    for _ in range(ROUNDS):
        given = table.hint + _seat_of_government(table, chances)
        chances = softmax(table, score(features(table, chances), used) + given)
    return chances
