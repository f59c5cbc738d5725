"""Pages from WARC files (ISO 28500), such as those of Common Crawl's news crawl (CC-NEWS).

A reader of our own: of the two libraries there are, one ends the process on a pipe or a damaged file,
the other takes a file that was cut short for a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from dateline.page.decode import MAX_BYTES
from dateline.store.inputs.http_body import decoded_body
from dateline.store.inputs.streams import BrokenStream
from dateline.store.model import RawPage

_PAGE_TYPES = {"text/html", "application/xhtml+xml", "text/plain"}
_RECORD_TYPES = {"response", "resource", "conversion"}
_VERSION = re.compile(rb"WARC/\d\.\d\s*$")
_LENGTH = re.compile(r"[0-9]{1,18}")
_TYPE = re.compile(r"[a-z][a-z_-]*")  # also those of other makers, which are skipped
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?\s+(\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 64 * 1024
_CHUNK = 1 << 20

Headers = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Record:
    """``offset`` is where the record begins, in bytes of the unpacked file. ``content`` is cut off
    where no page goes on, and empty for kinds that hold none."""

    offset: int
    headers: Headers
    content: bytes


class _Stream:
    """The stream with its position."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.position = 0

    def line(self) -> bytes:
        line = self._stream.readline(_LONGEST_HEAD)
        self.position += len(line)
        return line

    def read(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.position += len(data)
        return data

    def skip(self, size: int) -> None:
        while size > 0:
            part = self.read(min(size, _CHUNK))
            if not part:
                raise BrokenStream("the file ends inside a record")
            size -= len(part)


def warc_pages(stream: IO[bytes], location: str) -> Iterator[RawPage | None]:
    """The web pages of a WARC; None for each record that is no page (a request, a redirect, a
    picture). A damaged stretch is a failed page, and reading goes on at the next record."""
    source = _Stream(stream)
    is_damaged = False
    try:
        while line := source.line():
            start = source.position - len(line)
            if _VERSION.match(line):
                record = _record(source, start)
                is_damaged = isinstance(record, str)
                if isinstance(record, str):
                    yield _damaged(location, start, record)
                else:
                    yield None if record is None else _page(record, location)
            elif line.strip() and not is_damaged:
                is_damaged = True
                yield _damaged(location, start, "bytes that begin no record")
    except BrokenStream as error:
        yield _damaged(location, source.position, str(error))


def _record(source: _Stream, offset: int) -> _Record | str | None:
    """The record whose first line was read; None for a kind that holds no page; what is wrong with its
    header, after which the next record has to be looked for. Raises BrokenStream when the file ends in
    it."""
    headers: Headers = {}
    while (line := source.line()).strip():
        name, _, value = line.decode("utf-8", "replace").partition(":")
        headers[name.strip().lower()] = value.strip()
    if not line:
        raise BrokenStream("the file ends in a record's header")
    length, kind = headers.get("content-length", ""), headers.get("warc-type", "").lower()
    if not _LENGTH.fullmatch(length):
        return "a record whose header gives no length"
    size = int(length)
    if kind not in _RECORD_TYPES:
        source.skip(size)
        return None if _TYPE.fullmatch(kind) else "a record whose header gives no type"
    content = source.read(min(size, _LONGEST_HEAD + MAX_BYTES + 1))
    source.skip(size - len(content))
    return _Record(offset, headers, content)


def _page(record: _Record, location: str) -> RawPage | None:
    body = record.content
    kind = record.headers.get("content-type", "")
    if kind.lower().startswith("application/http"):
        head, _, body = _split(record.content)
        status = _STATUS.match(head)
        if status is not None and status[1] != b"200":
            return None
        headers = _http_headers(head)
        kind = headers.get("content-type", "text/html")
        transfer, encoding = (
            headers.get("transfer-encoding", ""),
            headers.get("content-encoding", ""),
        )
        body = decoded_body(body, transfer, encoding)
    if kind.partition(";")[0].strip().lower() not in _PAGE_TYPES:
        return None
    url = record.headers.get("warc-target-uri", "").strip("<>") or None
    return RawPage(location, _text(body, kind), f"byte {record.offset}", url=url)


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, blank line and body of an HTTP answer."""
    blank = _BLANK_LINE.search(content)
    if blank is None:
        return content, b"", b""
    return content[: blank.start()], blank[0], content[blank.end() :]


def _http_headers(head: bytes) -> Headers:
    lines = head.decode("latin-1").splitlines()[1:]
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _text(body: bytes, kind: str) -> bytes | str:
    """The text when the server named the encoding and the bytes are not simply UTF-8, which servers
    call Latin-1 more often than they should; else the bytes, for the page stage to look into."""
    charset = _CHARSET.search(kind)
    if charset is None or len(body) > MAX_BYTES:
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return body.decode(charset[1])
        except (LookupError, UnicodeDecodeError):
            return body
    return body


def _damaged(location: str, position: int, found: str) -> RawPage:
    return RawPage(
        location,
        None,
        f"byte {position}",
        reason="broken_file",
        message=f"Expected WARC records up to the end of {location}; found at byte {position}: "
        f"{found}. Fetch the file again; the other records were read.",
        mark=f"damage {position}",
    )
