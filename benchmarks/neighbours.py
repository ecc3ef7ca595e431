"""Near neighbours: speed and recall among 100,000 complaints, and their use on real ones.

    python benchmarks/neighbours.py [--rows N] [--bench FOLDER]

Speed, on starter complaints: the index against brute force over the same vectors (one sparse matrix product and a
partial sort), in one run. Recall counts the neighbours that are as similar as brute force's tenth. Use, where the real
complaints are available: how often the vote of ten earlier neighbours names the office that the dispatchers chose; how
many complaints are found again after a hasty writer retyped them (the generator's noise); how many complaints of a
later month are called duplicates.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from real_complaints import BENCH, city_complaints
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix

from pipeline.hashed_terms import terms_of
from pipeline.model import Analysis, analyse
from pipeline.neighbours import MIN_WORDS, NeighbourIndex
from pipeline.region import load_region
from training.metrics import bootstrap_mean
from training.starter import generate
from training.starter.noise import distort, draw_noises

K = 10
QUESTIONS = 200
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="complaints in the index; 100,000")
    parser.add_argument("--bench", type=Path, default=BENCH, metavar="FOLDER", help="folder of the real complaints")
    arguments = parser.parse_args()
    table = Table("figure", "value")
    _speed(table, arguments.rows)
    if arguments.bench.exists():
        _usefulness(table, arguments.bench)
    Console(width=110).print(table)


def _speed(table: Table, rows: int) -> None:
    corpus = generate(load_region("kab_bekasi"), rows + QUESTIONS, seed=23, noise=0.7)
    documents = [analyse(row.text) for row in corpus]
    index = NeighbourIndex()
    started = time.process_time()
    for number, document in enumerate(documents[:rows]):
        index.add(str(number), document, "", NOW)
    table.add_row("added, per complaint", f"{1e6 * (time.process_time() - started) / rows:.0f} µs")
    questions = documents[rows:]
    index.query(questions[0], K)
    started = time.process_time()
    found = [index.query(question, K) for question in questions]
    own = (time.process_time() - started) / QUESTIONS
    brute = _BruteForce(index)
    started = time.process_time()
    wanted = [brute.similarities(question) for question in questions]
    all_of_them = (time.process_time() - started) / QUESTIONS
    hits = [
        sum(neighbour.similarity >= tenth - 1e-4 for neighbour in neighbours) / K
        for neighbours, tenth in zip(found, wanted, strict=True)
    ]
    table.add_row(f"one question among {rows:,}", f"{1e3 * own:.1f} ms")
    table.add_row("brute force takes", f"{all_of_them / own:.1f} times as long")
    table.add_row(f"recall at {K} against brute force", str(bootstrap_mean(np.array(hits))))


class _BruteForce:
    """Exact search with the same similarity."""

    def __init__(self, index: NeighbourIndex) -> None:
        ends, terms = np.array(index._ends), np.array(index._terms)
        different, columns = np.unique(terms, return_inverse=True)
        self._column = {term: column for column, term in enumerate(different.tolist())}
        weights = np.sqrt([index._weight(len(index._lists[term])) for term in different.tolist()])
        matrix = csr_matrix((weights[columns], columns, ends), shape=(len(ends) - 1, len(different)))
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        self._matrix = csr_matrix((matrix.data / np.repeat(lengths, np.diff(ends)), columns, ends), matrix.shape)
        self._weights = weights
        self._index = index

    def similarities(self, question: Analysis) -> float:
        """Return the similarity of the tenth nearest complaint."""
        terms = terms_of(question)
        row: NDArray[np.float64] = np.zeros(self._matrix.shape[1])
        known = [self._column[term] for term in terms if term in self._column]
        row[known] = self._weights[known]
        new = self._index._weight(0) * (len(terms) - len(known))
        similarity = self._matrix @ row / np.sqrt((row**2).sum() + new)
        return float(np.partition(similarity, -K)[-K])


def _usefulness(table: Table, bench: Path) -> None:
    complaints = city_complaints(bench, None)
    train, dev = complaints.train, complaints.dev
    index = NeighbourIndex()
    for number, row in enumerate(train):
        index.add(str(number), analyse(row.complaint.text), row.agency or "", NOW)
    analyses = [analyse(row.complaint.text) for row in dev]
    votes = np.array([_vote(index, one) == row.agency for one, row in zip(analyses, dev, strict=True)])
    table.add_row("vote of ten names the dispatchers' office, dev", str(bootstrap_mean(votes)))
    flagged = np.array([bool(index.duplicates(one)) for one in analyses])
    table.add_row("complaints of dev called duplicates of earlier ones", str(bootstrap_mean(flagged)))
    table.add_row(
        "typed again hastily and found", str(bootstrap_mean(_typed_again(index, [r.complaint.text for r in train])))
    )


def _vote(index: NeighbourIndex, document: Analysis) -> str:
    votes: dict[str, float] = defaultdict(float)
    for neighbour in index.query(document, K):
        votes[neighbour.agency] += neighbour.similarity**2
    return max(votes, key=lambda agency: votes[agency], default="")


def _typed_again(index: NeighbourIndex, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Tell for each text of a sample whether the index finds it from a version with typos and slang."""
    rng = random.Random(5)  # noqa: S311
    long_enough = [n for n, text in enumerate(texts) if len(set(text.lower().split())) >= 2 * MIN_WORDS]
    found = []
    for number in rng.sample(long_enough, 500):
        noisy = analyse(distort(texts[number], draw_noises("whatsapp", 0.6, rng), rng))
        found.append(str(number) in {neighbour.id for neighbour in index.duplicates(noisy)})
    return np.array(found)


if __name__ == "__main__":
    main()
