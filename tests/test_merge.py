"""Reports of one act merge across articles, conservatively (issue 6, item 5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.article.model import Article
from dateline.record.model import Actor, Event, Party, PlaceMention, Quantity, Record, Version, When
from dateline.store.copies import Printing
from dateline.store.merge import (
    Number,
    Report,
    Spot,
    Who,
    days_to_read,
    fit,
    merge_reports,
    reports_of,
)
from dateline.store.merge.report import days_of
from dateline.store.merge.tables import status_relation, type_rows

pytestmark = pytest.mark.issue(6)

QUISPE = Who("quispe", "Elena Quispe", "BOL", "GOV", "person")
CACERES = Who("caceres", "Julio Caceres", "PRY", "GOV", "person")
BOLIVIA = Who("BOL", "Bolivia", "BOL", "", "country")
PARAGUAY = Who("PRY", "Paraguay", "PRY", "", "country")
ARMY = Who("~army-bol", "Bolivian forces", "BOL", "MIL", "role")
COMPANY = Who("~mine-bol", "a Bolivian mine", "BOL", "BUS", "role")
SOMEBODY = Who(None, "gunmen")
MONDAY = date(2024, 3, 18)
ESTIGARRIBIA = Spot("Mariscal Estigarribia", -22.03, -60.61, "PRY", 3437842)
FILADELFIA = Spot("Filadelfia", -22.35, -60.03, "PRY", 3438834)
ASUNCION = Spot("Asunción", -25.29, -57.65, "PRY", 3439389)
PRY_WHOLE = Spot("Paraguay", -23.0, -58.0, "PRY", None, whole=True)


def report(name: str, **changes: object) -> Report:
    """A phone call told on Monday by an article of its own; ``changes`` are fields."""
    base = Report(
        event=f"e-{name}",
        printing=Printing(f"a-{name}", f"st-{name}", f"Outlet {name}"),
        type="CONSULT",
        status="happened",
        mode="phone",
        actors=(QUISPE,),
        recipients=(CACERES,),
        first=MONDAY,
        last=MONDAY,
        granularity="day",
        basis="stated",
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def attack(name: str, **changes: object) -> Report:
    told = {"type": "ASSAULT", "mode": None, "actors": (ARMY,), "recipients": (PARAGUAY,)}
    return report(name, **(told | {"place": ESTIGARRIBIA} | changes))


def merged(*reports: Report) -> bool:
    return len(merge_reports(reports)) == 1


def later(days: int) -> dict[str, date]:
    return {"first": MONDAY + timedelta(days), "last": MONDAY + timedelta(days)}


# -- what merges and what does not: each case with its opposite --------------------------------------


@pytest.mark.parametrize(
    ("same", "other"),
    [
        ({}, later(1)),
        ({"actors": (CACERES,), "recipients": (QUISPE,)}, {"recipients": (BOLIVIA,)}),
        ({"actors": (BOLIVIA,), "recipients": (PARAGUAY,)}, {"mode": "visit"}),
        ({"actors": (BOLIVIA, PARAGUAY), "recipients": ()}, {"actors": (COMPANY,)}),
        ({"status": "denied"}, {"status": "hypothetical"}),
        ({"status": "planned"}, {"status": "planned", **later(1)}),
        ({"basis": "published", **later(1)}, {"basis": "published", **later(2)}),
        ({"basis": "published"}, {"basis": "published", **later(-1)}),
        ({"mode": None}, {"type": "REQUEST", "mode": None}),
    ],
)
def test_calls(same: dict[str, object], other: dict[str, object]) -> None:
    assert merged(report("a"), report("b", **same))
    assert not merged(report("a"), report("b", **other))


@pytest.mark.parametrize(
    ("same", "other"),
    [
        ({}, {"place": FILADELFIA}),
        ({"actors": (BOLIVIA,)}, {"actors": (COMPANY,)}),
        ({"numbers": (Number("four civilians", 4.0, "civilians"),)}, later(1)),
        ({"status": "denied"}, {"status": "planned", "basis": "published"}),
        ({"type": "COERCE", "actors": (BOLIVIA,), "numbers": (Number("9 dead", 9.0, "dead"),)},
         {"type": "AID"}),
    ],
)  # fmt: skip
def test_attacks(same: dict[str, object], other: dict[str, object]) -> None:
    first = attack("a", numbers=(Number("9 dead", 9.0, "dead"),))
    assert merged(first, attack("b", **same))
    assert not merged(first, attack("b", **other))


def test_attacks_need_more_than_parties_and_day() -> None:
    assert not merged(attack("a", place=None), attack("b", place=None))
    assert not merged(attack("a", place=None), attack("b", place=PRY_WHOLE))
    number = {"numbers": (Number("4 wounded", 4.0, "wounded"),), "place": None}
    assert merged(attack("a", **number), attack("b", **number))


def test_an_unknown_actor_is_no_match() -> None:
    assert not merged(attack("a"), attack("b", actors=(SOMEBODY,)))
    assert not merged(attack("a", recipients=()), attack("b", actors=()))


def test_a_country_holds_its_towns_and_talks_may_disagree_on_place() -> None:
    wide = {"type": "CONSULT", "mode": "visit"}
    assert merged(report("a", place=ASUNCION, **wide), report("b", place=PRY_WHOLE, **wide))
    act = merge_reports(
        [report("a", place=ASUNCION, **wide), report("b", place=FILADELFIA, **wide)]
    )
    assert len(act) == 1
    assert sorted(act[0].spread["place"]) == ["Asunción", "Filadelfia"]


def test_acts_of_the_past_merge_on_month_or_year() -> None:
    past = {"status": "background", "granularity": "month", "basis": "stated",
            "first": date(2022, 8, 1), "last": date(2022, 8, 31)}  # fmt: skip
    year = past | {"granularity": "year", "first": date(2022, 1, 1), "last": date(2022, 12, 31)}
    assert merged(report("a", **past), report("b", **past))
    assert not merged(report("a", **past), report("b", **year))


def test_no_date_merges_only_in_copies() -> None:
    undated = {"first": None, "last": None, "granularity": "", "basis": ""}
    assert not merged(report("a", **undated), report("b", **undated))
    one_text = [report(n, **undated, printing=Printing(n, "st1", n)) for n in "ab"]
    assert merged(*one_text)


def test_other_words_keep_statements_apart() -> None:
    said = {"type": "ACCUSE", "mode": None, "actors": (BOLIVIA,), "recipients": (PARAGUAY,)}
    first = report("a", words=frozenset(range(6)), **said)
    assert merged(first, report("b", words=frozenset(range(1, 7)), **said))
    assert not merged(first, report("b", words=frozenset(range(10, 16)), **said))


def test_events_of_one_article_stay_apart() -> None:
    printing = Printing("a", "st1", "Herald")
    assert len(merge_reports([report("x", printing=printing), report("y", printing=printing)])) == 2


def test_a_chain_does_not_join_what_cannot_be_one() -> None:
    plain = attack("b", place=None, numbers=(Number("9 dead", 9.0, "dead"),))
    here = attack("a", numbers=plain.numbers)
    there = attack("c", place=FILADELFIA, numbers=plain.numbers)
    acts = merge_reports([here, plain, there])
    assert sorted(len(act.members) for act in acts) == [1, 2]
    assert fit(here, there).vetoed


# -- acts --------------------------------------------------------------------------------------------


def test_an_act_keeps_its_members_and_says_why() -> None:
    (act,) = merge_reports([
        report("a", numbers=(Number("an hour", 1.0, "hour"),)),
        report("b", status="denied", actors=(BOLIVIA,)),
    ])  # fmt: skip
    assert act.id == "ace-a"
    assert [m.report.event for m in act.members] == ["e-a", "e-b"]
    assert act.spread["status"] == {"happened": ["e-a"], "denied": ["e-b"]}
    assert act.spread["day"] == {"2024-03-18": ["e-a", "e-b"]}
    (line,) = act.explain()
    assert line.startswith("e-b by e-a")
    assert "both on 2024-03-18" in line
    assert act.best.event == "e-a"


def test_sources_of_an_act() -> None:
    wire = [report(n, printing=Printing(n, "st1", f"Outlet {n}", "AFP")) for n in "abc"]
    own = report("d", printing=Printing("d", "st2", "Herald"))
    (act,) = merge_reports([*wire, own])
    counted = act.sources
    assert (counted.n_articles, counted.n_outlets, counted.n_independent) == (4, 4, 2)


def test_copies_merge_however_little_is_told() -> None:
    bare = {"actors": (), "recipients": (PARAGUAY,), "place": None}
    copies = [attack(n, **bare, printing=Printing(n, "st1", n)) for n in "ab"]
    assert merged(*copies)
    assert not merged(*[attack(n, **bare) for n in "ab"])


MANY = [
    report(f"{n}", **changes)
    for n, changes in enumerate(
        change | later(day)
        for day in (0, 1, 2)
        for change in (
            {},
            {"basis": "published"},
            {"mode": None, "actors": (BOLIVIA,)},
            {"type": "ASSAULT", "mode": None, "place": ESTIGARRIBIA},
            {"type": "ASSAULT", "mode": None, "place": FILADELFIA, "actors": (ARMY,)},
            {"status": "planned"},
            {"recipients": ()},
        )
    )
]


@settings(max_examples=30, deadline=None)
@given(st.permutations(MANY))
def test_acts_do_not_depend_on_the_order(reports: list[Report]) -> None:
    def outcome(listed: list[Report]) -> list[tuple[str, list[str]]]:
        return [(act.id, [m.report.event for m in act.members]) for act in merge_reports(listed)]

    assert outcome(reports) == outcome(MANY)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(MANY), unique=True))
def test_each_event_is_in_one_act(reports: list[Report]) -> None:
    acts = merge_reports([*reports, *reports])
    members = [m.report.event for act in acts for m in act.members]
    assert sorted(members) == sorted(r.event for r in reports)


def test_a_window_gives_the_acts_of_the_whole() -> None:
    spread_out = [replace(r, event=f"{r.event}-{week}", first=first, last=first,
                          printing=replace(r.printing, article=f"{r.printing.article}-{week}",
                                           story=""))
                  for week in range(3) for r in MANY
                  for first in [(r.first or MONDAY) + timedelta(7 * week)]]  # fmt: skip
    whole = {act.id: act for act in merge_reports(spread_out)}
    window = days_to_read([MONDAY + timedelta(8)])
    for act in merge_reports(r for r in spread_out if r.first in window):
        assert act == whole[act.id]


# -- from records ------------------------------------------------------------------------------------


def test_reports_of_a_record() -> None:
    text = "Bolivia shelled Mariscal Estigarribia on Monday, wounding four civilians in the town."
    when = When(start="2024-03-18", end="2024-03-18", granularity="day", basis="stated")
    place = PlaceMention(span=(16, 37), name="Mariscal Estigarribia", lat=-22.03, lon=-60.61,
                         country="PRY")  # fmt: skip
    event = Event(
        id="e1", type="ASSAULT", quad=4, intensity=-9, trigger=(8, 15), evidence=[(0, 71)],
        actors=[Party(span=(0, 7), text="Bolivia", actor="BOL")],
        recipients=[Party(span=(16, 37), text="Mariscal Estigarribia")],
        place=place, when=when, status="happened", confidence=0.5,
    )  # fmt: skip
    record = Record(
        article=Article(id="x", text=text),
        actors=[Actor(id="BOL", name="Bolivia", country="BOL", kind="country")],
        events=[event],
        quantities=[Quantity(span=(58, 62), text="four", value=4.0, unit="civilians")],
        version=Version(code="1", model="1", codebook="1"),
    )
    (told,) = reports_of(record, Printing("x", "st1"), lambda local: f"x-{local}")
    assert (told.event, told.first, told.basis) == ("x-e1", MONDAY, "stated")
    assert told.actors == (BOLIVIA,)
    assert told.recipients[0].id is None
    assert told.place == Spot("Mariscal Estigarribia", -22.03, -60.61, "PRY")
    assert told.numbers == (Number("four", 4.0, "civilians"),)
    assert told.words


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2024-02", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-12", "2023-12", date(2023, 12, 1), date(2023, 12, 31)),
        ("2024", "2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-03-18T10", "2024-03-18T10", MONDAY, MONDAY),
    ],
)
def test_days(start: str, end: str, first: date, last: date) -> None:
    when = When(start=start, end=end, granularity="day", basis="stated")
    assert days_of(when) == (first, last)


@pytest.mark.parametrize("text", ["", "2024-13", "soon", "2024-02-30"])
def test_no_days(text: str) -> None:
    assert days_of(When(start=text, end=text, granularity="day", basis="stated")) == (None, None)
    assert days_of(None) == (None, None)


def test_tables_hold_every_type_and_are_symmetric() -> None:
    assert len(type_rows()) == 16
    assert (
        status_relation("denied", "happened") == status_relation("happened", "denied") == "denial"
    )
    assert status_relation("hypothetical", "happened") is None
