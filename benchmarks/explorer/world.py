"""An invented world for the store that ``corpus.py`` makes: parties, towns and acts by day.

Every name is made of syllables. Country codes are real ones, as filters and the map need them, but stand
for invented countries: who does what to whom is drawn by chance and says nothing about anybody.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

from dateline.knowledge.tables import read_csv
from dateline.record.model import Actor

FIRST_DAY = date(2023, 1, 1)
COUNTRIES = 90
PEOPLE = 5000
TOWNS = 1500
_FAR = 2.5  # degrees from the middle of its country that a town may lie


@dataclass(frozen=True, slots=True)
class Town:
    """A place; ``lat`` and ``lon`` are None for one in ten, as for names that cannot be told apart."""

    name: str
    country: str
    lat: float | None
    lon: float | None
    number: int


@dataclass(frozen=True, slots=True)
class Act:
    """What happened: ``pattern`` is its sentence in templates.json, {A}, {R}, {P}, {T} ... to fill."""

    number: int
    day: date
    type: str
    mode: str | None
    trigger: str
    pattern: str
    topic: str
    actor: Actor
    recipient: Actor
    town: Town
    status: str
    amount: int


@cache
def templates() -> Any:
    """templates.json."""
    return json.loads(Path(__file__).with_name("templates.json").read_text("utf-8"))


class World:
    """Everybody and everywhere, drawn from ``seed``."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.codes = self._codes()
        self.actors = self._actors()
        # Few are in the news every day, most once in a while.
        self._weights = list(accumulate(1 / (rank + 4) for rank in range(len(self.actors))))
        self._town_list = [self._town(number) for number in range(TOWNS)]

    def acts(self, day: int, count: int, first: int) -> list[Act]:
        """The acts of a day, numbered from ``first``."""
        return [self._act(FIRST_DAY + timedelta(day), first + number) for number in range(count)]

    def parties(self, count: int) -> list[Actor]:
        """Actors by how often they are in the news."""
        return self.random.choices(self.actors, cum_weights=self._weights, k=count)

    def town(self) -> Town:
        """Any town."""
        return self.random.choice(self._town_list)

    def pick(self, values: Sequence[Any]) -> Any:
        """One of ``values``."""
        return self.random.choice(values)

    def name(self, kind: str) -> str:
        """A new name of a person's, town's or land's sound."""
        parts = self.random.choices(templates()["syllables"], k=self.random.choice((1, 2, 2)))
        return ("".join(parts) + self.pick(templates()["endings"][kind])).capitalize()

    def _codes(self) -> list[tuple[str, float, float]]:
        rows = read_csv("country_centroids.csv", ("iso3", "lat", "lon"))
        listed = [(row["iso3"], float(row["lat"]), float(row["lon"])) for row in rows]
        return self.random.sample(listed, COUNTRIES)

    def _actors(self) -> list[Actor]:
        found: list[Actor] = []
        for code, _, _ in self.codes:
            name = self.name("land")
            found.append(_actor(f"land-{code.lower()}", name, code, "", None, "country"))
            for body in self.random.sample(templates()["bodies"], 3):
                key = f"body-{code.lower()}-{len(found)}"
                sector = self.pick(["GOV", "MIL", "REB", "OPP", "CVL"])
                found.append(_actor(key, f"{name} {body}", code, sector, None, "organisation"))
        for number in range(PEOPLE):
            found.append(self._person(number))
        self.random.shuffle(found)
        return found

    def _person(self, number: int) -> Actor:
        office = self.pick(templates()["offices"])
        sector = {"army chief": "MIL", "opposition leader": "OPP"}.get(office, "GOV")
        name = f"{self.name('person')} {self.name('person')}"
        code = self.pick(self.codes)[0]
        return _actor(f"person-{number}", name, code, sector, office, "person")

    def _town(self, number: int) -> Town:
        code, lat, lon = self.pick(self.codes)
        if self.random.random() < 0.1:
            return Town(self.name("town"), code, None, None, number)
        shift = [self.random.uniform(-_FAR, _FAR) for _ in range(2)]
        lat, lon = max(-80, min(80, lat + shift[0])), max(-179, min(179, lon + shift[1]))
        return Town(self.name("town"), code, round(lat, 4), round(lon, 4), number)

    def _act(self, day: date, number: int) -> Act:
        kind = self.pick(list(templates()["acts"]))
        mode, trigger, pattern = self.pick(templates()["acts"][kind])
        actor, recipient = self.parties(2)
        while recipient.id == actor.id:
            recipient = self.parties(1)[0]
        statuses = ("happened", "ongoing", "planned", "denied", "background")
        status = self.random.choices(statuses, (80, 6, 7, 3, 4))[0]
        topic = self.pick(list(templates()["topics"]))
        return Act(
            number=number,
            day=day,
            type=kind,
            mode=mode,
            trigger=trigger,
            pattern=pattern,
            topic=topic,
            actor=actor,
            recipient=recipient,
            town=self.town(),
            status=status,
            amount=self.random.choice((3, 12, 40, 60, 150, 800, 2500)),
        )


def _actor(id: str, name: str, country: str, sector: str, office: str | None, kind: Any) -> Actor:
    return Actor(
        id=id,
        name=name,
        country=country,
        sector=sector,
        office=office,
        kind=kind,
        source="invented",
    )
