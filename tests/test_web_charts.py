"""Charts: what they show, that the same data give the same drawing, and that names stay names."""

from __future__ import annotations

import math
import re
from datetime import date
from itertools import pairwise

import pytest
from lxml import etree
from markupsafe import Markup

from dateline.views.web.charts import Bar, Stand, bars_svg, history_svg
from dateline.views.web.geometry.projection import View, world
from dateline.views.web.map_chart import Mark, map_svg
from dateline.views.web.network_chart import Edge, Node, network_svg
from dateline.views.web.network_layout import layout, spread
from dateline.views.web.sheet import png, sheet
from dateline.views.web.stands import STANCE_ORDER, STANCES
from dateline.views.web.svg import cut, el, link, paint, text, without_links

HOSTILE = (
    "</title><script>alert(1)</script>",
    '"><image href="https://evil.example/x" onload="alert(1)"/>',
    "<![CDATA[<script>]]>",
    "<!-- -->&lt;&#0;",
    "a\x00b\x08c\ud800\ufffe\u202ed",
    "javascript:alert(1)",
)
SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawn: Markup) -> etree._Element:
    """The drawing as XML; a mistake in it raises."""
    return etree.fromstring(str(drawn).encode())


def all_of(drawn: Markup, name: str) -> list[etree._Element]:
    return parsed(drawn).findall(f".//{SVG}{name}")


def charts_of(name: str, href: str) -> dict[str, Markup]:
    """Every chart with ``name`` wherever a name can stand and ``href`` wherever a link can."""
    nodes = [Node("a", name, 3, href), Node("b", name + "2", 2, href)]
    edges = [Edge("a", "b", "conflict", 2, 2, href)]
    marks = [Mark("k", name, 10, 10, 1, 1, 1, 0)]
    stands = [
        Stand("rejects", date(2025, 1, d), date(2025, 1, d), name, True, href) for d in (1, 5)
    ]
    return {
        "bars": bars_svg([Bar(name, 1, 2, href), Bar("b", 0, 1)], title=name),
        "history": history_svg(stands, STANCE_ORDER, title=name),
        "network": network_svg(nodes, edges, title=name),
        "map": map_svg(marks, world(960), title=name, href=lambda key: href),
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_words_of_a_page_stay_words(name: str) -> None:
    for kind, drawn in charts_of(name, "/timeline").items():
        for found in (drawn, sheet(drawn, name, name)):
            tree = parsed(found)
            tags = {str(element.tag).removeprefix(SVG) for element in tree.iter()}
            assert tags <= {
                "svg", "g", "a", "title", "desc", "rect", "circle", "line", "path", "text",
            }, kind  # fmt: skip
            names = {key for element in tree.iter() for key in element.attrib}
            assert not {key for key in names if key.startswith("on") or key == "style"}


def test_the_name_is_there_to_read() -> None:
    for kind, drawn in charts_of("<b>Ö & co", "/timeline").items():
        assert "<b>Ö & co" in "".join(parsed(drawn).itertext()), kind


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("/timeline?a=1&b=2", True),
        ("#p1", True),
        ("https://example.org/x", True),
        ("javascript:alert(1)", False),
        ("//evil.example/x", False),
        ("/\\evil.example/x", False),
        ("data:text/html,x", False),
    ],
)
def test_links_lead_to_pages_only(href: str, kept: bool) -> None:
    for kind, drawn in charts_of("Somewhere", href).items():
        found = {a.get("href") for a in all_of(drawn, "a")}
        assert found == ({href} if kept else {None}), kind


def test_every_chart_says_what_it_shows() -> None:
    for drawn in charts_of("Ruritania", "/x").values():
        root = parsed(drawn)
        title, desc = root.findall(f"{SVG}title"), root.findall(f"{SVG}desc")
        assert title[0].text == "Ruritania"
        assert len(desc[0].text or "") > 10
        ids = {title[0].get("id"), desc[0].get("id")}
        assert set(str(root.get("aria-labelledby")).split()) == ids


def test_links_of_a_chart_take_no_focus() -> None:
    """A list or table beside it has them for the keyboard."""
    for drawn in charts_of("Ruritania", "/x").values():
        assert {a.get("tabindex") for a in all_of(drawn, "a")} == {"-1"}


def test_links_into_the_explorer_are_taken_out_of_a_file() -> None:
    drawn = el("svg", link("/timeline", Markup("<g/>")), link("https://a.example", Markup("<g/>")))
    assert "/timeline" not in without_links(drawn)
    assert "https://a.example" in without_links(drawn)


