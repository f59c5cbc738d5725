"""Stories in the store: each new article is put with the articles that print the same text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb

from dateline.store.copies import CopyFinder, Placement, Printing, Signature, count_sources
from dateline.store.copies.words import Codes
from dateline.store.model import Row
from dateline.store.sql import fetch
from dateline.store.writer import insert

_AT_ONCE = 2000  # signatures read from the store together

_NEW = """
    SELECT s.article, s.signature FROM signatures s ANTI JOIN story_articles t USING (article)
    ORDER BY s.rowid LIMIT ?
"""
_MEMBERS = """
    SELECT t.story, t.article, p.outlet, p.agency, p.quotes, a.published
    FROM story_articles t JOIN printings p USING (article) JOIN articles a ON a.id = t.article
    WHERE t.story IN (SELECT unnest(?))
    ORDER BY t.story, a.published NULLS LAST, t.article
"""


class Stories:
    """The copy index of a store, restored from its signatures when first needed."""

    def __init__(self) -> None:
        self._finder: CopyFinder | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None

    def update(self, connection: duckdb.DuckDBPyConnection) -> set[str]:
        """Put every article that is in no story yet into one, in the order they were committed; the
        stories that changed. To be called inside a transaction: when that fails, ``forget``."""
        self._connection = connection
        if self._finder is None:
            self._finder = self._restored()
        changed: set[str] = set()
        while new := fetch(connection, _NEW, [_AT_ONCE]):
            rows: dict[str, Row] = {}
            for article, blob in new:
                placement = self._finder.add(Signature.from_bytes(blob))
                self._rename(placement, rows, changed)
                rows[article] = _row(article, placement)
                changed.add(rows[article]["story"])
            insert(connection, "story_articles", list(rows.values()))
        _write_stories(connection, sorted(changed))
        return changed

    def forget(self) -> None:
        """Drop the index; it is restored from what is committed."""
        self._finder = None

    def _rename(self, placement: Placement, rows: dict[str, Row], changed: set[str]) -> None:
        """Give the articles of joined stories their new id."""
        if not placement.joined:
            return
        assert self._connection is not None
        gone = list(placement.joined)
        self._connection.execute(
            "UPDATE story_articles SET story = ? WHERE story IN (SELECT unnest(?))",
            [placement.story, gone],
        )
        for row in rows.values():
            if row["story"] in gone:
                row["story"] = placement.story
        self._connection.execute("DELETE FROM stories WHERE id IN (SELECT unnest(?))", [gone])
        changed.difference_update(gone)

    def _restored(self) -> CopyFinder:
        finder = CopyFinder(self._load)
        finder.restore(self._known())
        return finder

    def _known(self) -> Iterator[tuple[Signature, str]]:
        assert self._connection is not None
        result = self._connection.execute(
            "SELECT arg_min(s.signature, s.rowid), arg_min(t.story, s.rowid) "
            "FROM signatures s JOIN story_articles t USING (article) "
            "WHERE s.digest <> 0 GROUP BY s.digest ORDER BY min(s.rowid)"
        )
        while rows := result.fetchmany(_AT_ONCE):
            for blob, story in rows:
                yield Signature.from_bytes(blob), story

    def _load(self, digests: Sequence[int]) -> list[Codes]:
        """Word codes of texts that the index has let go."""
        assert self._connection is not None
        rows = fetch(
            self._connection,
            "SELECT digest, any_value(signature) FROM signatures "
            "WHERE digest IN (SELECT unnest(?)) GROUP BY digest",
            [list(digests)],
        )
        words = {digest: Signature.from_bytes(blob).words for digest, blob in rows}
        return [words[digest] for digest in digests]


def _row(article: str, placement: Placement) -> Row:
    """Where an article was put, and why. A text too short to compare is a story of its own."""
    if not placement.story:
        return {"article": article, "story": f"sh{article}", "evidence": "too short to compare"}
    row: Row = {"article": article, "story": placement.story, "evidence": "first"}
    if placement.exact:
        return row | {"evidence": "exact", "similarity": 1.0}
    if placement.links:
        shared = max(link.shared.of_shorter for link in placement.links)
        return row | {"evidence": "near", "similarity": shared}
    return row


def _write_stories(connection: duckdb.DuckDBPyConnection, changed: Sequence[str]) -> None:
    for start in range(0, len(changed), _AT_ONCE):
        stories = list(changed[start : start + _AT_ONCE])
        members: dict[str, list[tuple[Any, ...]]] = {}
        for row in fetch(connection, _MEMBERS, [stories]):
            members.setdefault(row[0], []).append(row)
        connection.execute("DELETE FROM stories WHERE id IN (SELECT unnest(?))", [stories])
        insert(connection, "stories", [_story(s, rows) for s, rows in members.items()])


def _story(story: str, rows: Sequence[tuple[Any, ...]]) -> Row:
    """``rows`` are the members' as in ``_MEMBERS``, the first published before the others."""
    counted = count_sources(printings(row[:5] for row in rows))
    agencies = {row[3] for row in rows if row[3]}
    return {
        "id": story,
        "n_articles": counted.n_articles,
        "n_outlets": counted.n_outlets,
        "n_independent": counted.n_independent,
        "agency": min(agencies) if len(agencies) == 1 else None,
        "first_published": rows[0][5],
        "first_article": rows[0][1],
    }


def printings(rows: Iterable[tuple[Any, ...]]) -> Iterator[Printing]:
    """Articles as sources, from rows of story, article, outlet, agency and quotes."""
    for story, article, outlet, agency, quotes in rows:
        yield Printing(article, story or "", outlet, agency, tuple(quotes))
