"""Whether two reports can be of one act, and how much speaks for it.

Anything that cannot be of one act is a veto. What agrees earns points; ``ENOUGH`` points merge. The
points are weights of judgement, set on seeds 1 and 2 of benchmarks/merging.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from dateline.store.merge.report import Report, Spot, Who
from dateline.store.merge.tables import status_relation, type_rows

ENOUGH = 4.5
# A report dated by its publication only may tell of an act of the day before.
LATE_DAYS = 1
_COPY_DAYS = 14  # a text may be printed again this much later
_EARTH_KM = 6371.0
_SAME_KM = 15.0  # a town and its outskirts
_APART_KM = 60.0  # as for discrepancies inside an article
_SAME_WORDING, _LIKE_WORDING, _OTHER_WORDING = 0.6, 0.35, 0.15
_FEWEST_WORDS = 3  # codes of evidence to compare
_NOT_ALONE = -20.0  # no veto, but only a third report that gives the day can bring the two together
_TELLING = 0.75  # points of a detail that sets an act off from others
_EXACT = 2.0  # numbers below this are told of everything

_PARTY_POINTS = {
    "person": 2.0,
    "id": 1.5,
    "fits": 1.25,
    "none": 0.5,
    "unknown": -1.0,
    "unclear": -1.5,
}


class Part(NamedTuple):
    """One thing compared: points, and the words for it. ``points`` None is a veto."""

    points: float | None
    why: str


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome for two reports. ``vetoed``: they cannot be of one act, ``why`` says what
    forbids it. ``specific`` is False when nothing but parties, type and date agrees."""

    points: float
    vetoed: bool
    why: tuple[str, ...]

    @property
    def merges(self) -> bool:
        return not self.vetoed and self.points >= ENOUGH


def fit(a: Report, b: Report) -> Fit:
    """Compare two reports; the same either way round."""
    if b.event < a.event:
        a, b = b, a
    copies = bool(a.printing.story) and a.printing.story == b.printing.story
    parts = [_type(a, b), _status(a, b, copies), _date(a, b, copies), *_parties(a, b)]
    if any(part.points is None for part in parts):
        return Fit(0.0, True, tuple(part.why for part in parts if part.points is None))
    same_sides = sum(part.points for part in parts[3:] if part.points) >= 3.0
    details = [_place(a, b, same_sides), _wording(a, b), _numbers(a, b)]
    if details[0].points is None:
        return Fit(0.0, True, (details[0].why,))
    parts += [*details, Part(2.0 if copies else 0.0, "copies of one text")]
    if not copies and _too_general((a, b), details):
        return Fit(0.0, False, ("nothing tells this act from others of that day",))
    points = sum(part.points or 0.0 for part in parts)
    return Fit(points, False, tuple(part.why for part in parts if part.why and part.points))


def _too_general(pair: Sequence[Report], details: Sequence[Part]) -> bool:
    """Attacks and the like by one party on another are many a day: the place, a number or the
    wording has to agree."""
    bound = any(type_rows()[report.type].place_bound for report in pair)
    return bound and not any((part.points or 0.0) >= _TELLING for part in details)


def _type(a: Report, b: Report) -> Part:
    rows = type_rows()
    shared = rows[a.type].families & rows[b.type].families
    if not shared:
        return Part(None, f"{a.type} is not {b.type}")
    if a.type != b.type:
        return Part(0.1, f"{a.type} and {b.type} are both {min(shared)}")
    if a.mode and b.mode and a.mode != b.mode:
        return Part(None, f"{a.mode} is not {b.mode}")
    if a.mode and b.mode:
        return Part(1.5, f"both {a.type} ({a.mode})")
    return Part(0.5, f"both {a.type}")


def _status(a: Report, b: Report, copies: bool) -> Part:
    how = status_relation(a.status, b.status)
    if how is None or (how == "wording" and not copies):
        return Part(None, f"{a.status} does not go with {b.status}")
    if how == "progress" and not (_firm(a) and _firm(b) and a.first == b.first):
        return Part(None, f"{a.status} and {b.status} without the same stated day")
    return Part(0.1, f"{a.status}, {b.status}") if a.status != b.status else Part(0.0, "")


# -- dates -----------------------------------------------------------------------------------------


def _firm(report: Report) -> bool:
    """The text gives the day."""
    return report.basis in ("stated", "inferred") and report.granularity in ("day", "hour")


def _date(a: Report, b: Report, copies: bool) -> Part:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return Part(0.0, "") if copies else Part(None, "no date")
    if _firm(a) and _firm(b):
        if max(a.first, b.first) <= min(a.last, b.last):
            return Part(1.5, f"both on {max(a.first, b.first)}")
        return Part(None, f"{a.first} is not {b.first}")
    days = abs((a.first - b.first).days)
    if copies and days <= _COPY_DAYS:
        return Part(0.5, "printed within two weeks")
    if "published" in (a.basis, b.basis):
        return _late(a, b)
    if (a.first, a.last) == (b.first, b.last):
        return Part(1.5, f"both {a.first} to {a.last}")
    return Part(None, f"{a.first} to {a.last} is not {b.first} to {b.last}")


def _late(a: Report, b: Report) -> Part:
    """At least one is dated by its publication."""
    loose, other = (a, b) if a.basis == "published" else (b, a)
    if loose.first is None or other.first is None:
        return Part(None, "no date")
    before = loose.first - other.first
    if a.basis == b.basis:
        if not before:
            return Part(1.0, f"both published {loose.first}")
        near = abs(before) <= timedelta(LATE_DAYS)
        return Part(_NOT_ALONE if near else None, "published on different days")
    if _firm(other) and timedelta(0) <= before <= timedelta(LATE_DAYS):
        points = 0.5 if before else 1.0
        return Part(points, f"published {loose.first}, told of {other.first}")
    return Part(None, f"published {loose.first}, {before.days} days after {other.first}")