def test_attributes_are_checked_and_escaped() -> None:
    assert el("g", x='"<>') == '<g x="&quot;&lt;&gt;"/>'
    assert el("g", x=None) == "<g/>"
    with pytest.raises(ValueError, match="name of an attribute"):
        el("g", **{'x="1" onload': 1})
    assert text("a<b") == "a&lt;b"
    assert cut("Ruritania", 1000) == "Ruritania"
    assert cut("Ruritania and the Sea", 60).endswith("…")
    assert paint("coop", class_="bar") == {"fill": "#2b6399", "class_": "bar f-coop"}


# -- bars ------------------------------------------------------------------------------------------


def test_bars_are_as_high_as_their_counts() -> None:
    drawn = bars_svg([Bar("a", 10, 5), Bar("b", 5, 0)], title="x")
    heights = {
        side: [
            float(r.get("height", 0)) for r in all_of(drawn, "rect") if side in r.get("class", "")
        ]
        for side in ("f-coop", "f-conflict")
    }
    assert heights["f-coop"][0] == pytest.approx(2 * heights["f-coop"][1], abs=0.02)
    assert heights["f-conflict"][0] == pytest.approx(heights["f-coop"][1], abs=0.02)
    assert heights["f-conflict"][1] == 0


def test_conflict_lies_below_the_line_and_cooperation_above() -> None:
    drawn = bars_svg([Bar("a", 3, 3)], title="x")
    up = next(r for r in all_of(drawn, "rect") if "f-coop" in r.get("class", ""))
    down = next(r for r in all_of(drawn, "rect") if "f-conflict" in r.get("class", ""))
    foot = float(up.get("y", 0)) + float(up.get("height", 0))
    assert float(down.get("y", 0)) == pytest.approx(foot, abs=0.02)


def test_no_bars_are_no_failure() -> None:
    assert "Nothing to count" in bars_svg([], title="x")
    assert parsed(bars_svg([Bar("a", 0, 0)], title="x")) is not None


def test_names_of_bars_do_not_run_into_one_another() -> None:
    drawn = bars_svg([Bar(f"{month:02} Jan 2025", 1, 1) for month in range(60)], title="x")
    names = [t for t in all_of(drawn, "text") if "Jan" in (t.text or "")]
    at = [float(t.get("x", 0)) for t in names]
    assert 2 < len(at) < 30
    assert min(b - a for a, b in pairwise(at)) > 60


# -- history ---------------------------------------------------------------------------------------


def stand(stance: str, day: int, sure: bool = True) -> Stand:
    return Stand(stance, date(2025, 1, day), date(2025, 1, day), "words", sure)


def test_stances_have_their_rows_and_days_their_places() -> None:
    drawn = history_svg(
        [stand("rejects", 20), stand("accepts", 1), stand("rejects", 11, sure=False)],
        STANCE_ORDER,
        title="x",
    )
    dots = all_of(drawn, "circle")
    x, y = ([float(dot.get(axis, 0)) for dot in dots] for axis in ("cx", "cy"))
    assert x == sorted(x)
    assert x[1] - x[0] == pytest.approx((x[2] - x[0]) * 10 / 19, abs=0.02)
    assert y[0] < y[1] == y[2]
    hollow = ["f-paper" in str(dot.get("class")) for dot in dots]
    assert hollow == [False, True, False]


def test_every_stance_has_a_row() -> None:
    assert sorted(STANCE_ORDER) == sorted(STANCES)
    days = [stand(stance, i + 1) for i, stance in enumerate(STANCES)]
    assert (
        len({dot.get("cy") for dot in all_of(history_svg(days, STANCE_ORDER, title="x"), "circle")})
        == 8
    )


def test_one_day_is_no_failure() -> None:
    assert len(all_of(history_svg([stand("offers", 3)], STANCE_ORDER, title="x"), "circle")) == 1
    assert "No stance" in history_svg([], STANCE_ORDER, title="x")


# -- network ---------------------------------------------------------------------------------------

NODES = [Node(key, f"Party {key}", weight) for key, weight in (("a", 30), ("b", 20), ("c", 1))]


def edge(drawn: Markup, side: str) -> list[etree._Element]:
    groups = [g for g in parsed(drawn).iter() if f"is-{side}" in g.get("class", "")]
    return [path for g in groups for path in g.findall(f"{SVG}path") if path.get("stroke-width")]


