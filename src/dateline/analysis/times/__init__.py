"""Time expressions: found by a grammar over token classes, resolved to TIMEX3 values."""

from dateline.analysis.model import TimeExpression
from dateline.analysis.times.finder import find_times

__all__ = ["TimeExpression", "find_times"]
