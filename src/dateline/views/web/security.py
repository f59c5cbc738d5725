"""What stands before every page: who may ask, how much, and what a page may do.

The words of an article come from strangers. They are escaped where a page is made
(``environment.environment``); the headers here make sure that a browser would not run them even if one
were missed: no inline script or style, nothing from another host, no frame, no form elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dateline.views.web.errors import error_response
from dateline.views.web.settings import Settings, is_loopback

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # An article's link must not tell its site which corpus it was opened from.
    # (With "no-referrer" a browser sends our own forms with the origin "null".)
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
COOKIE = "dateline_session"
# Characters of an address. Filters are short; a long one is a mistake or an attack.
MAX_ADDRESS = 8_000
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_YEAR = 365 * 24 * 3600


class BodyTooLarge(HTTPException):
    """A request's body is larger than the server takes."""

    def __init__(self, most: int) -> None:
        super().__init__(413, _too_large(most))


class Guard:
    """ASGI middleware: checks a request, and adds the headers to its answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # The server leaves the body out; the routes need not know.
            scope = {**scope, "method": "GET"}
        request = Request(scope)
        answer = self._refusal(request) or self.app
        limited = _Limited(receive, self.settings.max_upload)
        await answer(scope, limited, _with_headers(send, request))

    def _refusal(self, request: Request) -> Response | None:
        """The answer to a request that may not pass, None for one that may."""
        headers = request.headers
        if not self._knows_host(headers.get("host", "")):
            return error_response(request, HTTPStatus.MISDIRECTED_REQUEST, "host", _WRONG_HOST)
        if len(request.url.path) + len(request.url.query) > MAX_ADDRESS:
            return error_response(request, HTTPStatus.REQUEST_URI_TOO_LONG, "address", _TOO_LONG)
        if request.method not in _SAFE_METHODS and _from_elsewhere(headers):
            return error_response(request, HTTPStatus.FORBIDDEN, "origin", _ELSEWHERE)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.settings.max_upload:
            message = _too_large(self.settings.max_upload)
            return error_response(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "upload", message)
        return self._token_refusal(request)

    def _knows_host(self, host: str) -> bool:
        """Whether the request names this server. A page of another site whose name was made to lead
        here (DNS rebinding) names itself. Behind a token it would have none, so any name will do."""
        if self.settings.token is not None and not self.settings.is_local:
            return True
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return is_loopback(name) or name in {self.settings.host.lower(), *self.settings.names}

    def _token_refusal(self, request: Request) -> Response | None:
        token = self.settings.token
        if token is None or _shows(request, token):
            return None
        given = request.query_params.get("token")
        if given is not None and _same(given, token) and request.method == "GET":
            return _enter(request, token)
        message = _NO_TOKEN if given is None else _WRONG_TOKEN
        return error_response(request, HTTPStatus.UNAUTHORIZED, "token", message)


_WRONG_HOST = (
    "the request names a host that this server does not go by; use the address that"
    " `dateline serve` printed, or add the name with --name"
)
_TOO_LONG = f"the address is longer than {MAX_ADDRESS} characters"
_ELSEWHERE = "the request comes from a page of another site"
_NO_TOKEN = "this server asks for a token: the one that `dateline serve` printed when it started"
_WRONG_TOKEN = "that is not the token that `dateline serve` printed when it started"


class _Limited:
    """The body of a request, up to a number of bytes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self.receive = receive
        self.most = self.left = most

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise BodyTooLarge(self.most)
        return message


def _with_headers(send: Send, request: Request) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if request.url.path.startswith("/static/") and "v" in request.query_params:
                headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
            else:
                headers.setdefault("Cache-Control", "private, no-cache")
        await send(message)

    return sender


def _from_elsewhere(headers: Headers) -> bool:
    """Whether a browser sent this for a page of another site. Programs send neither header."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


def _too_large(most: int) -> str:
    return f"the upload is larger than the {most:,} bytes that this server takes"


def _shows(request: Request, token: str) -> bool:
    """Whether the request carries the token: as a bearer, or as the cookie that ``_enter`` set."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and _same(given.strip(), token):
        return True
    return _same(request.cookies.get(COOKIE, ""), _session(token))


def _same(one: str, other: str) -> bool:
    """Equality in a time that does not tell how much of it was right."""
    return hmac.compare_digest(one.encode(), other.encode())


def _session(token: str) -> str:
    """What the cookie holds: derived from the token, which it does not give away."""
    return hmac.new(token.encode(), b"dateline session", hashlib.sha256).hexdigest()


def _enter(request: Request, token: str) -> Response:
    """Set the cookie and go on to the same address without the token in it."""
    kept = [pair for pair in parse_qsl(request.url.query) if pair[0] != "token"]
    # The path goes on as it came, but never as the '//host' that a browser takes for another site.
    path = "/" + request.url.path.lstrip("/")
    response = RedirectResponse(f"{path}?{urlencode(kept)}" if kept else path, status_code=303)
    response.set_cookie(
        COOKIE,
        _session(token),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response
