"""Speed of the whole record beside the bare encoder, in one run on one thread setting.

``python benchmarks/speed.py --data FILE [--articles 40]``: FILE has one JSON object with ``text`` (and
``date``) a line. The bare encoder is the shipped network run over the same windows with nothing read
off it. Prints words per second of both, their ratio, and the share of each stage.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import json
import resource
import time
from itertools import islice
from pathlib import Path

from dateline.analysis import network
from dateline.analysis.sentences import split_sentences
from dateline.analysis.tokens import tokenize
from dateline.analysis.windows import WINDOW_PIECES, cut_windows
from dateline.article.model import Article
from dateline.evaluation.files import rows
from dateline.record.build import make_record


def encoder_seconds(texts: list[str]) -> float:
    """Seconds the network alone takes over all windows of the texts."""
    prepared = []
    for text in texts:
        tokens = tokenize(text)
        pieces = network.word_pieces([t.text for t in tokens])
        sentences = split_sentences(text, tokens)
        for window in cut_windows(sentences, [len(p) for p in pieces], WINDOW_PIECES, 316):
            words = [t.text for t in tokens[window.first : window.last]]
            prepared.append((words, pieces[window.first : window.last], set(window.breaks)))
    start = time.perf_counter()
    for words, word_pieces, breaks in prepared:
        network.run_window(words, word_pieces, breaks)
    return time.perf_counter() - start


def record_seconds(articles: list[Article]) -> float:
    start = time.perf_counter()
    for article in articles:
        make_record(article)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=40)
    args = parser.parse_args()
    gc.set_threshold(200_000, 50, 50)  # as `dateline read` and the workers of a build do
    listed = list(islice(rows([args.data]), args.articles))
    articles = [
        Article(
            id=str(n),
            text=row["text"],
            published=dt.datetime.fromisoformat(row.get("date", "2020-01-01")).replace(
                tzinfo=dt.UTC
            ),
        )
        for n, row in enumerate(listed)
    ]
    texts = [a.text for a in articles]
    words = sum(len(t.split()) for t in texts)
    make_record(articles[0])  # loads tables and weights
    encoder = encoder_seconds(texts)
    whole = record_seconds(articles)
    print(
        json.dumps(
            {
                "articles": len(articles),
                "words": words,
                "encoder_words_per_s": round(words / encoder),
                "record_words_per_s": round(words / whole),
                "ratio": round(encoder / whole, 3),
                "articles_per_s": round(len(articles) / whole, 2),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
