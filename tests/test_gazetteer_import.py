"""``dateline gazetteer import``: a dump in GeoNames' format becomes a gazetteer that is used."""

from __future__ import annotations

import sqlite3
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dateline.analysis.places import find_places, gazetteer
from dateline.analysis.places.folding import fold
from dateline.analysis.places.gazetteers import (
    VARIABLE,
    default_path,
    gazetteer_version,
    imported_path,
)
from dateline.analysis.places.geonames import Gazetteer, GazetteerError, import_dump
from dateline.views import cli

# Invented places, but for the county: id, name, alternate names, lat, lon, class, code, country,
# admin1, admin2, population, changed.
ROWS = [
    (1, "Qwertabad", "Kwertabad,Квертабад", 34.5, 62.1, "P", "PPL", "AF", "11", "", 740),
    (2, "Qwertabad", "", 36.1, 68.9, "P", "PPL", "AF", "08", "", 90),
    (3, "Zemblit River", "Zemblitka", 51.5, 40.5, "H", "STM", "RU", "86", "", 0),
    (4, "Mount Orvax", "", 44.0, 42.0, "T", "MT", "RU", "27", "", 0),
    (5, "Floyd County", "", 41.33, -91.0, "A", "ADM2", "US", "IA", "067", 15_000),
    (6, "Hotel Paris", "Paris", 10.0, 10.0, "S", "HTL", "NG", "05", "", 0),
    (7, "Route 9999", "", 10.0, 10.0, "R", "RD", "NG", "05", "", 0),
    (8, "Trubland", "", 12.0, 12.5, "L", "RGN", "NG", "05", "", 0),
]  # fmt: skip


def line(row: tuple[object, ...], changed: str = "2024-03-01") -> str:
    number, name, others, lat, lon, kind, code, country, admin1, admin2, population = row
    plain = str(name).encode("ascii", "ignore").decode()
    fields = [
        number, name, plain, others, lat, lon, kind, code, country, "", admin1, admin2, "", "",
        population, "", 0, "Europe/Paris", changed,
    ]  # fmt: skip
    return "\t".join(map(str, fields))


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "allCountries.txt"
    path.write_text("".join(line(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path | str], None]]:
    """Make places be looked up in an imported gazetteer, or in none for ''."""

    def switch(path: Path | str) -> None:
        monkeypatch.setenv(VARIABLE, str(path))
        gazetteer.forget()

    yield switch
    monkeypatch.undo()
    gazetteer.forget()


def place_at(text: str, surface: str):
    return next((p for p in find_places(text) if text[slice(*p.span)] == surface), None)


def test_counts_what_it_kept_and_what_it_did_not(dump: Path, tmp_path: Path) -> None:
    with dump.open("a", encoding="utf-8") as handle:
        handle.write("half a row\n" + line((9, "Nowhere", "", 95, 0, "P", "PPL", "", "", "", 0)))
    done = import_dump(dump, tmp_path / "out" / "g.sqlite")
    assert (done.places, done.passed_over, done.unreadable) == (7, 1, 2)
    assert done.version.startswith("allCountries.txt of 2024-03-01, sha256 ")


def test_names_are_found_folded_own_names_and_larger_places_first(
    dump: Path, tmp_path: Path
) -> None:
    import_dump(dump, tmp_path / "g.sqlite")
    found = Gazetteer(tmp_path / "g.sqlite")
    assert [f.geonameid for f in found.find(fold("QWERTABAD"))] == [1, 2]
    (other,) = found.find("kwertabad")
    assert (other.geonameid, other.alternate, other.feature_class, other.code) == (
        1, True, "P", "PPL",
    )  # fmt: skip
    assert found.find("квертабад") == ()
    assert found.find("route 9999") == ()


def test_zip_gives_the_same_gazetteer(dump: Path, tmp_path: Path) -> None:
    packed = tmp_path / "allCountries.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(dump, "allCountries.txt")
    plain, zipped = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    import_dump(dump, plain)
    import_dump(packed, zipped)
    rows = [
        list(sqlite3.connect(path).execute("SELECT * FROM name ORDER BY key, place"))
        for path in (plain, zipped)
    ]
    assert rows[0] == rows[1] != []


