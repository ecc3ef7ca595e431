"""Complaints per second: the papers' pipeline, careful scikit-learn, fastText and Disposisi, by turns.

    python benchmarks/speed.py [MODEL] [--plot FILE]

Times are processor time of one process, so that other work on the machine matters less. Ratios are between two that
took turns: the median of the rounds, with the least and the greatest. Texts are starter complaints that no model here
was trained on; each is asked for once before it is timed, unless said otherwise. Compared are:

papers
    Sastrawi's stock stemmer on each text, TfidfVectorizer of words, LinearSVC. Stock Sastrawi keeps its dictionary in a
    list and scans it for each look-up. The installed PySastrawi has the same import name but a dict, so the list is put
    back here. It is so slow that only a few texts are measured.
scikit-learn
    TfidfVectorizer of words (1 to 2) and of letters within words (2 to 5), LinearSVC.
fastText words, fastText
    Words (1 to 2), its most accurate setting on real complaints (benchmarks/quality.py); and the same with letters
    within words (2 to 5), as the others have. Its own ``predict``, one text after the other. Needs ``pip install
    fasttext-wheel``, which is not a dependency.
features
    Disposisi's features and classifier through scikit-learn's interface.
agency, routing, suggestion
    Disposisi: agencies alone; with urgency, reasons and place, as the batch does it; all that the desk shows.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path

from fasttext_scores import FastText, installed
from matplotlib.figure import Figure
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from tfidf_svc import tfidf_svc
from unseen_texts import DEFAULT_MODEL, unseen_rows

from pipeline.artifact import load_model
from pipeline.complaint import Complaint
from pipeline.model import analyse
from pipeline.router import Router
from training.plots import BLUE, ORANGE, figure, save

TRAINED_ON = 2_000  # by the other pipelines; enough, as the cost of predicting is that of computing features
TEXTS = 1_000
PAPERS_TEXTS = 3
ROUNDS = 5
FORKED_SECONDS = 3
Answer = Callable[[Sequence[Complaint]], object]


class ListDictionary:
    """Stock Sastrawi's dictionary, a list."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = list(words)

    def contains(self, word: str) -> bool:
        """Tell whether the word is in the list."""
        return word in self.words

    def count(self) -> int:
        """Return the number of words."""
        return len(self.words)


