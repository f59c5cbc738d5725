"""The page of an act: every article that tells it, and how far they agree."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from dateline.store.corpus import Row
from dateline.store.queries import select_ids
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, render
from dateline.views.web.words import act_words, country_name, days_words, spaced

router = APIRouter(include_in_schema=False)

_MEMBERS = "SELECT event, reason FROM act_events WHERE act = $act"
_ORIGINS = """
SELECT d.id, coalesce(s.story, d.id) AS story, d.agency
FROM articles d LEFT JOIN story_articles s ON s.article = d.id
WHERE d.id IN (SELECT unnest($articles))
"""


@dataclass(frozen=True, slots=True)
class Telling:
    """An act as one article tells it. ``number`` counts from 1 on its page, ``reason`` says why it
    was taken for the same act."""

    number: int
    row: Row
    reason: str
    agency: str | None

    @property
    def why(self) -> str:
        """The reason without the event that it was held against and the points of the match."""
        return self.reason.partition("): ")[2] or self.reason


@dataclass(frozen=True, slots=True)
class Source:
    """Articles that go back to one story, and so count once."""

    tellings: Sequence[Telling]

    @property
    def agency(self) -> str | None:
        """The wire service that one of them names."""
        return next((told.agency for told in self.tellings if told.agency), None)


@dataclass(frozen=True, slots=True)
class Said:
    """A value that tellings give, with these."""

    words: str
    tellings: Sequence[Telling]
    sources: int


@dataclass(frozen=True, slots=True)
class Spread:
    """What the tellings of an act say of one thing. ``silent`` is the number that do not."""

    name: str
    values: Sequence[Said]
    silent: int

    @property
    def differs(self) -> bool:
        return len(self.values) > 1


@router.get("/event/{id}")
def event(request: Request, db: Db, id: str) -> Response:
    """An act with its evidences."""
    row = act_row(db, id)
    if row is None:
        return _act_of(db, id)
    sources = sources_of(db, row)
    context = {"row": row, "sources": sources, "spread": spread_of(db, row["id"], sources)}
    return render(request, "event.html", context)


@router.get("/event/{id}/tellings")
def tellings(request: Request, db: Db, id: str) -> HTMLResponse:
    """The evidences alone, to unfold below a line of another view."""
    row = act_row(db, id)
    if row is None:
        raise HTTPException(404)
    return render(request, "tellings.html", {"row": row, "sources": sources_of(db, row)})


def act_row(db: Database, id: str) -> Row | None:
    """An act by its id, None when there is none."""
    return next(iter(db.query(select_ids("events", [id]))), None)


def _act_of(db: Database, event: str) -> Response:
    """The way from an event of one article to its act. Raises HTTPException 404."""
    found = db.one("SELECT act FROM act_events WHERE event = $event", {"event": event})
    if found is None:
        raise HTTPException(404)
    return RedirectResponse(f"/event/{found['act']}", status_code=303)


def sources_of(db: Database, act: Row) -> list[Source]:
    """The tellings of an act by story, the earliest first."""
    reasons = {row["event"]: row["reason"] for row in db.rows(_MEMBERS, {"act": act["id"]})}
    # An act that was not merged yet is an event.
    rows = db.query(select_ids("reports", list(reasons) or [act["id"]]))
    rows.sort(key=lambda row: (row["published"] is None, str(row["published"]), row["id"]))
    articles = {"articles": sorted({row["article"] for row in rows})}
    origins = {row["id"]: row for row in db.rows(_ORIGINS, articles)}
    by_story: dict[str, list[Row]] = {}
    for row in rows:
        by_story.setdefault(origins[row["article"]]["story"], []).append(row)
    number = count(1)
    return [
        Source(
            [
                Telling(
                    next(number), row, reasons.get(row["id"], ""), origins[row["article"]]["agency"]
                )
                for row in listed
            ]
        )
        for listed in by_story.values()
    ]


# -- spread ----------------------------------------------------------------------------------------


def spread_of(db: Database, act: str, sources: Sequence[Source]) -> list[Spread]:
    """What the tellings say of each thing that at least one of them tells."""
    tellings = [told for source in sources for told in source.tellings]
    story = {told.number: n for n, source in enumerate(sources) for told in source.tellings}
    said = {
        name: {told.number: read(told.row) for told in tellings} for name, read in _READ.items()
    }
    said["Number"] = _numbers(db, act, tellings)
    found = [_spread(name, values, tellings, story) for name, values in said.items()]
    return [spread for spread in found if spread.values]


def _spread(
    name: str,
    values: Mapping[int, list[str]],
    tellings: Sequence[Telling],
    story: Mapping[int, int],
) -> Spread:
    by_value: dict[str, list[Telling]] = {}
    for told in tellings:
        for value in values.get(told.number, ()):
            by_value.setdefault(value, []).append(told)
    listed = [
        Said(value, given, len({story[told.number] for told in given}))
        for value, given in by_value.items()
    ]
    listed.sort(key=lambda said: (-said.sources, said.tellings[0].number))
    silent = sum(1 for told in tellings if not values.get(told.number))
    return Spread(name, listed, silent)


def _numbers(db: Database, act: str, tellings: Sequence[Telling]) -> dict[int, list[str]]:
    """Numbers that tellings give, which the store keeps with the act alone."""
    row = db.one("SELECT spread FROM acts WHERE id = $act", {"act": act})
    by_event = {told.row["id"]: told.number for told in tellings}
    found: dict[int, list[str]] = {}
    for value, events in _loaded(row["spread"] if row else "{}").items():
        for event in events:
            if event in by_event:
                found.setdefault(by_event[event], []).append(value)
    return found


def _loaded(spread: str) -> Mapping[str, Sequence[str]]:
    found: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(spread)
    return found.get("number", {})


def _day(row: Row) -> list[str]:
    if not row["when_start"]:
        return []
    words = days_words(row["when_start"], row["when_end"])
    return [f"{words} ({row['when_basis']})" if row["when_basis"] != "stated" else words]


def _place(row: Row) -> list[str]:
    if not row["place"]:
        return []
    country = country_name(row["place_country"] or "")
    return [f"{row['place']}, {country}" if country and country != row["place"] else row["place"]]


def _named(names: Iterable[str | None]) -> list[str]:
    return [", ".join(name for name in names if name)] if any(names) else []


_READ: Mapping[str, Callable[[Row], list[str]]] = {
    "Act": lambda row: [act_words(row["type"], row["mode"])],
    "Actor": lambda row: _named(row["actors"]),
    "Recipient": lambda row: _named(row["recipients"]),
    "Day": _day,
    "Place": _place,
    "Status": lambda row: [spaced(row["status"])],
    "According to": lambda row: _named([row["reported_by"]]),
}
