"""Places: what is found, what is left alone, and which place of one name is meant."""

from __future__ import annotations

import csv
import gzip
import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.analysis.model import Place
from dateline.analysis.places import find_places
from dateline.analysis.places import tables as place_tables
from dateline.analysis.places.cities import CityIndex, build_columns, load_index
from dateline.analysis.places.folding import fold
from dateline.evaluation.places import evaluate
from dateline.knowledge.tables import KnowledgeError


def named(text: str, surface: str, **options: object) -> Place | None:
    """The first place found at ``surface``; None when nothing is found there."""
    places = find_places(text, **options)  # type: ignore[arg-type]
    return next((p for p in places if text[slice(*p.span)] == surface), None)


def country_of(text: str, surface: str) -> str:
    place = named(text, surface)
    assert place is not None, f"{surface!r} not found in {text!r}"
    return place.country


@pytest.mark.parametrize(
    ("text", "surface", "country"),
    [
        ("Ministers from Georgia met NATO envoys in Tbilisi.", "Georgia", "GEO"),
        ("Police in Atlanta, Georgia, closed two bridges.", "Georgia", "USA"),
        ("A tornado hit Paris, Texas, at dawn.", "Paris", "USA"),
        ("France will host the talks in Paris next week.", "Paris", "FRA"),
        ("Researchers in Cambridge, Mass., were told to leave.", "Cambridge", "USA"),
        ("The port of Long Beach, CA, reopened.", "Long Beach", "USA"),
        ("Ukraine's second city is Kharkiv.", "Kharkiv", "UKR"),
        ("Officials flew to St. Petersburg, Russia, on Friday.", "St. Petersburg", "RUS"),
        ("Officials flew to St. Petersburg, Fla., on Friday.", "St. Petersburg", "USA"),
    ],
)
def test_containers_and_neighbours_tell_namesakes_apart(
    text: str, surface: str, country: str
) -> None:
    assert country_of(text, surface) == country


def test_washington_is_the_capital() -> None:
    place = named("Envoys from Moscow and Kyiv will meet in Washington.", "Washington")
    assert place is not None
    assert (place.kind, place.lat) == ("city", pytest.approx(38.9, abs=0.1))


def test_washington_is_the_state_after_a_city_of_it() -> None:
    place = named("She grew up in Seattle, Washington.", "Washington")
    assert place is not None
    assert (place.kind, place.lat) == ("region", pytest.approx(47.5, abs=0.6))


@pytest.mark.parametrize(
    ("person", "country"),
    [
        ("Michael Jordan signed the ball.", "King Abdullah returned to Jordan on Monday."),
        ("Chad Smith signed the ball.", "Rebels crossed into Chad on Monday."),
        ("Sen. Lincoln spoke first.", "The convoy left Lincoln, Nebraska, on Monday."),
    ],
)
def test_people_are_not_places(person: str, country: str) -> None:
    assert find_places(person) == []
    assert find_places(country) != []


def test_disease_named_for_a_river_is_no_place() -> None:
    assert find_places("Two cases of West Nile virus were confirmed.") == []
    assert named("Farms along the Nile were flooded.", "Nile") is not None


def test_short_names_count_only_in_capitals() -> None:
    assert named("The US said it would act.", "US") is not None
    assert find_places("They told us that it would act.") == []
    assert find_places("We must Act now.") == []


def test_full_stop_of_the_sentence_is_not_part_of_the_name() -> None:
    assert named("They fled to Canada.", "Canada") is not None
    assert named("They met in Cleveland, Ohio, not in Springfield, Ill.", "Ill.") is not None


def test_demonyms_are_marked() -> None:
    place = named("Syrian troops entered the town.", "Syrian")
    assert place is not None
    assert (place.kind, place.country) == ("demonym", "SYR")


def test_old_spellings_lead_to_the_same_city() -> None:
    old, new = named("The mayor of Kiev spoke.", "Kiev"), named("The mayor of Kyiv spoke.", "Kyiv")
    assert old is not None
    assert new is not None
    assert (old.name, old.geonameid) == (new.name, new.geonameid)


def test_sea_has_no_country() -> None:
    place = named("Ships left the Black Sea on Tuesday.", "Black Sea")
    assert place is not None
    assert (place.kind, place.country) == ("sea", "")


def test_one_name_has_one_reading_in_a_text() -> None:
    text = "A storm hit Paris, Texas, overnight. Schools in Paris stay closed."
    readings = {p.geonameid for p in find_places(text) if p.name == "Paris"}
    assert len(readings) == 1


def test_same_name_in_two_containers_has_two_readings() -> None:
    text = "Flights linked Paris, Texas, with Paris, France, for a day."
    countries = [p.country for p in find_places(text) if p.name == "Paris"]
    assert countries == ["USA", "FRA"]


def test_list_of_countries_is_no_container() -> None:
    text = "Delegates from China, Japan and Lebanon attended."
    assert [p.country for p in find_places(text)] == ["CHN", "JPN", "LBN"]


def test_small_place_is_found_where_the_words_say_so() -> None:
    text = "A fire broke out near Bunkie, Louisiana, on Sunday."
    place = named(text, "Bunkie")
    assert place is not None
    assert place.lat == pytest.approx(30.95, abs=0.1)


