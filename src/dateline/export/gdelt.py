"""GDELT 2.0: the files of events (61 columns) and of mentions (16), as docs/formats.md explains."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dateline.export.acts import Dyad, Side, acts, dyads, known_day, mentions
from dateline.export.cells import number
from dateline.export.codes import cameo_actor, country_name, fips
from dateline.store.filters import Filters

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus

_ACTOR = (
    "Code",
    "Name",
    "CountryCode",
    "KnownGroupCode",
    "EthnicCode",
    "Religion1Code",
    "Religion2Code",
    "Type1Code",
    "Type2Code",
    "Type3Code",
)
_GEO = (
    "Type",
    "FullName",
    "CountryCode",
    "ADM1Code",
    "ADM2Code",
    "Lat",
    "Long",
    "FeatureID",
)
EVENT_COLUMNS: tuple[str, ...] = (
    "GlobalEventID",
    "Day",
    "MonthYear",
    "Year",
    "FractionDate",
    *(f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR),
    "IsRootEvent",
    "EventCode",
    "EventBaseCode",
    "EventRootCode",
    "QuadClass",
    "GoldsteinScale",
    "NumMentions",
    "NumSources",
    "NumArticles",
    "AvgTone",
    *(f"{whose}Geo_{name}" for whose in ("Actor1", "Actor2", "Action") for name in _GEO),
    "DATEADDED",
    "SOURCEURL",
)
MENTION_COLUMNS: tuple[str, ...] = (
    "GlobalEventID",
    "EventTimeDate",
    "MentionTimeDate",
    "MentionType",
    "MentionSourceName",
    "MentionIdentifier",
    "SentenceID",
    "Actor1CharOffset",
    "Actor2CharOffset",
    "ActionCharOffset",
    "InRawText",
    "Confidence",
    "MentionDocLen",
    "MentionDocTone",
    "MentionDocTranslationInfo",
    "Extras",
)
# 52 bits: a number that R and JavaScript keep exactly, and that two of a million events share with
# a chance of one in ten thousand.
_ID_DIGITS = 13
_WEB = "1"
_COUNTRY, _US_STATE, _US_CITY, _CITY, _STATE = "1", "2", "3", "4", "5"
_NO_PLACE = "0"
# Kinds of place by what GDELT calls them; others (a river, a region over several states) are no place
# that it has a type for.
_PLACE_TYPES = {
    "country": (_COUNTRY, _COUNTRY),
    "state": (_STATE, _US_STATE),
    "region": (_STATE, _US_STATE),
    "city": (_CITY, _US_CITY),
    "district": (_CITY, _US_CITY),
    "facility": (_CITY, _US_CITY),
}


def event_rows(corpus: Corpus, filters: Filters) -> Iterator[list[str]]:
    """Rows of the events file: one for each dyad of an act."""
    for act in acts(corpus, filters):
        shared = _shared_columns(act)
        for dyad in dyads(act["parties"], act["cameo"]):
            yield _event_row(act, dyad, shared)


def mention_rows(corpus: Corpus, filters: Filters) -> Iterator[list[str]]:
    """Rows of the mentions file: one for each telling of each row of the events file."""
    for told in mentions(corpus, filters):
        for dyad in dyads(told["act_parties"], told["cameo"]):
            yield _mention_row(told, dyad)


def event_id(act: str, dyad: Dyad) -> str:
    """A whole number below 2**52 that a row keeps when its store is built again."""
    digest = hashlib.sha256(f"{act}:{dyad.number}".encode()).hexdigest()
    return str(int(digest[:_ID_DIGITS], 16))


def fraction_date(day: date) -> str:
    """The year and the part of it that is over, as GDELT reckons it: months of 30 days."""
    part = ((day.month - 1) * 30 + day.day) / 365
    return f"{day.year + min(part, 0.9999):.4f}"


def _event_row(act: dict[str, Any], dyad: Dyad, shared: dict[str, str]) -> list[str]:
    code = dyad.cameo or ""
    row = shared | {
        "GlobalEventID": event_id(act["id"], dyad),
        "EventCode": code,
        "EventBaseCode": code[:3],
        "EventRootCode": code[:2],
        **_actor_columns("Actor1", dyad.actor),
        **_actor_columns("Actor2", dyad.recipient),
    }
    return [row.get(name, "") for name in EVENT_COLUMNS]


def _shared_columns(act: dict[str, Any]) -> dict[str, str]:
    """What all dyads of an act have in common."""
    return {
        **_day_columns(act),
        "IsRootEvent": _in_first_paragraph(act),
        "QuadClass": str(act["quad"]),
        "GoldsteinScale": number(act["intensity"]),
        "NumMentions": str(act["n_reports"]),
        "NumSources": str(act["n_independent"]),
        "NumArticles": str(act["n_articles"]),
        "Actor1Geo_Type": _NO_PLACE,
        "Actor2Geo_Type": _NO_PLACE,
        **_place_columns(act),
        "DATEADDED": moment(act["first_published"]),
        "SOURCEURL": act["url"] or "",
    }


def _day_columns(act: dict[str, Any]) -> dict[str, str]:
    """Day, month and year as far as they are known."""
    first, last = act["first_day"], act["last_day"]
    columns: dict[str, str] = {}
    if first is None or last is None or first.year != last.year:
        return columns
    columns["Year"] = str(first.year)
    if first.month == last.month:
        columns["MonthYear"] = f"{first:%Y%m}"
    day = known_day(act)
    if day is not None:
        columns |= {"Day": f"{day:%Y%m%d}", "FractionDate": fraction_date(day)}
    return columns


def _actor_columns(prefix: str, side: Side | None) -> dict[str, str]:
    if side is None:
        return {}
    codes = cameo_actor(side.country, side.sector, side.sector2)
    types = {f"{prefix}Type{n}Code": code for n, code in enumerate(codes.types[:3], start=1)}
    return {
        f"{prefix}Code": codes.code,
        f"{prefix}Name": (side.name or "").upper(),
        f"{prefix}CountryCode": codes.country,
        f"{prefix}KnownGroupCode": codes.group,
        f"{prefix}Religion1Code": codes.religion,
        **types,
    }


def _place_columns(act: dict[str, Any]) -> dict[str, str]:
    iso3 = act["place_country"] or ""
    abroad, in_the_usa = _PLACE_TYPES.get(act["place_kind"] or "", (_NO_PLACE, _NO_PLACE))
    if not act["place"]:
        return {"ActionGeo_Type": _NO_PLACE}
    country = fips(iso3, act["lon"])
    is_country = abroad == _COUNTRY
    name = act["place"] if is_country else _joined(act["place"], country_name(iso3))
    return {
        "ActionGeo_Type": in_the_usa if iso3 == "USA" else abroad,
        "ActionGeo_FullName": name,
        "ActionGeo_CountryCode": country,
        "ActionGeo_ADM1Code": country if is_country else "",
        "ActionGeo_Lat": "" if act["lat"] is None else number(act["lat"]),
        "ActionGeo_Long": "" if act["lon"] is None else number(act["lon"]),
        "ActionGeo_FeatureID": country if is_country else "",
    }


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _in_first_paragraph(act: dict[str, Any]) -> str:
    """'1' for an act told in the article's first paragraph; '' when the text was not kept."""
    if act["text"] is None:
        return ""
    text = _unpacked(act["text"])
    end = text.find("\n\n")
    return "1" if end < 0 or act["trigger_start"] < end else "0"


