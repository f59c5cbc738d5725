"""Parties that people put in the place of those the machine read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from dateline.spans import Span
from dateline.store.corrections.fields import ROLES, WRONG
from dateline.store.corrections.resolve import Resolved
from dateline.store.corrections.targets import Ask
from dateline.store.model import Row
from dateline.store.packing import unpack

_OWNERS = """
SELECT id, article, trigger_start AS span_start, trigger_end AS span_end FROM machine.events
WHERE id IN (SELECT unnest($ids))
UNION ALL SELECT id, article, content_spans[1][1], content_spans[-1][2] FROM machine.statements
WHERE id IN (SELECT unnest($ids))
UNION ALL SELECT id, article, content_start, content_end FROM machine.positions
WHERE id IN (SELECT unnest($ids))"""
_KNOWN = """
SELECT *, lower(name) AS key FROM machine.actors
WHERE lower(name) IN (SELECT unnest($names)) OR actor IN (SELECT unnest($ids))"""
_MENTIONS = """
SELECT DISTINCT article, actor, lower(text) AS key, span_start, span_end FROM machine.parties
WHERE article IN (SELECT unnest($articles))"""
_TEXTS = "SELECT id, text FROM machine.articles WHERE id IN (SELECT unnest($articles))"


class PartyRows:
    """Rows of ``parties``, and of ``actors`` where an article did not have a party before. A name is
    that of an actor of the article, else of one of the corpus, else words tied to no actor. ``gone``
    are the (owner, role) whose rows of the store do not show."""

    def __init__(self, ask: Ask, found: Resolved) -> None:
        self.gone: set[tuple[str, str]] = set()
        self._wanted: dict[tuple[str, str], list[str]] = {}
        self._collect(found)
        self._owners = self._rows_of(ask)
        names = sorted({name for listed in self._wanted.values() for name in listed})
        self._actors = _Actors(ask, names)
        self._mentions = _Mentions(ask, sorted({row["article"] for row in self._owners.values()}))

    def _collect(self, found: Resolved) -> None:
        changed = dict(found.events) | found.by_target("statements") | found.by_target("positions")
        for owner, changes in changed.items():
            if changes.get(WRONG):
                self.gone |= {(owner, role) for role in ROLES.values()}
                continue
            for field, role in ROLES.items():
                if field in changes:
                    self.gone.add((owner, role))
                    self._wanted[owner, role] = _listed(changes[field])

    def _rows_of(self, ask: Ask) -> dict[str, Row]:
        owners = sorted({owner for owner, _ in self._wanted})
        return {row["id"]: row for row in ask(_OWNERS, {"ids": owners})} if owners else {}

    def ids(self, owner: str, role: str) -> list[str] | None:
        """The parties of an act as ``acts`` lists them; None where nobody changed them."""
        if (owner, role) not in self._wanted:
            return None
        article = self._owners[owner]["article"]
        named = ((self._actors.find(n, article), n) for n in self._wanted[owner, role])
        return [actor["actor"] if actor else f'"{name}"' for actor, name in named]

    def rows(self) -> dict[str, list[Row]]:
        """The new rows by table."""
        parties: list[Row] = []
        actors: dict[tuple[str, str], Row] = {}
        for (owner, role), names in sorted(self._wanted.items()):
            told = self._owners[owner]
            for ordinal, name in enumerate(names):
                actor = self._actors.find(name, told["article"])
                parties.append(self._party(told, role, ordinal, name, actor))
                if actor and not self._actors.is_in(actor["actor"], told["article"]):
                    actors[told["article"], actor["actor"]] = actor | {"article": told["article"]}
        return {"parties": parties, "actors": list(actors.values())}

    def _party(self, told: Row, role: str, ordinal: int, name: str, actor: Row | None) -> Row:
        near = (told["span_start"], told["span_end"])
        start, end = self._mentions.find(told["article"], name, actor, near)
        return {
            "article": told["article"],
            "owner": told["id"],
            "role": role,
            "ordinal": ordinal,
            "actor": actor["actor"] if actor else None,
            "span_start": start,
            "span_end": end,
            "text": name,
        }


class _Actors:
    """Actors of the store by name or id."""

    def __init__(self, ask: Ask, names: Sequence[str]) -> None:
        self._by_article: dict[tuple[str, str], Row] = {}
        self._by_key: dict[str, list[Row]] = defaultdict(list)
        self._present: set[tuple[str, str]] = set()
        values = {"names": [name.lower() for name in names], "ids": list(names)}
        for row in ask(_KNOWN, values) if names else ():
            key = row.pop("key")
            self._present.add((row["article"], row["actor"]))
            for name in (key, row["actor"]):
                self._by_article.setdefault((row["article"], name), row)
                if not row["actor"].startswith("~"):
                    self._by_key[name].append(row)

    def find(self, name: str, article: str) -> Row | None:
        """The actor of a name in an article, else the one that most articles have by it."""
        for key in (name, name.lower()):
            if (article, key) in self._by_article:
                return self._by_article[article, key]
            rows = self._by_key.get(key)
            if rows:
                return _commonest(rows)
        return None

    def is_in(self, actor: str, article: str) -> bool:
        """Whether an article has a row of an actor."""
        return (article, actor) in self._present


def _commonest(rows: Sequence[Row]) -> Row:
    counts: dict[str, int] = defaultdict(int)
    for row in rows:
        counts[row["actor"]] += 1
    best = max(counts, key=lambda actor: (counts[actor], actor))
    return max((row for row in rows if row["actor"] == best), key=lambda row: str(row["article"]))


class _Mentions:
    """Where parties are mentioned in the articles that corrections are about."""

    def __init__(self, ask: Ask, articles: Sequence[str]) -> None:
        self._spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
        self._texts: dict[str, bytes | None] = {}
        if not articles:
            return
        for row in ask(_MENTIONS, {"articles": articles}):
            span = (row["span_start"], row["span_end"])
            for key in (row["actor"], row["key"]):
                if key is not None:
                    self._spans[row["article"], key].append(span)
        for row in ask(_TEXTS, {"articles": articles}):
            self._texts[row["id"]] = row["text"]

    def find(self, article: str, name: str, actor: Row | None, near: Span) -> Span:
        """The mention of a party that is nearest to ``near``; ``near`` itself when it has none."""
        keys = [*([actor["actor"]] if actor else []), name.lower()]
        spans = [span for key in keys for span in self._spans[article, key]]
        spans = spans or list(self._in_text(article, name))
        return min(spans, key=lambda span: (abs(span[0] - near[0]), span), default=near)

    def _in_text(self, article: str, name: str) -> Iterable[Span]:
        packed = self._texts.get(article)
        text = unpack(packed) if packed else ""
        start = text.find(name)
        while start >= 0:
            yield start, start + len(name)
            start = text.find(name, start + 1)


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
