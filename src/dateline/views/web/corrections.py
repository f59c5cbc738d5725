"""Corrections: the form for a record, the list of what was corrected, taking one back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from dateline.record.codebook import load_codebook
from dateline.record.model import EventType, Stance, StatementKind, Status
from dateline.store.corpus import Row
from dateline.store.corrections import (
    FIELDS,
    Correction,
    CorrectionError,
    Corrections,
    Target,
    find_target,
)
from dateline.store.corrections.fields import WRONG
from dateline.store.packing import unpack
from dateline.views.web.corrected import FIELD_NAMES, shown
from dateline.views.web.database import Database
from dateline.views.web.deps import Db, Pages, render, settings
from dateline.views.web.form_token import (
    FormTokenError,
    check_token,
    form_token,
    keep_name,
    set_cookie,
)
from dateline.views.web.words import act_words, issue_title, spaced

router = APIRouter(include_in_schema=False)

_AUTHOR = "dateline_author"
_YEAR = 365 * 24 * 3600
_AROUND = 240  # characters of the article shown before and after the words of a record
_WHAT = {
    "acts": "an act",
    "events": "an act as this article tells it",
    "statements": "a statement",
    "positions": "a position",
    "articles": "an article",
}
_HINTS = {
    "actors": "names, with semicolons between them",
    "recipients": "names, with semicolons between them",
    "day": "2025-02-12, 2025-02 or 2025; two with a slash between for a span",
    "place": "a name, and if need be its country and position: Kyiv, UKR, 50.45 30.52",
    "published": "2025-02-12, or 2025-02-12T21:20+02:00",
}
_STALE = (
    "The form was not sent from a page of this server, or the server was started anew since."
    " Nothing was changed; send it again."
)

# What holds now for a record: its corrections, those of its act, those of the event it stands for.
_IN_FORCE = """
SELECT target_table, field, "new" FROM corrections
WHERE (target_table = $table AND target = $id)
   OR (target_table = 'events' AND $table = 'acts' AND target = $anchor)
   OR (target_table = 'acts' AND $table = 'events' AND target IN
       (SELECT act FROM machine.act_events WHERE event = $id))
ORDER BY made"""


@dataclass(frozen=True, slots=True)
class Input:
    """A field of the form. ``groups`` are the choices by heading, empty for free text."""

    name: str
    title: str
    value: str
    read: str
    hint: str = ""
    groups: Sequence[tuple[str, Sequence[tuple[str, str]]]] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A record with the form to correct it. ``before``, ``words`` and ``after`` are the article's."""

    target: Target
    what: str
    inputs: Sequence[Input]
    author: str
    article: Row
    before: str = ""
    words: str = ""
    after: str = ""
    wrong: bool = False
    history: Sequence[Correction] = ()
    reason: str = ""
    back: str = ""
    problem: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


async def posted(request: Request) -> FormData:
    """The fields of a form."""
    return await request.form(max_fields=100, max_files=0)


Posted = Annotated[FormData, Depends(posted)]


@router.get("/correct/{table}/{id}")
def form(
    request: Request, db: Db, table: str, id: str, part: Annotated[bool, Query()] = False
) -> Response:
    """The form for a record; with ``part`` alone, to be put into another page."""
    return _answer(request, _form(request, db, _target(db, table, id)), part=part)


@router.post("/correct/{table}/{id}")
def correct(request: Request, db: Db, sent: Posted, table: str, id: str) -> Response:
    """Correct a record, and go back to where it was."""
    target = _target(db, table, id)
    given = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    try:
        check_token(request, given.get("token", ""))
        _save(request, db, target, given)
    except FormTokenError:
        return _refused(request, db, target, given, _STALE, 403)
    except CorrectionError as error:
        return _refused(request, db, target, given, _sentence(error), 400)
    response = RedirectResponse(_back(given.get("back"), target), status_code=303)
    set_cookie(request, response, _AUTHOR, quote(given["author"].strip()), seconds=_YEAR)
    return response


