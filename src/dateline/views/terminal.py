"""Writing to the terminal or the pipe: UTF-8 everywhere, colour only where it is wanted."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterable

from dateline.views.layout import Line, Style, plain

# Long lines are hard to follow; a wider terminal keeps its margin.
MAX_WIDTH = 110
MIN_WIDTH = 40

_COLOURS: dict[Style, str] = {
    "plain": "",
    "title": "bold",
    "heading": "bold cyan",
    "dim": "dim",
    "actor": "bold",
    "type": "green",
    "words": "italic",
    "warning": "yellow",
}


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says: records hold names in every script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def width() -> int | None:
    """Characters per line on a terminal; None in a pipe, where no line is broken."""
    if not sys.stdout.isatty():
        return None
    return max(MIN_WIDTH, min(MAX_WIDTH, shutil.get_terminal_size().columns))


def wants_colour() -> bool:
    """True on a terminal that can show colour, unless NO_COLOR is set (no-color.org)."""
    capable = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return capable and not os.environ.get("NO_COLOR")


def show(lines: Iterable[Line]) -> None:
    """Print styled lines, in colour where it is wanted."""
    if wants_colour():
        _show_in_colour(lines)
    else:
        write("".join(f"{plain(line)}\n" for line in lines))


def _show_in_colour(lines: Iterable[Line]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*((run.text, _COLOURS[run.style]) for run in line)))


def write(text: str) -> None:
    """Write ``text`` to standard output and flush it. When the reader of our pipe (say ``head``)
    has closed it, it has what it wanted: the process then ends with exit code 0."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def say(message: str) -> None:
    """One line for the user on standard error."""
    sys.stderr.write(f"dateline: {message}\n")
