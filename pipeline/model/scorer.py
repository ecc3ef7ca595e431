"""Scorer: a trained model as it answers, compiled from the scikit-learn estimators and independent of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import Complaint
from pipeline.model.analysis import Analysis
from pipeline.model.compiled import CompiledScores
from pipeline.model.dangers import Signs
from pipeline.model.explanation import Explanation, explain
from pipeline.model.linear_weights import LinearWeights
from pipeline.model.link import Link
from pipeline.model.policy import Policy
from pipeline.model.probabilities import softmax
from pipeline.model.urgency_scores import UrgencyScores, UrgencyWeights

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

ROWS_AT_ONCE = 4096  # 4096 × 60 classes × 4 bytes = 1 MB of scores; more would not be faster


@dataclass(frozen=True, eq=False)
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


@dataclass(frozen=True, eq=False)
class Scorer:
    """The part of a model that answers: arrays that may be mapped from disk, and their cache of words.

    Attributes
    ----------
    agencies
        Codes of the agencies, in the order of the probabilities.
    weights, intercept, link
        What the probabilities are computed from; without a link they are the softmax of the scores.
    urgency_weights
        The same of levels and kinds.
    familiar
        The words known well enough to judge whether a text is in the model's language at all.
    policy
        When to suggest, to let choose, to let read.
    """

    agencies: tuple[str, ...]
    weights: LinearWeights
    intercept: NDArray[np.float32]
    link: Link | None
    urgency_weights: UrgencyWeights
    familiar: frozenset[str]
    policy: Policy

    def __getstate__(self) -> dict[str, Any]:
        # The rest can be computed again, and its lock cannot be pickled.
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @cached_property
    def compiled(self) -> CompiledScores:
        """The agencies' scores as one look-up per word."""
        return CompiledScores(self.weights)

    @cached_property
    def urgency(self) -> UrgencyScores:
        """Levels, kinds and dangers."""
        return UrgencyScores(self.urgency_weights)

    def score(self, documents: Sequence[Analysis]) -> Scores:
        """Return the probabilities of agencies, urgencies and kinds, and the dangers named."""
        if len(documents) <= ROWS_AT_ONCE:
            reading = self.urgency.read(documents)
            return Scores(self.agency_probabilities(documents), reading.levels, reading.kinds, reading.dangers)
        starts = range(0, len(documents), ROWS_AT_ONCE)
        batches = [self.score(documents[start : start + ROWS_AT_ONCE]) for start in starts]
        return Scores(
            np.concatenate([batch.agency for batch in batches]),
            np.concatenate([batch.urgency for batch in batches]),
            np.concatenate([batch.kind for batch in batches]),
            [dangers for batch in batches for dangers in batch.dangers],
        )

    def agency_probabilities(self, documents: Sequence[Analysis]) -> NDArray[np.float32]:
        """Return the probabilities of agencies, shape (len(documents), n_agencies)."""
        if not documents:
            return np.zeros((0, len(self.agencies)), dtype=np.float32)
        scores = self.compiled.scores(documents) + self.intercept
        if self.link is not None:
            return self.link.probabilities(scores)
        return softmax(scores)

    def features(self, documents: Sequence[Complaint | str | Analysis]) -> csr_matrix:
        """Return the features of complaints as ``ComplaintFeatures.transform`` does, shape (len(documents), …)."""
        from pipeline.model.feature_rows import feature_matrix  # noqa: PLC0415 (SciPy, which answering doesn't need)

        weights = self.weights
        return feature_matrix(
            documents, weights.table.column, weights.idf, weights.scale, weights.address_weight, weights.opening
        )

    def token_scores(self, document: Analysis) -> NDArray[np.float32]:
        """Return what each word adds to each agency's score, shape (len(document.words), n_agencies)."""
        return self.compiled.token_scores(document)

    def explain_agency(self, document: Analysis, position: int, against: int | None = None) -> Explanation:
        """Take apart the score of the agency at ``position`` of ``agencies``; see :func:`explain`."""
        return explain(self.compiled, self.intercept, document, position, against)

    def explain_urgency(self, document: Analysis) -> list[float]:
        """Return how much each token speaks for a higher urgency."""
        return self.urgency.explain(document)
