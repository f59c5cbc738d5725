"""Train the story-or-furniture trees for text pages (``dateline/article/weights/lines.json``).

    python training/textpages.py --data DIR            # train on every page, write the weights
    python training/textpages.py --data DIR --folds 5  # cross-validate by page, write nothing

DIR holds ``ground-truth.json`` and ``html/ID.html.gz`` of article-extraction-benchmark. Each page
is flattened in three ways; a line is story when most of its words lie in runs of four words of the
true text. Needs scikit-learn; seeds are fixed.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from dateline.article import linescore
from dateline.article.lines import split_lines
from dateline.article.regions import REGION_FEATURES
from dateline.article.trees import parse_trees
from dateline.evaluation.pages import flatten, pages_in, shingle_scores

STYLES = ("blocks", "elements")
FIRST = {"max_iter": 140, "learning_rate": 0.05, "max_features": 0.2}
SECOND = {"max_iter": 100, "learning_rate": 0.06, "max_features": 0.3}
INNER_FOLDS = 4  # the second trees must see first scores of pages that the first trees did not
WEIGHTS = Path(linescore.__file__).parent / "weights" / "lines.json"
WORD = re.compile(r"\w+")


@dataclass
class Page:
    id: str
    style: str
    url: str
    truth: str
    text: str
    lines: list[str]
    rows: np.ndarray
    labels: np.ndarray
    weights: np.ndarray


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + 4]) for i in range(len(words) - 3)}


def line_labels(lines: list[str], truth: str) -> list[float]:
    """For each line the share of its words that stand in a four-word run of the true text."""
    wanted = shingles(WORD.findall(truth))
    tokens = [(word, i) for i, line in enumerate(lines) for word in WORD.findall(line)]
    hit = [False] * len(tokens)
    for k in range(len(tokens) - 3):
        if tuple(word for word, _ in tokens[k : k + 4]) in wanted:
            hit[k : k + 4] = [True] * 4
    totals, hits = [0] * len(lines), [0] * len(lines)
    for (_, i), found in zip(tokens, hit, strict=True):
        totals[i] += 1
        hits[i] += found
    return [h / t if t else 0.0 for h, t in zip(hits, totals, strict=True)]


def load(data: Path, styles: tuple[str, ...] = STYLES) -> Iterator[Page]:
    for page, url, truth, raw in pages_in(data):
        for style in styles:
            text = flatten(raw, style)
            lines = [line.text for line in split_lines(text)]
            if not lines:
                continue
            labels = np.array(line_labels(lines, truth)) > 0.6
            sizes = np.array([len(WORD.findall(line)) + 2.0 for line in lines])
            yield Page(
                page,
                style,
                url,
                truth,
                text,
                lines,
                np.array(linescore.line_features(lines)),
                labels,
                100 * sizes / sizes.sum(),
            )


def boost(rows: list[np.ndarray], pages: list[Page], options: dict) -> dict:
    """Train one ensemble and return it as JSON data (see ``dateline.article.trees``)."""
    model = HistGradientBoostingClassifier(
        max_depth=3,
        min_samples_leaf=100,
        l2_regularization=20,
        early_stopping=False,
        random_state=0,
        **options,
    )
    model.fit(
        np.concatenate(rows),
        np.concatenate([p.labels for p in pages]),
        sample_weight=np.concatenate([p.weights for p in pages]),
    )
    trees = [node(stage[0].nodes, 0) for stage in model._predictors]
    return {"base": round(float(model._baseline_prediction.ravel()[0]), 5), "trees": trees}


def node(nodes: np.ndarray, at: int):
    item = nodes[at]
    if item["is_leaf"]:
        return round(float(item["value"]), 5)
    return [
        int(item["feature_idx"]),
        round(float(item["num_threshold"]), 6),
        node(nodes, item["left"]),
        node(nodes, item["right"]),
    ]


def fit(pages: list[Page]) -> dict:
    """Both ensembles as the JSON data of ``weights/lines.json``."""
    names = sorted({p.id for p in pages})
    second_rows: dict[tuple[str, str], np.ndarray] = {}
    for fold in range(INNER_FOLDS):
        held = set(names[fold::INNER_FOLDS])
        first = first_trees([p for p in pages if p.id not in held])
        for p in pages:
            if p.id in held:
                scores = parse_trees(first, len(linescore.FEATURES)).log_odds(p.rows)
                second_rows[p.id, p.style] = linescore.second_features(scores, p.rows)
    return {
        "features": [linescore.FEATURES, REGION_FEATURES],
        "first": first_trees(pages),
        "second": boost([second_rows[p.id, p.style] for p in pages], pages, SECOND),
    }


def first_trees(pages: list[Page]) -> dict:
    return boost([p.rows for p in pages], pages, FIRST)


def cross_validate(pages: list[Page], folds: int) -> None:
    names = sorted({page.id for page in pages})
    for style in sorted({page.style for page in pages}):
        raw = {p.id: p.text for p in pages if p.style == style}
        ideal = {
            p.id: "\n".join(t for t, y in zip(p.lines, p.labels, strict=True) if y)
            for p in pages
            if p.style == style
        }
        truth = {p.id: p.truth for p in pages if p.style == style}
        print(
            style,
            "raw",
            short(shingle_scores(raw, truth)),
            "oracle",
            short(shingle_scores(ideal, truth)),
        )
    found: dict[str, dict[str, str]] = {}
    full: dict[str, dict[str, str]] = {}
    for fold in range(folds):
        held = set(names[fold::folds])
        model = fit([p for p in pages if p.id not in held])
        small = linescore.parse_model(json.loads(json.dumps(model)))
        for page in pages:
            if page.id in held:
                scores = small.probabilities(page.rows)
                kept = [t for t, s in zip(page.lines, scores, strict=True) if s > 0.4]
                found.setdefault(page.style, {})[page.id] = "\n".join(kept)
                full.setdefault(page.style, {})[page.id] = whole(page, small)
    for style in found:
        truth = {p.id: p.truth for p in pages if p.style == style}
        print(
            style,
            "lines only",
            short(shingle_scores(found[style], truth)),
            "reader",
            short(shingle_scores(full[style], truth)),
        )


def whole(page: Page, model) -> str:
    """The text that the finished reader takes from the page with ``model`` in place."""
    try:
        from dateline.article.text import read_text_page
    except ImportError:
        return ""
    from dateline.page.decode import open_page

    kept, linescore._model = linescore._model, lambda: model
    try:
        return read_text_page(open_page(page.text, url=page.url)).text
    finally:
        linescore._model = kept


def short(scores: dict[str, float]) -> str:
    return " ".join(f"{k[0].upper()} {scores[k]:.4f}" for k in ("precision", "recall", "f1"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folds", type=int, default=0)
    args = parser.parse_args()
    pages = list(load(args.data))
    if args.folds:
        cross_validate(pages, args.folds)
        return
    WEIGHTS.parent.mkdir(exist_ok=True)
    text = json.dumps(fit(pages), separators=(",", ":"))
    WEIGHTS.write_text(text.replace("],[", "],\n[", 1) + "\n", encoding="utf-8")
    print(f"wrote {WEIGHTS} ({len(text) // 1000} kB)")


if __name__ == "__main__":
    main()
