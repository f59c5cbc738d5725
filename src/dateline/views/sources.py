"""Where a page comes from: a file, standard input or a web address."""

from __future__ import annotations

import http.client
import sys
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from dateline.views.errors import UsageProblem

STDIN = "-"
FETCH_SECONDS = 15.0
# News pages seen stay under 5 MB; the rest is room for pages that inline their pictures.
FETCH_BYTES = 32 * 1024 * 1024
# One byte past what the page stage accepts is enough for it to refuse; this is far past it.
STDIN_BYTES = 128 * 1024 * 1024
_CHUNK = 64 * 1024
_HEADERS = {
    "User-Agent": "dateline/0.1 (reads one page at its user's request)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class PageBytes:
    """The bytes of a page, and its address when it came from the web."""

    data: bytes
    url: str | None = None


class _Body(Protocol):
    def read(self, size: int, /) -> bytes: ...


def load(source: str) -> PageBytes:
    """The page at ``source``: a path, '-' for standard input, or an http(s) address.

    Raises UsageProblem when it cannot be had.
    """
    if source == STDIN:
        return PageBytes(_stdin_bytes())
    if "://" in source:
        return _fetch(source)
    return PageBytes(_file_bytes(Path(source)))


def _file_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise UsageProblem(f"{path} is a folder. Expected one page: name a file in it.")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise UsageProblem(f"no such file: {path}") from None
    except (OSError, ValueError) as error:
        raise UsageProblem(f"cannot read {path}: {_reason(error)}") from None


def _stdin_bytes() -> bytes:
    stream: IO[bytes] = sys.stdin.buffer
    if sys.stdin.isatty():
        sys.stderr.write("dateline: reading a page from the keyboard; end it with Ctrl-D\n")
    return stream.read(STDIN_BYTES)


def _fetch(url: str) -> PageBytes:
    scheme = url.split("://", 1)[0].lower()
    if scheme not in ("http", "https"):
        raise UsageProblem(f"cannot read {url}: expected http:// or https://, found {scheme}://")
    try:
        request = urllib.request.Request(url, headers=_HEADERS)
        with _opener().open(request, timeout=FETCH_SECONDS) as answer:
            body = _limited(answer, url)
            encoding = answer.headers.get("Content-Encoding", "")
            return PageBytes(_decompressed(body, encoding, url), answer.geturl())
    except urllib.error.HTTPError as error:
        raise UsageProblem(f"{url} answered {error.code} {error.reason}") from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise UsageProblem(f"cannot fetch {url}: {_reason(error)}") from None


def _opener() -> urllib.request.OpenerDirector:
    """An opener for http and https alone, so that no redirect leads to a local file."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _limited(body: _Body, url: str) -> bytes:
    """All of ``body``; raises UsageProblem past ``FETCH_BYTES``."""
    parts: list[bytes] = []
    size = 0
    while chunk := body.read(_CHUNK):
        size += len(chunk)
        if size > FETCH_BYTES:
            raise UsageProblem(f"{url} is larger than {FETCH_BYTES >> 20} MB, too large for a page")
        parts.append(chunk)
    return b"".join(parts)


def _decompressed(body: bytes, encoding: str, url: str) -> bytes:
    """``body`` unpacked when the server compressed it although it was asked not to."""
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        plain = unpacker.decompress(body, FETCH_BYTES)
    except zlib.error as error:
        raise UsageProblem(f"{url} sent a broken {encoding} stream: {error}") from None
    if unpacker.unconsumed_tail:
        raise UsageProblem(f"{url} is larger than {FETCH_BYTES >> 20} MB, too large for a page")
    return plain


def _reason(error: Exception) -> str:
    """The plain reason in an error, without Python's numbers and brackets."""
    inner = getattr(error, "reason", None)
    if isinstance(inner, Exception):
        return _reason(inner)
    return getattr(error, "strerror", None) or str(inner or error) or type(error).__name__