# -- parties ---------------------------------------------------------------------------------------


def _parties(a: Report, b: Report) -> list[Part]:
    rows = type_rows()
    if rows[a.type].pooled and rows[b.type].pooled:
        return _pooled(a.actors + a.recipients, b.actors + b.recipients)
    return [_side(a.actors, b.actors, "actor"), _side(a.recipients, b.recipients, "recipient")]


def _side(a: Sequence[Who], b: Sequence[Who], role: str) -> Part:
    """The best match between two sides; two sides of which no party matches are a veto."""
    if not a and not b:
        return Part(_PARTY_POINTS["none"] if role == "recipient" else 0.0, "")
    if not a or not b:
        return Part(_PARTY_POINTS["unknown"], f"{role} told by one only")
    return max((_who(x, y, role) for x in a for y in b), key=_points)


def _pooled(a: Sequence[Who], b: Sequence[Who]) -> list[Part]:
    """Two parties of an act without direction, matched best first."""
    pairs = sorted(
        ((_who(x, y, "party"), i, j) for i, x in enumerate(a) for j, y in enumerate(b)),
        key=lambda pair: (-_points(pair[0]), pair[1], pair[2]),
    )
    taken: list[tuple[Part, int, int]] = []
    for part, i, j in pairs:
        if all(i != i2 and j != j2 for _, i2, j2 in taken):
            taken.append((part, i, j))
    parts = [part for part, _, _ in taken[:2]]
    if len(parts) == 2 or not parts:
        return parts or [Part(_PARTY_POINTS["unknown"], "no party told")]
    return [*parts, Part(_PARTY_POINTS["unknown"], "the other party told by one only")]


def _points(part: Part) -> float:
    return -10.0 if part.points is None else part.points


def _who(a: Who, b: Who, role: str) -> Part:
    if a.id and a.id == b.id and a.kind != "role":
        known = "person" if a.kind == "person" else "id"
        return Part(_PARTY_POINTS[known], f"same {role}: {a.name}")
    if not a.country or not b.country:
        same = a.name.casefold() == b.name.casefold()
        points = _PARTY_POINTS["fits" if same else "unclear"]
        return Part(points, f"{role} {a.name}" if same else f"{role} of unknown country")
    clash = a.country != b.country or (a.sector and b.sector and a.sector != b.sector)
    if clash or (a.kind == b.kind == "person"):
        return Part(None, f"{role} {_label(a)} is not {_label(b)}")
    return Part(_PARTY_POINTS["fits"], f"{role} {a.name} fits {b.name}")


def _label(who: Who) -> str:
    return " ".join(part for part in (who.name, who.country, who.sector) if part)


# -- place, numbers, wording -----------------------------------------------------------------------


def _place(a: Report, b: Report, same_sides: bool) -> Part:
    """Points for the same town. Towns apart are a veto, but for talks between the same parties on
    the same day, where reports may disagree on the place."""
    if a.place is None or b.place is None:
        return Part(0.0, "")
    if _inside(a.place, b.place):
        return Part(0.25, f"{a.place.name}, {b.place.name}")
    away = kilometres(a.place, b.place)
    if a.place.name == b.place.name and (away is None or away < _APART_KM):
        return Part(2.0, f"both in {a.place.name}")
    if away is None:
        return Part(-0.5, f"{a.place.name}, {b.place.name}")
    if away <= _SAME_KM:
        return Part(2.0, f"{a.place.name} and {b.place.name}, {away:.0f} km apart")
    if away <= _APART_KM:
        return Part(0.5, f"{a.place.name} and {b.place.name}, {away:.0f} km apart")
    rows = type_rows()
    if same_sides and not (rows[a.type].place_bound or rows[b.type].place_bound):
        return Part(-0.5, f"they disagree on the place: {a.place.name}, {b.place.name}")
    return Part(None, f"{a.place.name} is {away:.0f} km from {b.place.name}")


def _inside(a: Spot, b: Spot) -> bool:
    """One is a country, and the other is that country or in it."""
    return (a.whole or b.whole) and bool(a.country) and a.country == b.country


def kilometres(a: Spot, b: Spot) -> float | None:
    """Great-circle distance; None when a place has no coordinates."""
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    lat1, lat2 = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


def _numbers(a: Report, b: Report) -> Part:
    """Points for a number in common; different numbers are no veto: tolls are updated."""
    values = {(n.value, n.unit) for n in a.numbers if n.value and n.value >= _EXACT}
    shared = [n.text for n in b.numbers if (n.value, n.unit) in values]
    return Part(1.0, f"both {min(shared)}") if shared else Part(0.0, "")


def _wording(a: Report, b: Report) -> Part:
    fewer = min(len(a.words), len(b.words))
    if fewer < _FEWEST_WORDS:
        return Part(0.0, "")
    share = len(a.words & b.words) / fewer
    if share >= _SAME_WORDING:
        return Part(1.5, "same words")
    if share >= _LIKE_WORDING:
        return Part(0.75, "like words")
    if share >= _OTHER_WORDING:
        return Part(0.0, "")
    spoken = type_rows()[a.type].spoken or type_rows()[b.type].spoken
    return Part(-1.5 if spoken else -0.5, "other words")
