"""Likely wrong labels, found by cleanlab from the predictions of models that have not seen them."""

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
from training.duplicates import fold_groups
from training.params import Params

with warnings.catch_warnings():
    # In a notebook without ipywidgets it warns about progress bars, although it shows none here.
    warnings.filterwarnings("ignore", "IProgress not found")
    from cleanlab.rank import get_label_quality_scores

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label to look at again.

    Attributes
    ----------
    position
        Position of the row among the given rows.
    given, likely
        Its label, and the most probable one according to a model that has not seen the row.
    quality
        Plausibility of the given label, 0 to 1 (cleanlab's self-confidence).
    """

    position: int
    given: str
    likely: str
    quality: float


def rank_suspects(rows: Sequence[Labelled], params: Params, folds: int = FOLDS) -> list[Suspect]:
    """Return every labelled row that can be judged, the least plausible label first.

    A label that occurs only on one complaint, or on copies of one text, cannot be judged: a model that has not seen the
    row does not know the label.

    Raises
    ------
    DataError
        If the rows have fewer than two agencies, or none can be judged.
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

    Only classes that the model has not seen have the probability 0. Where it would have seen one class alone, there is
    no model, and all classes have 0.

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
    # Without stacking: only the fold with a link could learn it, and the link must fit the scores of all folds.
    plain = params.classifier.model_dump() | {"stacking_penalty": None}
    link: Link | None = None
    parts = make_folds(numbers, folds, random_state=0, groups=groups)
    # Where all rows of an agency are copies of one text, one class alone may be left.
    parts = [(rest, held) for rest, held in parts if len(np.unique(numbers[rest])) > 1]
    for fold, (rest, held) in enumerate(parts):
        # The link of one fold is used for all: fitting one takes three more fits, and it hardly differs.
        classifier = BalancedRidgeClassifier(**plain | {"folds": 3 if fold == 0 else 0})
        classifier.fit(X[rest], numbers[rest], groups=None if groups is None else groups[rest])
        link = classifier.link_ if fold == 0 else link
        classifier.link_ = link
        probabilities[np.ix_(held, classifier.classes_)] = classifier.predict_proba(X[held])
    return probabilities
