"""Timeline, quantities and discrepancies on trees written by hand."""

from __future__ import annotations

import pytest

from dateline.analysis.model import Place
from dateline.record.discrepancies import find_discrepancies
from dateline.record.model import Event, Party, When
from dateline.record.quantities import find_quantities
from dateline.record.timeline import make_timeline
from trees import context


def facts(sentence: str) -> list[tuple[str, str | None, bool]]:
    return [(e.when.start, e.when.note, e.background) for e in make_timeline(context(sentence), [])]


HELD = (
    "No/DT/2/det talks/NNS/5/nsubj:pass have/VBP/5/aux been/VBN/5/aux:pass held/VBN/0/root "
    "{}/IN/7/case {}/CD/5/obl ././5/punct"
)


def test_a_dated_fact_is_background_when_it_is_long_past():
    assert facts(HELD.format("in", "2019")) == [("2019", None, True)]
    assert facts(HELD.format("in", "2024")) == [("2024", None, False)]


def test_since_is_a_start_and_by_a_deadline():
    assert facts(HELD.format("since", "2019")) == [("2019", "since", True)]
    assert facts(HELD.format("by", "2019")) == []


def test_a_year_that_names_something_dates_nothing():
    named = (
        "Troops/NNS/2/nsubj left/VBD/0/root the/DT/5/det 1938/CD/5/compound border/NN/2/obj "
        "././2/punct"
    )
    assert facts(named) == []
    told = "Troops/NNS/2/nsubj left/VBD/0/root in/IN/4/case 1938/CD/2/obl ././2/punct"
    assert facts(told) == [("1938", None, True)]


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("Troops/NNS/3/nsubj could/MD/3/aux leave/VB/0/root in/IN/5/case 2019/CD/3/obl", 0),
        ("Troops/NNS/3/nsubj had/VBD/3/aux left/VBN/0/root in/IN/5/case 2019/CD/3/obl", 1),
        (
            "Had/VBD/3/aux they/PRP/3/nsubj left/VBN/0/root in/IN/5/case 2019/CD/3/obl ?/./3/punct",
            0,
        ),
    ],
)
def test_suppositions_and_questions_are_no_facts(sentence, count):
    assert len(facts(sentence)) == count


LEFT = "Troops/NNS/2/nsubj left/VBD/0/root in/IN/4/case 2019/CD/2/obl ././2/punct"


def event(built, trigger: int, **fields) -> Event:
    token = built.tree.tokens[trigger]
    values = {"type": "RETREAT", "quad": 2, "intensity": 1.0, "status": "happened",
              "confidence": 1.0, "evidence": [(0, len(built.text))]} | fields  # fmt: skip
    return Event(id=f"e{trigger}", trigger=(token.start, token.end), **values)


def test_a_date_that_an_event_has_is_told_once():
    built = context(LEFT)
    when = When(start="2019", end="2019", granularity="year", basis="stated", span=(15, 19))
    entries = make_timeline(built, [event(built, 1, when=when, status="background")])
    assert [(e.event, e.background) for e in entries] == [("e1", True)]


def test_of_what_is_only_planned_the_day_of_publication_says_nothing():
    built = context("Troops/NNS/2/nsubj left/VBD/0/root ././2/punct")
    when = When(start="2024-05-16", end="2024-05-16", granularity="day", basis="published")
    news = [event(built, 1, when=when)]
    plans = [event(built, 1, when=when, status="planned")]
    assert len(make_timeline(built, news)) == 1
    assert make_timeline(built, plans) == []


def counted(*items: str) -> list[tuple[str, float | None, str, str]]:
    """Quantities of ``word/TAG`` items."""
    tagged = " ".join(f"{item}/{max(n, 1) if n else 0}/dep" for n, item in enumerate(items))
    found = find_quantities(context(tagged))
    return [(q.text, q.value, q.unit, q.bound) for q in found]


