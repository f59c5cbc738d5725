"""The templates, and the static files that go with them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from dateline.views.web import words

FOLDER = Path(__file__).parent


@cache
def environment() -> Environment:
    """The templates. What is put into them is escaped; an unknown name is an error."""
    made = Environment(
        loader=PackageLoader("dateline.views.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["static"] = static_address
    made.globals.update(words.GLOBALS)
    made.filters.update(words.FILTERS)
    return made


@cache
def static_text(name: str) -> str:
    """The text of a static file."""
    return (FOLDER / "static" / name).read_text("utf-8")


@cache
def static_address(name: str) -> str:
    """The address of a static file, which changes when the file does."""
    digest = hashlib.sha256((FOLDER / "static" / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"
