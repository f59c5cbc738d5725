"""PLOVER JSON Lines: one object an act, with the field names of the PLOVER manual."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dateline.export.acts import Side, acts
from dateline.export.codes import country_name
from dateline.store.filters import Filters

if TYPE_CHECKING:
    from dateline.store.corpus import Corpus


def objects(corpus: Corpus, filters: Filters) -> Iterator[dict[str, Any]]:
    """One object for each act; optional fields that are not known are left out. ``status`` and the
    fields after it are dateline's own."""
    for act in acts(corpus, filters):
        yield _object(act)


def _object(act: dict[str, Any]) -> dict[str, Any]:
    parties: list[Side] = act["parties"]
    first, last = act["first_day"], act["last_day"]
    return {
        "id": act["id"],
        "date": first.isoformat() if first else None,
        **_known(enddate=last.isoformat() if last and last != first else None),
        "actor": [_entity(p) for p in parties if p.role == "actor"],
        **_known(recipient=[_entity(p) for p in parties if p.role == "recipient"]),
        "event": [act["type"]],
        **_known(mode=[act["mode"]] if act["mode"] else None, context=act["contexts"]),
        "quad_code": act["quad"],
        "event_scale": act["intensity"],
        **_known(event_loc=_place(act), text=act["evidence"]),
        "text_info": {
            "start": act["evidence_spans"][0][0] if act["evidence_spans"] else act["trigger_start"],
            **_known(end=act["evidence_spans"][-1][1] if act["evidence_spans"] else None),
        },
        "cite_info": _known(
            url=act["url"],
            title=act["headline"],
            language=act["language"],
            publication=act["outlet"],
            coder=f"dateline {act['code']}" if act["code"] else None,
            codebook=act["codebook"],
            published=act["published"],
        ),
        "status": act["status"],
        **_known(reported_by=act["reported_by"], date_basis=act["when_basis"]),
        "cameo": act["cameo"],
        "confidence": act["confidence"],
        "n_articles": act["n_articles"],
        "n_outlets": act["n_outlets"],
        "n_independent": act["n_independent"],
    }


def _entity(side: Side) -> dict[str, str]:
    sector = side.sector + side.sector2  # PLOVER joins two sectors to one code of six letters
    actor = side.actor if side.actor and not side.actor.startswith("~") else None
    return _known(
        code=side.country,
        sector=sector,
        entity_text=side.text,
        identifier_id=actor,
        identifier_text=side.name,
        office=side.office,
    )


def _place(act: dict[str, Any]) -> dict[str, Any]:
    if not act["place"]:
        return {}
    kind = act["place_kind"] or ""
    return _known(
        resolved_place=act["place"],
        geonameid=act["geonameid"],
        lat=act["lat"],
        lon=act["lon"],
        city=act["place"] if kind == "city" else None,
        district=act["place"] if kind in ("county", "district") else None,
        province=act["place"] if kind == "state" else None,
        country=country_name(act["place_country"] or ""),
        country_code=act["place_country"],
    )


def _known(**fields: Any) -> dict[str, Any]:
    """The fields that hold something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], {})}