@pytest.mark.parametrize(
    ("words", "text", "value", "unit", "bound"),
    [
        ("between/IN 10/CD and/CC 15/CD tanks/NNS", "between 10 and 15 tanks", 10, "tank",
         "at_least"),
        ("10/CD to/TO 15/CD tanks/NNS", "10 to 15 tanks", 10, "tank", "at_least"),
        ("about/IN $/$ 18m/CD", "about $ 18m", 18e6, "$", "about"),
        ("roughly/RB 4/CD %/NN of/IN exports/NNS", "roughly 4 % of exports", 4, "%", "about"),
        ("a/DT 70/CD %/NN stake/NN", "70 %", 70, "%", "exact"),
        ("two/CD hundred/CD and/CC fifty/CD ships/NNS", "two hundred and fifty ships", 250, "ship",
         "exact"),
        ("50km/CD away/RB", "50km", 50, "km", "exact"),
        ("thousands/NNS of/IN dockers/NNS", "thousands of dockers", None, "docker", "about"),
        ("at/IN least/JJS one/CD soldier/NN", "at least one soldier", 1, "soldier", "at_least"),
        ("killed/VBD 12/CD", "12", 12, "", "exact"),
        ("up/IN to/TO a/DT third/NN of/IN the/DT town/NN", "up to a third of the town", 0.3333,
         "town", "at_most"),
    ],
)  # fmt: skip
def test_quantities(words, text, value, unit, bound):
    assert counted(*words.split()) == [(text, value, unit, bound)]


@pytest.mark.parametrize(
    "words",
    [
        "aged/VBN 63/CD",
        "63/CD years/NNS old/JJ",
        "Ada/NNP Roe/NNP ,/, 63/CD ,/,",
        "Resolution/NNP 242/CD passed/VBD",
        "came/VBD 23rd/JJ",
        "one/CD of/IN them/PRP",
        "no/DT one/NN came/VBD",
        "the/DT two/CD left/VBD",
        "at/IN three/CD o'clock/NN",
        "131/CD West/NNP Street/NNP",
    ],
)
def test_no_quantities(words):
    assert counted(*words.split()) == []


MEET = "Ministers/NNS/3/nsubj will/MD/3/aux meet/VB/0/root in/IN/5/case {}/NNP/3/obl ././3/punct"
TOWNS = {"Oslo": (59.91, 10.75), "Geneva": (46.2, 6.15)}


def sited(town: str, sentence: str = MEET):
    built = context(sentence.format(town))
    start = built.text.find(town)
    lat, lon = TOWNS[town]
    place = Place((start, start + len(town)), town, lat, lon, kind="city", geonameid=int(lat))
    built.analysis.places.append(place)
    return built


def kinds(body, lead, events=(), told=()) -> list[str]:
    quantities = find_quantities(body)
    found = find_discrepancies(body, list(events), quantities, [("standfirst", lead, list(told))])
    return [d.kind for d in found]


def test_two_places_of_one_meeting():
    assert kinds(sited("Geneva"), sited("Oslo")) == ["place"]
    assert kinds(sited("Oslo"), sited("Oslo")) == []


def test_a_past_meeting_elsewhere_is_another_one():
    past = "Ministers/NNS/2/nsubj met/VBD/0/root in/IN/4/case {}/NNP/2/obl ././2/punct"
    assert kinds(sited("Geneva", past), sited("Oslo")) == []


KILLED = "Shells/NNS/2/nsubj killed/VBD/0/root {}/CD/4/nummod {}/NNS/2/obj ././2/punct"


def test_two_counts_of_one_thing():
    told = context(KILLED.format(15, "soldiers"))
    assert kinds(told, context(KILLED.format(12, "soldiers"))) == ["number"]
    assert kinds(told, context(KILLED.format(15, "soldiers"))) == []
    assert kinds(told, context(KILLED.format(12, "farmers"))) == []


def test_a_count_the_text_gives_too_is_no_discrepancy():
    both = context(KILLED.format(15, "soldiers"), KILLED.format(12, "soldiers"))
    assert kinds(both, context(KILLED.format(12, "soldiers"))) == []


INVITED = "{}/NNP/2/nsubj invited/VBD/0/root {}/NNP/2/obj ././2/punct"


def invited(host: str, guest: str, when: When | None = None):
    built = context(INVITED.format(host, guest))
    parties = [Party(span=(0, 1), text=name, actor=name) for name in (host, guest)]
    told = event(built, 1, type="REQUEST", actors=parties[:1], recipients=parties[1:], when=when)
    return built, told


def day(text: str) -> When:
    return When(start=text, end=text, granularity="day", basis="stated")


def test_parties_changed_over():
    body, one = invited("Chad", "Mali")
    lead, other = invited("Mali", "Chad")
    assert kinds(body, lead, [one], [other]) == ["parties"]
    assert kinds(body, body, [one], [one]) == []


def test_two_dates_of_one_act():
    body, one = invited("Chad", "Mali", day("2024-05-14"))
    lead, other = invited("Chad", "Mali", day("2024-05-15"))
    assert kinds(body, lead, [one], [other]) == ["date"]
    assert kinds(body, lead, [one, other], [other]) == []
