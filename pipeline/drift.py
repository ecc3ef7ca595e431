"""Drift: how far new complaints differ from those that a model was trained on.

The distance between two distributions is the population stability index, as in monitoring scorecards (Siddiqi 2006,
"Credit Risk Scorecards"): below 0.1 there is no change, from 0.25 on one to look into. With few complaints and many
agencies, chance alone gives an index of about (bins - 1) / complaints, so the index must also exceed that.

Complaints come in bursts: many people report the same broken pipe. So the agencies of two weeks differ more than if
complaints were independent. If their variance is three times as large, a week counts as having a third of its
complaints (the dispersion of McCullagh and Nelder 1989, "Generalized Linear Models").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Analysis
from pipeline.region.succession import Acting

LENGTHS: Final = (40, 80, 160, 320, 640, 1280)  # characters; the bounds of the bins
MIN_COMPLAINTS: Final = 50  # fewer are not enough to judge
MAX_INDEX: Final = 0.25
MAX_UNFAMILIAR_RISE: Final = 0.1
MAX_CONFIDENCE_FALL: Final = 0.1
MAX_AGREEMENT_FALL: Final = 0.1
CHANCE: Final = 99  # percentile of the index of weeks like the training data, up to which an index is taken for chance
_RESAMPLES: Final = 500
_SMALL: Final = 0.001  # the least share of a bin, so that an empty bin doesn't make the index infinite


@dataclass(frozen=True, slots=True)
class Observed:
    """What is kept of one complaint to watch for drift; no word of it.

    Attributes
    ----------
    characters
        Length of the text.
    familiar
        Share of its words that the model knows well; 1 if it has none.
    agency
        Code of the agency that the model put first, or of the label.
    probability
        Its probability.
    agreed
        Whether a person decided the same; ``None`` while nobody has.
    """

    characters: int
    familiar: float
    agency: str
    probability: float
    agreed: bool | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of the training data; kept in the model's manifest.

    Attributes
    ----------
    complaints
        Number of complaints.
    lengths
        Share of the complaints in each bin between the bounds ``LENGTHS``, the shortest first.
    agencies
        Share of each agency.
    familiar
        Mean share of familiar words.
    right
        Share of held-out complaints whose agency was the first. The confidence of a calibrated model equals its
        accuracy, so this is also the confidence to expect. 0 if it was not measured.
    burstiness
        Variance of the agencies between training weeks, relative to chance; 1 without dates.
    """

    complaints: int
    lengths: tuple[float, ...]
    agencies: dict[str, float]
    familiar: float
    right: float
    burstiness: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for the manifest."""
        return asdict(self) | {"lengths": list(self.lengths)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Profile:
        """Read what :meth:`to_dict` wrote."""
        return cls(
            int(values["complaints"]),
            tuple(float(share) for share in values["lengths"]),
            {str(code): float(share) for code, share in values["agencies"].items()},
            float(values["familiar"]),
            float(values["right"]),
            float(values.get("burstiness", 1.0)),  # models trained before it was measured have none
        )

    def moved(self, acting: Acting) -> Profile:
        """Return the profile with the shares of ended agencies moved on: a new name alone is no drift.

        Parameters
        ----------
        acting
            The agencies that act now for those of ``agencies``, in that order.
        """
        shares = acting.moved(np.array(list(self.agencies.values())))
        return replace(self, agencies=dict(zip(acting.codes, shares.tolist(), strict=True)))


@dataclass(frozen=True, slots=True)
class Alarm:
    """What strayed, and what to do about it."""

    what: str
    action: str


@dataclass(frozen=True, slots=True)
class Drift:
    """How far complaints differ from the profile.

    Attributes
    ----------
    complaints
        How many were observed.
    length_index, agency_index
        Population stability indices.
    length_by_chance, agency_by_chance
        The value that 99 of 100 draws of as many complaints like the training data stay below; for agencies with bursts
        as large as in training.
    unfamiliar, confidence, agreement
        Means, each 0 to 1: share of unfamiliar words, probability of the first agency, share decided as suggested;
        agreement is ``None`` where nothing is decided.
    alarms
        What differs too much.
    """

    complaints: int
    length_index: float
    length_by_chance: float
    agency_index: float
    agency_by_chance: float
    unfamiliar: float
    confidence: float
    agreement: float | None
    alarms: tuple[Alarm, ...]


def familiar_share(analysis: Analysis, familiar: frozenset[str]) -> float:
    """Return the share of a text's words that are among ``familiar``; 1 if it has none."""
    words = analysis.lettered()
    return sum(map(familiar.__contains__, words)) / len(words) if words else 1.0