def test_cooperation_and_conflict_differ_without_colour() -> None:
    drawn = network_svg(
        NODES, [Edge("a", "b", "cooperation", 1, 4), Edge("a", "b", "conflict", 1, 4)], title="x"
    )
    assert edge(drawn, "cooperation")[0].get("stroke-dasharray") is None
    assert edge(drawn, "conflict")[0].get("stroke-dasharray")
    assert edge(drawn, "cooperation")[0].get("d") != edge(drawn, "conflict")[0].get("d")


def test_an_arrow_grows_with_independent_reports_not_with_acts() -> None:
    drawn = network_svg(
        NODES,
        [Edge("a", "b", "cooperation", 90, 1), Edge("b", "a", "cooperation", 1, 90)],
        title="x",
    )
    thin, wide = sorted(float(path.get("stroke-width", 0)) for path in edge(drawn, "cooperation"))
    assert wide > 2 * thin
    told = next(t.text for t in all_of(drawn, "title") if "Party b → Party a" in (t.text or ""))
    assert told is not None
    assert "90 independent" in told


def test_a_single_report_is_a_thin_arrow() -> None:
    drawn = network_svg(NODES, [Edge("a", "b", "conflict", 1, 1)], title="x")
    assert float(edge(drawn, "conflict")[0].get("stroke-width", 0)) < 3


def test_edges_to_nobody_and_to_oneself_are_left_out() -> None:
    edges = [Edge("a", "nobody", "conflict", 1, 1), Edge("a", "a", "conflict", 1, 1)]
    assert edge(network_svg(NODES, edges, title="x"), "conflict") == []
    assert "Nobody acts" in network_svg([], [], title="x")


def test_the_same_network_gives_the_same_drawing() -> None:
    edges = [Edge("a", "b", "cooperation", 1, 4), Edge("c", "b", "conflict", 1, 2)]
    assert network_svg(NODES, edges, title="x") == network_svg(NODES, edges[::-1], title="x")


def test_those_who_deal_with_one_another_stand_closer() -> None:
    ties = {(0, 1): 50.0, (2, 3): 50.0, (1, 2): 1.0}
    at = layout(4, ties, 800, 500)
    assert math.dist(at[0], at[1]) < math.dist(at[0], at[3])
    assert math.dist(at[2], at[3]) < math.dist(at[0], at[3])
    assert all(-1 <= x <= 801 and -1 <= y <= 501 for x, y in at)


@pytest.mark.parametrize("size", [0, 1, 2, 7])
def test_parties_without_ties_have_places(size: int) -> None:
    at = layout(size, {}, 800, 500)
    assert len(at) == size
    assert len({(round(x), round(y)) for x, y in at}) == size
    assert all(math.isfinite(v) for point in at for v in point)


def test_names_are_moved_apart() -> None:
    at = spread([(100.0, 100.0)] * 5, [(40.0, 12.0)] * 5, 600, 400)
    for i, (x, y) in enumerate(at):
        for other_x, other_y in at[:i]:
            assert abs(x - other_x) >= 79 or abs(y - other_y) >= 23


# -- files -----------------------------------------------------------------------------------------


def test_a_file_has_title_note_and_drawing() -> None:
    drawn = sheet(bars_svg([Bar("a", 1, 1, "/x")], title="Acts"), "Acts over time", "Actor: <x>")
    assert parsed(drawn).tag == f"{SVG}svg"
    words = [t.text for t in parsed(drawn).iter(f"{SVG}text")]
    assert {"Acts over time", "Actor: <x>"} <= set(words)
    assert ' href="/' not in drawn
    with pytest.raises(ValueError, match="width"):
        sheet(Markup("<p>x</p>"), "a", "b")


def test_a_picture_has_twice_the_pixels() -> None:
    drawn = sheet(bars_svg([Bar("a", 1, 1)], title="Acts", width=300, height=100), "t", "n")
    width = float(re.search(r'width="([\d.]+)"', drawn)[1])  # type: ignore[index]
    made = png(drawn)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(made[16:20], "big") == 2 * width


def test_a_file_needs_no_page_for_its_colours() -> None:
    for drawn in charts_of("x", "/x").values():
        for shape in parsed(drawn).iter():
            classes = str(shape.get("class", "")).split()
            if any(re.fullmatch(r"f-\w+", c) for c in classes):
                assert shape.get("fill")
            if any(re.fullmatch(r"s-\w+", c) for c in classes):
                assert shape.get("stroke")


def test_a_map_of_nothing_is_no_failure() -> None:
    drawn = map_svg([], View(300, 200, 10, 10, 5), title="x")
    assert "No act with a place" in drawn
