"""Faults in a build: each ends in the same store or a clear error with nothing lost.

Kills and failing disks are in test_build.py, two builds at once in test_store.py; benchmarks/faults.py
brings the faults about for real and at length.
"""

from __future__ import annotations

import gzip
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pytest

from build_child import run
from dateline.store import lock, writer
from dateline.store.inputs import Options, find_files, read_inputs
from dateline.store.model import InputDone, RawPage
from dateline.store.schema import StoreError
from dateline.store.sql import fetch
from dateline.store.workspace import Workspace

CHILD = Path(__file__).with_name("build_child.py")


def story(number: int) -> str:
    return (
        f"Ferry {number} sails again\n\nOsk, 12 February 2025\n\nMayor Ana Ruiz of Osk met the governor "
        f'of Corvo on Tuesday.\n\n"We will repair pier {number}," Ruiz said.\n'
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(4):
        (folder / f"{number}.txt").write_text(story(number))
    return folder


def contents(store: Path) -> dict[str, list[str]]:
    with duckdb.connect(str(store), read_only=True) as connection:
        names = [row[0] for row in fetch(connection, "SHOW TABLES") if row[0] != "runs"]
        return {name: sorted(map(repr, fetch(connection, f"FROM {name}"))) for name in names}


@pytest.fixture
def whole(pages: Path, tmp_path: Path) -> dict[str, list[str]]:
    run(tmp_path / "whole.duckdb", [str(pages)])
    return contents(tmp_path / "whole.duckdb")


Whole = dict[str, list[str]]


def _limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))


@pytest.mark.skipif(os.name == "nt", reason="limits on files are POSIX")
def test_disk_that_is_full_loses_nothing(pages: Path, tmp_path: Path, whole: Whole) -> None:
    store = tmp_path / "corpus.duckdb"
    done = subprocess.run(
        [sys.executable, CHILD, store, pages],
        capture_output=True,
        text=True,
        preexec_fn=_limit_files,
    )
    assert done.returncode != 0
    assert "Error" in done.stderr.splitlines()[-1]
    run(store, [str(pages)])
    assert contents(store) == whole


def test_read_only_target_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(lock.os, "open", refuse)
    with pytest.raises(StoreError, match=r"cannot write beside .*Read-only file system"):
        Workspace(tmp_path / "corpus.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_store_without_tables_is_brought_up_to_date(
    pages: Path, tmp_path: Path, whole: Whole
) -> None:
    """What any older version is to the build: its tables are made before they are asked."""
    store = tmp_path / "corpus.duckdb"
    duckdb.connect(str(store)).close()
    assert run(store, [str(pages)]).pages == 4
    assert contents(store) == whole
    before = store.read_bytes()
    assert run(store, [str(pages)]).pages == 0
    assert store.read_bytes() == before  # up to date, it is not written


def test_clock_that_jumps_changes_no_row(
    pages: Path, tmp_path: Path, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = count()

    class Jumping(datetime):
        @classmethod
        def now(cls, zone: tzinfo | None = None) -> Any:
            return datetime.now(zone) + timedelta(days=3650 * (-1) ** next(looks))

    monkeypatch.setattr(writer, "datetime", Jumping)
    store = tmp_path / "corpus.duckdb"
    run(store, [str(pages)])
    assert next(looks) > 2
    assert contents(store) == whole
    for path in pages.iterdir():
        os.utime(path, (0, 0))
    assert run(store, [str(pages)]).pages == 0


# -- archives ---------------------------------------------------------------------------------------


def record(number: int, kind: bytes = b"response") -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>Page %d.</p>" % number
    fields = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: https://osk.example/%d\r\n" % (
        kind,
        number,
    )
    fields += b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % len(http)
    return fields + http + b"\r\n\r\n"


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "no length": lambda r: r.replace(b"Content-Length", b"Content-Len"),
    "length that is no number": lambda r: r.replace(
        b"Content-Length: ", "Content-Length: ²".encode()
    ),
    "no type": lambda r: r.replace(b"WARC-Type: response", b"WARC-T\xffpe: resp\x00nse"),
    "garbage": lambda r: b"\x00\xff" * 300 + b"\r\n\r\n",
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_record_is_told_and_the_next_is_read(
    tmp_path: Path, damage: str, pack: Callable[[bytes], bytes]
) -> None:
    parts = [record(0), DAMAGES[damage](record(1)), record(2), record(3)]
    file = tmp_path / ("news.warc" if pack is bytes else "news.warc.gz")
    file.write_bytes(b"".join(map(pack, parts)))
    *pages, done = read_inputs(find_files([str(file)]), Options(), lambda *_: False)
    found = [page.url or page.reason for page in pages if isinstance(page, RawPage)]
    assert set(found) - {"https://osk.example/1"} >= {
        "https://osk.example/0",
        "broken_file",
        "https://osk.example/2",
        "https://osk.example/3",
    }
    assert isinstance(done, InputDone)


def test_record_of_a_type_of_its_makers_is_skipped_and_no_damage(tmp_path: Path) -> None:
    file = tmp_path / "news.warc"
    file.write_bytes(record(0) + record(1, b"x-screenshot") + record(2))
    *pages, done = read_inputs(find_files([str(file)]), Options(), lambda *_: False)
    assert [getattr(page, "url", None) for page in pages] == [
        "https://osk.example/0",
        "https://osk.example/2",
    ]
    assert isinstance(done, InputDone)
    assert done.skipped == 1
