"""Building SVG: elements whose text and attributes are escaped, and the colours of charts.

Colours stand in the drawing twice: as attributes, for a file on its own, and as classes that
``static/charts.css`` gives the page's own colours, light or dark. Nothing here needs a style sheet or
a script inside the drawing, which the page's security policy would refuse.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import Literal

from markupsafe import Markup

from dateline.views.layout import clean

Paint = Literal[
    "paper", "raised", "ink", "muted", "line", "land", "sea", "accent", "coop", "conflict",
    "neutral", "none",
]  # fmt: skip

# The colours of static/base.css in their light form.
COLOURS: dict[str, str] = {
    "paper": "#fcfbf8",
    "raised": "#ffffff",
    "ink": "#1e1c19",
    "muted": "#645f56",
    "line": "#ded9cd",
    "land": "#e3ded2",
    "sea": "#f5f6f4",
    "accent": "#97301f",
    "coop": "#2b6399",
    "conflict": "#ad4318",
    "neutral": "#77716a",
    "none": "none",
}
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"
# Mean width of a letter of a sans-serif font, as a share of its size; wide enough for most names.
_LETTER = 0.56

# What may follow a link in a drawing: places on this server, or web pages.
_SAFE_LINK = re.compile(r"(?:/(?![/\\])|[?#]|https?://)", re.IGNORECASE)
_INNER_LINK = re.compile(r' href="/[^"]*"')
_NOT_XML = dict.fromkeys((0xFFFE, 0xFFFF))
_OWN = re.compile(r"[A-Za-z0-9 #.,:;()_-]*")
_NAME = re.compile(r"[a-zA-Z][\w.-]*")


def el(name: str, *children: str, **attributes: object) -> Markup:
    """An element. A child that is no Markup is text, and escaped. In names of attributes ``_`` stands
    for ``-`` and one at the end is dropped; those that are None are left out, and so is an ``href``
    that leads anywhere but to a web page."""
    found = "".join(_attribute(key, value) for key, value in attributes.items())
    inside = "".join(c if isinstance(c, Markup) else text(c) for c in children)
    return Markup(f"<{name}{found}>{inside}</{name}>" if inside else f"<{name}{found}/>")


def text(value: str) -> Markup:
    """Text of the corpus as content: on one line, without control characters, escaped."""
    return Markup(escape(_printable(value), quote=True))


def paint(
    fill: Paint | None = None, stroke: Paint | None = None, **more: object
) -> dict[str, object]:
    """Attributes for the colours of an element, with ``more`` attributes; a ``class_`` is kept."""
    classes = [str(more.pop("class_"))] if more.get("class_") else []
    found: dict[str, object] = {}
    for kind, name in (("fill", fill), ("stroke", stroke)):
        if name is not None:
            found[kind] = COLOURS[name]
            classes.append(f"{kind[0]}-{name}")
    return found | {"class_": " ".join(classes) or None} | more


def drawing(
    parts: Iterable[Markup],
    *,
    width: float,
    height: float,
    title: str,
    desc: str,
    key: str,
    class_: str = "",
) -> Markup:
    """A drawing with a title and a description for those who do not see it. ``key`` is unique in its
    page. What can be done with its parts must also be possible in text beside it."""
    children = list(parts)
    # Inside an image nothing can be a link for those who do not see it.
    linked = any("<a " in child for child in children)
    return el(
        "svg",
        el("title", title, id=f"{key}-title"),
        el("desc", desc, id=f"{key}-desc"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="group" if linked else "img",
        aria_labelledby=f"{key}-title {key}-desc",
        font_family=FONT,
        font_size=12,
        class_=f"chart {class_}".strip(),
    )


def link(href: str | None, *children: Markup, title: str = "", **attributes: object) -> Markup:
    """Parts of a drawing that lead somewhere, for the pointer: they take no focus, because a list or
    table beside the drawing has the same links."""
    named = (el("title", title), *children) if title else children
    if href is None:
        return el("g", *named, **attributes)
    return el("a", *named, href=href, tabindex=-1, **attributes)


def without_links(drawn: Markup) -> Markup:
    """A drawing whose parts no longer lead into the explorer, for a file that is mailed."""
    return Markup(_INNER_LINK.sub("", drawn))


def label(words: str, x: float, y: float, **attributes: object) -> Markup:
    """Words at a point; ``halo=True`` sets them off from what lies under them."""
    if attributes.pop("halo", False):
        attributes = {
            "paint_order": "stroke",
            "stroke_width": 3,
            "stroke_linejoin": "round",
        } | attributes
        attributes = paint(None, "paper", **attributes)
    attributes.setdefault("fill", COLOURS["ink"])
    found = str(attributes.get("class_") or "")
    if "f-" not in found:
        attributes["class_"] = f"{found} f-ink".strip()
    return el("text", words, x=x, y=y, **attributes)


def text_width(words: str, size: float = 12) -> float:
    """About how many pixels wide words are."""
    return len(words) * size * _LETTER


def cut(words: str, pixels: float, size: float = 12) -> str:
    """Words cut to about so many pixels."""
    most = max(4, int(pixels / (size * _LETTER)))
    shown = _printable(words)
    return shown if len(shown) <= most else shown[: most - 1].rstrip() + "…"


def number(value: float) -> str:
    """A number with two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _attribute(key: str, value: object) -> str:
    name = key.removesuffix("_").replace("_", "-") if key != "viewBox" else key
    if value is None or (name == "href" and not _SAFE_LINK.match(str(value).strip())):
        return ""
    if not _NAME.fullmatch(name):
        raise ValueError(f"expected the name of an attribute, found {key!r}")
    if isinstance(value, int | float):
        return f' {name}="{number(value)}"'
    shown = str(value)
    # Nearly all values are our own; looking for what has to be escaped costs more than finding none.
    if not _OWN.fullmatch(shown):
        shown = escape(_printable(shown), quote=True)
    return f' {name}="{shown}"'


def _printable(value: str) -> str:
    """Without what XML cannot hold: control characters, halves of pairs, and the two non-characters."""
    kept = clean(value).encode("utf-8", "ignore").decode("utf-8")
    return kept.translate(_NOT_XML)