def profile_of(observed: Sequence[Observed], right: float, burstiness: float = 1.0) -> Profile:
    """Return the profile of a training's complaints."""
    return Profile(
        complaints=len(observed),
        lengths=_lengths(observed),
        agencies=_agencies(observed),
        familiar=_mean(one.familiar for one in observed),
        right=right,
        burstiness=burstiness,
    )


def measure_drift(profile: Profile, observed: Sequence[Observed]) -> Drift:
    """Return how far complaints strayed; too few raise no alarm."""
    decided = [one.agreed for one in observed if one.agreed is not None]
    # At least one, however large the bursts: with none, nothing would be put down to chance.
    as_if_alone = [max(min(1, n), round(n / profile.burstiness)) for n in (profile.complaints, len(observed))]
    unjudged = Drift(
        complaints=len(observed),
        length_index=stability_index(dict(enumerate(profile.lengths)), dict(enumerate(_lengths(observed)))),
        length_by_chance=index_by_chance(profile.lengths, profile.complaints, len(observed)),
        agency_index=stability_index(profile.agencies, _agencies(observed)),
        agency_by_chance=index_by_chance(tuple(profile.agencies.values()), *as_if_alone),
        unfamiliar=1 - _mean(one.familiar for one in observed),
        confidence=_mean(one.probability for one in observed),
        agreement=sum(decided) / len(decided) if decided else None,
        alarms=(),
    )
    return replace(unjudged, alarms=tuple(_alarms(profile, unjudged, len(decided))))


def stability_index(expected: Mapping[Any, float], found: Mapping[Any, float]) -> float:
    """Return the population stability index of two distributions: 0 if they are alike.

    Examples
    --------
    >>> stability_index({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5})
    0.0
    >>> stability_index({"a": 0.5, "b": 0.5}, {"a": 0.9, "b": 0.1}) > MAX_INDEX
    True
    """
    names = sorted({*expected, *found}, key=str)
    before, after = (np.array([shares.get(name, 0.0) for name in names]) for shares in (expected, found))
    return float(_index(before, after))


def _index(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the stability index of shares, the bins along the last axis."""
    before, after = np.maximum(before, _SMALL), np.maximum(after, _SMALL)
    index: NDArray[np.float64] = ((after - before) * np.log(after / before)).sum(axis=-1)
    return index


@lru_cache(maxsize=16)  # /metrics repeats the same call
def index_by_chance(shares: tuple[float, ...], trained: int, complaints: int) -> float:
    """Return the stability index that chance alone stays below in 99 of 100 weeks; always the same for the same data.

    Parameters
    ----------
    shares
        Shares of the bins in the profile.
    trained
        Number of complaints in the profile: with few, the shares are only rough.
    complaints
        Number of complaints in the week.
    """
    if not trained or not complaints or not sum(shares):
        return 0.0
    rng = np.random.default_rng(0)
    expected = np.array(shares) / sum(shares)
    drawn = (rng.multinomial(size, expected, _RESAMPLES) / size for size in (trained, complaints))
    return float(np.percentile(_index(*drawn), CHANCE))


def _alarms(profile: Profile, drift: Drift, decided: int) -> Iterable[Alarm]:
    if drift.complaints < MIN_COMPLAINTS:
        return
    if drift.length_index > max(MAX_INDEX, drift.length_by_chance):
        yield Alarm(
            "Texts are longer or shorter than in training.", "Was a channel added? Does a channel truncate texts?"
        )
    if drift.agency_index > max(MAX_INDEX, drift.agency_by_chance):
        yield Alarm(
            "The mix of agencies differs from training.",
            "Is there a flood, or a new office? Read some complaints; if it lasts, retrain with the newest decisions.",
        )
    if drift.unfamiliar - (1 - profile.familiar) > MAX_UNFAMILIAR_RISE:
        yield Alarm(
            "Many words are unknown to the model.",
            "Label what disposisi teach lists, add phrasings to the catalogue, and retrain.",
        )
    if profile.right and profile.right - drift.confidence > MAX_CONFIDENCE_FALL:
        yield Alarm("The model is less confident than it was.", "Retrain with the newest decisions, then compare.")
    if decided >= MIN_COMPLAINTS and profile.right and profile.right - (drift.agreement or 0) > MAX_AGREEMENT_FALL:
        yield Alarm(
            "People overrule the model more often than in its evaluation.",
            "Retrain and compare now; if it began with a promotion, run disposisi rollback.",
        )


def _lengths(observed: Sequence[Observed]) -> tuple[float, ...]:
    counts = Counter(sum(one.characters >= bound for bound in LENGTHS) for one in observed)
    return tuple(counts[bin_] / max(len(observed), 1) for bin_ in range(len(LENGTHS) + 1))


def _agencies(observed: Sequence[Observed]) -> dict[str, float]:
    counts = Counter(one.agency for one in observed)
    return {code: count / len(observed) for code, count in sorted(counts.items())}


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0
