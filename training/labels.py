"""Likely wrong labels, found by cleanlab from what models say that have not seen them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import DataError
from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures, analyse
from pipeline.model.folds import make_folds
from pipeline.model.link import Link
from training.data import Labelled
from training.params import Params
from training.repeats import fold_groups

with warnings.catch_warnings():
    # In a notebook without ipywidgets it warns that it cannot draw progress bars, of which it draws none here.
    warnings.filterwarnings("ignore", "IProgress not found")
    from cleanlab.rank import get_label_quality_scores

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label to look at again.

    Attributes
    ----------
    position
        Of the row among those given.
    given, likely
        The label it has, and the one that a model which has not seen the row finds most probable.
    quality
        How believable the given label is, 0 to 1 (cleanlab's self-confidence).
    """

    position: int
    given: str
    likely: str
    quality: float


def rank_suspects(rows: Sequence[Labelled], params: Params, folds: int = FOLDS) -> list[Suspect]:
    """Return every labelled row that can be judged, the least believable label first.

    A label that stands on no other complaint, or on copies of one text alone, cannot be: whatever model has not seen
    the row doesn't know the label.

    Raises
    ------
    DataError
        If the rows hold fewer than two agencies, or none that can be judged.
    """
    positions = [i for i, row in enumerate(rows) if row.agency]
    labels = np.array([rows[i].agency for i in positions])
    if len(np.unique(labels)) < 2:
        raise DataError("The rows name fewer than two agencies.", mend="Add more rows, or name the column: --agency.")
    X = ComplaintFeatures(**params.features.model_dump()).fit_factored([analyse(rows[i].complaint) for i in positions])
    classes, numbers = np.unique(labels, return_inverse=True)
    probabilities = held_out_probabilities(X, numbers, params, folds, fold_groups([rows[i] for i in positions]))
    quality = get_label_quality_scores(numbers, probabilities, method="self_confidence")
    likely = probabilities.argmax(axis=1)
    judged = probabilities[np.arange(len(numbers)), numbers] > 0
    if not judged.any():
        raise DataError(
            "No agency has two complaints with different texts, so no label can be checked.", mend="Add more rows."
        )
    return [
        Suspect(positions[i], str(labels[i]), str(classes[likely[i]]), float(quality[i]))
        for i in np.argsort(quality, kind="stable")
        if judged[i]
    ]


def held_out_probabilities(
    X: Any, numbers: NDArray[np.intp], params: Params, folds: int, groups: NDArray[Any] | None = None
) -> NDArray[np.float64]:
    """Return for each row the probabilities by a model that was fitted without it, shape (n_rows, n_classes).

    A class that the model has not met has the probability 0, and no other; where it would have met one class alone,
    there is no model, and all have.

    Parameters
    ----------
    X
        Features, shape (n_rows, n_features).
    numbers
        The rows' classes, 0 to n_classes - 1.
    groups
        Rows of one group are never on both sides of a fold.
    """
    probabilities = np.zeros((len(numbers), int(numbers.max()) + 1))
    # Without stacking, which only the fold with a link could learn: one link serves scores of one kind.
    plain = params.classifier.model_dump() | {"stacking_penalty": None}
    link: Link | None = None
    parts = make_folds(numbers, folds, random_state=0, groups=groups)
    # Where all rows of an agency are copies of one text, nothing may be left to tell it from.
    parts = [(rest, held) for rest, held in parts if len(np.unique(numbers[rest])) > 1]
    for fold, (rest, held) in enumerate(parts):
        # The link of one fold serves all: fitting it takes three more fits, and it hardly differs.
        classifier = BalancedRidgeClassifier(**plain | {"folds": 3 if fold == 0 else 0})
        classifier.fit(X[rest], numbers[rest], groups=None if groups is None else groups[rest])
        link = classifier.link_ if fold == 0 else link
        classifier.link_ = link
        probabilities[np.ix_(held, classifier.classes_)] = classifier.predict_proba(X[held])
    return probabilities
