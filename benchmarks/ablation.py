"""What each part of the agency classifier adds on real complaints.

    python benchmarks/ablation.py

``past`` learns from the first four fifths of ``train`` by date and is measured on the last fifth; ``dev`` learns from
all of ``train``. The first line has the figures of the classifier in use. Each other line changes one thing and has the
difference with its 95 % bootstrap interval, paired: both answer the same resampled complaints. Features are learnt anew
from each training set.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from real_complaints import BENCH, city_complaints, positions
from scipy.sparse import csr_matrix, diags
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from pipeline.complaint import Complaint
from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures
from pipeline.model.analysis import is_pair
from training.calibrate import HeldOut
from training.data import Labelled
from training.doubted_labels import doubted_labels
from training.fit import in_spans_of_time
from training.metrics import bootstrap, macro_f1
from training.params import ClassifierParams, FeatureParams, LabelParams

FOLDS = 5
KEPT = ClassifierParams().model_dump(include={"alpha", "balance", "relevance"})
HALF_LIFE_ROWS = 4_000  # for the step with exponential weights by recency
Scores = NDArray[Any]


@dataclass(frozen=True)
class Task:
    """Training and evaluation data.

    Attributes
    ----------
    X, asked
        Features of the training and the evaluation complaints.
    y
        Training labels.
    blocks
        Kind of each feature: ``word``, ``pair``, ``stem``, ``letters`` or ``address``.
    doubted
        Mask of labels doubted by held-out folds in order of time, as in training.
    spans
        Fold of each row.
    train, questions
        Training and evaluation complaints.
    """

    X: csr_matrix
    y: NDArray[Any]
    asked: csr_matrix
    blocks: NDArray[Any]
    doubted: NDArray[np.bool_]
    spans: NDArray[Any]
    train: Sequence[Complaint]
    questions: Sequence[Complaint]

    def scaled(self, **factors: float) -> Task:
        """Return the task with the features of some blocks multiplied by a factor."""
        factor = diags(np.array([factors.get(block, 1.0) for block in self.blocks], dtype=np.float32))
        return replace(self, X=(self.X @ factor).tocsr(), asked=(self.asked @ factor).tocsr())

    def with_features(self, **settings: Any) -> Task:
        """Return the task with other feature settings."""
        features = ComplaintFeatures(**settings)
        return replace(self, X=features.fit_transform(self.train), asked=features.transform(self.questions))


Step = Callable[[Task], Scores]


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=BENCH)
    city = city_complaints(parser.parse_args().bench, None)
    past = len(city.train) * 4 // 5
    measured = {
        "past": (city.train[:past], city.train[past:]),
        "dev": (city.train, city.dev),
    }
    for name, (train, asked) in measured.items():
        task, kept = _task(train, asked), None
        target = positions(np.unique(task.y), asked)
        for step, scores_of in STEPS.items():
            order = np.argsort(-scores_of(task), axis=1, kind="stable")
            kept = order if kept is None else kept
            told = [_told(figure, order, kept, target) for figure in (_top1, _top3, _macro_f1)]
            print(f"{name:5} {step:42}", *told, sep="  ", flush=True)


def _task(train: Sequence[Labelled], asked: Sequence[Labelled]) -> Task:
    features = ComplaintFeatures()
    learnt, questions = ([row.complaint for row in rows] for rows in (train, asked))
    X = features.fit_transform(learnt)
    blocks = np.array([_block(name) for name in features.vocabulary_])
    y, spans = (np.array(of) for of in zip(*((r.agency, r.group) for r in in_spans_of_time(train, FOLDS)), strict=True))
    classifier = BalancedRidgeClassifier(**KEPT, folds=FOLDS).fit(X, y, groups=spans)
    doubted = np.zeros(len(train), dtype=bool)
    doubted[classifier.held_out_rows_] = doubted_labels(classifier, HeldOut.of(classifier, train), LabelParams())
    return Task(X, y, features.transform(questions), blocks, doubted, spans, learnt, questions)


def _block(feature: str) -> str:
    kinds = {"@": "address", "~": "letters", "=": "stem"}
    return kinds.get(feature[0]) or ("pair" if is_pair(feature) else "word")


def _fitted(model: ClassifierMixin, **fit: Any) -> Step:
    return lambda task: np.asarray(model.fit(task.X, task.y, **fit).decision_function(task.asked))


def _ridge(**other: float) -> Step:
    return _fitted(BalancedRidgeClassifier(**KEPT | other, folds=0))


def _scaled(*, alpha: float = KEPT["alpha"], **factors: float) -> Step:
    return lambda task: _ridge(alpha=alpha)(task.scaled(**factors))


def _with_features(**settings: float) -> Step:
    return lambda task: _ridge()(task.with_features(**settings))


def _newer_weigh_more(task: Task) -> Scores:
    age = np.arange(task.X.shape[0])[::-1]
    return _fitted(BalancedRidgeClassifier(**KEPT, folds=0), sample_weight=0.5 ** (age / HALF_LIFE_ROWS))(task)


def _stacked(penalty: float) -> Step:
    def scores(task: Task) -> Scores:
        stacked = BalancedRidgeClassifier(**KEPT, folds=FOLDS, stacking_penalty=penalty)
        return _fitted(stacked, groups=task.spans)(task)

    return scores


def _doubted_count(weight: float) -> Step:
    def scores(task: Task) -> Scores:
        weights = np.where(task.doubted, max(weight, 1e-9), 1.0)
        return _fitted(BalancedRidgeClassifier(**KEPT, folds=0), sample_weight=weights)(task)

    return scores


def _bayes(task: Task) -> Scores:
    return np.asarray(ComplementNB(alpha=0.3).fit(task.X, task.y).predict_joint_log_proba(task.asked))


def _of_length_1(task: Task) -> Scores:
    return _fitted(LinearSVC(C=0.5))(replace(task, X=normalize(task.X), asked=normalize(task.asked)))


STEPS: dict[str, Step] = {
    "balanced ridge": _ridge(),
    "plain ridge": _ridge(balance=0),
    "alpha 1": _ridge(alpha=1.0),
    "balance 0.5": _ridge(balance=0.5),
    "features count alike": _ridge(relevance=0.0),
    "the same, alpha 1, balance 0.5": _ridge(relevance=0.0, alpha=1.0, balance=0.5),
    "telling features count twice as much": _ridge(relevance=2.0),
    "words count alike wherever they stand": _with_features(opening_weight=0.0),
    "the first 20 words count more": _with_features(opening_words=20.0),
    "the first 5 words count more": _with_features(opening_words=5.0),
    "without words": _scaled(word=0),
    "without pairs": _scaled(pair=0),
    "without stems": _scaled(stem=0),
    "without letters": _scaled(letters=0, alpha=0.6),
    "without address": _scaled(address=0),
    "words weigh twice": _scaled(word=2**0.5),
    "pairs weigh as words": _scaled(pair=1 / FeatureParams().pair_weight),
    "letters weigh half": _scaled(letters=0.5**0.5),
    "newer rows weigh more": _newer_weigh_more,
    "doubted labels count 0.3 (kept)": _doubted_count(0.3),
    "doubted labels are left out": _doubted_count(0),
    "stacked, penalty 500 (kept)": _stacked(500),
    "stacked, penalty 100": _stacked(100),
    "stacked, penalty 2000": _stacked(2000),
    "LinearSVC": _fitted(LinearSVC(C=0.5)),
    "LinearSVC, rows of length 1": _of_length_1,
    "LinearSVC, balanced": _fitted(LinearSVC(C=0.5, class_weight="balanced")),
    "complement naive Bayes": _bayes,
    "multinomial logistic regression": _fitted(LogisticRegression(C=20, max_iter=100, tol=1e-3)),
}


def _told(figure: Callable[..., float], order: Scores, kept: Scores, target: NDArray[np.intp]) -> str:
    if order is kept:
        return str(bootstrap(lambda rows: figure(order, target, rows), len(target)))
    return str(bootstrap(lambda rows: figure(order, target, rows) - figure(kept, target, rows), len(target)))


def _top1(order: Scores, target: NDArray[np.intp], rows: NDArray[np.intp]) -> float:
    return float((order[rows, 0] == target[rows]).mean())


def _top3(order: Scores, target: NDArray[np.intp], rows: NDArray[np.intp]) -> float:
    return float((order[rows, :3] == target[rows, None]).any(axis=1).mean())


def _macro_f1(order: Scores, target: NDArray[np.intp], rows: NDArray[np.intp]) -> float:
    return macro_f1(target[rows], order[rows, 0])


if __name__ == "__main__":
    main()
