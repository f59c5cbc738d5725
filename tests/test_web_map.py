"""The map: projections, the land, how sure a place is, and the page."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fastapi.testclient import TestClient
from lxml import html

from dateline.knowledge.tables import KnowledgeError
from dateline.store.filters import make_filters
from dateline.views.web.atlas import WIDE, Place, atlas, view_of
from dateline.views.web.country_marks import country_marks, country_reach
from dateline.views.web.database import Database
from dateline.views.web.geometry import regions as region_table
from dateline.views.web.geometry.land import QUARTERS, land_path
from dateline.views.web.geometry.projection import (
    KM_PER_DEGREE,
    View,
    around,
    distance,
    middle,
    world,
    world_height,
)
from dateline.views.web.geometry.regions import region_view, regions
from dateline.views.web.map_chart import Mark, gathered, map_svg
from small_store import make_store
from web_pages import visitor

_ON_LAND = {
    "Madrid": (40.4, -3.7), "Nairobi": (-1.3, 36.8), "Chicago": (41.5, -88.5),
    "Astana": (51.2, 71.4), "Alice Springs": (-23.7, 133.9), "Chukotka": (67.5, -178.0),
    "Brasilia": (-15.8, -47.9),
}  # fmt: skip
_AT_SEA = {
    "Atlantic": (40.0, -40.0), "Caspian": (42.0, 50.5), "Tasman Sea": (-38.0, 160.0),
    "Gulf of Guinea": (1.0, 2.0), "off Fiji": (-15.0, 178.0), "Black Sea": (43.3, 34.0),
}  # fmt: skip


def inside(path: str, x: float, y: float) -> bool:
    """Whether a point is filled, by the even-odd rule."""
    crossings = 0
    for ring in path.split("M")[1:]:
        start, steps = ring.removesuffix("z").split("l")
        px, py = (int(n) for n in start.split())
        numbers = [int(n) for n in re.findall(r"-?\d+", steps)]
        points = [(px, py)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append((points[-1][0] + dx, points[-1][1] + dy))
        for (ax, ay), (bx, by) in pairwise([*points, points[0]]):
            if (ay > y * QUARTERS) != (by > y * QUARTERS):
                crossings += ax + (y * QUARTERS - ay) / (by - ay) * (bx - ax) > x * QUARTERS
    return crossings % 2 == 1


def views_of(lat: float, lon: float) -> list[View]:
    near = [View(600, 400, lat, lon, degrees) for degrees in (3, 12, 40)]
    return [world(960), *near, View(600, 400, lat + 8, lon - 9, 25)]


@pytest.mark.parametrize("name", [*_ON_LAND, *_AT_SEA])
def test_land_is_land_and_sea_is_sea_at_every_scale(name: str) -> None:
    lat, lon = (_ON_LAND | _AT_SEA)[name]
    for view in views_of(lat, lon):
        assert inside(land_path(view), *view.point(lat, lon)) == (name in _ON_LAND), view


def test_the_far_side_of_the_globe_does_not_fold_over() -> None:
    """Opposite Fiji lies Africa, whose outline goes all round the map."""
    view = View(900, 560, -17, 179, 4)
    assert not inside(land_path(view), 20, 20)
    assert inside(land_path(view), *view.point(-17.8, 178.0))


def test_a_closer_look_has_more_detail() -> None:
    far, near = View(600, 600, 60, 8, 50), View(600, 600, 60, 8, 5)
    assert len(land_path(near)) > 1000
    assert len(land_path(world(320))) < len(land_path(world(960))) < 40_000
    assert land_path(far) != land_path(near)


def test_in_the_middle_of_the_land_there_is_nothing_but_land() -> None:
    assert len(land_path(View(960, 560, 48, 68, 2))) < 100


def test_azimuthal_maps_are_true_to_direction_and_length_in_the_middle() -> None:
    view = View(800, 600, 48.0, 11.0, 10)
    x, y = view.point(48.0, 11.0)
    assert (x, y) == (400, 300)
    north, east = view.point(49.0, 11.0), view.point(48.0, 12.0)
    assert north[0] == pytest.approx(400)
    assert 300 - north[1] == pytest.approx(view.scale, rel=1e-3)
    assert east[0] - 400 == pytest.approx(view.scale * math.cos(math.radians(48)), rel=1e-2)
    assert view.shows(0, 600)
    assert not view.shows(-1, 0)


def test_the_rim_of_a_view_is_as_far_as_its_radius() -> None:
    view = View(600, 400, 10, 20, 30)
    assert view.point(40, 20)[1] == pytest.approx(0, abs=0.5)
    assert view.point(-20, 20)[1] == pytest.approx(400, abs=0.5)


def test_equal_earth_is_as_published() -> None:
    """Šavrič, Patterson and Jenny: twice as wide at the equator as at the poles' lines, or nearly;
    the aspect of the whole map is 2.05."""
    view = world(1000)
    assert view.point(0, 180)[0] == pytest.approx(1000)
    assert view.point(0, -180)[0] == pytest.approx(0)
    pole = view.point(90, 180)[0] - view.point(90, -180)[0]
    assert pole / 1000 == pytest.approx(0.5920, abs=5e-3)
    height = view.point(-90, 0)[1] - view.point(90, 0)[1]
    assert 1000 / height == pytest.approx(2.0546, abs=5e-3)
    assert view.height == world_height(1000) < height


def test_views_hold_all_places() -> None:
    for places in (
        [(50.4, 30.5), (55.7, 37.6), (52.2, 21.0)],
        [(-17.0, 179.0), (-17.0, -179.0)],
        [(34.0, 36.0)],
        [(89.0, 0.0), (88.0, 180.0)],
    ):
        view = around(places, 960, 560)
        assert view.radius is not None
        assert all(view.shows(*view.point(*place), margin=-5) for place in places)


def test_places_all_over_the_world_are_shown_on_a_world_map() -> None:
    assert around([(50, 0), (-30, 150), (40, -100)], 960, 560).radius is None
    assert around([], 960, 560).radius is None


def test_middle_and_distance() -> None:
    assert abs(middle([(0, 170), (0, -170)])[1]) == pytest.approx(180)
    assert distance(0, 179, 0, -179) == pytest.approx(2)
    assert distance(90, 0, -90, 0) == pytest.approx(180)


# -- marks -----------------------------------------------------------------------------------------


def mark(key: str, lat: float, lon: float, acts: int = 1, **changes: Any) -> Mark:
    fields: dict[str, Any] = {"independent": acts, "cooperation": acts, "conflict": 0}
    return Mark(key, f"Place {key}", lat, lon, acts, **(fields | changes))


VIEW = View(960, 560, 50, 20, 20)


def test_marks_on_one_another_are_one_mark() -> None:
    marks = [mark("a", 50, 20, 5), mark("b", 50.4, 20, 2), mark("c", 55, 25, 1)]
    found = gathered(marks, VIEW)
    assert [(p.mark.key, p.mark.acts) for p in found] == [("a", 7), ("c", 1)]
    assert found[0].mark.names == ("Place b",)
    closer = View(960, 560, 50, 20, 2)
    assert {p.mark.key for p in gathered(marks, closer)} == {"a", "b"}


def test_what_is_sure_is_not_joined_with_what_is_not() -> None:
    marks = [mark("a", 50, 20, 5), mark("b", 50, 20, 2, certainty="unsure")]
    assert len(gathered(marks, VIEW)) == 2


def test_countries_are_never_joined() -> None:
    marks = [mark(k, 50, 20, 5, certainty="area", reach_km=300) for k in "ab"]
    assert len(gathered(marks, VIEW)) == 2


def test_marks_outside_are_not_drawn() -> None:
    assert gathered([mark("a", -30, 150)], VIEW) == []
    assert gathered([], VIEW) == []


def test_uncertain_places_look_uncertain() -> None:
    drawn = {
        certainty: map_svg([mark("a", 50, 20, certainty=certainty)], VIEW, title="x")
        for certainty in ("sure", "unsure", "area")
    }
    assert "stroke-dasharray" not in drawn["sure"]
    assert 'stroke-dasharray="3 2"' in drawn["unsure"]
    assert 'fill="none" stroke="#2b6399"' in drawn["unsure"]
    assert "place uncertain" in drawn["unsure"]
    assert "somewhere in the country" in drawn["area"]


def test_a_country_is_as_large_as_it_is() -> None:
    drawn = map_svg([mark("a", 50, 20, certainty="area", reach_km=400)], VIEW, title="x")
    radii = [float(r) for r in re.findall(r'<circle[^>]* r="([\d.]+)"', drawn)]
    assert max(radii) == pytest.approx(400 / KM_PER_DEGREE * VIEW.scale, abs=0.1)


def test_a_mark_grows_with_its_acts() -> None:
    few, many = gathered([mark("a", 50, 20, 100), mark("b", 55, 25, 25)], VIEW)
    assert few.r == pytest.approx(2 * many.r)


def test_names_on_the_map_do_not_meet() -> None:
    marks = [mark(f"{i}", 50 + i % 5, 20 + i // 5, 30 - i) for i in range(30)]
    tree = html.fromstring(map_svg(marks, VIEW, title="x"))
    names = [t for t in tree.iter("text") if (t.text or "").startswith("Place")]
    at = [(float(t.get("x")), float(t.get("y"))) for t in names]
    assert len(at) > 5
    for i, (x, y) in enumerate(at):
        assert all(abs(x - u) > 20 or abs(y - v) >= 10 for u, v in at[:i])


# -- the store -------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return placed_store(tmp_path / "corpus.duckdb")


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A visitor to a store that nobody changes."""
    return visitor(placed_store(tmp_path_factory.mktemp("map") / "corpus.duckdb"))


