"""Which undecided complaints would teach the model most: uncertain, typical of many others, and of rare agencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import Complaint
from pipeline.model import ComplaintModel, analyse
from pipeline.region import Region
from training.answers import answers_of

NEIGHBOURS_SAMPLE = 2000  # complaints that density is measured against; more of them hardly changed the order


def teaching_value(
    probabilities: NDArray[Any], X: Any, label_counts: NDArray[Any], *, density_power: float = 0.5, seed: int = 0
) -> NDArray[np.float64]:
    """Return how much a decision on each complaint would teach: uncertainty × density × rarity.

    Uncertainty is 1 less the margin between the two most probable agencies (Scheffer et al. 2001, "Active Hidden
    Markov Models for Information Extraction"); density is the mean cosine to the others (Settles and Craven 2008,
    "An Analysis of Active Learning Strategies for Sequence Labeling Tasks"), so that nonsense teaches nothing; rarity
    is the expected inverse square root of the labels that the complaint's agency already has.

    Parameters
    ----------
    probabilities
        Of the agencies, shape (n_complaints, n_agencies).
    X
        Features of the complaints, sparse, shape (n_complaints, n_features).
    label_counts
        Labels that each agency already has, shape (n_agencies,).
    density_power
        Exponent of density; 0 leaves it out.

    Returns
    -------
    ndarray of shape (n_complaints,)
    """
    if not len(probabilities):
        return np.zeros(0)
    two = np.sort(probabilities, axis=1)[:, -2:]
    uncertainty = 1 - (two[:, -1] - two[:, 0])
    rarity = probabilities @ (1 / np.sqrt(1 + np.asarray(label_counts, dtype=float)))
    value: NDArray[np.float64] = uncertainty * density(X, seed) ** density_power * rarity
    return value


def rank_to_label(
    model: ComplaintModel, complaints: Sequence[Complaint], labels: Sequence[str], region: Region | None = None
) -> list[tuple[int, float]]:
    """Return the positions of undecided complaints and what each would teach, the most informative first.

    Parameters
    ----------
    labels
        Agencies of the complaints that are decided already; without any all agencies are equally rare.
    region
        The region that the model was trained for, whose agencies of today the labels name; ``None`` if there is none.
    """
    analyses = [analyse(complaint) for complaint in complaints]
    if not analyses:
        return []
    counts = Counter(labels)
    answers = answers_of(model, analyses, region)
    value = teaching_value(
        answers.agency, model.features.transform(analyses), np.array([counts[code] for code in answers.codes])
    )
    return [(int(i), float(value[i])) for i in np.argsort(-value, kind="stable")]


def density(X: Any, seed: int = 0) -> NDArray[np.float64]:
    """Return the mean cosine of each row of ``X`` to a sample of all rows, shape (n_rows,)."""
    norms = np.sqrt(np.asarray(X.multiply(X).sum(axis=1)).ravel())
    unit = X.multiply(1 / np.maximum(norms, 1e-12)[:, None]).tocsr()
    sample = np.random.default_rng(seed).permutation(X.shape[0])[:NEIGHBOURS_SAMPLE]
    mean = np.asarray(unit[sample].mean(axis=0)).ravel()
    return np.asarray(unit @ mean, dtype=float).ravel()
