"""The explorer in a real browser: each view of a corpus of the samples, and what people do in it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from urllib.parse import quote

import axe_playwright_python
import pytest
from hosting import build_pages, serve

import dateline

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def asked(store: Path, sql: str) -> list[dict]:
    with dateline.open(store, frame="arrow") as corpus:
        return corpus.sql(sql).to_pylist()


@pytest.fixture(scope="session")
def ids(store) -> dict[str, str]:
    """Ids for the addresses of views."""
    parties = asked(
        store,
        "SELECT p.actor, s.issue, count(*) AS n FROM positions s JOIN parties p ON p.owner = s.id "
        "WHERE p.actor IS NOT NULL AND p.actor NOT LIKE '~%' GROUP BY ALL ORDER BY n DESC, 1, 2",
    )
    others = [row["actor"] for row in parties if row["actor"] != parties[0]["actor"]]
    acts = asked(
        store,
        "SELECT e.local_id AS key, e.trigger FROM events e JOIN articles a ON a.id = e.article "
        "WHERE a.headline LIKE 'Two killed%' AND len(string_split(a.headline, e.trigger)) = 1 "
        "AND e.trigger NOT LIKE '% %' ORDER BY e.article, e.trigger_start",
    )
    article = "SELECT id FROM articles WHERE headline LIKE '{}%' ORDER BY id LIMIT 1"
    return {
        "article": asked(store, article.format("Two killed"))[0]["id"],
        "hostile": asked(store, article.format("Envoys meet"))[0]["id"],
        "act": asked(store, "SELECT id FROM acts ORDER BY n_articles DESC, id LIMIT 1")[0]["id"],
        "party": quote(parties[0]["actor"], safe=""),
        "issue": parties[0]["issue"],
        "other": quote(others[0], safe=""),
        "key": acts[0]["key"],
        "trigger": acts[0]["trigger"],
    }


VIEWS = {
    "overview": "/",
    "timeline": "/timeline",
    "event": "/event/{act}",
    "positions": "/positions",
    "history": "/positions/{party}/{issue}",
    "compare": "/compare?a={party}&b={other}",
    "map": "/map",
    "network": "/network",
    "actors": "/actors",
    "actor": "/actor/{party}",
    "articles": "/articles",
    "article": "/article/{article}",
    "lit": "/article/{article}?record=e1#lit",
    "hostile": "/article/{hostile}",
    "search": "/search?q=police",
    "cite": "/cite/events/{act}",
    "correct": "/correct/acts/{act}",
    "corrections": "/corrections",
    "api": "/api",
}


@pytest.fixture(params=list(VIEWS))
def view(request, ids) -> str:
    """The address of each view in turn."""
    return VIEWS[request.param].format(**ids)


# --- every view


def axe(page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA and its own good practice."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    return [
        f"{broken['id']}: {node['target']} {node['html'][:160]} {node['failureSummary'][:200]}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_view_can_be_used_by_everybody(visit, view, dark):
    page = visit(dark=dark)
    page.goto(view)
    assert page.locator("h1").count() == 1
    assert page.title()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert axe(page) == []


def test_a_view_fits_on_a_phone(visit, view):
    page = visit(width=390)
    page.goto(view)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []


def test_a_view_says_the_same_without_script(visit, view):
    page = visit(script=False)
    page.goto(view)
    assert page.locator("main h1").inner_text().strip()


def test_words_of_an_article_never_run(visit, view):
    page = visit()
    page.goto(view)
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('[onload], [onerror], [onclick]').length") == 0
    unsafe = "[...document.querySelectorAll('a[href]')].filter(a => a.protocol === 'javascript:')"
    assert page.evaluate(f"{unsafe}.length") == 0


def test_words_with_markup_are_shown_as_they_stand(visit, ids):
    page = visit()
    page.goto(f"/article/{ids['hostile']}")
    assert "<script>window.ran = true</script>" in page.locator(".story").inner_text()
    page.goto("/search?q=ministers+agreed")
    page.goto("/timeline?actor=Vzor")
    assert page.evaluate("window.ran") is None


# --- keys


def test_the_first_key_leads_past_the_menu(visit):
    page = visit()
    page.goto("/timeline")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_everything_can_be_reached_by_keys_and_shows_that_it_is(visit, view):
    page = visit()
    page.goto(view)
    usable = page.evaluate(_USABLE)
    reached = set()
    for _ in range(min(usable, 60)):
        page.keyboard.press("Tab")
        found = page.evaluate(_FOCUSED)
        assert found["shown"], f"no sign of the focus on {found['what']}"
        reached.add(found["number"])
    assert len(reached) >= min(usable, 60) - 1


_USABLE = """() => {
  const all = document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']");
  let number = 0;
  for (const one of all) {
    const hidden = one.disabled || one.type === "hidden" || !one.checkVisibility();
    if (!hidden && !(one.matches("svg a") && one.tabIndex < 0)) one.setAttribute("data-stop", ++number);
  }
  return number;
}"""
_FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const shown = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none" || one === document.body;
  return {number: one.dataset.stop, what: one.outerHTML.slice(0, 200), shown};
}"""


