"""Styled lines of text: runs of words with a style, fields flowed into lines, long words cut.

A line is a tuple of runs. Widths count Python characters. Nothing here knows about records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Literal, NamedTuple

from dateline.spans import Span

Style = Literal["plain", "title", "heading", "dim", "actor", "type", "words", "warning"]


class Run(NamedTuple):
    """A stretch of text in one style."""

    text: str
    style: Style = "plain"


Line = tuple[Run, ...]

SEPARATOR = " · "
ELLIPSIS = "…"

# Control characters and direction overrides: a page must not be able to drive the terminal.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
_SPACES = re.compile(r"\s+")
_ATOM = re.compile(r"\S+\s*")


def clean(text: str) -> str:
    """``text`` on one line, without control characters, runs of space folded to one."""
    return _SPACES.sub(" ", _UNSAFE.sub(" ", text)).strip()


def clip(text: str, limit: int, focus: Span | None = None) -> str:
    """``text`` cut at word bounds to about ``limit`` characters, '…' standing for what was cut.

    ``focus`` is a span of ``text`` that stays in view; None keeps the beginning.
    """
    if len(text) <= limit:
        return text
    start = 0 if focus is None or focus[1] <= limit else max(0, focus[0] - limit // 3)
    if start:
        start = text.find(" ", start, focus[0] if focus else None) + 1 or start
    end = min(len(text), start + limit)
    if end < len(text):
        end = max(text.rfind(" ", start + limit // 2, end), start + limit // 2)
    head = f"{ELLIPSIS} " if start else ""
    tail = f" {ELLIPSIS}" if end < len(text) else ""
    return f"{head}{text[start:end].strip(' ,;:—-')}{tail}"


def length(runs: Iterable[Run]) -> int:
    """Number of characters in ``runs``."""
    return sum(len(run.text) for run in runs)


def plain(line: Line) -> str:
    """The text of ``line`` without styles or trailing space."""
    return "".join(run.text for run in line).rstrip()


def flow(
    fields: Sequence[Line], *, width: int | None, indent: int = 2, hang: int = 6
) -> list[Line]:
    """Join ``fields`` with ' · ' into lines of at most ``width`` characters.

    A field that does not fit begins a new line; one longer than a line is broken between words.
    The first line is indented by ``indent`` characters, the others by ``hang``. ``width`` None
    means one line, however long.
    """
    shown = [field for field in fields if length(field)]
    if width is None:
        return [(_pad(indent), *_joined(shown))]
    lines: list[Line] = []
    current: list[Run] = [_pad(indent)]
    empty = True
    for field in shown:
        glue = () if empty else (Run(SEPARATOR, "dim"),)
        if empty or length(current) + length(glue) + length(field) <= width:
            current += [*glue, *field]
        else:
            lines.extend(_broken(current, width, hang))
            current = [_pad(hang), *field]
        empty = False
    lines.extend(_broken(current, width, hang))
    return lines


def wrap(text: str, *, width: int | None, style: Style = "plain", indent: int = 0) -> list[Line]:
    """``text`` as lines of at most ``width`` characters; None means one line."""
    return flow([(Run(text, style),)], width=width, indent=indent, hang=indent)


def _pad(count: int) -> Run:
    return Run(" " * count)


def _joined(fields: Sequence[Line]) -> list[Run]:
    runs: list[Run] = []
    for field in fields:
        runs += [Run(SEPARATOR, "dim"), *field] if runs else list(field)
    return runs


def _broken(runs: Sequence[Run], width: int, hang: int) -> list[Line]:
    """Break one line between words where it is wider than ``width``."""
    if length(runs) <= width:
        return [tuple(runs)]
    lines: list[Line] = []
    current, used = [runs[0]], len(runs[0].text)
    for atom, style in _atoms(runs[1:]):
        if used + len(atom.rstrip()) > width and used > hang:
            lines.append(_merged(current))
            current, used = [_pad(hang)], hang
        current.append(Run(atom, style))
        used += len(atom)
    return [*lines, _merged(current)]


def _merged(runs: Iterable[Run]) -> Line:
    """``runs`` with neighbours of one style joined."""
    styles = groupby(runs, key=attrgetter("style"))
    return tuple(Run("".join(run.text for run in group), style) for style, group in styles)


def _atoms(runs: Iterable[Run]) -> Iterable[tuple[str, Style]]:
    """The words of ``runs``, each with the space after it; separators are words of their own."""
    for run in runs:
        lead = len(run.text) - len(run.text.lstrip())
        if lead:
            yield run.text[:lead], run.style
        for match in _ATOM.finditer(run.text):
            yield match.group(), run.style
