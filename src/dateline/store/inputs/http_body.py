"""The body of an HTTP answer as it was kept in a file: chunks put together and unpacked."""

from __future__ import annotations

import re
import zlib

from dateline.page.decode import MAX_BYTES

_GZIP = b"\x1f\x8b"
_CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")


def decoded_body(body: bytes, transfer: str, encoding: str) -> bytes:
    """The body without the ``Transfer-Encoding`` and ``Content-Encoding`` named in its headers.

    Crawlers often keep the headers of a body that they have decoded (CC-NEWS does), so a body that
    does not look encoded is left as it is. At most one byte more than a page may have is unpacked.
    """
    if "chunked" in transfer.lower():
        body = _joined(body)
    for name in reversed([part.strip().lower() for part in encoding.split(",") if part.strip()]):
        body = _unpacked(body, name)
    return body


def _joined(body: bytes) -> bytes:
    """The chunks of a body as one; the body itself when it is not in chunks."""
    parts, at = [], 0
    while (size := _CHUNK_SIZE.match(body, at)) is not None:
        length = int(size[1], 16)
        if length == 0:
            break
        part = body[size.end() : size.end() + length]
        parts.append(part)
        at = size.end() + length + 2
    return b"".join(parts) or body


def _unpacked(body: bytes, encoding: str) -> bytes:
    try:
        if encoding in {"gzip", "x-gzip"} and body.startswith(_GZIP):
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, MAX_BYTES + 1)
        if encoding == "deflate":
            return zlib.decompressobj(_deflate_bits(body)).decompress(body, MAX_BYTES + 1)
        if encoding == "zstd":
            import zstandard

            return zstandard.ZstdDecompressor().stream_reader(body).read(MAX_BYTES + 1)
        if encoding == "br":
            return _brotli(body)
    except Exception:  # not what its header says, or damaged: the page stage tells what it found
        return body
    return body


def _deflate_bits(body: bytes) -> int:
    """Window bits for zlib's format, which is meant, or the bare one, which many servers send."""
    has_header = len(body) > 1 and body[0] & 15 == 8 and (body[0] << 8 | body[1]) % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def _brotli(body: bytes) -> bytes:
    """Unpacked where the brotli library is installed; it is needed for nothing else."""
    from importlib import import_module

    unpacked: bytes = import_module("brotli").decompress(body)
    return unpacked[: MAX_BYTES + 1]
