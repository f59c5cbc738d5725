"""Measures the resolver on rows of phrase, context, date and expected codes."""

from __future__ import annotations

import json
from pathlib import Path

from dateline.record.actors import resolve_actor
from dateline.record.model import Actor


def evaluate(path: Path | str) -> dict[str, object]:
    """Shares of rows answered right, for a JSON Lines file of such rows.

    Each row has ``id``, ``text``, ``context``, ``date`` and ``expect``: None when the phrase is no
    actor, else a mapping that may hold ``country``, ``code_1`` (sector) and ``code_2`` (sector2).
    Codes are compared as they stand: UNO, EUR and IGO are three values, as in the PLOVER manual.
    A key that is absent is not asked about. A row with null ``expect`` is right when the answer is
    None, and a row with expectations is wrong when it is.

    Returns ``n``; ``both``, the share of rows right in all that is asked; ``country`` and
    ``sector``, the shares right among rows that ask for them (null rows count in both);
    ``failures``, the ids of rows that are not right. Raises OSError and json.JSONDecodeError for a
    file that cannot be read, ValueError for one without rows.
    """
    rows = _rows(Path(path))
    marks = [(row["id"], *_judge(row)) for row in rows]
    return {
        "n": len(rows),
        "country": _share([country for _, country, _ in marks]),
        "sector": _share([sector for _, _, sector in marks]),
        "both": _share([_right(country, sector) for _, country, sector in marks]),
        "failures": [row_id for row_id, *parts in marks if not _right(*parts)],
    }


def _rows(path: Path) -> list[dict[str, object]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    rows: list[dict[str, object]] = [json.loads(line) for line in lines if line.strip()]
    if not rows:
        raise ValueError(f"{path}: no rows to evaluate")
    return rows


def _judge(row: dict[str, object]) -> tuple[bool | None, bool | None]:
    """Whether country and sectors are right; None where the row does not ask."""
    actor = resolve_actor(
        str(row["text"]), context=str(row.get("context") or ""), date=_date(row.get("date"))
    )
    expect = row["expect"]
    if not isinstance(expect, dict):
        return actor is None, actor is None
    return _country_right(actor, expect), _sector_right(actor, expect)


def _date(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _country_right(actor: Actor | None, expect: dict[str, object]) -> bool | None:
    if "country" not in expect:
        return None
    return actor is not None and actor.country == expect["country"]


def _sector_right(actor: Actor | None, expect: dict[str, object]) -> bool | None:
    asked = [key for key in ("code_1", "code_2") if key in expect]
    if not asked:
        return None
    found = {"code_1": actor.sector, "code_2": actor.sector2} if actor else {}
    return all(found.get(key) == expect[key] for key in asked)


def _right(country: bool | None, sector: bool | None) -> bool:
    return country is not False and sector is not False


def _share(marks: list[bool | None]) -> float:
    asked = [mark for mark in marks if mark is not None]
    return sum(asked) / len(asked) if asked else 0.0
