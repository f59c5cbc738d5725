"""Charts over time, drawn on the server: counts by period, and the stances of a party.

Pure functions from numbers to a drawing. Maps and networks have modules of their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dateline.views.web.svg import Paint, drawing, el, label, link, number, paint, text_width


@dataclass(frozen=True, slots=True)
class Bar:
    """Acts of a period. ``name`` is the period as shown; ``href`` leads to them."""

    name: str
    cooperation: int
    conflict: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Stand:
    """A stance taken. ``first`` and ``last`` are the days it may have been; ``sure`` is False where
    the day is that of publication."""

    stance: str
    first: date
    last: date
    words: str
    sure: bool = True
    href: str | None = None


_TOP, _FOOT, _LEFT, _RIGHT = 14.0, 22.0, 34.0, 6.0
_LINE_HEIGHT = 26.0
_FEW = 40  # stances; the dots of more are smaller


def bars_svg(
    bars: Sequence[Bar],
    *,
    title: str,
    width: int = 960,
    height: int = 170,
    key: str = "bars",
) -> Markup:
    """Cooperation above the line and conflict below it, one bar a period."""
    above = _nice(max((bar.cooperation for bar in bars), default=0))
    below = _nice(max((bar.conflict for bar in bars), default=0))
    room = height - _TOP - _FOOT
    unit = room / max(1, above + below)
    middle = _TOP + above * unit
    step = (width - _LEFT - _RIGHT) / max(1, len(bars))
    parts = _scale(above, below, middle, unit, width)
    for i, bar in enumerate(bars):
        parts.append(_bar(bar, _LEFT + i * step, step, middle, unit))
    parts += _names([bar.name for bar in bars], step, height)
    return drawing(
        parts,
        width=width,
        height=height,
        title=title,
        desc=_bars_told(bars),
        key=key,
        class_="bars",
    )


def _bar(bar: Bar, x: float, step: float, middle: float, unit: float) -> Markup:
    wide = max(1.0, min(step * 0.8, step - 1, 28))
    left = x + (step - wide) / 2
    up, down = bar.cooperation * unit, bar.conflict * unit
    shapes = [
        # All of the column answers to the pointer, not only what is drawn.
        el("rect", x=x, y=_TOP, width=step, height=middle - _TOP + down, fill="transparent"),
        el("rect", x=left, y=middle - up, width=wide, height=up, **paint("coop")),
        el("rect", x=left, y=middle, width=wide, height=down, **paint("conflict")),
    ]
    told = f"{bar.name}: {bar.cooperation} cooperation, {bar.conflict} conflict"
    return link(bar.href, *shapes, title=told)


def _scale(above: int, below: int, middle: float, unit: float, width: int) -> list[Markup]:
    """Lines across, with their counts."""
    parts = []
    for value, y in ((above, middle - above * unit), (0, middle), (below, middle + below * unit)):
        if value or y == middle:
            stroke: Paint = "line" if value else "muted"
            parts.append(_rule(_LEFT, y, width - _RIGHT, y, stroke))
            parts.append(_small(str(value), _LEFT - 5, y + 4, "end"))
    return parts


def _names(names: Sequence[str], step: float, height: float) -> list[Markup]:
    """Names of periods under the chart, as many as fit."""
    widest = max((text_width(name, 11) for name in names), default=0) + 14
    every = max(1, math.ceil(widest / step)) if step else 1
    return [
        _small(name, _LEFT + (i + 0.5) * step, height - 6, "middle")
        for i, name in enumerate(names)
        if i % every == 0 and _fits(name, _LEFT + (i + 0.5) * step, _LEFT + step * len(names))
    ]


def _fits(name: str, middle: float, right: float) -> bool:
    return middle + text_width(name, 11) / 2 <= right + _RIGHT


def _bars_told(bars: Sequence[Bar]) -> str:
    if not bars:
        return "Nothing to count."
    most = max(bars, key=lambda bar: bar.cooperation + bar.conflict)
    both = (sum(bar.cooperation for bar in bars), sum(bar.conflict for bar in bars))
    return (
        f"{len(bars)} periods from {bars[0].name} to {bars[-1].name}: {both[0]} acts of cooperation "
        f"and {both[1]} of conflict; most in {most.name}."
    )


def _nice(most: int) -> int:
    """The least round number that is not below ``most``."""
    if most <= 5:
        return most
    size = 10 ** int(math.log10(most))
    return int(next(n * size for n in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if n * size >= most))


def history_svg(
    stands: Sequence[Stand],
    order: Sequence[str],
    *,
    title: str,
    width: int = 960,
    key: str = "history",
) -> Markup:
    """The stances of a party on an issue over time: a row a stance (in ``order``), a dot for each
    time it was taken, a line from each to the next. A hollow dot: the day is that of publication."""
    rows = [stance for stance in order if any(stand.stance == stance for stand in stands)]
    height = _TOP + _LINE_HEIGHT * max(1, len(rows)) + _FOOT
    left = max((text_width(_spaced(row)) for row in rows), default=0) + 16
    dates = _Days(stands, left, width - 16)
    parts: list[Markup] = []
    for i, row in enumerate(rows):
        y = _row(i)
        parts += [
            _rule(left, y, width - 8, y, "line"),
            _small(_spaced(row), left - 10, y + 4, "end", 12),
        ]
    ordered = sorted(stands, key=lambda stand: (stand.first, stand.last))
    points = [(dates.x(stand), _row(rows.index(stand.stance))) for stand in ordered]
    if len(points) > 1:
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        parts.append(
            el("path", d=path, stroke_width=1.25, stroke_opacity=0.6, **paint("none", "neutral"))
        )
    size = 5.0 if len(ordered) <= _FEW else 3.5
    parts += [_dot(stand, x, y, size) for stand, (x, y) in zip(ordered, points, strict=True)]
    parts += dates.names(height)
    return drawing(
        parts,
        width=width,
        height=height,
        title=title,
        desc=_told(ordered),
        key=key,
        class_="history",
    )


def _row(i: int) -> float:
    return _TOP + _LINE_HEIGHT * (i + 0.5)


def _dot(stand: Stand, x: float, y: float, size: float) -> Markup:
    colours = paint("ink", "paper") if stand.sure else paint("paper", "ink")
    words = f"{_when(stand)}: {_spaced(stand.stance)}. “{stand.words}”"
    return link(
        stand.href, el("circle", cx=x, cy=y, r=size, stroke_width=1.5, **colours), title=words
    )


def _told(stands: Sequence[Stand]) -> str:
    if not stands:
        return "No stance."
    steps: list[tuple[str, str]] = []
    for stand in stands:
        if not steps or steps[-1][1] != stand.stance:
            steps.append((_when(stand), stand.stance))
    return "; ".join(f"{day}: {_spaced(stance)}" for day, stance in steps[-12:]) + "."


def _when(stand: Stand) -> str:
    return f"{stand.first}" if stand.first == stand.last else f"{stand.first} to {stand.last}"


class _Days:
    """Places of days between two pixels."""

    def __init__(self, stands: Sequence[Stand], left: float, right: float) -> None:
        days = [day for stand in stands for day in (stand.first, stand.last)]
        self.first, self.last = (min(days), max(days)) if days else (date.min, date.min)
        self.left, self.right = left + 8, right
        self._span = max(1, (self.last - self.first).days)

    def x(self, stand: Stand) -> float:
        middle = (stand.first.toordinal() + stand.last.toordinal()) / 2
        if self.first == self.last:
            return (self.left + self.right) / 2
        share = (middle - self.first.toordinal()) / self._span
        return self.left + share * (self.right - self.left)

    def names(self, height: float) -> list[Markup]:
        """The first and the last day."""
        if self.first == self.last:
            return [_small(str(self.first), (self.left + self.right) / 2, height - 6, "middle")]
        return [
            _small(str(self.first), self.left, height - 6, "start"),
            _small(str(self.last), self.right, height - 6, "end"),
        ]


def _rule(x1: float, y1: float, x2: float, y2: float, stroke: Paint) -> Markup:
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=1, **paint(None, stroke))


def _small(words: str, x: float, y: float, anchor: str, size: int = 11) -> Markup:
    return label(words, x, y, text_anchor=anchor, font_size=size, **paint("muted"))


def _spaced(code: str) -> str:
    return code.replace("_", " ")