def test_unknown_village_is_found_without_a_position() -> None:
    place = named("Rebels burned the village of Qwertabad last night.", "Qwertabad")
    assert place is not None
    assert (place.lat, place.country, place.candidates) == (None, "", ())


def test_street_is_not_the_city_it_is_named_for() -> None:
    place = named("The van was found on Memphis Street at noon.", "Memphis Street")
    assert place is not None
    assert place.lat is None


def test_hints_break_ties() -> None:
    text = "The council of Cambridge voted late."
    british = named(text, "Cambridge", outlet_country="GBR")
    assert british is not None
    assert british.country == "GBR"
    american = named(text, "Cambridge", dateline="Boston", outlet_country="USA")
    assert american is not None
    assert american.country == "USA"


@pytest.mark.parametrize("unit", ["Memphis Street, ", "in Foo Bar, Ohio, ", "Paris and Rome. "])
def test_long_repetitive_text_is_no_trouble(unit: str) -> None:
    text = unit * 4000
    started = time.process_time()
    places = find_places(text)
    assert len(places) >= 4000
    assert time.process_time() - started < 4  # seconds; quadratic work takes minutes


def test_candidates_carry_probabilities() -> None:
    place = named("The council of Cambridge voted late.", "Cambridge")
    assert place is not None
    assert len(place.candidates) > 1
    scores = [candidate.score for candidate in place.candidates]
    assert scores == sorted(scores, reverse=True)
    assert 0.0 < sum(scores) <= 1.0 + 1e-9


@pytest.mark.xfail(strict=True, reason="a surname alone, that is also a city, needs a tagger")
def test_bare_surname_of_an_unnamed_person() -> None:
    assert find_places("Police said Dallas was arrested at home.") == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("Paris Nw.,'’-\n(SC)éß漢\u202e\x00 in "), max_size=80))
def test_any_text_gives_ordered_spans_that_do_not_overlap(text: str) -> None:
    places = find_places(text)
    assert places == find_places(text)
    spans = [p.span for p in places]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def _record(geonameid: int, name: str, population: int) -> dict[str, object]:
    return {
        "geonameid": geonameid,
        "name": name,
        "latitude": 1.5,
        "longitude": -2.5,
        "countrycode": "GH",
        "population": population,
        "timezone": "Africa/Accra",
        "admin1code": "01",
        "alternatenames": ["Other", "Another"],
    }


def _cities_file(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "cities.json"
    path.write_text(json.dumps({str(row["geonameid"]): row for row in rows}), encoding="ascii")
    return path


def test_index_finds_places_by_folded_name(tmp_path: Path) -> None:
    rows = _record(1, "Abék\u00e9", 700), _record(2, "Twice", 0), _record(3, "Twice", 9)
    index = CityIndex(build_columns(_cities_file(tmp_path, *rows)))
    assert [city.geonameid for city, _ in index.find("twice")] == [2, 3]
    assert index.find("abeke")[0][0] == (1, "Abéké", 1.5, -2.5, "GH", 700, "01", 1)
    assert index.find("nowhere") == ()
    assert index.begins("twi")
    assert not index.begins("twice ")


def test_other_spellings_count_for_large_cities_only(tmp_path: Path) -> None:
    large = _record(1, "Grande", 500_000)
    small = _record(2, "Petite", 500) | {"alternatenames": ["Little", "Tiny"]}
    index = CityIndex(build_columns(_cities_file(tmp_path, large, small)))
    assert [(city.name, other) for city, other in index.find("another")] == [("Grande", True)]
    assert index.find("little") == ()


def test_kept_index_gives_the_same_answers(tmp_path: Path) -> None:
    source = _cities_file(tmp_path, _record(1, "Once", 700), _record(2, "Twice", 9))
    folder = tmp_path / "cache"
    built, kept = load_index(source, folder), load_index(source, folder)
    assert len(list(folder.iterdir())) == 1
    assert built.find("once") == kept.find("once") == load_index(source, None).find("once")


@pytest.mark.parametrize("damage", [b"", b"PK not an index", "cut"])
def test_damaged_index_is_made_anew(tmp_path: Path, damage: bytes | str) -> None:
    source, folder = _cities_file(tmp_path, _record(1, "Once", 700)), tmp_path / "cache"
    wanted = load_index(source, folder).find("once")
    (kept,) = folder.iterdir()
    kept.write_bytes(kept.read_bytes()[:900] if isinstance(damage, str) else damage)
    assert load_index(source, folder).find("once") == wanted


def test_index_that_cannot_be_kept_still_answers(tmp_path: Path) -> None:
    source = _cities_file(tmp_path, _record(1, "Once", 700))
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert load_index(source, blocked / "cache").find("once")


def test_source_without_records_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cities.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match=r"cities\.json"):
        build_columns(path)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("São Paulo", "sao paulo"),
        ("St. Paul", "saint paul"),
        ("Sana’a", "sanaa"),
        ("Deir ez-Zor", "deir ez zor"),
    ],
)
def test_folding(name: str, key: str) -> None:
    assert fold(name) == key


