"""What the views share: the store, the templates, paging."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse

from dateline.views.web.database import Database
from dateline.views.web.environment import environment
from dateline.views.web.settings import Settings

MAX_PAGE = 100_000


def settings(request: Request) -> Settings:
    """What the server was started with."""
    found: Settings = request.app.state.settings
    return found


def database(request: Request) -> Database:
    """The store."""
    found: Database = request.app.state.database
    return found


@dataclass(frozen=True, slots=True)
class Paging:
    """A page of rows: ``number`` counts from 1. Ask the store for ``limit`` rows from ``offset``: one
    more than are shown, which tells whether there is a next page. ``query`` is the address's."""

    number: int
    size: int
    query: tuple[tuple[str, str], ...] = ()

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    @property
    def limit(self) -> int:
        return self.size + 1

    def address(self, number: int) -> str:
        """The query string of this address for another page."""
        kept = [pair for pair in self.query if pair[0] != "page"]
        return "?" + urlencode([*kept, ("page", number)])

    def cut(self, rows: list[Any]) -> tuple[list[Any], bool]:
        """The rows to show, and whether more follow."""
        return rows[: self.size], len(rows) > self.size


def paging(request: Request, page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1) -> Paging:
    """Which page the address asks for (``?page=2``)."""
    query = tuple(request.query_params.multi_items())
    return Paging(page, settings(request).page_size, query)


Db = Annotated[Database, Depends(database)]
Pages = Annotated[Paging, Depends(paging)]


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HTMLResponse:
    """A template as a response. Templates also get ``request``, ``here`` (the path)
    and ``q`` (the words searched for)."""
    values = {"request": request, "here": request.url.path, "q": request.query_params.get("q", "")}
    html = environment().get_template(template).render(values | dict(context or {}))
    return HTMLResponse(html, status_code=status)


def listed(values: Iterable[Any] | None) -> list[Any]:
    """A list of the values, empty for None."""
    return list(values or ())
