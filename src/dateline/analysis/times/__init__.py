"""Time expressions: found by a grammar over token classes, resolved to TIMEX3 values."""

from dateline.analysis.model import TimeExpression
from dateline.analysis.times.finder import TenseAt, find_times

__all__ = ["TenseAt", "TimeExpression", "find_times"]