def test_tables_name_the_row_that_is_wrong() -> None:
    row = dict.fromkeys(("name", "country", "geonameid", "aliases", "demonyms", "note"), "")
    with pytest.raises(KnowledgeError, match="line 7"):
        place_tables._place(7, {**row, "name": "X", "kind": "planet", "lat": "0", "lon": "0"})
    with pytest.raises(KnowledgeError, match="off the globe"):
        place_tables._place(7, {**row, "name": "X", "kind": "sea", "lat": "95", "lon": "0"})


def test_no_place_is_listed_twice_in_a_country() -> None:
    seen = [(row.name, row.country) for row in place_tables.place_rows()]
    assert sorted(seen) == sorted(set(seen))


def test_every_country_has_a_position() -> None:
    known = {row.iso3 for row in place_tables.country_rows()}
    assert {"UKR", "RUS", "USA", "PSE", "TWN", "XKX"} <= known
    assert len(known) > 240


def test_evaluation_counts_found_and_near(tmp_path: Path) -> None:
    text = "Talks in Geneva ended. Atlantis was not there."
    toponyms = [
        {"start": 9, "end": 15, "phrase": "Geneva", "lat": 46.2, "lon": 6.15},
        {"start": 23, "end": 31, "phrase": "Atlantis", "lat": None, "lon": None},
    ]
    path = tmp_path / "gold.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as handle:
        handle.write(json.dumps({"id": "1", "text": text, "toponyms": toponyms}))
    far = [Place((9, 15), "Geneva", 42.9, -77.0), Place((0, 5), "Talks")]
    right = evaluate([path], lambda _: [Place((9, 15), "Geneva", 46.2, 6.1)])["all"]
    wrong = evaluate([path], lambda _: far)["all"]
    assert (right["found"], right["precision"], right["within_161km_of_gold"]) == (0.5, 1.0, 1.0)
    assert (wrong["found"], wrong["precision"], wrong["within_161km_of_gold"]) == (0.5, 0.5, 0.0)


def test_evaluation_refuses_an_unknown_format(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(",".join(csv.Dialect.__doc__ or ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"gold\.csv"):
        evaluate([path])


@pytest.mark.issue(4)
@pytest.mark.parametrize(
    ("text", "surface", "country"),
    [
        ("Envoys of the People's Republic of China spoke.", "People's Republic of China", "CHN"),
        ("Envoys of the Republic of China spoke.", "Republic of China", "TWN"),
        (
            "Troops of the Democratic People's Republic of Korea marched.",
            "Democratic People's Republic of Korea",
            "PRK",
        ),
    ],
)
def test_names_with_a_possessive_are_read_whole(text: str, surface: str, country: str) -> None:
    assert country_of(text, surface) == country


@pytest.mark.issue(4)
def test_county_stands_at_its_seat_and_settles_its_towns() -> None:
    text = "Paris and Henry County schools will close. Roads near Martin and Union City are icy."
    county, town = named(text, "Henry County"), named(text, "Paris")
    assert county is not None
    assert town is not None
    assert (county.lat, town.lat) == (pytest.approx(36.3, abs=0.1), pytest.approx(36.3, abs=0.1))
    abroad = named("Ministers from France and Germany met in Paris.", "Paris")
    assert abroad is not None
    assert abroad.country == "FRA"


@pytest.mark.issue(4)
@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("On Monday Bunkie police closed the bridge.", "Bunkie"),
        ("Ann Hall, 41, of Bunkie, was hurt.", "Bunkie"),
        ("A spokesman for the Bunkie Fire Department said so.", "Bunkie"),
    ],
)
def test_small_town_is_known_by_its_police_and_people(text: str, surface: str) -> None:
    place = named(text, surface)
    assert place is not None
    assert place.country == "USA"


@pytest.mark.parametrize(
    "text", ["On Monday Bunkie sang.", "One man was hurt.", "The SEC man left."]
)
def test_other_words_before_people_are_no_towns(text: str) -> None:
    assert find_places(text) == []


@pytest.mark.issue(4)
def test_small_place_is_found_among_its_neighbours() -> None:
    near = "Schools in Alexandria and in Marksville, Louisiana, closed. Then Bunkie followed."
    far = "Schools in Boston and Chicago closed. Then Bunkie followed."
    assert named(near, "Bunkie") is not None
    assert named(far, "Bunkie") is None


@pytest.mark.issue(4)
def test_street_is_put_in_the_town_it_is_named_with() -> None:
    text = "Police in Harare closed a lane. Shops on Zyxwo Street stayed shut."
    place = named(text, "Zyxwo Street")
    harare = named(text, "Harare")
    assert place is not None
    assert harare is not None
    assert (place.lat, place.country, place.geonameid) == (harare.lat, "ZWE", None)
    assert place.confidence < harare.confidence


@pytest.mark.issue(4)
def test_street_is_put_nowhere_when_the_towns_lie_far_apart() -> None:
    text = "Flights from Harare to Paris and Tokyo resumed. Shops on Zyxwo Street stayed shut."
    place = named(text, "Zyxwo Street")
    assert place is not None
    assert place.lat is None
