"""One page by HTTP: limits of size and time, each redirect checked like a first address."""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import httpcore
import httpx

from dateline.fetch.addresses import (
    AddressRefused,
    CheckedBackend,
    Deadline,
    Permit,
    Resolver,
    is_public,
    look_up,
)
from dateline.version import __version__

ReasonCode = Literal[
    "address",  # not an http(s) address, or one with a password in it
    "private",  # on a private network
    "robots",  # the site asks not to
    "redirects",  # too many of them
    "status",  # the server's answer is an error
    "busy",  # the server asks to come back later
    "too_large",
    "timeout",
    "network",  # no connection, or one that broke
    "not_a_page",  # a picture, a PDF ...
]
# What may go better another time.
TRANSIENT: frozenset[ReasonCode] = frozenset({"busy", "timeout", "network"})

USER_AGENT = f"dateline/{__version__}"
# News pages seen stay under 5 MB.
MAX_BYTES = 10 * 1024 * 1024
SECONDS = 30.0
MAX_REDIRECTS = 5  # RFC 9309 asks for at least five for robots.txt; browsers stop at 20
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.1"
)


class Refused(Exception):
    """A page that could not be had: a code for programs, a message for people."""

    def __init__(self, code: ReasonCode, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after  # seconds, None when the server does not say


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask 'has it changed?' with. '' for what it did not give."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent. ``url`` is the last address after ``redirects`` (the earlier ones, in
    order). ``status`` is 200, or 304 with an empty ``body``. ``headers`` are in lower case,
    cookies left out."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    redirects: tuple[str, ...] = ()

    @property
    def validators(self) -> Validators:
        """For the next request."""
        return Validators(self.headers.get("etag", ""), self.headers.get("last-modified", ""))

    @property
    def media_type(self) -> str:
        """'text/html'; '' when the server names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@cache
def _ssl_context() -> ssl.SSLContext:
    """The certificates, which take a tenth of a second to load."""
    return httpx.create_ssl_context()


class _Transport(httpx.BaseTransport):
    """httpx over connections of ``CheckedBackend``."""

    def __init__(self, backend: CheckedBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(), network_backend=backend, max_connections=20
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), request=request
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer.iter_stream())

    def close(self) -> None:
        self._answer.close()


class Client:
    """Gets pages. Sends no cookies, no credentials, and goes through no proxy."""

    def __init__(
        self,
        *,
        user_agent: str = USER_AGENT,
        max_bytes: int = MAX_BYTES,
        seconds: float = SECONDS,
        permit: Permit = is_public,
        resolve: Resolver = look_up,
    ) -> None:
        """``max_bytes`` counts after decompression; ``seconds`` covers one request from the look-up
        of the name to the last byte; ``permit`` says which addresses may be connected to."""
        self.max_bytes = max_bytes
        self._seconds = seconds
        self._deadline = Deadline()
        backend = CheckedBackend(self._deadline, permit=permit, resolve=resolve)
        self._transport = _Transport(backend)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Language": "en,*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        }

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        before: Callable[[str], None] = lambda url: None,
        max_bytes: int | None = None,
    ) -> Answer:
        """The page at ``url``, redirects followed. ``before`` is called with each address before it
        is asked and may raise Refused. Raises Refused."""
        passed: list[str] = []
        while len(passed) <= MAX_REDIRECTS:
            url = checked_url(url)
            before(url)
            answer, onward = self._ask(url, validators or Validators(), max_bytes or self.max_bytes)
            if onward is None:
                return Answer(url, answer.status, answer.headers, answer.body, tuple(passed))
            passed.append(url)
            url = onward
        raise Refused("redirects", f"more than {MAX_REDIRECTS} redirects, the last to {url}")

    def _ask(self, url: str, known: Validators, limit: int) -> tuple[Answer, str | None]:
        """One request: the answer, and where it sends us on to (None: it is the page)."""
        self._deadline.start(self._seconds)
        request = httpx.Request("GET", url, headers=self._headers | _conditions(known))
        try:
            response = self._transport.handle_request(request)
            try:
                return _read(response, url, limit)
            finally:
                response.close()
        except AddressRefused as error:
            raise Refused("private", str(error)) from None
        except (httpcore.TimeoutException, TimeoutError):
            raise Refused("timeout", f"no full answer within {self._seconds:g} s") from None
        except httpx.DecodingError as error:
            raise Refused("network", f"a broken compressed answer: {error}") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise Refused("network", str(error) or type(error).__name__) from None


def checked_url(url: str) -> str:
    """``url`` in normal form, without its fragment. Raises Refused for anything but an http(s)
    address, and for one that carries a user name."""
    try:
        parsed = httpx.URL(url.strip()).copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Refused("address", f"{url[:200]!r} is no web address: {error}") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Refused("address", f"expected http:// or https://, found {url[:200]!r}")
    if not _HOST.fullmatch(parsed.raw_host.decode("ascii")):
        raise Refused("address", f"{parsed.host[:200]!r} is no host name")
    if parsed.userinfo:
        raise Refused("address", f"{parsed.host}: an address with a user name in it is not fetched")
    return str(parsed)


def _conditions(known: Validators) -> dict[str, str]:
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in headers.items() if value}


def _read(response: httpx.Response, url: str, limit: int) -> tuple[Answer, str | None]:
    headers = {k.lower(): v for k, v in response.headers.items() if k.lower() != "set-cookie"}
    status = response.status_code
    if status in _REDIRECTS and "location" in headers:
        try:
            onward = str(httpx.URL(url).join(headers["location"]))
        except (httpx.InvalidURL, ValueError):
            raise Refused("address", f"a redirect to {headers['location'][:200]!r}") from None
        return Answer(url, status, headers, b""), onward
    if status == 304:
        return Answer(url, status, headers, b""), None
    if status in (429, 503):
        message = f"the server answered {status} {response.reason_phrase}".rstrip()
        raise Refused("busy", message, retry_after=_seconds(headers.get("retry-after", "")))
    if status != 200:
        code: ReasonCode = "busy" if status >= 500 else "status"
        raise Refused(code, f"the server answered {status} {response.reason_phrase}".rstrip())
    return Answer(url, status, headers, _body(response, headers, limit)), None


def _body(response: httpx.Response, headers: dict[str, str], limit: int) -> bytes:
    """The whole body; raises Refused past ``limit`` bytes, at once when the server names a length."""
    message = f"larger than {limit / 1024 / 1024:.3g} MB"
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > limit:
        raise Refused("too_large", message)
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > limit:
            raise Refused("too_large", message)
        parts.append(part)
    return b"".join(parts)


def _seconds(text: str) -> float | None:
    """Retry-After in seconds; None for a date or nothing."""
    return float(text) if text.strip().isdigit() else None
