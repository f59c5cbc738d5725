"""Hostile pages in files and archives of every kind, built into a store that is then checked."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import resource
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import zstandard

from dateline.store.packing import unpack
from hostile_pages import HostilePage, page

# Pages of one archive, and the containers with their shares of the pages.
_GROUP = 25
_SHARES = {
    "file": 50,
    "gz": 6,
    "zst": 6,
    "jsonl": 12,
    "jsonl.gz": 4,
    "csv": 6,
    "warc": 8,
    "warc.gz": 8,
}
# Every so many archives one is damaged in addition: bytes flipped, cut off.
_DAMAGED = 4
_ALLOWED = {"bad_row", "broken_file"}
# Columns of words and the offsets they should be at.
_WORDS = (
    ("parties", "text", "span_start", "span_end"),
    ("events", "trigger", "trigger_start", "trigger_end"),
    ("positions", "content", "content_start", "content_end"),
)


def build_pages(
    folder: Path, seed: int, count: int, jobs: int, seconds: float, memory: float
) -> dict[str, Any]:
    """Write pages 0 to ``count`` of ``seed`` into ``folder``, build them, check the store."""
    inputs, store = folder / "inputs", folder / "corpus.duckdb"
    archives = write_inputs(inputs, seed, count)
    start = time.perf_counter()
    command = [sys.executable, "-m", "dateline", "build", str(inputs), "--to", str(store)]
    command += ["--jobs", str(jobs), "--page-seconds", str(seconds)]
    run = subprocess.run(command, capture_output=True, text=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    wrong = _wrong_run(run, peak, memory)
    if store.exists():
        wrong += check_store(store)
    return {
        **archives,
        "seconds": round(time.perf_counter() - start),
        "largest_process_mb": round(peak),
        "store_mb": round(store.stat().st_size / 1e6) if store.exists() else None,
        **(_counts(store) if store.exists() else {}),
        "wrong": wrong[:50],
    }


def _wrong_run(run: subprocess.CompletedProcess[str], peak: float, memory: float) -> list[str]:
    wrong = []
    if run.returncode != 0:
        wrong.append(f"exit code {run.returncode}: {run.stderr[-300:]}")
    if "Traceback" in run.stderr + run.stdout:
        wrong.append(f"traceback: {run.stderr[-2000:]}")
    if peak > memory:
        wrong.append(f"a process of {peak:.0f} MB")
    return wrong


def _counts(store: Path) -> dict[str, Any]:
    with duckdb.connect(str(store), read_only=True) as connection:

        def counted(query: str) -> dict[str, int]:
            return dict(sorted(connection.execute(query).fetchall()))

        return {
            "outcomes": counted("SELECT outcome, count(*) FROM pages GROUP BY 1"),
            "reasons": counted(
                "SELECT reason, count(*) FROM pages WHERE reason IS NOT NULL GROUP BY 1"
            ),
            "events": connection.execute("SELECT count(*) FROM events").fetchall()[0][0],
        }


# -- the store ---------------------------------------------------------------------------------------


def check_store(store: Path) -> list[str]:
    """What is wrong in a store: pages that failed, rows without evidence, words not at their place."""
    with duckdb.connect(str(store), read_only=True) as connection:
        return [
            *_failed(connection),
            *_rows_without_evidence(connection),
            *_wrong_words(connection),
        ]


def _failed(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    query = "SELECT reason, location, part, message FROM pages WHERE outcome = 'failed'"
    for reason, location, part, message in connection.execute(query).fetchall():
        if reason not in _ALLOWED:
            yield f"{reason}: {Path(location).name} {part}: {message[:200]}"


def _rows_without_evidence(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    empty = {
        "events": "len(evidence_spans) = 0 OR trigger_end <= trigger_start",
        "statements": "len(content_spans) = 0",
        "positions": "content_end <= content_start",
    }
    for table, condition in empty.items():
        found = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchall()
        if found[0][0]:
            yield f"{found[0][0]} rows of {table} without evidence"
    spans = "SELECT article, unnest(evidence_spans) AS s FROM events"
    query = f"SELECT count(*) FROM ({spans}) e JOIN articles a ON a.id = e.article"
    query += " WHERE s[1] < 0 OR s[2] > a.characters OR s[1] >= s[2]"
    outside = connection.execute(query).fetchall()[0][0]
    if outside:
        yield f"{outside} pieces of evidence outside their text"


def _wrong_words(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    ids = [row[0] for row in connection.execute("SELECT id FROM articles ORDER BY id").fetchall()]
    for table, words, start, end in _WORDS:
        wrong = 0
        for first in range(0, len(ids), 200):
            some = ids[first : first + 200]
            blobs = "SELECT id, text FROM articles WHERE id IN (SELECT unnest(?))"
            texts = {i: unpack(blob) for i, blob in connection.execute(blobs, [some]).fetchall()}
            rows = f"SELECT article, {words}, {start}, {end} FROM {table}"
            rows += " WHERE article IN (SELECT unnest(?))"
            found = connection.execute(rows, [some]).fetchall()
            wrong += sum(
                texts[article][a:b].split() != told.split() for article, told, a, b in found
            )
        if wrong:
            yield f"{wrong} rows of {table} whose words are not at their offsets"


# -- the inputs --------------------------------------------------------------------------------------


def write_inputs(folder: Path, seed: int, count: int) -> dict[str, int]:
    """The pages as files and in archives; how many of each."""
    folder.mkdir(parents=True)
    dice = random.Random(f"inputs:{seed}")
    waiting: dict[str, list[HostilePage]] = {}
    made: Counter[str] = Counter()
    for number in range(count):
        hostile = page(seed, number)
        container = dice.choices(list(_SHARES), list(_SHARES.values()))[0]
        if container in {"file", "gz", "zst"}:
            made[container] += 1
            _write_page(folder, hostile, container)
            continue
        group = waiting.setdefault(container, [])
        group.append(hostile)
        if len(group) >= _GROUP:
            made[f"archives .{container}"] += 1
            _write_archive(folder, container, waiting.pop(container), dice)
    for container, group in sorted(waiting.items()):
        made[f"archives .{container}"] += 1
        _write_archive(folder, container, group, dice)
    made["bombs"] = _write_bombs(folder)
    return dict(made)


def _write_page(folder: Path, hostile: HostilePage, container: str) -> None:
    suffix = {"file": "", "gz": ".gz", "zst": ".zst"}[container]
    pack: Callable[[bytes], bytes] = {
        "": bytes,
        ".gz": lambda data: gzip.compress(data, 1, mtime=0),
        ".zst": lambda data: zstandard.compress(data, 1),
    }[suffix]
    kind = "html" if b"<" in hostile.data[:4000] else "txt"
    path = folder / f"{hostile.number:06}-{hostile.kind}.{kind}{suffix}"
    path.write_bytes(pack(hostile.data))


def _write_archive(
    folder: Path, container: str, group: Sequence[HostilePage], dice: random.Random
) -> None:
    format = container.partition(".")[0]
    packed = container.endswith(".gz")
    if format == "warc":
        records = (warc_record(hostile, dice) for hostile in group)
        data = b"".join(gzip.compress(r, 1, mtime=0) if packed else r for r in records)
    else:
        data = (_json_lines if format == "jsonl" else _csv_rows)(group)
        data = gzip.compress(data, 1, mtime=0) if packed else data
    path = folder / f"{group[0].number:06}-pages.{container}"
    path.write_bytes(data)
    if dice.randrange(_DAMAGED) == 0:
        (folder / f"{group[0].number:06}-damaged.{container}").write_bytes(damaged(data, dice))


def _json_lines(group: Sequence[HostilePage]) -> bytes:
    rows = (
        {
            "html": _as_text(hostile),
            "url": hostile.url,
            "published": "2024-05-01",
            "title": hostile.kind,
        }
        for hostile in group
    )
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _csv_rows(group: Sequence[HostilePage]) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target)
    writer.writerow(["url", "text"])
    writer.writerows([hostile.url or "", _as_text(hostile)] for hostile in group)
    return target.getvalue().encode("utf-8", "surrogatepass")


def _as_text(hostile: HostilePage) -> str:
    if isinstance(hostile.content, str):
        return hostile.content
    return hostile.content.decode("utf-8", "surrogateescape")


def warc_record(hostile: HostilePage, dice: random.Random) -> bytes:
    """The page as a response, its body coded and described in one of many ways, some of them wrong."""
    body = hostile.data
    kind = dice.choice(
        ["text/html", "text/html; charset=utf-8", "text/html; charset=hex", "text/plain"]
    )
    coding = dice.choice(
        ["", "", "gzip", "deflate", "br", "zstd", "gzip, gzip", "gzip lie", "chunked"]
    )
    headers = f"Content-Type: {kind}\r\n"
    if coding == "chunked":
        headers += "Transfer-Encoding: chunked\r\n"
        body = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    elif coding:
        headers += f"Content-Encoding: {coding.removesuffix(' lie')}\r\n"
        for _ in range(coding.count("gzip") if "lie" not in coding else 0):
            body = gzip.compress(body, 1, mtime=0)
        body = zlib.compress(body, 1) if coding == "deflate" else body
    http = f"HTTP/1.1 200 OK\r\n{headers}\r\n".encode() + body
    url = (hostile.url or f"https://osk.example/{hostile.number}").encode("utf-8", "replace")
    length = len(http) + (dice.choice([-5, 5, 10**12]) if dice.random() < 0.01 else 0)
    fields = b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: %s\r\n" % url
    fields += (
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n" % length
    )
    return fields + http + b"\r\n\r\n"


def damaged(data: bytes, dice: random.Random) -> bytes:
    """An archive with bytes flipped, a piece taken out, its end cut off, or garbage in it."""
    spoiled = bytearray(data)
    for _ in range(dice.choice([0, 1, 20])):
        spoiled[dice.randrange(len(spoiled))] = dice.randrange(256)
    at = dice.randrange(len(spoiled))
    if dice.random() < 0.5:
        del spoiled[at : at + dice.randrange(1, 5000)]
    else:
        spoiled[at:at] = dice.randbytes(dice.randrange(1, 5000))
    return bytes(spoiled[: dice.randrange(1, len(spoiled))] if dice.random() < 0.4 else spoiled)


def _write_bombs(folder: Path) -> int:
    """Packed files of a few hundred kilobytes that hold 300 MB."""
    line = b'{"text": "' + b"Talks resumed in Osk on Monday. " * 30_000 + b'"}\n'
    html = b"<p>Talks resumed in Osk on Monday.</p>\n" * 26_000
    packed = {
        "bomb-page.html.gz": gzip.compress(html * 300, mtime=0),
        "bomb-page.html.zst": zstandard.compress(html * 300),
        "bomb-line.jsonl.gz": gzip.compress(b'{"text": "' + b"a" * 300_000_000, mtime=0),
        "bomb-cell.csv.gz": gzip.compress(b'text\n"' + b"a" * 300_000_000, mtime=0),
        "bomb-lines.jsonl.zst": zstandard.compress(line * 20),
        "bomb-twice.html.gz": gzip.compress(gzip.compress(html * 300, mtime=0), mtime=0),
        "bomb-head.warc.gz": gzip.compress(b"WARC/1.0\r\n" + b"x: y\r\n" * 5_000_000, mtime=0),
    }
    for name, data in packed.items():
        (folder / name).write_bytes(data)
    body = zlib.compress(html * 300)
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: deflate\r\n\r\n" + body
    fields = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\n"
    record = fields + b"Content-Length: %d\r\n\r\n" % len(http) + http + b"\r\n\r\n"
    (folder / "bomb-body.warc").write_bytes(record)
    return len(packed) + 1
