"""``dateline report``: a view of a store as one page to mail or print."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem
from dateline.views.query_command import (
    Actors,
    Corpora,
    Countries,
    Issues,
    Pair,
    Places,
    Since,
    Statuses,
    Texts,
    Types,
    Until,
    checked,
)

if TYPE_CHECKING:
    from dateline.store.filters import Filters

_NEEDED = ("fastapi", "jinja2")
_SECONDS = 300.0  # for one question: nobody waits at a browser


def report(
    corpus: Corpora,
    to: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the page goes; - for the output.")
    ],
    actor: Actors = None,
    pair: Pair = None,
    country: Countries = None,
    type: Types = None,
    since: Since = None,
    until: Until = None,
    place: Places = None,
    issue: Issues = None,
    status: Statuses = None,
    text: Texts = None,
    acts: Annotated[
        int, typer.Option(min=1, max=5000, metavar="N", help="Acts told one by one, latest first.")
    ] = 200,
) -> None:
    """Write one page of what meets all conditions: charts, positions, acts with their words, and
    sources. It needs no server and no network."""
    if any(find_spec(module) is None for module in _NEEDED):
        raise UsageProblem("reports are not installed; try: pip install 'dateline[web]'")
    conditions = checked(
        actor=actor or (),
        pair=pair,
        country=country or (),
        type=type or (),
        since=since,
        until=until,
        place=place or (),
        issue=issue or (),
        status=status or (),
        text=text or (),
    )
    html = _page(corpus, conditions, acts)
    if str(to) == "-":
        terminal.write(html)
        return
    try:
        to.write_text(html, encoding="utf-8")
    except OSError as error:
        raise UsageProblem(f"cannot write {to}: {error.strerror or error}") from None
    terminal.say(f"wrote {to}")


def _page(corpus: Path, conditions: Filters, acts: int) -> str:
    """The page. Raises UsageProblem."""
    from dateline.store.filters import QueryError
    from dateline.store.schema import StoreError
    from dateline.views.web.database import Database, QueryTimeout
    from dateline.views.web.report import report_page

    try:
        db = Database(corpus, _SECONDS)
    except StoreError as error:
        raise UsageProblem(str(error)) from None
    try:
        return report_page(db, conditions, acts=acts)
    except QueryError as error:
        raise UsageProblem(f"--{error}") from None
    except QueryTimeout as error:
        raise UsageProblem(str(error)) from None
    finally:
        db.close()
