"""``dateline read --html``: one record as a single file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from dateline.analysis.model import Place, TimeExpression
from dateline.page.model import Page
from dateline.record.model import Record
from dateline.views import terminal
from dateline.views.errors import UsageProblem
from dateline.views.web.environment import environment, static_text
from dateline.views.web.reading import Reading

_STYLES = ("base.css", "article.css")
_SCRIPT = "article.js"


def page_file(
    record: Record,
    *,
    page: Page | None = None,
    places: Sequence[Place] = (),
    times: Sequence[TimeExpression] = (),
) -> str:
    """The record as HTML: the article view of the explorer with its style and script inside.

    ``page`` is the page the record was read from; without it what stood around the story is not
    shown. ``places`` and ``times`` are all of the article's text; without them those that the record
    uses are marked. A browser runs the file's own script, known by its hash, and no other.
    """
    style = "".join(static_text(name) for name in _STYLES)
    script = static_text(_SCRIPT)
    policy = (
        f"default-src 'none'; style-src {_hashed(style)}; script-src {_hashed(script)};"
        " img-src data:; base-uri 'none'; form-action 'none'"
    )
    kept = (page.text, page.kind) if page is not None else None
    context = {
        "r": Reading(record, page=kept, places=places, times=times),
        "policy": policy,
        "style": Markup(style),
        "script": Markup(script),
    }
    return environment().get_template("page_file.html").render(context).lstrip()


def write_page_file(record: Record, source: bytes, path: Path) -> None:
    """Write ``page_file`` of a record and the page it was read from; '-' is standard output.

    Raises UsageProblem when the file cannot be written.
    """
    import dateline
    from dateline.page import open_page

    article = record.article
    html = page_file(
        record,
        page=open_page(source, url=article.url),
        places=dateline.places(article.text),
        times=dateline.times(article.text, reference=article.published),
    )
    if str(path) == "-":
        terminal.write(html)
        return
    try:
        path.write_text(html, encoding="utf-8")
    except OSError as error:
        raise UsageProblem(f"cannot write {path}: {error.strerror or error}") from None
    terminal.say(f"wrote {path}")


def _hashed(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
