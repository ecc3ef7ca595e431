"""The scikit-learn estimators as a scorer: slower, and the reference for the compiled scorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from pipeline.model.analysis import Analysis
from pipeline.model.complaint_model import ComplaintModel
from pipeline.model.scorer import Scorer
from pipeline.model.urgency import UrgencyModel
from pipeline.model.urgency_scores import Reading, UrgencyScores, UrgencyWeights


@dataclass(frozen=True, eq=False)
class ReferenceScorer(Scorer):
    """A scorer whose probabilities come from the estimators; explanations come from the compiled scorer.

    Attributes
    ----------
    estimators
        The model that answers.
    """

    estimators: ComplaintModel

    @classmethod
    def of(cls, model: ComplaintModel) -> Self:
        """Return the scorer of a model."""
        return cls(**{field.name: getattr(model.scorer, field.name) for field in fields(Scorer)}, estimators=model)

    @cached_property
    def urgency(self) -> UrgencyScores:
        """Levels, kinds and dangers."""
        return _ReferenceUrgency(self.urgency_weights, self.estimators.urgency)

    def agency_probabilities(self, documents: Sequence[Analysis]) -> NDArray[np.float32]:
        """Return the probabilities of agencies, shape (len(documents), n_agencies)."""
        if not documents:
            return super().agency_probabilities(documents)
        return self.estimators.agency.predict_proba(self.estimators.features.transform(documents))


class _ReferenceUrgency(UrgencyScores):
    def __init__(self, weights: UrgencyWeights, model: UrgencyModel) -> None:
        super().__init__(weights)
        self._model = model

    def read(self, documents: Sequence[Analysis]) -> Reading:
        """Return levels, kinds and dangers of complaints."""
        if not documents:
            return super().read(documents)
        X, dangers = self._model.features.read(documents)
        return Reading(self._model.level.predict_proba(X), self._model.kind.predict_proba(X), dangers)
