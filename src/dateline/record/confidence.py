"""From the posterior of an event's type to the probability that type and parties are right."""

from __future__ import annotations

from functools import cache
from math import exp, log

from dateline.knowledge.tables import KnowledgeError, read_csv

_TABLE = "event_confidence.csv"
# Posteriors this near to 0 or 1 are no surer than the next: keeps the log odds finite.
_EDGE = 1e-4


def calibrated(posterior: float) -> float:
    """The measured share of events with this posterior (0..1) whose type, actor and recipient are all
    right: a logistic function of its log odds, rising. Raises KnowledgeError for a table without
    its two rows or with a slope that does not rise."""
    intercept, slope = _coefficients()
    inside = min(max(posterior, _EDGE), 1 - _EDGE)
    return 1 / (1 + exp(-intercept - slope * log(inside / (1 - inside))))


@cache
def _coefficients() -> tuple[float, float]:
    rows = {row["name"]: row["value"] for row in read_csv(_TABLE, ("name", "value", "source"))}
    try:
        intercept, slope = float(rows["intercept"]), float(rows["slope"])
    except (KeyError, ValueError) as error:
        raise KnowledgeError(f"{_TABLE}: expected numbers for intercept and slope") from error
    if slope <= 0:
        raise KnowledgeError(f"{_TABLE}: the slope must be positive, found {slope}")
    return intercept, slope
