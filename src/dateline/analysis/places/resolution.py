"""Which of the places of one name a text means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from dateline.analysis.places import gazetteer, ranking
from dateline.analysis.places.containment import Container, contain, distance_km, within
from dateline.analysis.places.folding import fold
from dateline.analysis.places.gazetteer import Entry
from dateline.analysis.places.matching import Mention
from dateline.analysis.places.ranking import Group, prior

_HINT = 2.5  # on the scale of log odds: seven to one for a country that the source points to
_TOSS_UP = 0.05
_FAR_KM = 161.0
_MOST_READINGS = 40  # of one name, the best known first

_Key = tuple[str, str]  # folded name, and the container that the words beside it name
_Ranked = tuple[tuple[Entry, float], ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The readings of one mention, best first, with probabilities; none when nothing is known."""

    mention: Mention
    ranked: _Ranked

    @property
    def best(self) -> Entry | None:
        return self.ranked[0][0] if self.ranked else None

    @property
    def toss_up(self) -> bool:
        """True when two far-apart readings are about equally likely."""
        if len(self.ranked) < 2:
            return False
        (first, p), (second, q) = self.ranked[:2]
        return p - q < _TOSS_UP and distance_km(first, second) > _FAR_KM


def resolve(text: str, mentions: Sequence[Mention], hints: Mapping[str, float]) -> list[Reading]:
    """A reading for each mention. Mentions of one name share a reading unless the text places one
    of them elsewhere ('Paris, Texas'). ``hints``: see ``source_hints``."""
    mentions, keys, groups = lay_out(text, mentions)
    ranked = rank_groups(groups, hints)
    return [Reading(m, ranked.get(key, ())) for m, key in zip(mentions, keys, strict=True)]


def lay_out(
    text: str, mentions: Sequence[Mention]
) -> tuple[list[Mention], list[_Key], dict[_Key, Group]]:
    """The mentions with every place of their names, the group of each, and the groups."""
    placed, containers = contain(text, _with_small(mentions))
    keys = _keys(placed, containers)
    return placed, keys, make_groups(text, placed, containers, keys)


def rank_groups(groups: Mapping[_Key, Group], weights: Mapping[str, float]) -> dict[_Key, _Ranked]:
    """The readings of each group, most likely first."""
    listed = {key: group for key, group in groups.items() if group.entries}
    if not listed:
        return {}
    table = ranking.make_table(list(listed.values()), weights)
    chances = ranking.rank(table).tolist()
    ranked, at = dict[_Key, _Ranked](), 0
    for key, group in listed.items():
        pairs = zip(group.entries, chances[at : (at := at + len(group.entries))], strict=True)
        ranked[key] = tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0].geonameid or 0)))
    return ranked


