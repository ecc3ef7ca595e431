"""The complete trained model: features, agency classifier, urgency model and policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis
from pipeline.model.explanation import Explanation
from pipeline.model.feature_table import FeatureTable
from pipeline.model.features import ComplaintFeatures
from pipeline.model.linear import BalancedRidgeClassifier
from pipeline.model.linear_weights import LinearWeights
from pipeline.model.policy import Policy
from pipeline.model.scorer import Scorer, Scores
from pipeline.model.urgency import UrgencyModel


@dataclass(frozen=True)
class ComplaintModel:
    """The result of :func:`training.fit.fit_model`: the scikit-learn estimators, the reference for the scorer."""

    features: ComplaintFeatures
    agency: BalancedRidgeClassifier
    urgency: UrgencyModel
    policy: Policy = field(default_factory=Policy)

    @cached_property
    def scorer(self) -> Scorer:
        """The compiled scorer."""
        return Scorer(
            tuple(map(str, self.agency.classes_)),
            linear_weights(self.features, self.agency.coef_),
            self.agency.intercept_,
            self.agency.link_,
            self.urgency.weights(),
            self.features.familiar_,
            self.policy,
        )

    def __getstate__(self) -> dict[str, Any]:
        # The scorer can be compiled again, and its lock cannot be pickled.
        return {name: value for name, value in self.__dict__.items() if name != "scorer"}

    def score(self, documents: Sequence[Analysis]) -> Scores:
        """Return the probabilities of agencies, urgencies and kinds, and the dangers named."""
        return self.scorer.score(documents)

    def explain_agency(self, document: Analysis, position: int, against: int | None = None) -> Explanation:
        """Take apart the score of the agency at ``position`` of ``agency.classes_``; see :func:`explain`."""
        return self.scorer.explain_agency(document, position, against)


def linear_weights(features: ComplaintFeatures, coef: NDArray[np.float32]) -> LinearWeights:
    """Return what :class:`CompiledScores` needs; ``coef`` as scikit-learn has it, shape (n_classes, n_features)."""
    return LinearWeights(
        FeatureTable.of(features.vocabulary_),
        np.ascontiguousarray(coef.T),
        features.idf_,
        features.scale_,
        features.address_weight,
        features.opening,
    )