def placed_store(path: Path) -> Path:
    """The small store, with one more act that has a place: a country in two articles, a city of
    another country in a third."""
    make_store(path)
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE acts SET lat = 49, lon = 32, place_name = 'Ukraine', geonameid = 690791,"
            " place_country = 'UKR' WHERE id = 'a1'"
        )
        connection.execute(
            "UPDATE events SET lat = 49, lon = 32, place_name = 'Ukraine', geonameid = 690791,"
            " place_start = 0 WHERE id IN ('eA', 'eB')"
        )
        connection.execute(
            "UPDATE events SET lat = 55.7, lon = 37.6, place_name = 'Moscow', geonameid = 524901,"
            " place_start = 0 WHERE id = 'eC'"
        )
    return path


def places(store: Path, **conditions: Any) -> dict[str, Place]:
    found = atlas(Database(store), make_filters(**conditions))
    return {place.name: place for place in found.places}


def test_acts_by_place(store: Path) -> None:
    found = places(store)
    assert set(found) == {"Kyiv", "Ukraine"}
    kyiv = found["Kyiv"]
    assert (kyiv.key, kyiv.acts, kyiv.conflict, kyiv.cooperation) == ("703448", 1, 1, 0)
    assert (kyiv.lat, kyiv.lon) == pytest.approx((50.45, 30.52))
    assert kyiv.certainty == "sure"
    assert found["Ukraine"].independent == 2