def test_places_are_looked_up_in_it(dump: Path, tmp_path: Path, use) -> None:
    import_dump(dump, tmp_path / "g.sqlite")
    text = "Rebels burned the village of Qwertabad in Afghanistan last night."
    use("")
    before = place_at(text, "Qwertabad")
    use(tmp_path / "g.sqlite")
    after = place_at(text, "Qwertabad")
    assert before is not None
    assert after is not None
    assert before.geonameid is None
    assert (after.country, after.geonameid in (1, 2)) == ("AFG", True)


def test_rivers_and_counties_get_their_own_position(dump: Path, tmp_path: Path, use) -> None:
    import_dump(dump, tmp_path / "g.sqlite")
    use(tmp_path / "g.sqlite")
    river = place_at("Two bodies were found in the Zemblit River on Sunday.", "Zemblit River")
    county = place_at("A storm crossed Floyd County, Iowa, at noon.", "Floyd County")
    assert (river.geonameid, river.lat) == (3, 51.5)
    assert (county.geonameid, county.lat) == (5, 41.33)


def test_city_is_not_a_building_of_that_name(dump: Path, tmp_path: Path, use) -> None:
    import_dump(dump, tmp_path / "g.sqlite")
    use(tmp_path / "g.sqlite")
    assert place_at("Ministers from France met in Paris.", "Paris").country == "FRA"


def test_version_names_the_gazetteer_in_use(dump: Path, tmp_path: Path, use) -> None:
    use("")
    built_in = gazetteer_version()
    import_dump(dump, tmp_path / "g.sqlite")
    use(tmp_path / "g.sqlite")
    assert gazetteer_version().startswith(built_in + " + allCountries.txt of 2024-03-01")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b,c\n", "expected 19 columns separated by tabs"),
        ("", "no place in it"),
        (line(ROWS[6]) + "\n", "no place in it"),
    ],
)
def test_what_is_no_dump_is_refused_and_leaves_nothing(
    tmp_path: Path, content: str, message: str
) -> None:
    source, target = tmp_path / "x.txt", tmp_path / "out" / "g.sqlite"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError, match=message):
        import_dump(source, target)
    assert list(target.parent.iterdir()) == []


def test_failed_import_keeps_the_gazetteer_that_was_there(dump: Path, tmp_path: Path) -> None:
    target = tmp_path / "g.sqlite"
    import_dump(dump, target)
    (tmp_path / "bad.txt").write_text("a,b,c\n", encoding="utf-8")
    with pytest.raises(GazetteerError):
        import_dump(tmp_path / "bad.txt", target)
    assert Gazetteer(target).places == 7
    assert sorted(p.name for p in tmp_path.iterdir()) == ["allCountries.txt", "bad.txt", "g.sqlite"]


def test_missing_or_damaged_gazetteer_is_an_error_that_says_what_to_do(tmp_path: Path, use) -> None:
    use(tmp_path / "none.sqlite")
    with pytest.raises(GazetteerError, match=r"none\.sqlite, which is not there"):
        find_places("Talks in Geneva ended.")
    (tmp_path / "bad.sqlite").write_bytes(b"not a database" * 50)
    use(tmp_path / "bad.sqlite")
    with pytest.raises(GazetteerError, match="cannot be read as a gazetteer"):
        find_places("Talks in Geneva ended.")


def test_data_folder_is_used_unless_the_variable_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert imported_path() == default_path()
    monkeypatch.setenv(VARIABLE, "")
    assert imported_path() is None


def test_command_imports_and_says_where(
    dump: Path, tmp_path: Path, use, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    use(tmp_path / "mine.sqlite")
    for arguments in (["import", str(dump)], ["info"]):
        monkeypatch.setattr(sys, "argv", ["dateline", "gazetteer", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code in (None, 0)
    out = capsys.readouterr().out
    assert "7 places under" in out
    assert out.count("mine.sqlite") == 2


def test_command_refuses_a_missing_file_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    target = str(tmp_path / "g.sqlite")
    arguments = ["dateline", "gazetteer", "import", str(tmp_path / "no.txt"), "--to", target]
    monkeypatch.setattr(sys, "argv", arguments)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
