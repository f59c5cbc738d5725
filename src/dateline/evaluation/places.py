"""How well places are found and put on the map: LGL, GeoVirus, GeoWebNews and the like.

A gold toponym is found when a predicted span overlaps it; it is right when the predicted position
lies within 161 km (100 miles), the customary limit in geocoding (Leidner 2007). Toponyms without
gold coordinates count for finding only.
"""

from __future__ import annotations

import gzip
import json
import math
import statistics
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dateline.analysis.model import Place
from dateline.analysis.places import find_places
from dateline.spans import Span, overlap_length

LIMIT_KM = 161.0
Finder = Callable[[str], Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Toponym:
    """A gold toponym; ``lat`` and ``lon`` are WGS84 degrees, None when the corpus has none."""

    span: Span
    phrase: str
    lat: float | None
    lon: float | None


@dataclass(frozen=True, slots=True)
class Document:
    """One annotated text."""

    id: str
    text: str
    toponyms: list[Toponym]


@dataclass(slots=True)
class Tally:
    """Counts over documents; ``errors`` are kilometres for found toponyms that have a position on
    both sides."""

    gold: int = 0
    located: int = 0
    found: int = 0
    exact: int = 0
    predicted: int = 0
    matched: int = 0
    found_located: int = 0
    errors: list[float] = field(default_factory=list)

    def scores(self) -> dict[str, float]:
        """Shares (0..1) and the median error in kilometres; 0 where nothing was counted."""
        near = sum(error <= LIMIT_KM for error in self.errors)
        return {
            "gold": self.gold,
            "found": _share(self.found, self.gold),
            "exact": _share(self.exact, self.gold),
            "precision": _share(self.matched, self.predicted),
            "within_161km_of_found": _share(near, self.found_located),
            "within_161km_of_gold": _share(near, self.located),
            "median_error_km": statistics.median(self.errors) if self.errors else 0.0,
        }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def read_documents(path: Path) -> Iterator[Document]:
    """Documents of a JSON Lines file (``text`` and ``toponyms``; may be gzipped) or of a
    GeoWebNews XML file. Raises ValueError for another suffix."""
    if path.suffix == ".xml":
        yield from _read_xml(path)
    elif path.name.endswith((".jsonl", ".jsonl.gz")):
        yield from _read_lines(path)
    else:
        raise ValueError(f"{path}: expected .jsonl, .jsonl.gz or .xml")


def _read_lines(path: Path) -> Iterator[Document]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as handle:
        for line in handle:
            row = json.loads(line)
            toponyms = [
                Toponym((t["start"], t["end"]), t["phrase"], t["lat"], t["lon"])
                for t in row["toponyms"]
            ]
            yield Document(str(row["id"]), row["text"], toponyms)


def _read_xml(path: Path) -> Iterator[Document]:
    """GeoWebNews: the toponyms that have coordinates, literal and associative alike."""
    for article in ET.parse(path).getroot():
        text = article.findtext("text") or ""
        toponyms = []
        for node in article.iter("toponym"):
            fields = {child.tag: child.text or "" for child in node}
            if fields.get("latitude"):
                span = int(fields["start"]), int(fields["end"])
                lat, lon = float(fields["latitude"]), float(fields["longitude"])
                toponyms.append(Toponym(span, fields["extractedName"], lat, lon))
        yield Document(article.get("file") or "", text, toponyms)


def _distance_km(lat: float, lon: float, place: Place) -> float:
    assert place.lat is not None
    assert place.lon is not None
    a, b = math.radians(lat), math.radians(place.lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(place.lon - lon) / 2) ** 2
    return 2 * 6371.0 * math.asin(min(1.0, math.sqrt(half)))


def score_document(document: Document, places: Sequence[Place], tally: Tally) -> None:
    """Add one document to ``tally``; each gold toponym meets the prediction it overlaps most."""
    tally.predicted += len(places)
    matched = set[Span]()
    for toponym in document.toponyms:
        tally.gold += 1
        tally.located += toponym.lat is not None
        best = max(places, key=lambda p: overlap_length(p.span, toponym.span), default=None)
        if best is None or not overlap_length(best.span, toponym.span):
            continue
        matched.add(best.span)
        tally.found += 1
        tally.exact += best.span == toponym.span
        _score_position(toponym, best, tally)
    tally.matched += len(matched)


def _score_position(toponym: Toponym, place: Place, tally: Tally) -> None:
    if toponym.lat is None or toponym.lon is None:
        return
    tally.found_located += 1
    if place.lat is not None:
        tally.errors.append(_distance_km(toponym.lat, toponym.lon, place))


def evaluate(
    paths: Iterable[Path | str], find: Finder | None = None
) -> dict[str, dict[str, float]]:
    """Scores for each file, by file name, and for all together under ``all``.

    ``find`` defaults to ``find_places`` without a tagger. Demonyms among the predictions count
    like other toponyms.
    """
    finder = find or find_places
    results, total = dict[str, dict[str, float]](), Tally()
    for path in map(Path, paths):
        tally = Tally()
        for document in read_documents(path):
            places = finder(document.text)
            score_document(document, places, tally)
            score_document(document, places, total)
        results[path.name] = tally.scores()
    results["all"] = total.scores()
    return results