def test_what_did_not_happen_is_not_on_the_map_unless_asked_for(store: Path) -> None:
    assert atlas(Database(store), make_filters()).nowhere == 0
    denied = atlas(Database(store), make_filters(status="denied"))
    assert (denied.places, denied.nowhere) == ((), 1)


def test_an_act_told_of_two_places_is_unsure(store: Path) -> None:
    """One article says Ukraine, another Moscow."""
    assert places(store)["Ukraine"].certainty == "unsure"
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE events SET lat = NULL, geonameid = NULL WHERE id = 'eC'")
    assert places(store)["Ukraine"].certainty == "sure"


def test_a_reading_less_likely_than_not_is_unsure(store: Path) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE places SET confidence = 0.4 WHERE name = 'Kyiv'")
    assert places(store)["Kyiv"].certainty == "unsure"


def test_a_country_is_an_area(store: Path) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE places SET kind = 'country' WHERE name = 'Kyiv'")
    kyiv = places(store)["Kyiv"]
    assert kyiv.certainty == "area"
    assert kyiv.mark().reach_km == country_reach("UKR")


def test_countries_have_their_sizes() -> None:
    assert country_reach("UKR") == pytest.approx(math.sqrt(603_700 / math.pi), rel=0.02)
    assert country_reach("RUS") > country_reach("FRA") > country_reach("MCO")
    assert country_reach("") == country_reach("no such")


def test_views_by_name_point_and_what_was_found() -> None:
    near = (Place("k", "Kyiv", "UKR", 50.4, 30.5, "city", 1, 0, 1, 1, 0),)
    assert view_of("world", near, WIDE).radius is None
    assert view_of("europe", near, WIDE) == region_view("europe", *WIDE)
    assert view_of("10,20,7", near, WIDE) == View(960, 560, 10, 20, 7)
    assert view_of("10,20,900", near, WIDE).radius == 62
    for nonsense in ("", "nowhere", "10", "999,1", "x,y"):
        assert view_of(nonsense, near, WIDE).radius == around([(50.4, 30.5)], *WIDE).radius


def test_regions_are_a_table_with_a_check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert all(0 < degrees <= 62 for _, _, _, degrees in regions().values())
    for key in regions():
        assert len(land_path(View(300, 200, *regions()[key][1:]))) > 100
    (tmp_path / "regions.csv").write_text("key,name,lat,lon,degrees\na,A,x,0,1\n")
    monkeypatch.setattr(region_table, "files", lambda package: tmp_path)
    regions.cache_clear()
    with pytest.raises(KnowledgeError, match=r"regions.csv, line 2"):
        regions()
    regions.cache_clear()


PLACES = "//ol[@class='place-list']//a"

# -- the page --------------------------------------------------------------------------------------


