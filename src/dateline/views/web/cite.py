"""Citations: outlet, headline, date, words and where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import PlainTextResponse, Response

from dateline.spans import Span
from dateline.store.corpus import Row
from dateline.store.queries import select_ids
from dateline.views.layout import clean, clip
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, render
from dateline.views.web.event import sources_of
from dateline.views.web.words import day_words, safe_link

router = APIRouter(include_in_schema=False)

Kind = Literal["events", "reports", "statements", "positions", "articles"]
# Characters of the words that a citation repeats.
_QUOTED = 400


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation of words in an article holds. ``spans`` are half-open character offsets into
    the article's text; ``words`` None: the article as a whole, or a store without text."""

    kind: str
    id: str
    article: str
    outlet: str | None
    headline: str | None
    published: datetime | None
    url: str | None
    words: str | None
    spans: Sequence[Span]
    who: str | None

    @property
    def text(self) -> str:
        """The citation in one line of plain text."""
        words = f"“{_unquoted(self.words)}”" if self.words else ""
        said = f"{words} ({self.who})" if words and self.who else words
        headline = f"“{clean(self.headline)}”" if self.headline else "untitled"
        place = [clean(self.outlet or "Outlet unknown"), headline, self.day]
        parts = [said, ", ".join(place), safe_link(self.url) or "", self.where]
        return ". ".join(part for part in parts if part) + "."

    @property
    def day(self) -> str:
        return day_words(self.published) or "no date"

    @property
    def where(self) -> str:
        """Where the words stand: 'characters 120–180 of the text, record ab12 (statements)'."""
        places = " and ".join(f"{start}–{end}" for start, end in self.spans)
        at = f"characters {places} of the text, " if places else ""
        return f"{at}{_NAMES[self.kind]} {self.id}"

    @property
    def bibtex(self) -> str:
        """The citation as an entry of BibTeX."""
        fields = {
            "title": self.headline,
            "organization": self.outlet,
            "date": self.published.date().isoformat() if self.published else None,
            "url": safe_link(self.url),
            "note": f"{_unquoted(self.words)} ({self.where})" if self.words else self.where,
        }
        lines = [f"  {name} = {{{_tex(value)}}}" for name, value in fields.items() if value]
        return f"@online{{{self.key},\n" + ",\n".join(lines) + "\n}"

    @property
    def key(self) -> str:
        """A key for BibTeX: outlet, year and the beginning of the id."""
        plain = unicodedata.normalize("NFKD", self.outlet or "article").encode("ascii", "ignore")
        name = re.sub(r"[^a-z0-9]+", "", plain.decode().lower()) or "article"
        return f"{name}{self.published.year if self.published else ''}-{self.id[:8]}"


_NAMES = {
    "events": "act",
    "reports": "event",
    "statements": "statement",
    "positions": "position",
    "articles": "article",
}


def _unquoted(words: str | None) -> str:
    return clip(clean(words or ""), _QUOTED).strip('“”"')


_TEX = str.maketrans(
    {**{c: f"\\{c}" for c in "&%$#_{}"}, "\\": r"\textbackslash{}", "~": r"\~{}", "^": r"\^{}"}
)


def _tex(text: str) -> str:
    return clean(text).translate(_TEX)


@router.get("/cite/{kind}/{id}")
def cite(
    request: Request, db: Db, kind: Kind, id: str, format: Literal["", "text", "bibtex"] = ""
) -> Response:
    """How to cite a record; an act with every telling of it."""
    found = citations(db, kind, id)
    if not found:
        raise HTTPException(404)
    if format:
        texts = [c.text if format == "text" else c.bibtex for c in found]
        return PlainTextResponse("\n".join(texts) + "\n")
    return render(request, "cite.html", {"kind": kind, "id": id, "citations": found})


def citations(db: Database, kind: Kind, id: str) -> list[Citation]:
    """Citations of a record, [] when there is none with that id."""
    row = next(iter(db.query(select_ids(kind, [id]))), None)
    if row is None:
        return []
    if kind != "events":
        return [_citation(kind, row)]
    sources = sources_of(db, row)
    return [_citation("reports", told.row) for source in sources for told in source.tellings]


def _citation(kind: Kind, row: Row) -> Citation:
    words, spans = _words(kind, row)
    return Citation(
        kind=kind,
        id=row["id"],
        article=row["id"] if kind == "articles" else row["article"],
        outlet=row["outlet"],
        headline=row["headline"],
        published=row["published"],
        url=row["url"],
        words=words,
        spans=spans,
        who=_who(kind, row),
    )


def _words(kind: Kind, row: Row) -> tuple[str | None, list[Span]]:
    if kind == "articles":
        return None, []
    if kind == "positions":
        return row["content"], [(row["content_start"], row["content_end"])]
    name = "content" if kind == "statements" else "evidence"
    return row[name], [(span[0], span[1]) for span in row[f"{name}_spans"]]


def _who(kind: Kind, row: Row) -> str | None:
    name = {"statements": "speaker", "positions": "party"}.get(kind)
    return row[name] if name else None
