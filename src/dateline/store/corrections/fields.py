"""Which fields of which records can be corrected, and what their values may be.

A value is what JSON holds: text, a list of names, an object for a place, None for 'there is none'.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args

from dateline.record.codebook import load_codebook
from dateline.record.model import EventType, Stance, StatementKind, Status
from dateline.spans import Span
from dateline.store.countries import country_code

WRONG = "wrong"
_LONGEST = 300  # characters of a name or line
_MOST_NAMES = 20
_DAY = re.compile(r"(\d{4})(-\d{2}(-\d{2})?)?")
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d+)?")


class CorrectionError(ValueError):
    """A correction that cannot be made; the message says what was expected and what was found."""


@dataclass(frozen=True, slots=True)
class Target:
    """A record that can be corrected. ``table`` is a key of FIELDS. ``anchor`` is the id that does not
    change when articles are added: an act's is the event that stands for it, any other record's its
    own. ``span`` (half-open, in the article's text) holds the words that it turns on, None for an
    article. ``values`` are the machine's, by field."""

    table: str
    id: str
    anchor: str
    article: str
    span: Span | None
    values: Mapping[str, Any] = field(default_factory=dict)


def check_changes(
    target: Target, changes: Mapping[str, Any], *, type: str | None = None
) -> dict[str, Any]:
    """The new values as they are kept, without those that are the machine's already. ``type`` is
    the record's where it was corrected before.

    Raises CorrectionError for a field that the record does not have, a value that it cannot take,
    or when nothing is left to change.
    """
    known = FIELDS[target.table]
    unknown = sorted(set(changes) - set(known))
    if unknown:
        raise CorrectionError(f"{unknown[0]}: expected one of {', '.join(known)}")
    checked = {name: known[name](name, value) for name, value in changes.items()}
    if "mode" in checked:
        _check_mode(checked["mode"], checked.get("type") or type or target.values.get("type"))
    found = {name: new for name, new in checked.items() if new != target.values.get(name)}
    if not found:
        raise CorrectionError("nothing to correct: these are the values that the record has")
    return found


def _check_mode(mode: str | None, type: str | None) -> None:
    modes = load_codebook().modes(type) if type else ()
    if mode is not None and mode not in modes:
        listed = ", ".join(modes) or "none"
        raise CorrectionError(f"mode: {type} has the modes {listed}; found {mode!r}")


def _text(name: str, value: Any) -> str | None:
    """One line of text, None for an empty one."""
    if value is not None and not isinstance(value, str):
        raise CorrectionError(f"{name}: expected some text, found {value!r}")
    line = " ".join(_printable(value or "").split())
    if len(line) > _LONGEST:
        raise CorrectionError(f"{name}: expected at most {_LONGEST} characters, found {len(line)}")
    return line or None


def _printable(text: str) -> str:
    """``text`` with control and unassigned characters, and lone surrogates, as spaces."""
    return "".join(" " if unicodedata.category(c)[0] == "C" else c for c in text)


def _needed(name: str, value: Any) -> str:
    line = _text(name, value)
    if line is None:
        raise CorrectionError(f"{name}: expected some text, found none")
    return line


def _choice(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    line = _needed(name, value)
    found = next((a for a in allowed if a.casefold() == line.casefold()), None)
    if found is None:
        raise CorrectionError(f"{name}: expected one of {', '.join(allowed)}; found {line!r}")
    return found


def _one_of(allowed: Callable[[], tuple[str, ...]]) -> Callable[[str, Any], str]:
    return lambda name, value: _choice(name, value, allowed())


def _names(name: str, value: Any) -> list[str]:
    """Names from a list, or from text with semicolons between them."""
    listed = value.split(";") if isinstance(value, str) else value
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise CorrectionError(f"{name}: expected names, found {value!r}")
    found = [line for line in (_text(name, each) for each in listed) if line]
    if len(found) > _MOST_NAMES:
        raise CorrectionError(f"{name}: expected at most {_MOST_NAMES} names, found {len(found)}")
    return list(dict.fromkeys(found))


def _days(name: str, value: Any) -> str | None:
    """'2025-02-12', '2025-02', '2025' or two of them with a slash between; None for no time."""
    line = _text(name, value)
    if line is None:
        return None
    parts = [part.strip() for part in line.split("/")]
    if len(parts) > 2 or not all(_is_day(part) for part in parts):
        raise CorrectionError(
            f"{name}: expected a day such as 2025-02-12, 2025-02 or 2025, or two of them with a"
            f" slash between; found {line!r}"
        )
    if parts[0][:10] > parts[-1] and not parts[0].startswith(parts[-1]):
        raise CorrectionError(f"{name}: {parts[0]} is after {parts[-1]}")
    return parts[0] if parts[0] == parts[-1] else "/".join(parts)


def _is_day(text: str) -> bool:
    if _DAY.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def _moment(name: str, value: Any) -> str | None:
    """A day, or a day and time with the offset of its zone (UTC when it has none)."""
    line = _text(name, value)
    if line is None:
        return None
    try:
        if len(line) == len("2025-02-12"):
            return date.fromisoformat(line).isoformat()
        return datetime.fromisoformat(line).isoformat()
    except ValueError:
        raise CorrectionError(
            f"{name}: expected a day such as 2025-02-12, or 2025-02-12T21:20+02:00; found {line!r}"
        ) from None


def _place(name: str, value: Any) -> dict[str, Any] | None:
    """A place from its name, 'Kyiv, UKR' or 'Kyiv, UKR, 50.45 30.52'; the country and the position
    (WGS84 degrees, latitude first) are None when they are not given."""
    if isinstance(value, dict):
        value = _place_line(name, value)
    line = _text(name, value)
    if line is None:
        return None
    parts = [part.strip() for part in line.split(",")]
    lat, lon = (
        _position(name, parts.pop()) if len(parts) > 1 and _numbers(parts[-1]) else (None,) * 2
    )
    country = country_code(parts[-1]) if len(parts) > 1 else None
    if len(parts) > 1 and country is not None:
        parts.pop()
    title = ", ".join(part for part in parts if part)
    if not title:
        raise CorrectionError(f"{name}: expected the name of a place, found {line!r}")
    return {"name": title, "country": country, "lat": lat, "lon": lon}


def _place_line(name: str, value: Mapping[str, Any]) -> str:
    unknown = sorted(set(value) - {"name", "country", "lat", "lon"})
    if unknown:
        raise CorrectionError(f"{name}: expected name, country, lat and lon; found {unknown[0]}")
    lat, lon = value.get("lat"), value.get("lon")
    position = [] if lat is None or lon is None else [f"{lat} {lon}"]
    return ", ".join([*(str(value[k]) for k in ("name", "country") if value.get(k)), *position])


def _numbers(text: str) -> list[str]:
    """Two numbers, empty for anything else."""
    found = text.split()
    is_position = len(found) == 2 and all(_NUMBER.fullmatch(part) for part in found)
    return found if is_position else []


def _position(name: str, text: str) -> tuple[float, float]:
    lat, lon = (float(part) for part in _numbers(text))
    if abs(lat) > 90 or abs(lon) > 180:
        raise CorrectionError(f"{name}: expected a latitude and a longitude, found {text!r}")
    return lat, lon


def _wrong(name: str, value: Any) -> bool:
    if value is not True and str(value).casefold() not in ("true", "1", "on", "yes"):
        raise CorrectionError(f"{name}: expected true; withdraw the mark to take it back")
    return True


def _issues() -> tuple[str, ...]:
    from dateline.record.lexicon import issues

    return tuple(issues())


Check = Callable[[str, Any], Any]
_ACT: dict[str, Check] = {
    WRONG: _wrong,
    "type": _one_of(lambda: get_args(EventType)),
    "mode": _text,
    "actors": _names,
    "recipients": _names,
    "status": _one_of(lambda: get_args(Status)),
    "day": _days,
    "place": _place,
}
# Table -> field -> what checks its value and gives it as it is kept.
FIELDS: Mapping[str, Mapping[str, Check]] = {
    "acts": _ACT,
    "events": _ACT,
    "statements": {
        WRONG: _wrong,
        "speaker": _text,
        "addressee": _text,
        "kind": _one_of(lambda: get_args(StatementKind)),
        "channel": _text,
        "day": _days,
    },
    "positions": {
        WRONG: _wrong,
        "party": _needed,
        "issue": _one_of(_issues),
        "stance": _one_of(lambda: get_args(Stance)),
        "day": _days,
    },
    "articles": {
        "headline": _text,
        "outlet": _text,
        "agency": _text,
        "published": _moment,
    },
}
# Field -> role in the table ``parties``.
ROLES: Mapping[str, str] = {
    "actors": "actor",
    "recipients": "recipient",
    "speaker": "speaker",
    "addressee": "addressee",
    "party": "party",
}
