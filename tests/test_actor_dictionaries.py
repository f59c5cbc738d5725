"""A user's own actors: our format, and dictionaries in that of CAMEO and Phoenix."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dateline.knowledge.tables import KnowledgeError
from dateline.record.actors import Registry, resolve_actor
from dateline.record.actors.dictionaries import Code, read_code, read_dictionary

ACTORS = """\
# an invented federation
NORLAND_ [AUT] ; stands for a state
+NORLANDIC
ADA_TVEDT_  ; prime minister
+MADAME_TVEDT
\tTVEDT_OF_NORLAND
\t[AUTELI <20100301]
\t[AUTGOV 20100301-20140630]
\t[AUTELI >20140701]
RIVER_LEAGUE [IGOAFR]
HILL_COUNCIL_ [BRAREBHIL >990101]
NOBODY_ [---]
"""
AGENTS = """\
!PERSON! = MAN, MEN, WOMAN, WOMEN
CREEK!PERSON!_ [~AGR]
LOCK_KEEPER [~GOV]
LOCK_DEPUTY [~GOV]
OX {OXEN} [~AGRHLH]
"""


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    folder = tmp_path_factory.mktemp("dictionaries")
    (folder / "some.actors.txt").write_text(ACTORS, encoding="utf-8")
    (folder / "some.agents.txt").write_text(AGENTS, encoding="utf-8")
    (folder / "README.md").write_text("no dictionary", encoding="utf-8")
    return Registry.load(folder)


def codes(phrase: str, registry: Registry, date: str = "2012-05-01") -> str:
    actor = resolve_actor(phrase, date=date, registry=registry)
    return " ".join(filter(None, (actor.country, actor.sector, actor.sector2))) if actor else "none"


@pytest.mark.parametrize(
    ("phrase", "date", "expected"),
    [
        ("Norland", "2012-05-01", "AUT"),
        ("Ada Tvedt", "2010-02-28", "AUT ELI"),
        ("Ada Tvedt", "2010-03-01", "AUT GOV"),
        ("Ada Tvedt", "2014-06-30", "AUT GOV"),
        ("Madame Tvedt", "2014-07-01", "AUT ELI"),
        ("Tvedt of Norland", "2012-05-01", "AUT GOV"),
        ("the River League", "2012-05-01", "IGO IGO"),
        ("Hill Council", "2012-05-01", "BRA REB"),
        ("Nobody", "2012-05-01", "none"),
        ("three Norlandic creekwomen", "2012-05-01", "AUT AGR"),
        ("Danish lock keepers", "2012-05-01", "DNK GOV"),
        ("Danish lock deputies", "2012-05-01", "DNK GOV"),
        ("Danish oxen", "2012-05-01", "DNK AGR MED"),
        ("Danish lockers", "2012-05-01", "DNK UNK"),
        ("Angela Merkel", "2012-05-01", "DEU GOV"),
    ],
)
def test_dictionary_actors_and_agents(
    phrase: str, date: str, expected: str, registry: Registry
) -> None:
    assert codes(phrase, registry, date) == expected


def test_without_the_dictionary_its_words_mean_nothing() -> None:
    assert resolve_actor("Ada Tvedt", date="2012-05-01") is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("USAGOVMIL", Code("USA", "GOV", "MIL")),
        ("IGOUNOHLH", Code("UNO", "IGO", "MED")),
        ("IGOEUREEC", Code("EUR", "IGO", "")),
        ("IGOEUROSC", Code("IGO", "IGO", "")),
        ("NGOHRI", Code("", "NGO", "HRI")),
        ("MED", Code("", "JRN", "")),
        ("KSVGOV", Code("XKX", "GOV", "")),
        ("AFR", Code("", "", "")),
        ("ZZZ", None),
    ],
)
def test_codes_are_read_in_threes(code: str, expected: Code | None) -> None:
    assert read_code(code) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("+ALIAS [AUT]\n", "line 1: no actor"),
        ("NAME\nOTHER [AUT]\n", "line 1: 'NAME' has no code"),
        ("NAME [AUT >20101345]\n", "line 1: '20101345' is no date"),
        ("NAME [AUT 2010]\n", r"line 1: \[AUT 2010\] is no code with a date"),
        ("NAME [QQQ]\n", "line 1: no country and no sector"),
        ("# c\nHERD!FOLK! [~AGR]\n", "line 2: !FOLK! is not defined"),
        ("NAME [~AUT]\n", "line 1: no sector"),
    ],
)
def test_a_faulty_dictionary_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "faulty.actors"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message) as caught:
        Registry.load(path)
    assert "faulty.actors" in str(caught.value)


def test_a_folder_without_dictionaries_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no file that ends in"):
        Registry.load(tmp_path)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="AB_ +\t\n[]{}!=~<>-;#0129", max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    refusal = ""
    try:
        read_dictionary(Path("any.txt"), text, {}, [])
    except KnowledgeError as error:
        refusal = str(error)
    assert not refusal or "any.txt, line" in refusal


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,X,,GOV,,,someday,,,,", "is no date"),
        ("x,X,,GOV,,,2020,2019-05,,,", "ends before it starts"),
    ],
)
def test_faulty_periods_of_a_table_are_refused(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    header = "id,name,country,sector,sector2,aliases,start,end,note,kind,office"
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        Registry.load(path)


def test_an_empty_yaml_adds_nobody(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("# nobody yet\n", encoding="utf-8")
    assert codes("Angela Merkel", Registry.load(path)) == "DEU GOV"
