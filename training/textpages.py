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
from sklearn.ensemble import GradientBoostingClassifier

from dateline.article import linescore
from dateline.article.copies import earlier_twins, repeats
from dateline.article.lines import split_lines
from dateline.evaluation.pages import flatten, pages_in, shingle_scores

STYLES = ("blocks", "elements")
TREES, DEPTH, RATE, SUBSAMPLE, LEAF = 160, 3, 0.1, 0.6, 30
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
                page, style, url, truth, text, lines,
                np.array(linescore.line_features(lines)), labels, 100 * sizes / sizes.sum(),
            )


def fit(pages: list[Page]) -> GradientBoostingClassifier:
    model = GradientBoostingClassifier(
        n_estimators=TREES, max_depth=DEPTH, learning_rate=RATE, subsample=SUBSAMPLE,
        min_samples_leaf=LEAF, max_features=0.4, random_state=7,
    )
    rows = np.concatenate([p.rows for p in pages])
    labels = np.concatenate([p.labels for p in pages])
    weights = np.concatenate([p.weights for p in pages])
    return model.fit(rows, labels, sample_weight=weights)


def export(model: GradientBoostingClassifier) -> dict:
    prior = float(np.log(model.init_.class_prior_[1] / model.init_.class_prior_[0]))
    trees = [node(tree[0].tree_, 0) for tree in model.estimators_]
    return {"features": linescore.FEATURES, "base": round(prior, 5), "trees": trees}


def node(tree, at: int):
    if tree.children_left[at] < 0:
        return round(float(tree.value[at][0][0]) * RATE, 5)
    # Thresholds are compared as 64-bit numbers by the scorer: six digits keep both alike.
    return [
        int(tree.feature[at]), round(float(tree.threshold[at]), 6),
        node(tree, tree.children_left[at]), node(tree, tree.children_right[at]),
    ]


def cross_validate(pages: list[Page], folds: int) -> None:
    names = sorted({page.id for page in pages})
    for style in sorted({page.style for page in pages}):
        raw = {p.id: p.text for p in pages if p.style == style}
        ideal = {p.id: "\n".join(t for t, y in zip(p.lines, p.labels, strict=True) if y)
                 for p in pages if p.style == style}
        truth = {p.id: p.truth for p in pages if p.style == style}
        print(style, "raw", short(shingle_scores(raw, truth)), "oracle", short(shingle_scores(ideal, truth)))
    found: dict[str, dict[str, str]] = {}
    full: dict[str, dict[str, str]] = {}
    for fold in range(folds):
        held = set(names[fold::folds])
        model = fit([p for p in pages if p.id not in held])
        small = linescore.parse_model(json.loads(json.dumps(export(model))))
        for page in pages:
            if page.id in held:
                scores = [linescore._probability(small, list(row)) for row in page.rows]
                kept = [t for t, s in zip(page.lines, scores, strict=True) if s > 0.5]
                found.setdefault(page.style, {})[page.id] = "\n".join(kept)
                full.setdefault(page.style, {})[page.id] = whole(page, small)
    for style in found:
        truth = {p.id: p.truth for p in pages if p.style == style}
        print(style, "lines only", short(shingle_scores(found[style], truth)),
              "reader", short(shingle_scores(full[style], truth)))


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
    text = json.dumps(export(fit(pages)), separators=(",", ":"))
    WEIGHTS.write_text(text.replace("],[", "],\n[", 1) + "\n", encoding="utf-8")
    print(f"wrote {WEIGHTS} ({len(text) // 1000} kB)")


if __name__ == "__main__":
    main()