# --- the article


def lit_text(page) -> str:
    return " ".join(page.locator(".story [data-lit]").all_inner_texts())


def test_a_click_on_a_record_lights_its_words(visit, ids):
    page = visit()
    page.goto(f"/article/{ids['article']}")
    assert page.locator(".story [data-lit]").count() == 0
    card = page.locator(f"#r-{ids['key']}")
    card.locator("a.key").first.click()
    assert page.locator(".story [data-lit=trigger]").first.inner_text() == ids["trigger"]
    assert card.get_attribute("aria-current") == "true"
    event = lit_text(page)
    page.locator(".card.is-statement a.key").first.click()
    assert page.locator(".story [data-lit=trigger]").count() == 0
    assert lit_text(page) not in ("", event)


def test_a_lit_record_can_be_shared_and_needs_no_script(visit, ids):
    page = visit()
    page.goto(f"/article/{ids['article']}")
    page.locator(f"#r-{ids['key']} a.key").first.click()
    shared, lit = page.url, lit_text(page)
    for script in (True, False):
        again = visit(script=script)
        again.goto(shared)
        assert lit_text(again) == lit


def test_a_click_on_words_shows_their_records(visit, ids):
    page = visit()
    page.goto(f"/article/{ids['article']}")
    page.locator(f".story [data-r*='{ids['key']}.trigger']").first.click()
    assert page.locator(f"#r-{ids['key']}").is_visible()
    chosen = page.locator(".card.is-chosen, .card.is-lit").count()
    assert 1 <= chosen < page.locator(".card").count()
    assert page.locator(".card:visible").count() <= chosen


def test_keys_do_what_a_click_does(visit, ids):
    page = visit()
    page.goto(f"/article/{ids['article']}")
    page.locator(f"#r-{ids['key']} a.key").first.focus()
    page.keyboard.press("Enter")
    assert ids["trigger"] in lit_text(page)


def test_furniture_unfolds_where_it_stood(visit, ids):
    page = visit()
    page.goto(f"/article/{ids['article']}")
    fold = page.locator(".story details").first
    assert not fold.evaluate("fold => fold.open")
    fold.locator("summary").click()
    assert fold.evaluate("fold => fold.open")
    assert fold.inner_text().strip()


# --- the timeline


def lines(page) -> list[str]:
    return page.locator(".rec .what").all_inner_texts()


def test_a_filtered_view_is_in_its_address(visit):
    page = visit()
    page.goto("/timeline")
    everything = lines(page)
    page.locator("form.filters [name=actor]").fill("police")
    with page.expect_navigation():
        page.locator("form.filters button.primary").click()
    assert page.url.endswith("/timeline?actor=police")
    found = lines(page)
    assert 0 < len(found) < len(everything)
    again = visit()
    again.goto(page.url)
    assert lines(again) == found
    bare = visit(script=False)
    bare.goto(page.url)
    assert lines(bare) == found


def test_a_line_leads_to_its_words(visit):
    page = visit()
    page.goto("/timeline?type=COERCE")
    words = page.locator(".rec .words a").first
    said = words.inner_text().strip("“”… ")
    words.click()
    page.wait_for_url("**/article/**")
    lit = " ".join(lit_text(page).split())
    assert said[:40] in lit
    assert page.locator("#lit").is_visible()