def test_the_list_has_every_mark_for_the_keyboard(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/map").text)
    listed = {a.get("href") for a in page.xpath(PLACES)}
    drawn = {a.get("href") for a in page.xpath("//div[@class='is-wide']//a")}
    assert len(drawn) == 2
    assert drawn == listed


def test_a_mark_leads_to_its_acts(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/map?country=UKR").text)
    found = {a.text: a.get("href") for a in page.xpath(PLACES)}
    assert "country=UKR" in found["Ukraine"]
    there = html.fromstring(guest.get(found["Ukraine"]).text)
    heading = there.xpath("//*[@id='acts']//h2")[0]
    assert "Ukraine" in heading.text_content()
    assert len(there.xpath("//*[@id='acts']//article")) == 1
    assert there.xpath("//*[@id='acts']//a[@href='/event/a1']")


def test_filters_narrow_the_map(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/map?type=ASSAULT").text)
    assert [a.text for a in page.xpath(PLACES)] == ["Kyiv"]


@pytest.mark.parametrize(
    "query", ["at=nothing", "at=%27%22%3E", "view=%3Cscript%3E", "view=90,180,2"]
)
def test_odd_addresses_are_answered(guest: TestClient, query: str) -> None:
    answer = guest.get(f"/map?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace("<script src", "")


def test_the_map_says_what_it_lacks(guest: TestClient) -> None:
    page = guest.get("/map?view=oceania").text
    assert "No act with a place here" in page
    assert "2 places outside this view" in page
    assert "borders are what the news disputes" in page


def test_charts_to_keep(guest: TestClient) -> None:
    for name in ("map", "network"):
        svg = guest.get(f"/chart/{name}.svg")
        assert svg.headers["content-type"].startswith("image/svg+xml")
        assert f'attachment; filename="dateline-{name}.svg"' in svg.headers["content-disposition"]
        assert ' href="/' not in svg.text
    assert guest.get("/chart/map.png").content.startswith(b"\x89PNG")
    assert "Actor: Testov" in guest.get("/chart/network.svg?actor=Testov").text


def test_charts_that_cannot_be_drawn(guest: TestClient) -> None:
    """All acts of the store are of one month."""
    assert guest.get("/chart/bars.svg").status_code == 404
    assert guest.get("/chart/history.svg?party=CZE&issue_of=nuclear").status_code == 404
    assert guest.get("/chart/other.svg").status_code in range(400, 500)
    assert guest.get("/chart/map.exe").status_code in range(400, 500)


def test_nothing_found_is_a_page(guest: TestClient) -> None:
    for path in ("/map", "/network", "/positions", "/compare"):
        assert guest.get(f"{path}?actor=Nobody+At+All").status_code == 200


def test_place_without_gazetteer_number_is_known_by_its_position(store: Path) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE acts SET geonameid = NULL WHERE id = 'a2'")
    assert places(store)["Kyiv"].key == "50.45,30.52"


def test_network_counts_each_act_once_and_copies_not_at_all(guest: TestClient) -> None:
    """Three articles tell the call, two of them the same wire story: two independent reports."""
    page = html.fromstring(guest.get("/network").text)
    rows = {
        " ".join(row.xpath("th")[0].text_content().split()): [
            cell.text_content().strip() for cell in row.xpath("td")
        ]
        for row in page.xpath("//table[@class='pairs']/tbody/tr")
    }
    assert rows["Russia → Ukraine"] == ["1", "", "2"]
    assert rows["Ukraine → Russia"] == ["1", "", "2"]


def test_network_by_actor_leads_to_the_acts(guest: TestClient) -> None:
    page = html.fromstring(guest.get("/network?by=actor").text)
    link = page.xpath("//table[@class='pairs']//a")[0].get("href")
    assert "pair=" in link
    assert guest.get(link).status_code == 200


def test_a_view_of_a_country_shows_all_of_it(store: Path) -> None:
    """Its circle, not only its middle."""
    with duckdb.connect(str(store)) as connection:
        connection.execute("UPDATE places SET kind = 'country' WHERE name = 'Kyiv'")
    kyiv = places(store, type="ASSAULT")["Kyiv"]
    view = view_of("", (kyiv,), WIDE)
    assert view.radius is not None
    assert view.radius * KM_PER_DEGREE >= kyiv.reach_km


def test_countries_are_named_where_there_is_room() -> None:
    near = map_svg([mark("a", 50, 20)], View(960, 560, 50, 20, 10), title="x")
    assert ">Poland<" in near
    assert ">Poland<" not in map_svg([mark("a", 50, 20)], world(960), title="x")
    crowd = [mark(f"{i}", 52 + i / 20, 19 + i / 20, 3) for i in range(-20, 20)]
    assert ">Poland<" not in map_svg(crowd, View(960, 560, 50, 20, 10), title="x")


def test_disputed_countries_are_marked_as_such() -> None:
    named = {country.name: country.disputed for country in country_marks()}
    assert named["Kosovo"]
    assert named["Taiwan"]
    assert not named["Ukraine"]
    assert "Northern Cyprus" not in named
    assert "Soviet Union" not in named
    drawn = map_svg([], View(960, 560, 42.6, 20.9, 4), title="x")
    assert 'font-style="italic"' in drawn
