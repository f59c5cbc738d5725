"""The folder of fetched pages.

``<sha256>.html`` (or ``.txt``) holds the bytes as served, named by their own hash;
``<sha256>.meta.json`` beside it says where they came from. ``.fetch.sqlite`` remembers what to ask
'has it changed?' with, and the pages that a feed listed and that are still to be had.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dateline.fetch.client import Answer, Validators
from dateline.fetch.feeds import Entry

SIDECAR_SUFFIX = ".meta.json"
SIDECAR_VERSION = 1
STATE_NAME = ".fetch.sqlite"
# A page that could not be had this often is left alone until its feed says it changed.
MAX_TRIES = 5

_SCHEMA = """
create table if not exists seen(
    url text primary key, etag text, modified text, sha256 text, stamp text, outcome text);
create table if not exists pending(
    url text primary key, feed text, title text, published text, updated text, tries integer);
create index if not exists pending_feed on pending(feed);
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch. ``entry`` and ``feed`` are None for one that was asked for by its address."""

    url: str
    entry: Entry | None = None
    feed: str | None = None


class PageFolder:
    """Pages and the memory of what was fetched. Safe to kill at any moment: a page's files are
    complete before it counts as had."""

    def __init__(self, path: Path) -> None:
        """Opens ``path``, which is made when it is not there. Raises OSError or sqlite3.Error."""
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._state = sqlite3.connect(path / STATE_NAME, timeout=30.0)
        self._state.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the memory."""
        self._state.close()

    def validators(self, url: str) -> Validators | None:
        """What to ask with whether ``url`` has changed; None when it was never had, or when the
        page saved for it is gone."""
        row = self._state.execute(
            "select etag, modified, sha256 from seen where url = ? and outcome in ('page', 'feed')",
            (url,),
        ).fetchone()
        if row is None or (row[2] and not self._has(row[2])):
            return None
        return Validators(row[0], row[1])

    def save_page(self, wanted: Wanted, answer: Answer, fetched: datetime) -> tuple[Path, bool]:
        """Write a page and its sidecar; the page's path, and whether it was new. Bytes that are
        there already are not written again; another address for them is added to the sidecar."""
        digest = hashlib.sha256(answer.body).hexdigest()
        suffix = ".txt" if answer.media_type == "text/plain" else ".html"
        page, sidecar = self.path / f"{digest}{suffix}", self.path / f"{digest}{SIDECAR_SUFFIX}"
        facts = _facts(wanted, answer, fetched, digest) | self._earlier(wanted.url, digest)
        known = _read_json(sidecar)
        if known is None:
            _write(sidecar, _as_json(facts))
        elif (merged := _with_address(known, facts)) != known:
            _write(sidecar, _as_json(merged))
        new = not page.exists()
        if new:
            _write(page, answer.body)
        stamp = wanted.entry.stamp if wanted.entry else ""
        self._remember(wanted.url, answer.validators, digest, stamp, "page")
        return page, new

    def save_feed(self, url: str, answer: Answer, listed: Iterable[Entry]) -> None:
        """Remember a feed and, in the same step, its pages that were not had at their present
        stamp."""
        new = [entry for entry in listed if not self._is_had(entry)]
        with self._state:
            self._state.executemany(
                "insert into pending values (?, ?, ?, ?, ?, 0) on conflict(url) do update set"
                " tries = case when updated is excluded.updated then tries else 0 end,"
                " feed = excluded.feed, title = excluded.title,"
                " published = excluded.published, updated = excluded.updated",
                [(e.url, url, e.title, e.published, e.updated) for e in new],
            )
            self._insert_seen(url, answer.validators, "", "", "feed")

    def pending(self, feed: str) -> list[Wanted]:
        """Pages of a feed that are still to be had, in the order they were listed."""
        rows = self._state.execute(
            "select url, title, published, updated from pending where feed = ? and tries < ?"
            " order by rowid",
            (feed, MAX_TRIES),
        )
        return [Wanted(row[0], Entry(*row), feed) for row in rows]

    def give_up(self, wanted: Wanted) -> None:
        """Remember that a page cannot be had, until its feed says that it changed."""
        if wanted.entry is not None:
            self._remember(wanted.url, Validators(), "", wanted.entry.stamp, "refused")

    def try_again(self, wanted: Wanted) -> None:
        """Count a try that failed and may go better another time."""
        if wanted.entry is not None:
            with self._state:
                self._state.execute(
                    "update pending set tries = tries + 1 where url = ?", (wanted.url,)
                )

    def unchanged(self, wanted: Wanted) -> None:
        """Note that a listed page has not changed although its feed says so."""
        if wanted.entry is not None:
            with self._state:
                self._state.execute("delete from pending where url = ?", (wanted.url,))
                self._state.execute(
                    "update seen set stamp = ? where url = ?", (wanted.entry.stamp, wanted.url)
                )

    def _is_had(self, entry: Entry) -> bool:
        row = self._state.execute(
            "select stamp, sha256 from seen where url = ?", (entry.url,)
        ).fetchone()
        if row is None or row[0] != entry.stamp:
            return False
        return not row[1] or self._has(row[1])

    def _has(self, digest: str) -> bool:
        return any((self.path / f"{digest}{suffix}").exists() for suffix in (".html", ".txt"))

    def _earlier(self, url: str, digest: str) -> dict[str, str]:
        """The hash of the version of the same address that this one follows."""
        row = self._state.execute("select sha256 from seen where url = ?", (url,)).fetchone()
        return {"replaces": row[0]} if row and row[0] and row[0] != digest else {}

    def _remember(
        self, url: str, validators: Validators, digest: str, stamp: str, outcome: str
    ) -> None:
        with self._state:
            self._state.execute("delete from pending where url = ?", (url,))
            self._insert_seen(url, validators, digest, stamp, outcome)

    def _insert_seen(
        self, url: str, validators: Validators, digest: str, stamp: str, outcome: str
    ) -> None:
        row = (url, validators.etag, validators.modified, digest, stamp, outcome)
        old = self._state.execute("select * from seen where url = ?", (url,)).fetchone()
        if old != row:
            self._state.execute("insert or replace into seen values (?, ?, ?, ?, ?, ?)", row)


def _facts(wanted: Wanted, answer: Answer, fetched: datetime, digest: str) -> dict[str, Any]:
    entry = wanted.entry
    return {
        "version": SIDECAR_VERSION,
        "url": answer.url,
        "requested_url": wanted.url,
        "fetched": fetched.isoformat(timespec="seconds"),
        "published": entry.published if entry else None,
        "title": (entry.title or None) if entry else None,
        "feed": wanted.feed,
        "sha256": digest,
        "bytes": len(answer.body),
        "headers": answer.headers,
    }


def _with_address(known: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """The sidecar ``known`` with the address of ``facts`` among its others."""
    address = facts["url"]
    others = known.get("other_urls", [])
    if address == known.get("url") or address in others:
        return known
    return known | {"other_urls": [*others, address]}


def _read_json(path: Path) -> dict[str, Any] | None:
    """A sidecar; None when there is none, or none that can be read."""
    try:
        loaded = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _as_json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
