"""The explorer as an ASGI application."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from dateline.version import __version__
from dateline.views.web import (
    actors,
    api,
    article,
    cite,
    corrections,
    downloads,
    event,
    export,
    filter_choices,
    map,
    network,
    overview,
    positions,
    search,
    timeline,
)
from dateline.views.web.database import Database
from dateline.views.web.environment import FOLDER, environment
from dateline.views.web.errors import add_error_pages
from dateline.views.web.security import Guard
from dateline.views.web.settings import Settings

# In the order in which their routes are tried.
VIEWS = (
    overview, article, timeline, event, positions, map, network, actors, search, export, cite,
    downloads, corrections, api,
)  # fmt: skip


def create_app(settings: Settings) -> FastAPI:
    """The explorer over the store at ``settings.path``. Raises StoreError when it cannot be read."""
    app = FastAPI(
        title="dateline",
        version=__version__,
        description="Who said and did what to whom: the records of a corpus.",
        # The framework's own pages of the API load scripts from another host.
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.settings = settings
    app.state.database = Database(settings.path, settings.query_seconds)
    environment().globals.update(filter_choices.GLOBALS)
    for view in VIEWS:
        app.include_router(view.router)
    app.openapi = partial(api.describe, app)  # type: ignore[method-assign]
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")
    add_error_pages(app)
    app.add_middleware(Guard, settings=settings)
    return app
