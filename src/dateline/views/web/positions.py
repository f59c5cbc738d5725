"""Where parties stand: the matrix of parties and issues, the history behind a cell, and two parties
side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.views.web import stands
from dateline.views.web.address import Asked, allowed
from dateline.views.web.charts import Stand, history_svg
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, Pages, render
from dateline.views.web.stands import Cell, Grouping, Relation
from dateline.views.web.words import issue_title, passage

router = APIRouter(include_in_schema=False)

# Conditions that a position can be asked by; a pair is none of them.
CONDITIONS = (
    "actor", "country", "type", "since", "until", "place", "issue", "status", "text",
)  # fmt: skip
# How the eight stances are signed, so that they are told apart without colour.
SIGNS = {
    "accepts": "+", "offers": "+", "supports": "+", "doubts": "−", "rejects": "−", "rules_out": "−",
    "demands": "!", "conditions": "?",
}  # fmt: skip
_PARTIES = 25  # rows of the matrix on one page
_WORDS = 90  # characters of the words in a dot's title


@router.get("/positions")
def positions(
    request: Request, db: Db, asked: Asked, pages: Pages, by: Grouping = "side"
) -> HTMLResponse:
    """Parties and issues: the latest stance of each on each."""
    filters = allowed(asked, CONDITIONS)
    offset = (pages.number - 1) * _PARTIES
    found = db.cached(
        ("matrix", filters, by, pages.number),
        lambda: stands.matrix(db, filters, by, _PARTIES + 1, offset),
    )
    shown = found.parties[:_PARTIES]
    context = {
        "matrix": found,
        "parties": shown,
        "issues": _filled(found, shown),
        "more": len(found.parties) > _PARTIES,
        "filters": filters,
        "by": by,
        "pages": pages,
        "signs": SIGNS,
        "dropped_pair": asked.pair is not None,
    }
    return render(request, "positions.html", context)


def _filled(found: stands.Matrix, parties: Iterable[stands.Party]) -> list[str]:
    """Issues on which one of the parties shown has a stance."""
    keys = {party.key for party in parties}
    taken = {issue for key, issue in found.cells if key in keys}
    return [issue for issue in found.issues if issue in taken]


@router.get("/positions/{party:path}/{issue}")
def position_history(
    request: Request, db: Db, asked: Asked, pages: Pages, party: str, issue: str
) -> HTMLResponse:
    """Every stance of a party on an issue, the latest first."""
    filters = allowed(asked, CONDITIONS)
    rows = stands.history(db, filters, party, issue)
    if not rows and not filters.used():
        raise HTTPException(404, "no position of this party on this issue")
    name = stands.party_name(db, party)
    shown, more = pages.cut(_with_turns(rows)[pages.offset : pages.offset + pages.limit])
    context = {
        "party": party,
        "name": name,
        "issue": issue,
        "latest": rows[-1] if rows else None,
        "total": len(rows),
        "rows": shown,
        "more": more,
        "pages": pages,
        "filters": filters,
        "chart": history_chart(rows, name, issue),
        "signs": SIGNS,
    }
    return render(request, "position_history.html", context)


def history_chart(rows: Iterable[Row], name: str, issue: str, *, width: int = 960) -> Markup | None:
    """The stances over time; None when fewer than two have a day."""
    dated = [stand for row in rows if (stand := _stand(row)) is not None]
    if len(dated) < 2:
        return None
    title = f"{name}: {issue_title(issue)}"
    return history_svg(dated, stands.STANCE_ORDER, title=title, width=width)


def _stand(row: Row) -> Stand | None:
    first, last = _days(row["first"]), _days(row["last"])
    if first is None or last is None:
        return None
    sure = row["when_basis"] in ("stated", "inferred")
    return Stand(
        row["stance"], first[0], last[1], passage(row["content"], _WORDS), sure, f"#{row['id']}"
    )


def _days(known: str | None) -> tuple[date, date] | None:
    """The first and last day of '2025', '2025-02' or '2025-02-12'; None when it is no such text."""
    from dateline.store.filters import QueryError, make_filters

    if not known:
        return None
    try:
        made = make_filters(since=known[:10], until=known[:10])
    except QueryError:
        return None
    return (made.since, made.until) if made.since and made.until else None


def _with_turns(rows: list[Row]) -> list[Row]:
    """The rows latest first, each with ``turned_from``: the last stance of an earlier day, where it is
    another. What is said on one day is no move, however it is worded."""
    day, today, before = "", "", None
    turned = []
    for row in rows:
        if (row["first"] or "")[:10] != day:
            day, before = (row["first"] or "")[:10], today or None
        other = before if before is not None and before != row["stance"] else None
        turned.append(row | {"turned_from": other})
        today = row["stance"]
    return turned[::-1]


@dataclass(frozen=True, slots=True)
class Compared:
    """One issue of a comparison. ``relation`` is None where one of the two has taken no stance."""

    issue: str
    one: Cell | None
    other: Cell | None
    relation: Relation | None

    @property
    def moved(self) -> bool:
        return any(cell is not None and cell.before is not None for cell in (self.one, self.other))


@router.get("/compare")
def compare(
    request: Request,
    db: Db,
    asked: Asked,
    a: Annotated[str, Query(max_length=200)] = "",
    b: Annotated[str, Query(max_length=200)] = "",
) -> HTMLResponse:
    """Two parties: where they agree, differ and moved."""
    filters = allowed(asked, CONDITIONS)
    one, other = (stands.party_key(db, key.strip()) if key.strip() else "" for key in (a, b))
    context = {
        "a": one,
        "b": other,
        "name_a": stands.party_name(db, one) if one else "",
        "name_b": stands.party_name(db, other) if other else "",
        "parties": stands.known_parties(db),
        "groups": grouped(compared(db, filters, one, other)) if one and other else None,
        "filters": filters,
        "signs": SIGNS,
    }
    return render(request, "compare.html", context)


def compared(db: Database, filters: Filters, one: str, other: str) -> list[Compared]:
    """The issues on which either party has a stance."""
    ours, theirs = stands.cells_of(db, filters, one), stands.cells_of(db, filters, other)
    found = []
    for issue in sorted(ours.keys() | theirs.keys(), key=issue_title):
        a, b = ours.get(issue), theirs.get(issue)
        both = stands.relation(a.stance, b.stance) if a and b else None
        found.append(Compared(issue, a, b, both))
    return found


def grouped(found: list[Compared]) -> dict[str, list[Compared]]:
    """Issues by how the two lie to one another; 'alone' where only one has taken a stance."""
    groups: dict[str, list[Compared]] = {"differ": [], "agree": [], "near": [], "alone": []}
    for row in found:
        groups[row.relation or "alone"].append(row)
    return groups
