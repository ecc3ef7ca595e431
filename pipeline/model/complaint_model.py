"""The trained whole: features, the agency classifier, the urgency model, the policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis
from pipeline.model.compiled import CompiledScores
from pipeline.model.explanation import Explanation, explain
from pipeline.model.features import ComplaintFeatures
from pipeline.model.linear import BalancedRidgeClassifier
from pipeline.model.policy import Policy
from pipeline.model.urgency import Signs, UrgencyModel

ROWS_AT_ONCE = 4096  # 4096 × 60 classes × 4 bytes = 1 MB of scores; more would not be faster


@dataclass(frozen=True)
class Scores:
    """Probabilities of a batch of complaints.

    Attributes
    ----------
    agency : ndarray of shape (n_complaints, n_agencies)
    urgency : ndarray of shape (n_complaints, n_levels)
    kind : ndarray of shape (n_complaints, n_kinds)
    dangers
        The dangers that each complaint names.
    """

    agency: NDArray[np.float32]
    urgency: NDArray[np.float32]
    kind: NDArray[np.float32]
    dangers: list[Signs]


@dataclass(frozen=True)
class ComplaintModel:
    """What :func:`training.fit.fit_model` makes and a model's folder holds."""

    features: ComplaintFeatures
    agency: BalancedRidgeClassifier
    urgency: UrgencyModel
    policy: Policy = field(default_factory=Policy)

    @cached_property
    def compiled(self) -> CompiledScores:
        """The agencies' scores as one look-up per word."""
        return CompiledScores(self.features, self.agency.coef_)

    def __getstate__(self) -> dict[str, Any]:
        # What is compiled is made again from the rest, and its lock cannot be sent anywhere.
        return {name: value for name, value in self.__dict__.items() if name != "compiled"}

    def score(self, documents: Sequence[Analysis]) -> Scores:
        """Return the probabilities of agencies, urgencies and kinds, and the dangers named."""
        agency, readings = [], []
        for start in range(0, len(documents), ROWS_AT_ONCE):
            batch = documents[start : start + ROWS_AT_ONCE]
            agency.append(self.agency_probabilities(batch))
            readings.append(self.urgency.read(batch))
        if not agency:
            agency, readings = [_nothing(self.agency)], [self.urgency.read([])]
        return Scores(
            np.concatenate(agency),
            np.concatenate([reading.levels for reading in readings]),
            np.concatenate([reading.kinds for reading in readings]),
            [dangers for reading in readings for dangers in reading.dangers],
        )

    def agency_probabilities(self, documents: Sequence[Analysis]) -> NDArray[np.float32]:
        """Return the probabilities of agencies, shape (len(documents), n_agencies).

        They are those of ``agency.predict_proba(features.transform(documents))``, many times as fast.
        """
        return self.agency.probabilities(self.compiled.scores(documents) + self.agency.intercept_)

    def token_scores(self, document: Analysis) -> NDArray[np.float32]:
        """Return what each word adds to each agency's score, shape (len(document.words), n_agencies)."""
        return self.compiled.token_scores(document)

    def explain_agency(self, document: Analysis, position: int, against: int | None = None) -> Explanation:
        """Take apart the score of the agency at ``position`` of ``agency.classes_``; see :func:`explain`."""
        return explain(self.compiled, self.agency.intercept_, document, position, against)

    def explain_urgency(self, document: Analysis) -> NDArray[np.float64]:
        """Return how much each token speaks for a higher urgency."""
        return self.urgency.explain(document)


def _nothing(classifier: BalancedRidgeClassifier) -> NDArray[np.float32]:
    return np.zeros((0, len(classifier.classes_)), dtype=np.float32)