def main() -> None:
    """Run the benchmark, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the cost per text")
    given = parser.parse_args()
    model = given.model
    rows = unseen_rows(TRAINED_ON + TEXTS)
    taught, asked = rows[:TRAINED_ON], [Complaint(row.text) for row in rows[TRAINED_ON:]]
    texts, labels = [row.text for row in taught], [row.agency for row in taught]
    router = Router.load(model)
    stock = Stemmer(ListDictionary(StemmerFactory().get_words()))
    papers = make_pipeline(TfidfVectorizer(), LinearSVC()).fit(texts, labels)
    careful = tfidf_svc().fit(texts, labels)
    estimators, _ = load_model(model)

    def features(complaints: Sequence[Complaint]) -> object:
        documents = [analyse(complaint) for complaint in complaints]
        return estimators.agency.predict_proba(estimators.features.transform(documents))

    answers: dict[str, Answer] = {
        "papers": lambda complaints: papers.predict([stock.stem(c.text) for c in complaints]),
        "scikit-learn": lambda complaints: careful.predict([c.text for c in complaints]),
        **_fasttext(texts, labels),
        "features": features,
        "agency": lambda complaints: router.model.agency_probabilities([analyse(c) for c in complaints]),
        "routing": router.route_many,
        "suggestion": router.suggest_many,
    }
    print(f"model {_megabytes(model):.1f} MB; loaded in {_loading(model)}")
    batch = _compare("batch", answers, asked, at_once=len(asked))
    single = _compare("one by one", answers, asked[:300], at_once=1)
    for name in ("agency", "routing"):
        print(f"{name}: two processes do {_two_processes(answers[name], asked)} times the work of one")
    if given.plot:
        save(_drawn(batch, single), given.plot)


def _fasttext(texts: Sequence[str], labels: Sequence[str]) -> dict[str, Answer]:
    if not installed():
        return {}

    def line(text: str) -> str:
        return " ".join(text.lower().split())

    def answer(letters: int) -> Answer:
        model = FastText(zip(map(line, texts), labels, strict=True), maxn=letters, wordNgrams=2, epoch=5)
        return lambda complaints: [model.predict(line(c.text), 3) for c in complaints]

    return {"fastText words": answer(0), "fastText": answer(5)}


def _compare(title: str, answers: dict[str, Answer], asked: Sequence[Complaint], at_once: int) -> dict[str, float]:
    """Print and return the cost of each kind of answer, in microseconds per text."""
    costs: dict[str, list[float]] = {name: [] for name in answers}
    for round_ in range(ROUNDS + 1):
        for name, answer in answers.items():
            chosen = asked[:PAPERS_TEXTS] if name == "papers" else asked
            began = time.process_time()
            for start in range(0, len(chosen), at_once):
                answer(chosen[start : start + at_once])
            if round_:  # the first round only warms up
                costs[name].append((time.process_time() - began) / len(chosen))
    others = [other for other in ("papers", "scikit-learn", "fastText words", "fastText") if other in costs]
    print(f"\n{title}\n{'':16}{'µs a text':>12}  {''.join(f'against {other:24}' for other in others)}")
    for name, cost in costs.items():
        against = "".join(f"{_ratio(costs[other], cost):32}" for other in others)
        print(f"{name:16}{statistics.median(cost) * 1e6:12,.0f}  {against}")
    return {name: statistics.median(cost) * 1e6 for name, cost in costs.items()}


def _two_processes(answer: Answer, asked: Sequence[Complaint]) -> str:
    """Return the speed-up by two processes, forked from this one, which has filled word caches."""

    def work() -> None:
        began = time.perf_counter()
        while time.perf_counter() - began < FORKED_SECONDS:
            answer(asked)
            done.put(len(asked))

    fork = get_context("fork")
    done = fork.SimpleQueue()

    def rate(processes: int) -> float:
        workers = [fork.Process(target=work) for _ in range(processes)]
        began = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        took, texts = time.perf_counter() - began, 0
        while not done.empty():
            texts += done.get()
        return texts / took

    two, one = zip(*[(rate(2), rate(1)) for _ in range(ROUNDS)], strict=True)
    return _ratio(two, one)


def _drawn(batch: Mapping[str, float], single: Mapping[str, float]) -> Figure:
    made, axes = figure("What a complaint costs", "processor time of one complaint (µs)", "", (7.2, 4.0))
    axes.set_xscale("log")
    for offset, label, colour, costs in (
        (0.2, "many at once", BLUE, batch), (-0.2, "one after the other", ORANGE, single),
    ):  # fmt: skip
        places = [len(costs) - number + offset for number in range(len(costs))]
        axes.barh(places, list(costs.values()), height=0.38, color=colour, label=label)
    axes.set_yticks([len(batch) - number for number in range(len(batch))], list(batch))
    axes.legend(frameon=False)
    return made


def _ratio(others: Sequence[float], own: Sequence[float]) -> str:
    ratios = sorted(other / mine for other, mine in zip(others, own, strict=True))
    median, least, most = (_short(value) for value in (statistics.median(ratios), ratios[0], ratios[-1]))
    return f"{median} ({least} to {most})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


def _loading(model: Path) -> str:
    """Return the time that a new process takes to import and load."""
    code = (
        "import sys, time; from pathlib import Path; began = time.process_time();"
        "from pipeline.artifact import load_scorer; from pipeline.router import Router; read = time.process_time();"
        "load_scorer(Path(sys.argv[1])); loaded = time.process_time();"
        "Router.load(sys.argv[1]); ready = time.process_time();"
        "print(f'{1000 * (loaded - read):.0f} ms, a router with its region in {ready - loaded:.2f} s,"
        " after {read - began:.2f} s of imports (processor time)')"
    )
    told = subprocess.run([sys.executable, "-c", code, str(model)], capture_output=True, text=True, check=True)
    return told.stdout.strip()


if __name__ == "__main__":
    main()