def _with_small(mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions with the places of any size that share their names."""
    widened: dict[tuple[str, int], tuple[Entry, ...]] = {}  # the mentions of a name share a tuple
    results = []
    for mention in mentions:
        if mention.demonym or not mention.entries:
            results.append(mention)
            continue
        key = mention.surface, id(mention.entries)
        if key not in widened:
            widened[key] = _all_readings(mention)
        results.append(replace(mention, entries=widened[key]))
    return results


def _all_readings(mention: Mention) -> tuple[Entry, ...]:
    known = {entry.geonameid for entry in mention.entries}
    more = [
        entry for entry in gazetteer.all_entries(mention.surface)
        if entry.geonameid not in known and not _listed(entry, mention.entries)
    ]  # fmt: skip
    return (*mention.entries, *more)


def _listed(city: Entry, entries: Sequence[Entry]) -> bool:
    """True when our own tables have the city, under whatever id."""
    return any(
        own.kind not in ("state", "country", "county") and own.geonameid is None
        and abs(city.lat - own.lat) < 0.6 and abs(city.lon - own.lon) < 0.8
        for own in entries
    )  # fmt: skip


def make_groups(
    text: str, mentions: Sequence[Mention], containers: Sequence[Container], keys: Sequence[_Key]
) -> dict[_Key, Group]:
    """The mentions of each key, laid together."""
    members: dict[_Key, list[int]] = {}
    for i, key in enumerate(keys):
        members.setdefault(key, []).append(i)
    stated = _stated(mentions, containers)
    length = max(1, len(text))
    groups = {}
    for key, listed in members.items():
        container = next((containers[i] for i in listed if containers[i]), None)
        sets = {id(mentions[i].entries): mentions[i].entries for i in listed}
        entries = dict.fromkeys(entry for shared in sets.values() for entry in shared)
        groups[key] = Group(
            key[0], len(listed), _capped(list(entries), container), container,
            frozenset(stated.get(key[0], ())), mentions[listed[0]].span[0] / length,
        )  # fmt: skip
    return groups


def _capped(entries: list[Entry], container: Container) -> tuple[Entry, ...]:
    """The best known entries, those inside the container before others."""
    if len(entries) <= _MOST_READINGS:
        return tuple(entries)

    def order(entry: Entry) -> tuple[bool, float]:
        return (container is None or not within(entry, container), -prior(entry))

    return tuple(sorted(entries, key=order)[:_MOST_READINGS])


def _stated(mentions: Sequence[Mention], containers: Sequence[Container]) -> dict[str, set[Entry]]:
    stated: dict[str, set[Entry]] = {}
    for i, container in enumerate(containers):
        for mention in mentions[max(0, i - 1) : i + 2] if container else ():
            if container in mention.entries:
                stated.setdefault(_name(mention), set()).add(container)
    return stated


def _name(mention: Mention) -> str:
    return fold(mention.surface) + ("~" if mention.demonym else "")


def _keys(mentions: Sequence[Mention], containers: Sequence[Container]) -> list[_Key]:
    """The group of each mention; a name placed in two containers makes two groups, bare ones join
    the first."""
    first: dict[str, _Key] = {}
    for mention, container in zip(mentions, containers, strict=True):
        if container is not None:
            first.setdefault(_name(mention), (_name(mention), container.name))
    return [
        (_name(m), container.name) if container else first.get(_name(m), (_name(m), ""))
        for m, container in zip(mentions, containers, strict=True)
    ]


def source_hints(dateline: str | None, outlet_country: str | None) -> dict[str, float]:
    """Log odds by country from what is known of the source."""
    found: dict[str, float] = defaultdict(float)
    if outlet_country:
        found[outlet_country.upper()] += _HINT
    if dateline:
        for entry in gazetteer.own_entries(dateline)[:1] or _largest(dateline):
            found[entry.country] += _HINT
    return dict(found)


def _largest(name: str) -> list[Entry]:
    cities = gazetteer.city_entries(name)
    return [max(cities, key=lambda e: e.population)] if cities else []


def settle_counties(readings: Sequence[Reading]) -> list[Reading]:
    """Give counties that we have no position for that of the towns of the same state nearby in the
    text, where there are any."""
    towns = [
        (reading.mention.span[0], reading.best)
        for reading in readings
        if reading.best and reading.best.kind == "city" and reading.best.country == "USA"
    ]
    return [_settled(reading, towns) for reading in readings]


def _settled(reading: Reading, towns: list[tuple[int, Entry]]) -> Reading:
    best = reading.best
    if best is None or not best.rough:
        return reading
    near = [(abs(at - reading.mention.span[0]), e) for at, e in towns if e.admin == best.admin]
    if not near:
        return reading
    town = min(near, key=lambda pair: pair[0])[1]
    moved = replace(best, lat=town.lat, lon=town.lon)
    return replace(reading, ranked=((moved, reading.ranked[0][1]), *reading.ranked[1:]))


# A street, park or hamlet that no gazetteer lists is put at the town named nearest to it, when the
# text keeps to one area. Of the 125 such names of LGL, GeoVirus and GeoWebNews that have a gold
# position 50 are placed, 45 of them within 161 km.
_AREA_KM, _LEAST_SHARE, _REACH = 100.0, 0.6, 400
_LOCAL = frozenset(("city", "county", "district", "facility"))


def settle_unlisted(readings: Sequence[Reading]) -> list[Reading]:
    """Give names that nothing is known of the position of the nearest town in the text, as a rough
    one, if most of the text's towns lie close to it."""
    if all(reading.ranked for reading in readings):
        return list(readings)
    towns = [
        (reading.mention.span[0], reading.best)
        for reading in readings
        if reading.best and reading.best.kind in _LOCAL and not reading.toss_up
        and not reading.mention.demonym
    ]  # fmt: skip
    return [r if r.ranked else _put_near(r, towns) for r in readings]


def _put_near(reading: Reading, towns: list[tuple[int, Entry]]) -> Reading:
    start = reading.mention.span[0]
    near = [(abs(at - start), number) for number, (at, _) in enumerate(towns)]
    if not near or min(near)[0] > _REACH:
        return reading
    town = towns[min(near)[1]][1]
    close = sum(distance_km(town, other) < _AREA_KM for _, other in towns)
    if close < _LEAST_SHARE * len(towns):
        return reading
    guess = Entry(
        reading.mention.surface, "unlisted", town.lat, town.lon, town.country, admin=town.admin,
        rough=True,
    )  # fmt: skip
    return Reading(reading.mention, ((guess, close / len(towns)),))


_NEAR_KM, _LEAST_NAMES, _LEAST_CHANCE = 60.0, 2, 0.6


def nearby_names(readings: Sequence[Reading]) -> Callable[[str], bool] | None:
    """Tells whether a place of a name lies close to two or more towns of the text; None when the
    text does not name that many towns."""
    towns: dict[str, Entry] = {}
    for reading in readings:
        best = reading.best
        if best is None or best.kind not in _LOCAL or best.rough or reading.mention.demonym:
            continue
        if reading.ranked[0][1] >= _LEAST_CHANCE:
            towns.setdefault(_name(reading.mention), best)
    if len(towns) < _LEAST_NAMES:
        return None

    @cache
    def near(surface: str) -> bool:
        others = [town for name, town in towns.items() if name != fold(surface)]
        return any(
            sum(distance_km(entry, town) < _NEAR_KM for town in others) >= _LEAST_NAMES
            for entry in gazetteer.all_entries(surface)
        )

    return near