@router.get("/corrections")
def listed(request: Request, db: Db, pages: Pages) -> Response:
    """Everything that was corrected, the last first."""
    found = list(reversed(_corrections(request).all()))
    rows, more = pages.cut(found[pages.offset : pages.offset + pages.limit])
    heads = _headlines(db, [c.article for c in rows])
    name, token = form_token(request)
    context = {
        "rows": [_line(c, heads) for c in rows],
        "total": len(found),
        "more": more,
        "pages": pages,
        "token": token,
        "author": _author(request),
    }
    response = render(request, "corrections.html", context)
    keep_name(request, response, name)
    return response


@router.post("/corrections/{id}/withdraw")
def withdraw(request: Request, sent: Posted, id: str) -> Response:
    """Take a correction back."""
    try:
        check_token(request, str(sent.get("token", "")))
        author = str(sent.get("author") or _author(request))
        _corrections(request).withdraw(id, author=author)
    except FormTokenError:
        raise HTTPException(403, _STALE) from None
    except CorrectionError as error:
        raise HTTPException(400, _sentence(error)) from None
    except KeyError:
        raise HTTPException(404, "there is no such correction") from None
    response = RedirectResponse(_local(str(sent.get("back", ""))) or "/corrections", 303)
    set_cookie(request, response, _AUTHOR, quote(author.strip()), seconds=_YEAR)
    return response


def _answer(request: Request, made: Form, *, part: bool = False, status: int = 200) -> Response:
    name, token = form_token(request)
    template = "correct_part.html" if part else "correct_page.html"
    response = render(request, template, {"form": made, "token": token}, status=status)
    keep_name(request, response, name)
    return response


def _refused(
    request: Request, db: Database, target: Target, given: dict[str, str], why: str, status: int
) -> Response:
    """The form again with what was given and what is wrong with it."""
    return _answer(request, _form(request, db, target, given, why), status=status)


def _corrections(request: Request) -> Corrections:
    return Corrections(settings(request).path)


def _author(request: Request) -> str:
    from urllib.parse import unquote

    return unquote(request.cookies.get(_AUTHOR, ""))[:80]


def _target(db: Database, table: str, id: str) -> Target:
    """Raises HTTPException 404."""
    found = find_target(db.rows, table, id) if table in FIELDS else None
    if found is None:
        raise HTTPException(404)
    return found


def _save(request: Request, db: Database, target: Target, given: Mapping[str, str]) -> None:
    """Keep what was changed. A field that was set back to the machine's value is no longer corrected.
    Raises CorrectionError."""
    kept = _corrections(request)
    author, reason = given.get("author", ""), given.get("reason", "")
    if given.get("action") == "wrong":
        kept.add(target, {"wrong": True}, author=author, reason=reason)
        return
    now = _holding(db, target)
    changed = {
        name: given[name].strip()
        for name in FIELDS[target.table]
        if name in given and given[name].strip() != shown(name, now.get(name))
    }
    if changed.get("mode") == "" and not _has_mode(changed.get("type"), now.get("mode")):
        del changed["mode"]  # it goes with the type that had it
    own = {c.field: c for c in kept.of(target.table, target.anchor) if c.withdrawn is None}
    back = [n for n in changed if n in own and changed[n] == shown(n, target.values[n])]
    new = {name: value for name, value in changed.items() if name not in back}
    if new or not back:
        kept.add(target, new, author=author, reason=reason)
    for c in kept.of(target.table, target.anchor):
        if c.field in back and c.withdrawn is None:
            kept.withdraw(c.id, author=author)


def _holding(db: Database, target: Target) -> dict[str, Any]:
    """The values of a record with its corrections."""
    values = {"table": target.table, "id": target.id, "anchor": target.anchor}
    rows = db.rows(_IN_FORCE, values)
    return dict(target.values) | {row["field"]: json.loads(row["new"]) for row in rows}


def _form(
    request: Request,
    db: Database,
    target: Target,
    given: Mapping[str, str] | None = None,
    problem: str = "",
) -> Form:
    given = given or {}
    now = _holding(db, target)
    article = db.one(
        "SELECT id, headline, outlet, published, text FROM articles WHERE id = $id",
        {"id": target.article},
    )
    assert article is not None
    before, words, after = _words(article, target)
    return Form(
        target=target,
        what=_WHAT[target.table],
        inputs=[
            _input(name, target, now, given) for name in FIELDS[target.table] if name != "wrong"
        ],
        author=given.get("author") or _author(request),
        article=article,
        before=before,
        words=words,
        after=after,
        wrong=bool(now.get("wrong")),
        history=list(reversed(_corrections(request).of(target.table, target.anchor))),
        reason=given.get("reason", ""),
        back=_local(given.get("back") or request.query_params.get("back", "")),
        problem=problem,
    )