def _mention_row(told: dict[str, Any], dyad: Dyad) -> list[str]:
    row = {
        "GlobalEventID": event_id(told["act"], dyad),
        "EventTimeDate": moment(told["first_published"]),
        "MentionTimeDate": moment(told["published"]),
        "MentionType": _WEB if told["url"] else "",
        "MentionSourceName": told["source"] or "",
        "MentionIdentifier": told["url"] or "",
        "SentenceID": _sentence_number(told["text"], told["trigger_start"]),
        "Actor1CharOffset": _offset(dyad.actor, told["parties"]),
        "Actor2CharOffset": _offset(dyad.recipient, told["parties"]),
        "ActionCharOffset": str(told["trigger_start"]),
        "Confidence": str(round(told["confidence"] * 100)),
        "MentionDocLen": str(told["characters"]),
    }
    return [row.get(name, "") for name in MENTION_COLUMNS]


def _offset(side: Side | None, parties: Sequence[Side]) -> str:
    """Where a telling mentions a party of its act; '' where it does not."""
    if side is None:
        return ""
    same = [p for p in parties if p.key == side.key]
    same.sort(key=lambda p: (p.role != side.role, p.start))
    return str(same[0].start) if same else ""


def _sentence_number(packed: bytes | None, offset: int) -> str:
    """The number of the sentence, from 1, that holds an offset; '' when the text was not kept."""
    if packed is None:
        return ""
    ends = _sentence_ends(packed)
    return str(min(sum(end <= offset for end in ends) + 1, max(len(ends), 1)))


@lru_cache(maxsize=64)
def _sentence_ends(packed: bytes) -> tuple[int, ...]:
    from dateline.analysis.sentences import split_sentences
    from dateline.analysis.tokens import tokenize

    text = _unpacked(packed)
    return tuple(sentence.end for sentence in split_sentences(text, tokenize(text)))


@lru_cache(maxsize=64)
def _unpacked(packed: bytes) -> str:
    from dateline.store.packing import unpack

    return unpack(packed)


def moment(text: str | None) -> str:
    """YYYYMMDDHHMMSS of an ISO 8601 moment in UTC; '' for None."""
    return "".join(filter(str.isdigit, text or ""))
