"""A store of a few invented articles, row by row, for tests of queries and exports.

Wire copy: A and B print one story, C tells the same visit on its own. In D and E a minister's stance
on sanctions turns, and something is denied.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from dateline.store.packing import pack
from dateline.store.schema import migrate

TEXTS = {
    "A": "Moscow — President Ivan Testov phoned Prime Minister Olha Probna on Monday.\n\n"
    "He urged\ther to lift the sanctions.",
    "B": "President Ivan Testov phoned Prime Minister Olha Probna on Monday.",
    "C": "Testov spoke to Probna, the Kremlin said.",
    "D": "“We demand that the sanctions be lifted,” Foreign Minister Jan Vzor said in Geneva.\n\n"
    "Rebels shelled Kyiv.",
    "E": "Vzor said that the sanctions may stay. He denied that troops had crossed the border.",
}
_PUBLISHED = {
    "A": datetime.fromisoformat("2025-02-10T21:20:00+02:00"),
    "B": datetime.fromisoformat("2025-02-11T06:00:00+00:00"),
    "C": datetime.fromisoformat("2025-02-10T15:00:00+00:00"),
    "D": datetime.fromisoformat("2025-02-20T08:00:00+00:00"),
    "E": None,
}
_STORY = {"A": "s1", "B": "s1", "C": "s2", "D": "s3", "E": "s4"}
_DAY_FIELDS = {"when_granularity": "day", "when_basis": "stated"}


def make_store(path: Path, *, text: bool = True) -> Path:
    """The store, with or without the words of the articles."""
    path.write_bytes(_store_file(text))
    return path


@cache
def _store_file(text: bool) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "corpus.duckdb"
        with duckdb.connect(str(path)) as connection:
            migrate(connection)
            connection.begin()
            for table, rows in _tables().items():
                for row in rows:
                    add(connection, table, row if text else _without_words(table, row))
            connection.commit()
        return path.read_bytes()


def add(connection: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> None:
    """Insert one row; columns that it does not name get NULL, or the emptiest value allowed."""
    columns = _columns()[table]
    unknown = set(row) - {name for name, _, _ in columns}
    assert not unknown, f"{table} has no {unknown}"
    values = [row.get(name, _empty(kind, nullable)) for name, kind, nullable in columns]
    marks = ", ".join("?" for _ in values)
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)


@cache
def _columns() -> dict[str, list[tuple[str, str, str]]]:
    """Table -> name, type and whether it may be NULL, of each column in order."""
    columns: dict[str, list[tuple[str, str, str]]] = {}
    with duckdb.connect() as connection:
        migrate(connection)
        for table, *column in connection.execute(
            "SELECT table_name, column_name, data_type, is_nullable"
            " FROM information_schema.columns ORDER BY table_name, ordinal_position"
        ).fetchall():
            columns.setdefault(table, []).append((column[0], column[1], column[2]))
    return columns


def _empty(kind: str, nullable: str) -> Any:
    if nullable == "YES":
        return None
    if kind.endswith("[]"):
        return []
    return "" if kind == "VARCHAR" else 0


def _without_words(table: str, row: dict[str, Any]) -> dict[str, Any]:
    words = {"text", "content", "evidence", "trigger", "standfirst"}
    kept = {name for name, _, nullable in _columns()[table] if nullable == "NO"}
    return {k: None if k in words - kept else v for k, v in row.items()}


def _tables() -> dict[str, list[dict[str, Any]]]:
    return {
        "versions": [
            {
                "id": "v",
                "code": "0.1.0",
                "model": "m1",
                "codebook": "plover-x",
                "record_schema": "1",
            }
        ],
        "pages": [
            {"id": a, "location": f"/{a}.html", "outcome": "article", "version": "v", "attempts": 1}
            for a in TEXTS
        ],
        "articles": [_article(a) for a in TEXTS],
        "story_articles": [{"article": a, "story": s, "evidence": "x"} for a, s in _STORY.items()],
        "actors": _actors(),
        "events": _events(),
        "statements": _statements(),
        "positions": _positions(),
        "parties": _parties(),
        "places": _places(),
        "acts": _acts(),
        "act_events": [
            {"event": e, "act": act, "reason": "x"}
            for e, act in {"eA": "a1", "eB": "a1", "eC": "a1", "eD": "a2", "eE": "a3"}.items()
        ],
    }


def _article(a: str) -> dict[str, Any]:
    host = {"A": "meridian.example", "B": "courier.example"}.get(a, "pampero.example")
    return {
        "id": a,
        "record_id": f"r{a}",
        "url": None if a == "E" else f"https://www.{host}/{a.lower()}",
        "headline": f'Headline {a}: "talks"',
        "published": _PUBLISHED[a],
        "published_granularity": "minute",
        "outlet": None if a == "E" else host.split(".")[0].title(),
        "source": None if a == "E" else host,
        "language": "en",
        "characters": len(TEXTS[a]),
        "words": len(TEXTS[a].split()),
        "text_hash": a,
        "text": pack(TEXTS[a]),
    }


_WHO = {
    "testov": ("Ivan Testov", "RUS", "GOV", "president", "person"),
    "probna": ("Olha Probna", "UKR", "GOV", "prime minister", "person"),
    "vzor": ("Jan Vzor", "CZE", "GOV", "foreign minister", "person"),
    "kremlin": ("Kremlin", "RUS", "GOV", None, "organisation"),
    "~rebels": ("Rebels", "", "REB", None, "group"),
    "army": ("Armée d’Été", "FRA", "MIL", None, "organisation"),
}


def _actors() -> list[dict[str, Any]]:
    present = {
        "A": ("testov", "probna"),
        "B": ("testov", "probna"),
        "C": ("testov", "probna", "kremlin"),
        "D": ("vzor", "~rebels"),
        "E": ("vzor", "army"),
    }
    columns = ("name", "country", "sector", "office", "kind")
    return [
        {"article": a, "actor": who, "sector2": "", "source": "test"}
        | dict(zip(columns, _WHO[who], strict=True))
        for a, ids in present.items()
        for who in ids
    ]


def _events() -> list[dict[str, Any]]:
    phone = {
        "type": "CONSULT",
        "mode": "phone",
        "contexts": ["diplomatic", "military"],
        "cameo": "041",
        "quad": 1,
        "intensity": 1.5,
        "status": "happened",
        "confidence": 0.87,
        "first_day": date(2025, 2, 10),
        "last_day": date(2025, 2, 10),
        "when_start": "2025-02-10",
        "when_end": "2025-02-10",
        **_DAY_FIELDS,
    }
    return [
        phone | _told("A", "phoned", "President Ivan Testov phoned"),
        phone | _told("B", "phoned", "President Ivan Testov phoned"),
        phone | _told("C", "spoke", "Testov spoke to Probna") | {"statement": "sC"},
        _told("D", "shelled", "Rebels shelled Kyiv")
        | {
            "type": "ASSAULT",
            "mode": "heavy-weapons",
            "cameo": "194",
            "quad": 4,
            "intensity": -9.0,
            "status": "happened",
            "confidence": 0.5,
            "place_name": "Kyiv",
            "place_start": TEXTS["D"].index("Kyiv"),
            "place_end": TEXTS["D"].index("Kyiv") + 4,
            "lat": 50.45,
            "lon": 30.52,
            "place_country": "UKR",
            "geonameid": 703448,
            "first_day": date(2025, 2, 1),
            "last_day": date(2025, 2, 28),
        },
        _told("E", "crossed", "troops had crossed the border")
        | {
            "type": "MOBILIZE",
            "mode": "troops",
            "cameo": "154",
            "quad": 4,
            "intensity": -7.0,
            "status": "denied",
            "confidence": 0.7,
            "statement": "sE",
        },
    ]


def _told(article: str, trigger: str, evidence: str) -> dict[str, Any]:
    text = TEXTS[article]
    start, first = text.index(trigger), text.index(evidence)
    return {
        "id": f"e{article}",
        "article": article,
        "local_id": "e1",
        "trigger": trigger,
        "trigger_start": start,
        "trigger_end": start + len(trigger),
        "evidence": evidence,
        "evidence_spans": [[first, first + len(evidence)]],
    }


def _acts() -> list[dict[str, Any]]:
    kept = [name for name, _, _ in _columns()["acts"] if name not in ("id", "spread")]
    events = {e["id"]: e for e in _events()}
    counts = {"a1": ("eA", 3, 3, 3, 2), "a2": ("eD", 1, 1, 1, 1), "a3": ("eE", 1, 1, 1, 1)}
    names = ("event", "n_events", "n_articles", "n_outlets", "n_independent")
    return [
        {"id": act, "spread": "{}", "actors": [], "recipients": []}
        | dict(zip(names, numbers, strict=True))
        | {name: events[numbers[0]][name] for name in kept if name in events[numbers[0]]}
        for act, numbers in counts.items()
    ]


def _statements() -> list[dict[str, Any]]:
    return [
        _said("C", "Testov spoke to Probna", "indirect"),
        _said("D", "“We demand that the sanctions be lifted,”", "direct")
        | {"when_start": "2025-02", "when_end": "2025-02", "when_granularity": "month"},
        _said("E", "troops had crossed the border", "indirect"),
    ]


def _said(article: str, content: str, kind: str) -> dict[str, Any]:
    start = TEXTS[article].index(content)
    return {
        "id": f"s{article}",
        "article": article,
        "local_id": "s1",
        "kind": kind,
        "content": content,
        "content_spans": [[start, start + len(content)]],
        "cue_spans": [],
        "confidence": 0.9,
    }


def _positions() -> list[dict[str, Any]]:
    def taken(article: str, stance: str, content: str, day: str | None) -> dict[str, Any]:
        start = TEXTS[article].index(content)
        return {
            "id": f"p{article}",
            "article": article,
            "local_id": "p1",
            "issue": "sanctions",
            "stance": stance,
            "content": content,
            "content_start": start,
            "content_end": start + len(content),
            "statement": f"s{article}",
            "when_start": day,
            "when_end": day,
            "confidence": 0.8,
        }

    return [
        taken("D", "demands", "sanctions be lifted", "2025-02-20"),
        taken("E", "accepts", "the sanctions may stay", "2025-03-01"),
    ]


def _parties() -> list[dict[str, Any]]:
    rows = [
        ("A", "eA", "actor", "testov", "President Ivan Testov"),
        ("A", "eA", "recipient", "probna", "Prime Minister Olha Probna"),
        ("B", "eB", "actor", "testov", "President Ivan Testov"),
        ("B", "eB", "recipient", "probna", "Prime Minister Olha Probna"),
        ("C", "eC", "actor", "testov", "Testov"),
        ("C", "eC", "recipient", "probna", "Probna"),
        ("C", "sC", "speaker", "kremlin", "the Kremlin"),
        ("D", "eD", "actor", "~rebels", "Rebels"),
        ("D", "eD", "recipient", None, "Kyiv"),
        ("D", "sD", "speaker", "vzor", "Foreign Minister Jan Vzor"),
        ("D", "pD", "party", "vzor", "Foreign Minister Jan Vzor"),
        ("E", "eE", "actor", "army", "troops"),
        ("E", "sE", "speaker", "vzor", "Vzor"),
        ("E", "pE", "party", "vzor", "Vzor"),
    ]
    return [
        {
            "article": article,
            "owner": owner,
            "role": role,
            "ordinal": 0,
            "actor": actor,
            "span_start": TEXTS[article].index(text),
            "span_end": TEXTS[article].index(text) + len(text),
            "text": text,
        }
        for article, owner, role, actor, text in rows
    ]


def _places() -> list[dict[str, Any]]:
    kyiv, geneva = TEXTS["D"].index("Kyiv"), TEXTS["D"].index("Geneva")
    return [
        {
            "id": "l1",
            "article": "D",
            "span_start": kyiv,
            "span_end": kyiv + 4,
            "name": "Kyiv",
            "kind": "city",
            "lat": 50.45,
            "lon": 30.52,
            "country": "UKR",
            "geonameid": 703448,
            "confidence": 1.0,
        },
        {
            "id": "l2",
            "article": "D",
            "span_start": geneva,
            "span_end": geneva + 6,
            "name": "Geneva",
            "kind": "city",
            "country": "CHE",
            "confidence": 1.0,
        },
    ]