def _words(article: Row, target: Target) -> tuple[str, str, str]:
    """The words of a record with those around them; empty for an article and without text."""
    if target.span is None or article["text"] is None:
        return "", "", ""
    text, (start, end) = unpack(article["text"]), target.span
    left = text.rfind("\n", 0, start) + 1
    right = text.find("\n", end)
    low, high = max(left, start - _AROUND), min(len(text) if right < 0 else right, end + _AROUND)
    cut = ("… " if low > left else "", " …" if high < len(text) and text[high] != "\n" else "")
    return cut[0] + text[low:start], text[start:end], text[end:high] + cut[1]


def _input(name: str, target: Target, now: Mapping[str, Any], given: Mapping[str, str]) -> Input:
    read = shown(name, target.values.get(name))
    value = given.get(name, shown(name, now.get(name)))
    return Input(
        name=name,
        title=FIELD_NAMES[name],
        value=value,
        read=read,
        hint=_HINTS.get(name, ""),
        groups=_groups(name, str(now.get("type") or "")),
    )


def _groups(name: str, type: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The choices of a field."""
    if name == "type":
        return [("", [(code, act_words(code)) for code in get_args(EventType)])]
    if name == "mode":
        return _modes(type)
    if name == "issue":
        from dateline.record.lexicon import issues

        return [("", [(code, issue_title(code)) for code in issues()])]
    allowed: dict[str, tuple[str, ...]] = {
        "status": get_args(Status),
        "kind": get_args(StatementKind),
        "stance": get_args(Stance),
    }
    return [("", [(code, spaced(code)) for code in allowed[name]])] if name in allowed else []


def _has_mode(type: str | None, mode: str | None) -> bool:
    """Whether a new type has the mode; True when there is no new type."""
    return type is None or type not in get_args(EventType) or mode in load_codebook().modes(type)


def _modes(type: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Modes by type, those of the record's own type first."""
    types = [t for t in get_args(EventType) if load_codebook().modes(t)]
    types.sort(key=lambda t: t != type)
    listed = [(t, [(m, spaced(m)) for m in load_codebook().modes(t)]) for t in types]
    return [("", [("", "none")]), *((t, modes) for t, modes in listed)]


def _headlines(db: Database, articles: Sequence[str]) -> dict[str, str]:
    sql = "SELECT id, headline FROM articles WHERE id IN (SELECT unnest($ids))"
    return {row["id"]: row["headline"] or "" for row in db.rows(sql, {"ids": list(articles)})}


def _line(c: Correction, headlines: Mapping[str, str]) -> dict[str, Any]:
    what = _WHAT.get(c.table, c.table)
    return {
        "c": c,
        "title": what.capitalize() if c.field == WRONG else f"{FIELD_NAMES[c.field]} of {what}",
        "old": shown(c.field, c.old),
        "new": shown(c.field, c.new),
        "headline": headlines.get(c.article),
        "href": _record_address(c.table, c.target, c.article, c.anchor),
    }


def _record_address(table: str, target: str, article: str, anchor: str) -> str:
    """Where a record can be seen, among the words of its article."""
    if table == "articles":
        return f"/article/{quote(article)}"
    key = anchor if table == "acts" else target
    return f"/article/{quote(article)}?record={quote(key)}#lit"


def _back(given: str | None, target: Target) -> str:
    """Where to go after a correction."""
    address = _record_address(target.table, target.id, target.article, target.anchor)
    return _local(given or "") or address


def _local(address: str) -> str:
    """An address of this server, '' for any other."""
    parts = urlsplit(address.replace("\\", "/"))
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    safe = is_path and not parts.scheme and not parts.netloc and address.isprintable()
    return address if safe and len(address) < 4000 else ""


def _sentence(error: Exception) -> str:
    text = str(error)
    name, colon, rest = text.partition(": ")
    return f"{FIELD_NAMES.get(name, name.capitalize())}: {rest}." if colon else f"{text}."
