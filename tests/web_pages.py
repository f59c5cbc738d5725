"""A store with one hand-made article in it, and a browserless visitor to the explorer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from fastapi.testclient import TestClient

from dateline.analysis.model import Analysis, Place, TimeExpression
from dateline.article.model import Copy, Furniture, Segment
from dateline.page.model import Page
from dateline.record.model import Record
from dateline.store.model import RawPage
from dateline.store.rows import page_result
from dateline.store.schema import migrate
from dateline.views.web.app import create_app
from dateline.views.web.settings import Settings
from hand_built import TEXT, article, at, record
from small_store import add

ADDRESS = "http://127.0.0.1:8642"
DAY = "2024-03-04"
MENU, OFFER, LINK = "Home World Sport", "Subscribe for €1", "Read more: ten maps"
FIRST, SECOND = TEXT.split("\n\n")
PAGE = f"{MENU}\n{OFFER}\n{FIRST}\n{LINK}\n{SECOND}\nEnvoy meets officials\n{TEXT}\n"


def on_page(words: str, start: int = 0) -> tuple[int, int]:
    """Span of ``words`` on the page."""
    found = PAGE.index(words, start)
    return found, found + len(words)


def printed_record(**changes: Any) -> Record:
    """The hand-built record, of an article that stood on ``PAGE``: a menu and an offer above it, a
    link between its paragraphs, and the whole story once more below."""
    first, second = on_page(FIRST), on_page(SECOND)
    second_at = len(FIRST) + 2
    again = on_page("Envoy meets officials")[0], len(PAGE)
    placed = article(
        furniture=[
            Furniture(kind="navigation", span=on_page(MENU)),
            Furniture(kind="offer", span=on_page(OFFER)),
            Furniture(kind="link", span=on_page(LINK)),
            Furniture(kind="copy", span=again),
        ],
        copies=[Copy(span=again, share=1.0)],
        segments=[
            Segment(start=0, end=len(FIRST), page_start=first[0], page_end=first[1]),
            Segment(start=second_at, end=len(TEXT), page_start=second[0], page_end=second[1]),
        ],
    )
    return record(**({"article": placed} | changes))


def web_store(
    path: Path, told: Record | None = None, page: str = PAGE, *, keep_text: bool = True
) -> str:
    """A store with one article, which is added when there is a store; gives the article's id."""
    raw = RawPage("/pages/one.txt", page)
    analysis = Analysis(
        TEXT,
        tokens=[],
        sentences=[],
        places=[Place(at("Valletta"), "Valletta", 35.9, 14.51, "MLT", kind="city")],
        times=[TimeExpression(at("Monday"), "DATE", DAY, "Monday", start=DAY, end=DAY)],
    )  # fmt: skip
    rows = page_result(raw, Page(page, "text"), told or printed_record(), analysis, keep_text).rows
    with duckdb.connect(str(path)) as connection:
        migrate(connection)
        connection.begin()
        for table, listed in rows.items():
            for row in listed:
                add(connection, table, row)
        connection.commit()
    return raw.id


def visitor(path: Path, **settings: Any) -> TestClient:
    """Someone who asks the explorer over the store at ``path``."""
    app = create_app(Settings(path, **settings))
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False, follow_redirects=False)
