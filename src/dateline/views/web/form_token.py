"""A form's token: proof that the page it was sent from came from this server.

The browser keeps a random name in a cookie, the form holds what this server makes of it with a key that
it drew when it started. A page of another site can send a form here, but can read neither. The guard
also refuses requests that name another site as their origin (``security.Guard``).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import Request
from starlette.responses import Response

COOKIE = "dateline_form"
_KEY = secrets.token_bytes(32)


class FormTokenError(Exception):
    """A form came without the token of its page."""


def form_token(request: Request) -> tuple[str, str]:
    """The name in the visitor's cookie, a new one for a new visitor, and the token of its forms."""
    name = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
    return name, _token(name)


def keep_name(request: Request, response: Response, name: str) -> None:
    """Have the browser keep the name."""
    if request.cookies.get(COOKIE) != name:
        set_cookie(request, response, COOKIE, name)


def check_token(request: Request, given: str) -> None:
    """Raises FormTokenError when ``given`` is not the token of the visitor's forms."""
    name = request.cookies.get(COOKIE, "")
    if not name or not hmac.compare_digest(_token(name).encode(), given.encode("utf-8", "replace")):
        raise FormTokenError


def set_cookie(
    request: Request, response: Response, name: str, value: str, *, seconds: int | None = None
) -> None:
    """A cookie that no script reads and no other site makes the browser send."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def _token(name: str) -> str:
    return hmac.new(_KEY, name.encode("utf-8", "replace"), hashlib.sha256).hexdigest()
