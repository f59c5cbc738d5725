"""Merging reports of one act across articles: each event keeps its own row, an act lists them.

Reports are taken in a fixed order, best described first, and each joins the act it fits best, if it
fits one well enough and can be of one act with every report already there; an act holds at most one
event of an article. The outcome depends on the set of reports alone. Three rounds:

1. copies of one text, whose events pair off;
2. reports that give the day (or the month or year, for acts of the past), among those of that day;
3. reports dated by their publication only: with acts of that day and the day before it, else with
   each other.

So an act depends on nothing but the reports of its days and their neighbours: ``days_to_read`` says
which to merge anew when articles are added. Look-ups go by day, family of types and countries, so a
report is never held against more than the acts of its own block.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations, product

from dateline.store.copies.sources import Printing, SourceCount, count_sources
from dateline.store.merge.fit import LATE_DAYS, Fit, fit
from dateline.store.merge.report import Report, Who
from dateline.store.merge.tables import type_rows

_MOST_ACTS = 64  # of a block that a report is held against, those of most keys in common first
_MOST_SIDES = 3  # countries of a side that blocks are made of
_MOST_PROBES = 12  # members of an act that a report is held against
_NOBODY = Printing("", "")

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A report of an act. ``nearest`` is the event it was merged by ('' for the first), ``why`` what
    spoke for that."""

    report: Report
    nearest: str = ""
    points: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One act and all reports of it. ``id`` is 'ac' and the smallest event id among them.
    ``members`` are in order of merging."""

    id: str
    members: tuple[Member, ...]

    @property
    def reports(self) -> list[Report]:
        return [member.report for member in self.members]

    @property
    def sources(self) -> SourceCount:
        """Articles, outlets and independent sources that tell of the act."""
        return count_sources(report.printing for report in self.reports)

    @property
    def best(self) -> Report:
        """The report that stands for the act: the commonest type, then the fullest description."""
        types = Counter(report.type for report in self.reports)
        return min(self.reports, key=lambda r: (-types[r.type], *_order(r)))

    @property
    def spread(self) -> dict[str, dict[str, list[str]]]:
        """What the members say: for type, mode, status, day, place, number, actor and recipient, each
        value with the events that give it. A field nobody fills is left out."""
        spread: dict[str, dict[str, list[str]]] = {}
        for report in sorted(self.reports, key=lambda r: r.event):
            for field, value in _said(report):
                events = spread.setdefault(field, {}).setdefault(value, [])
                if report.event not in events:
                    events.append(report.event)
        return spread

    def explain(self) -> list[str]:
        """A line for each merged event: which event it was merged by, and why."""
        return [
            f"{m.report.event} by {m.nearest} ({m.points:.1f}): {'; '.join(m.why)}"
            for m in self.members
            if m.nearest
        ]


def merge_reports(reports: Iterable[Report]) -> list[Act]:
    """The acts that ``reports`` tell of, each report in exactly one, by act id. An event given twice
    counts once."""
    listed = sorted({r.event: r for r in reports}.values(), key=_order)
    groups = [group for story in _stories(listed) for group in _join(story)]
    groups.sort(key=_group_order)
    acts = _join([group for group in groups if not group.loose])
    acts = _join([group for group in groups if group.loose], acts)
    return sorted((_act(group) for group in acts), key=lambda act: act.id)


def days_to_read(days: Iterable[date]) -> set[date]:
    """The days whose reports to merge anew, when reports of ``days`` came in. Replace the acts whose
    best-known day is in ``days`` or up to ``LATE_DAYS`` after; the rest come out as they were."""
    reach = range(-2 * LATE_DAYS, 2 * LATE_DAYS + 1)
    return {day + timedelta(n) for day in days for n in reach}


# -- joining ---------------------------------------------------------------------------------------


class _Open:
    """An act while it is put together. ``probes`` are its members that tell it differently: others
    are held against these."""

    def __init__(self, members: Iterable[Member]) -> None:
        self.members: list[Member] = []
        self.probes: list[Report] = []
        self.articles: set[str] = set()
        self._shapes: set[object] = set()
        self.take(members)

    def take(self, members: Iterable[Member]) -> None:
        for member in members:
            report = member.report
            self.members.append(member)
            self.articles.add(report.printing.article)
            shape = replace(report, event="", printing=_NOBODY, confidence=0.0, words=frozenset())
            if shape not in self._shapes and len(self.probes) < _MOST_PROBES:
                self._shapes.add(shape)
                self.probes.append(report)

    @property
    def loose(self) -> bool:
        """No report says when but by its publication."""
        return all(m.report.basis in ("published", "") for m in self.members)


def _join(groups: Iterable[_Open], acts: Sequence[_Open] = ()) -> list[_Open]:
    """Each of ``groups``, in order, joins the act it fits best or becomes one."""
    joined, blocks = list(acts), _Blocks()
    for number, act in enumerate(joined):
        blocks.add(number, act)
    for group in groups:
        chosen = _best_act(group, joined, blocks)
        number = len(joined) if chosen is None else chosen[0]
        if chosen is None:
            joined.append(group)
        else:
            joined[number].take([chosen[1], *group.members[1:]])
        blocks.add(number, group)
    return joined


def _best_act(group: _Open, acts: Sequence[_Open], blocks: _Blocks) -> tuple[int, Member] | None:
    best: tuple[tuple[float, str], int, Member] | None = None
    for number in blocks.near(group):
        found = _fits(group, acts[number])
        if found is None:
            continue
        nearest, outcome = found
        key = (-outcome.points, nearest.event)
        if best is None or key < best[0]:
            first = group.members[0].report
            best = key, number, Member(first, nearest.event, outcome.points, outcome.why)
    return best and (best[1], best[2])


def _fits(group: _Open, act: _Open) -> tuple[Report, Fit] | None:
    """The act's report that the group fits best; None when any pair of them is vetoed, when none
    has enough in common, or when both have an event of one article."""
    if group.articles & act.articles:
        return None
    best: tuple[Report, Fit] | None = None
    for mine, theirs in product(group.probes, act.probes):
        outcome = fit(mine, theirs)
        if outcome.vetoed:
            return None
        if outcome.merges and (best is None or outcome.points > best[1].points):
            best = theirs, outcome
    return best


def _stories(listed: Sequence[Report]) -> Iterable[list[_Open]]:
    """Lone reports by story, those without one each by itself."""
    stories: dict[str, list[_Open]] = {}
    for report in listed:
        story = report.printing.story
        stories.setdefault(story or report.event, []).append(_Open([Member(report)]))
    return stories.values()


def _act(group: _Open) -> Act:
    return Act("ac" + min(m.report.event for m in group.members), tuple(group.members))


# -- order -----------------------------------------------------------------------------------------


def _order(report: Report) -> tuple[int, float, str]:
    """Best described first: a first report sets what later ones are held against."""
    told = [
        report.actors,
        report.recipients,
        report.mode,
        report.place,
        report.numbers,
        report.basis == "stated",
        any(who.country for who in report.actors),
    ]
    return -sum(map(bool, told)), -report.confidence, report.event


def _group_order(group: _Open) -> tuple[int, float, str]:
    return min(_order(member.report) for member in group.members)


# -- blocks ----------------------------------------------------------------------------------------


class _Blocks:
    """Acts by day, family and countries. A report that names both sides meets acts of the same two,
    and acts that name one of them; one that names one side meets acts with that one."""

    def __init__(self) -> None:
        self._acts: dict[Key, list[int]] = {}

    def add(self, number: int, group: _Open) -> None:
        keys = (key for report in group.probes for key in _keys(report, wanted=False))
        for key in dict.fromkeys(keys):
            numbers = self._acts.setdefault(key, [])
            if number not in numbers[-1:]:
                numbers.append(number)

    def near(self, group: _Open) -> list[int]:
        counts: Counter[int] = Counter()
        keys = (key for report in group.probes for key in _keys(report, wanted=True))
        for key in dict.fromkeys(keys):
            counts.update(set(self._acts.get(key, ())))
        ranked = sorted(counts, key=lambda number: (-counts[number], number))
        return ranked[:_MOST_ACTS]


def _keys(report: Report, *, wanted: bool) -> Iterator[Key]:
    """Keys to be found under, or those to look under."""
    row = type_rows()[report.type]
    parts = list(_who_keys(report, wanted=wanted))
    if report.place:
        parts.append(("place", str(report.place.geonameid or report.place.name)))
    days = list(_day_keys(report, wanted=wanted))
    if report.printing.story:
        yield from (("story", report.printing.story, family) for family in row.families)
    for day, family, part in product(days, sorted(row.families), parts):
        yield (day, family, *part)


def _day_keys(report: Report, *, wanted: bool) -> Iterator[str]:
    if report.first is None:
        return
    if report.granularity in ("month", "year"):
        yield f"{report.first}/{report.last}"
        return
    late = LATE_DAYS if wanted and report.basis == "published" else 0
    for back in range(late + 1):
        yield str(report.first - timedelta(back))


def _who_keys(report: Report, *, wanted: bool) -> Iterator[Key]:
    left, right = _labels(report.actors), _labels(report.recipients)
    pairs = list(product(left, right) if right else combinations(left, 2))
    for pair in pairs:
        yield ("pair", *sorted(pair))
    labels = sorted({*left, *right})
    if wanted or not pairs:
        yield from (("one", label) for label in labels)
    if wanted != bool(pairs):  # one side only looks for acts of two; acts of two are found by it
        yield from (("of two", label) for label in labels)


def _labels(side: Sequence[Who]) -> list[str]:
    """Countries of a side; the name of a party of unknown country stands for it."""
    labels = {who.country or f"~{who.name.casefold()}" for who in side}
    return sorted(labels)[:_MOST_SIDES]


# -- what members say ------------------------------------------------------------------------------


def _said(report: Report) -> Iterator[tuple[str, str]]:
    yield "type", report.type
    if report.mode:
        yield "mode", report.mode
    yield "status", report.status
    if report.first:
        days = str(report.first)
        days += f"/{report.last}" if report.last != report.first else ""
        yield "day", days + (" (published)" if report.basis == "published" else "")
    if report.place:
        yield "place", report.place.name
    yield from (("number", number.text) for number in report.numbers)
    yield from (("actor", who.name) for who in report.actors)
    yield from (("recipient", who.name) for who in report.recipients)
