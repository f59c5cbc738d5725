"""Filters in the address of a page (issue 7)."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.store.filters import Filters, QueryError, make_filters
from dateline.views.web.address import allowed, chips, drop, link, parse, values_of

FULL = make_filters(
    actor=["Hungary", "O’Brien & Söhne"],
    pair="RUS,UKR",
    country=["RUS"],
    type=["CONSULT", "AGREE"],
    since="2025-02",
    until="2025-03-04",
    place=["São Tomé"],
    issue=["sanctions"],
    status=["happened"],
    text=["50 % of it?", "a+b=c"],
)


def filters_in(address: str) -> Filters:
    return parse(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def test_an_address_gives_the_filters_it_was_made_from() -> None:
    address = link("/timeline", FULL, page=2)
    assert urlsplit(address).path == "/timeline"
    assert filters_in(address) == FULL
    assert ("page", "2") in parse_qsl(urlsplit(address).query)


def test_no_filter_no_query_string() -> None:
    assert link("/timeline", Filters()) == "/timeline"
    assert link("/timeline") == "/timeline"


@given(
    actor=st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
        unique_by=str.strip,
        max_size=3,
    ),
    text=st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
        unique_by=str.strip,
        max_size=3,
    ),
)
def test_any_words_survive_the_address(actor: list[str], text: list[str]) -> None:
    asked = make_filters(actor=actor, text=text)
    assert filters_in(link("/timeline", asked)) == asked


def test_equal_filters_have_equal_addresses() -> None:
    one = link("/x", parse([("type", "agree"), ("actor", "Hungary"), ("since", "2025")]))
    other = link("/x", parse([("since", "2025-01-01"), ("actor", " Hungary "), ("type", "AGREE")]))
    assert one == other


def test_changes_replace_and_take_away() -> None:
    changed = filters_in(link("/timeline", FULL, type="AID", actor=None, since="2024"))
    assert changed.type == ("AID",)
    assert changed.actor == ()
    assert changed.since is not None
    assert changed.since.year == 2024
    assert changed.place == FULL.place


def test_a_form_sent_as_it_is_has_empty_fields() -> None:
    assert parse([("actor", ""), ("since", "  "), ("q", "x"), ("page", "3")]) == Filters()


def test_two_fields_make_a_pair() -> None:
    assert parse([("pair", "RUS"), ("pair", "UKR")]).pair == ("RUS", "UKR")
    assert parse([("pair", "RUS,UKR"), ("pair", "USA,CHN")]).pair == ("USA", "CHN")
    with pytest.raises(QueryError, match="pair"):
        parse([("pair", "RUS")])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "AGREEMENT"),
        ("since", "last week"),
        ("country", "Atlantis"),
        ("status", "x"),
        ("issue", "weather"),
    ],
)
def test_what_cannot_be_met_is_said(name: str, value: str) -> None:
    with pytest.raises(QueryError, match=name):
        parse([(name, value)])


def test_too_many_values_are_refused() -> None:
    with pytest.raises(QueryError, match="at most 20"):
        parse([("actor", str(n)) for n in range(21)])
    assert len(parse([("actor", str(n)) for n in range(20)]).actor) == 20


def test_a_chip_takes_away_its_own_value_only() -> None:
    found = {(chip.name, chip.value): chip for chip in chips(FULL)}
    assert len(found) == 13
    one = found["type", "AGREE"]
    assert one.without.type == ("CONSULT",)
    assert replace(one.without, type=FULL.type) == FULL
    assert found["pair", "RUS,UKR"].without.pair is None
    assert found["pair", "RUS,UKR"].words == "RUS and UKR"
    assert found["since", "2025-02-01"].words == "1 Feb 2025"
    assert found["country", "RUS"].words == "Russia"
    assert list(chips(Filters())) == []


def test_filters_of_another_kind_are_left_out() -> None:
    assert allowed(FULL, ("actor", "country")).used() == ["actor", "country"]
    assert drop(FULL, "actor", "nobody") == FULL
    assert values_of(FULL, "until") == ("2025-03-04",)
