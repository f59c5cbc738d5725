"""``dateline serve``: the explorer over a store."""

from __future__ import annotations

import secrets
import socket
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dateline.views import terminal
from dateline.views.errors import UsageProblem
from dateline.views.web.settings import DEFAULT_HOST, DEFAULT_PORT, Settings, is_loopback

if TYPE_CHECKING:
    from fastapi import FastAPI

_MEGABYTE = 1024 * 1024
# What the explorer imports and the package alone does not bring.
_NEEDED = ("fastapi", "python_multipart", "uvicorn")
# Requests at work at a time; more are refused at once rather than kept waiting.
_MOST_AT_ONCE = 200


def serve(
    corpus: Annotated[
        Path, typer.Argument(metavar="CORPUS", help="A store made by dateline build.")
    ],
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; other machines need a token.")
    ] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")
    ] = DEFAULT_PORT,
    token: Annotated[
        str | None,
        typer.Option(
            envvar="DATELINE_TOKEN",
            help="What visitors have to show. One is made up when ADDRESS is not this machine's own.",
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="A further name that the server goes by."),
    ] = None,
    max_upload: Annotated[int, typer.Option(min=1, metavar="MB", help="Most of an upload.")] = 8,
    query_seconds: Annotated[
        float, typer.Option(min=0.1, metavar="S", help="Longest time for a question.")
    ] = 10.0,
    page_size: Annotated[int, typer.Option(min=1, max=1000, metavar="N", help="Rows a page.")] = 50,
) -> None:
    """Open the explorer: the corpus in your browser, at the address that is printed."""
    _check(token)
    settings = Settings(
        path=corpus,
        host=host,
        port=port,
        token=token if token or is_loopback(host) else secrets.token_urlsafe(24),
        max_upload=max_upload * _MEGABYTE,
        query_seconds=query_seconds,
        page_size=page_size,
        names=frozenset(each.lower() for each in name or ()),
    )
    app = _app(settings)
    with _listen(host, port) as listener:
        terminal.say(_address(settings, listener.getsockname()[1]))
        _warm(app)
        try:
            _run(app, listener)
        finally:
            app.state.database.close()


def _check(token: str | None) -> None:
    """Raise UsageProblem when the explorer cannot start."""
    missing = [module for module in _NEEDED if find_spec(module) is None]
    if missing:
        raise UsageProblem("the explorer is not installed; try: pip install 'dateline[web]'")
    if token is not None and (len(token) < 8 or not token.isascii() or not token.isprintable()):
        raise UsageProblem("--token: expected at least 8 plain characters, better 20 random ones")


def _app(settings: Settings) -> FastAPI:
    from dateline.store.schema import StoreError
    from dateline.views.web.app import create_app

    try:
        return create_app(settings)
    except StoreError as error:
        raise UsageProblem(str(error)) from None


def _warm(app: FastAPI) -> None:
    from dateline.views.web.warm import warm

    warm(app.state.database, app.state.settings)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before anything is said about the address. Raises UsageProblem."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise UsageProblem(
            f"cannot listen on {host} port {port}: {error.strerror or error}; try --port 0"
        ) from None
    return listener


def _address(settings: Settings, port: int) -> str:
    host = socket.gethostname() if settings.host in ("0.0.0.0", "::") else settings.host
    shown = f"[{host}]" if ":" in host else host
    query = f"?token={settings.token}" if settings.token else ""
    warning = (
        ""
        if settings.is_local
        else "\nOther machines can reach it. What they send is not encrypted: put a server with"
        " TLS in front of it outside a network you trust."
    )
    return f"http://{shown}:{port}/{query}  (Ctrl-C ends it){warning}"


def _run(app: FastAPI, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # addresses hold what was searched for, and once the token
        server_header=False,
        limit_concurrency=_MOST_AT_ONCE,
        lifespan="off",
    )
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        terminal.say("ended")