def test_an_act_opens_its_evidences(visit, ids):
    page = visit()
    page.goto(f"/event/{ids['act']}")
    assert page.locator(".telling").count() >= 2


# --- positions, map, network, actors, search


def test_a_cell_opens_its_history(visit):
    page = visit()
    page.goto("/positions")
    page.locator("table td a").first.click()
    page.wait_for_url("**/positions/*/*")
    assert page.locator(".words").count() >= 1


def test_the_map_and_the_network_are_drawn_here(visit):
    page = visit()
    for address in ("/map", "/network"):
        page.goto(address)
        chart = page.locator("main svg").first
        assert chart.is_visible()
        assert chart.evaluate("svg => svg.querySelectorAll('a, circle, path').length") > 5


def test_search_finds_text_statements_and_actors(visit, ids):
    page = visit()
    page.goto("/")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("Brandão")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=**")
    assert "Brandão" in page.locator("main").inner_text()
    assert page.locator(f"main a[href^='/article/{ids['article']}']").count() >= 1


def test_a_view_can_be_exported_and_a_record_cited(visit, ids):
    page = visit()
    page.goto("/timeline?type=COERCE")
    with page.expect_download() as waiting:
        page.locator("a[href*='/export/events.csv']").first.click()
    assert "COERCE" in Path(waiting.value.path()).read_text("utf-8")
    page.goto(f"/cite/events/{ids['act']}")
    assert "of the text, event" in page.locator("main").inner_text()


# --- corrections


def test_a_correction_is_made_in_place_and_survives_a_rebuild(visit, store, pages, tmp_path):
    own = tmp_path / "corpus.duckdb"
    shutil.copy(store, own)
    served = serve(own)
    home = next(served)
    page = visit(home=home)
    page.goto("/timeline?type=COERCE")
    line = page.locator(".rec").first
    words = line.locator(".words").inner_text()
    line.locator("a[data-correct]").click()
    form = page.locator("form.correct")
    form.wait_for()
    assert page.evaluate("document.activeElement.className") == "correct-title"
    form.locator("[name=type]").select_option("PROTEST")
    form.locator("[name=author]").fill("Ada")
    with page.expect_navigation():
        form.locator("button[value=fix]").click()
    page.goto("/timeline?type=PROTEST")
    corrected = page.locator(".rec", has=page.locator(".corrected"))
    assert words in corrected.locator(".words").all_inner_texts()
    own.unlink()
    build_pages(pages, own)
    page.goto("/timeline?type=PROTEST")
    assert words in corrected.locator(".words").all_inner_texts()
    page.goto("/corrections")
    assert "Ada" in page.locator("main").inner_text()
    with page.expect_navigation():
        page.locator("button", has_text="Withdraw").first.click()
    page.goto("/timeline?type=PROTEST")
    assert corrected.count() == 0
    served.close()


def test_a_record_is_marked_wrong_with_keys_alone(visit, store, tmp_path):
    own = tmp_path / "corpus.duckdb"
    shutil.copy(store, own)
    served = serve(own)
    page = visit(home=next(served))
    page.goto("/timeline?type=COERCE")
    before = len(lines(page))
    page.locator("a[data-correct]").first.focus()
    page.keyboard.press("Enter")
    page.locator("form.correct").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("form.correct").count() == 0
    assert page.evaluate("document.activeElement.dataset.correct") is not None
    page.keyboard.press("Enter")
    form = page.locator("form.correct")
    form.wait_for()
    form.locator("[name=author]").fill("Ada")
    form.locator("button[value=wrong]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert len(lines(page)) == before - 1
    served.close()


def test_a_correction_is_made_without_script(visit, store, ids, tmp_path):
    own = tmp_path / "corpus.duckdb"
    shutil.copy(store, own)
    served = serve(own)
    page = visit(home=next(served), script=False)
    page.goto(f"/correct/acts/{ids['act']}")
    page.locator("[name=status]").select_option("denied")
    page.locator("[name=author]").fill("Ada")
    with page.expect_navigation(url="**/article/**"):
        page.locator("button[value=fix]").click()
    assert page.locator(".fix-note").count() >= 1
    served.close()
