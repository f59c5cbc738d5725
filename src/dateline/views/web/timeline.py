"""The timeline of a corpus: acts by day, each once, with the background apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from dateline.store.corpus import Row
from dateline.store.filters import Filters
from dateline.store.queries import Cut, Values, hits, select
from dateline.views.web.address import Asked, link
from dateline.views.web.charts import Bar, bars_svg
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, Pages, Paging, render
from dateline.views.web.filter_choices import FOREGROUND
from dateline.views.web.words import day_words, days_words

router = APIRouter(include_in_schema=False)

Order = Literal["newest", "oldest"]
# Months of a chart; a longer time is shown by years.
_MOST_MONTHS = 60
BACKGROUND = ("background",)


@router.get("/timeline")
def timeline(
    request: Request, db: Db, pages: Pages, asked: Asked, order: Order = "newest"
) -> HTMLResponse:
    """Acts by day."""
    shown = with_status(asked)
    found = summary(db, shown)
    days, more = days_of(db, shown, order, pages)
    context = {
        "asked": asked,
        "shown": shown,
        "order": order,
        "found": found,
        "chart": chart(found, shown),
        "days": days,
        "more": more,
        "pages": pages,
        "is_background": shown.status == BACKGROUND,
    }
    return render(request, "timeline.html", context)


def with_status(filters: Filters) -> Filters:
    """``filters``, with everything but the background when they ask for no status."""
    return filters if filters.status else replace(filters, status=FOREGROUND)


@dataclass(slots=True)
class Day:
    """Acts of one day, or of a month or year of which no day is known. ``n`` counts its acts (all,
    not only ``rows``), ``independent`` the reports of them, copies of a story once."""

    first: str
    last: str
    n: int
    independent: int
    rows: list[Row] = field(default_factory=list)

    @property
    def words(self) -> str:
        return days_words(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Summary:
    """What a timeline holds: ``n`` acts with ``reports``, of which ``independent`` remain when copies
    of a story count once. ``background``: acts that meet the conditions but for being background."""

    n: int
    background: int
    foreground: int
    reports: int
    independent: int
    types: Sequence[Row]
    statuses: Sequence[Row]
    days: Sequence[Row]


_SUMMARY = """
WITH h AS MATERIALIZED (
    SELECT x.type, x.quad, x.status, x.first, x.last, x.n_independent, x.n_articles,
           x.status IN {wanted} AS wanted
    FROM ({found}) x
)
SELECT grouping_id(h.status, h.type, h.first) AS grouped, status, type, quad, wanted, first, last,
       count(*) AS n, sum(n_independent)::BIGINT AS independent, sum(n_articles)::BIGINT AS articles
FROM h GROUP BY GROUPING SETS ((status), (wanted, type, quad), (wanted, first, last, quad))
"""
# grouping_id: a bit for each column that a set does not group by.
_BY_STATUS, _BY_TYPE, _BY_DAY = 0b011, 0b101, 0b110


def summary(db: Database, filters: Filters) -> Summary:
    """Counts of the acts that meet ``filters``, which have a status."""
    found: Summary = db.cached(("timeline", filters), lambda: _summary(db, filters))
    return found


def _summary(db: Database, filters: Filters) -> Summary:
    values = Values()
    found = hits("events", replace(filters, status=()), values)
    sql = _SUMMARY.format(found=found, wanted=values.list(filters.status))
    rows = db.rows(sql, values.named)
    by = {key: list(group) for key, group in _grouped(rows)}
    types = _wanted(by.get(_BY_TYPE, ()), "type")
    statuses = sorted(by.get(_BY_STATUS, ()), key=lambda row: -row["n"])
    background = sum(row["n"] for row in statuses if row["status"] in BACKGROUND)
    return Summary(
        n=sum(row["n"] for row in types),
        background=background,
        foreground=sum(row["n"] for row in statuses) - background,
        reports=sum(row["articles"] for row in types),
        independent=sum(row["independent"] for row in types),
        types=types,
        statuses=statuses,
        days=[row for row in by.get(_BY_DAY, ()) if row["wanted"]],
    )


def _grouped(rows: Iterable[Row]) -> Iterable[tuple[int, Iterable[Row]]]:
    return groupby(sorted(rows, key=lambda row: row["grouped"]), key=lambda row: row["grouped"])


def _wanted(rows: Iterable[Row], name: str) -> list[Row]:
    found = [row for row in rows if row["wanted"]]
    return sorted(found, key=lambda row: (-row["n"], row[name]))


def days_of(db: Database, filters: Filters, order: Order, pages: Paging) -> tuple[list[Day], bool]:
    """Acts of a page by day, and whether more follow."""
    key = ("timeline days", filters, order, pages.number, pages.size)
    found: tuple[list[Day], bool] = db.cached(key, lambda: _days(db, filters, order, pages))
    return found


def _days(db: Database, filters: Filters, order: Order, pages: Paging) -> tuple[list[Day], bool]:
    cut = Cut(pages.limit, pages.offset, newest=order == "newest")
    rows, more = pages.cut(db.query(select("events", filters, cut)))
    counts: dict[tuple[str, str], list[int]] = {}
    for row in summary(db, filters).days:
        total = counts.setdefault((row["first"], row["last"]), [0, 0])
        total[0] += row["n"]
        total[1] += row["independent"]
    days: list[Day] = []
    for row in rows:
        bounds = _bounds(row)
        if not days or (days[-1].first, days[-1].last) != bounds:
            days.append(Day(*bounds, *counts.get(bounds, (0, 0))))
        days[-1].rows.append(row)
    return days, more


def _bounds(row: Row) -> tuple[str, str]:
    """First and last day of an act as ISO text; that of publication when it has none, '' when its
    article has none either."""
    first, last = row["first_day"], row["last_day"]
    if first is None:
        published = row["published"]
        first = last = published.date() if published is not None else None
    return (first.isoformat(), last.isoformat()) if first is not None else ("", "")


# -- chart -----------------------------------------------------------------------------------------


def chart(found: Summary, filters: Filters, path: str = "/timeline") -> Markup:
    """Acts by month (by year, when there are many), cooperation above conflict; '' when all are of
    one month."""
    bars = bars_of(found, filters, path)
    return bars_svg(bars, title="Acts over time", height=130) if len(bars) > 1 else Markup()


def bars_of(found: Summary, filters: Filters, path: str = "/timeline") -> list[Bar]:
    """A bar a month or year, without gaps. Acts of which not even that is known are left out."""
    months = {row["first"][:7] for row in found.days if row["first"]}
    if not months:
        return []
    size = 7 if len(_months(min(months), max(months))) <= _MOST_MONTHS else 4
    counts: dict[str, list[int]] = {}
    for row in found.days:
        period = (row["first"] or "")[:size]
        if period and (row["last"] or "")[:size] == period:
            sides = counts.setdefault(period, [0, 0])
            sides[row["quad"] > 2] += row["n"]
    if not counts:
        return []
    first, last = min(counts), max(counts)
    periods = _months(first, last) if size == 7 else _years(first, last)
    return [_bar(period, counts.get(period, [0, 0]), filters, path) for period in periods]


def _bar(period: str, sides: Sequence[int], filters: Filters, path: str) -> Bar:
    name = day_words(period) if len(period) == 7 else period
    return Bar(name, sides[0], sides[1], link(path, filters, since=period, until=period))


def _months(first: str, last: str) -> list[str]:
    start, end = (date.fromisoformat(f"{month}-01") for month in (first, last))
    numbers = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def _years(first: str, last: str) -> list[str]:
    return [f"{year:04}" for year in range(int(first), int(last) + 1)]
