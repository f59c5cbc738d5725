"""A drawing as a file of its own: with a title over it and what it shows under it; as PNG too."""

from __future__ import annotations

import re

from markupsafe import Markup

from dateline.views.web.svg import FONT, cut, el, label, number, paint, without_links

_SIZE = re.compile(r' width="([\d.]+)" height="([\d.]+)"')
_EDGE, _HEAD, _FOOT = 20.0, 44.0, 30.0
_PIXELS = 2  # of a PNG for one of the drawing: for print and dense screens


def sheet(drawn: Markup, title: str, note: str) -> Markup:
    """The drawing on a page of its own. Links into the explorer are taken out: a file that is mailed
    leads nowhere."""
    match = _SIZE.search(drawn)
    if match is None:
        raise ValueError("expected a drawing with a width and a height")
    width, height = float(match[1]), float(match[2])
    inner = without_links(drawn).replace(
        Markup("<svg "), Markup(f'<svg x="{number(_EDGE)}" y="{number(_HEAD)}" '), 1
    )
    full_width, full_height = width + 2 * _EDGE, height + _HEAD + _FOOT
    return el(
        "svg",
        el("title", title),
        el("rect", width=full_width, height=full_height, **paint("paper")),
        label(title, _EDGE, 28, font_size=18, font_weight=600),
        inner,
        label(cut(note, width, 11), _EDGE, full_height - 11, font_size=11, **paint("muted")),
        xmlns="http://www.w3.org/2000/svg",
        width=full_width,
        height=full_height,
        viewBox=f"0 0 {number(full_width)} {number(full_height)}",
        font_family=FONT,
    )


def png(drawn: Markup) -> bytes:
    """The drawing as pixels, with the fonts of this machine."""
    import resvg_py

    made: bytes = resvg_py.svg_to_bytes(svg_string=str(drawn), zoom=_PIXELS, dpi=96)
    return bytes(made)
