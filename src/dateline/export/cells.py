"""Values as text in one cell of a table."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

# A cell holds no tab, line end or other control character, so that a table has the rows and
# columns it says.
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")


def one_line(text: str) -> str:
    """``text`` with runs of control characters replaced by one space."""
    return _CONTROL.sub(" ", text).strip()


def cell(value: Any) -> str:
    """A value as text: '' for None, lists joined by '|', spans as 'start:end', days as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "|".join(_item(item) for item in value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, float):
        return number(value)
    return one_line(str(value))


def number(value: float) -> str:
    """A number without needless digits: '1.5', '-9', '50.45'."""
    return f"{value:.10g}"


def _item(item: Any) -> str:
    if isinstance(item, list):  # a span
        return ":".join(cell(part) for part in item)
    return cell(item).replace("|", "/")
