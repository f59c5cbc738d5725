"""Writes ``docs/licences.md``: the licences of the dependencies and of the data.

``python tools/licences.py`` reads the dependencies from ``pyproject.toml`` and the licence of each from
the metadata of the installed package; ``tools/licences.csv`` says what metadata do not say, and lists
the data. Every dependency must be installed: ``pip install '.[web,scale,frames,train,test,docs]'``.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
TABLE = Path(__file__).with_suffix(".csv")
HEAD = """# Licences

dateline is under the Apache License 2.0. This page is written by `python tools/licences.py`.

No code of a dependency is copied into dateline. What a dependency itself depends on is not listed.
"""
TRAINING = """The networks were trained on these. Weights only: no text of any of them is in the package.
Whether weights are bound by the licence of what they were trained on is not settled; if you need to be
sure, train without the ones that trouble you (`training/`).
"""
# Names in metadata -> SPDX identifiers, where a package writes the name out.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache 2.0 License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache": "Apache-2.0",
    "BSD License": "BSD",
    "BSD": "BSD",
    "BSD-2-Clause License": "BSD-2-Clause",
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "MIT license": "MIT",
    "ISC License (ISCL)": "ISC",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


def dependencies() -> dict[str, str]:
    """Name of each dependency -> what it is for: 'always' or the extras that ask for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, list[str]] = {}
    for entry in project["dependencies"]:
        found.setdefault(name_of(entry), []).append("always")
    for extra, entries in project["optional-dependencies"].items():
        for entry in entries:
            found.setdefault(name_of(entry), []).append(extra)
    found.pop(project["name"], None)  # an extra that asks for others: dateline[docs,web]
    return {name: ", ".join(uses) for name, uses in sorted(found.items())}


def name_of(entry: str) -> str:
    """The normalised name in a requirement such as ``'PyYAML>=6.0'``."""
    return re.split(r"[^\w.-]", entry)[0].lower().replace("_", "-")


def licence_of(name: str, by_hand: dict[str, str]) -> str:
    """SPDX identifier of an installed package, or of our table. Raises LookupError when neither says."""
    try:
        said = said_by(distribution(name))
    except PackageNotFoundError:
        said = ""
    found = by_hand.get(name) or said
    if not found:
        raise LookupError(f"{name}: no licence found; install it or add a row to {TABLE.name}")
    return found


def said_by(package: Distribution) -> str:
    """What the metadata say: the expression, else the classifiers, else a short licence field."""
    metadata = package.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    names = [
        line.rsplit(" :: ", 1)[1]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    field = (metadata.get("License") or "").strip()
    if not names and field and len(field) < 60:
        names = [field]
    return ", ".join(SPDX.get(name, name) for name in names)


def page() -> str:
    """The whole document."""
    with TABLE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    by_hand = {row["name"]: row["licence"] for row in rows if row["kind"] == "package"}
    packages = [
        f"| {name} | {licence_of(name, by_hand)} | {use} |" for name, use in dependencies().items()
    ]
    parts = [
        HEAD,
        "## Packages\n",
        "`always`: installed with dateline; the others only with the extra named.\n",
        "| package | licence | when |\n| --- | --- | --- |\n" + "\n".join(packages) + "\n",
        "## Data in use\n",
        data([row for row in rows if row["kind"] == "data"]),
        "## Data for training\n",
        TRAINING,
        data([row for row in rows if row["kind"] == "training"]),
    ]
    return "\n".join(parts)


def data(rows: list[dict[str, str]]) -> str:
    """A table of data sets."""
    lines = [f"| {r['name']} | {r['licence']} | {r['source']} | {r['note']} |" for r in rows]
    return "\n".join(
        ["| data | licence | according to | for |", "| --- | --- | --- | --- |", *lines, ""]
    )


def main() -> None:
    try:
        PAGE.write_text(page(), encoding="utf-8")
    except LookupError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
