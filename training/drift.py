"""The profile of a training, and drift from it week by week."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.drift import MIN_COMPLAINTS, Drift, Observed, Profile, familiar_share, measure_drift, profile_of
from pipeline.model import ComplaintModel, analyse
from pipeline.region import Region
from training.answers import acting_today, answers_of
from training.data import ENOUGH_REAL, Labelled

_ENOUGH_WEEKS = 8  # weeks needed to estimate how much weeks differ
_SAMPLE = 5000  # at most this many rows are used for the profile


@dataclass(frozen=True, slots=True)
class Week:
    """A week's drift; ``monday`` is ``None`` for complaints without a date."""

    monday: dt.date | None
    drift: Drift


def training_profile(model: ComplaintModel, rows: Sequence[Labelled], right: float) -> Profile:
    """Return the profile of the rows that ``model`` was trained on.

    Parameters
    ----------
    right
        Share of held-out rows whose agency was the first.
    """
    labelled = [row for row in rows if row.agency]
    real = [row for row in labelled if row.group is None]
    taken = real if len(real) >= ENOUGH_REAL else labelled
    taken = taken[:: max(1, math.ceil(len(taken) / _SAMPLE))]
    observed = [
        Observed(
            len(row.complaint.text),
            familiar_share(analyse(row.complaint), model.features.familiar_),
            row.agency or "",
            right,
        )
        for row in taken
    ]
    return profile_of(observed, right, burstiness(real))


def burstiness(rows: Sequence[Labelled]) -> float:
    """Return the variance of the agencies between weeks, relative to chance; 1 if there are too few weeks.

    It is Pearson's statistic of weeks and agencies over its degrees of freedom: 1 for independent complaints.
    """
    counts = Counter((_monday(row.created_at), row.agency) for row in rows if row.created_at)
    totals = Counter[dt.date | None]()
    for (monday, _), count in counts.items():
        totals[monday] += count
    weeks = sorted(monday for monday, total in totals.items() if monday and total >= MIN_COMPLAINTS)
    if len(weeks) < _ENOUGH_WEEKS:
        return 1.0
    # Sorted: sums in the order of a set would have different last digits in another process.
    agencies = sorted({agency or "" for monday, agency in counts if totals[monday] >= MIN_COMPLAINTS})
    if len(agencies) < 2:
        return 1.0
    found = np.array([[counts[monday, agency] for agency in agencies] for monday in weeks], dtype=float)
    expected = found.sum(axis=1, keepdims=True) * found.sum(axis=0) / found.sum()
    statistic = float(((found - expected) ** 2 / expected).sum())
    return max(1.0, statistic / ((len(weeks) - 1) * (len(agencies) - 1)))


def observe(model: ComplaintModel, rows: Sequence[Labelled], region: Region | None = None) -> list[Observed]:
    """Return a model's view of complaints; for those with a label also whether it agreed.

    Parameters
    ----------
    region
        The region that it was trained for, whose agencies of today the labels name; ``None`` if there is none.
    """
    analyses = [analyse(row.complaint) for row in rows]
    answers = answers_of(model, analyses, region)
    codes, scores = answers.codes, answers.agency
    first = scores.argmax(axis=1) if len(rows) else []
    return [
        Observed(
            len(row.complaint.text),
            familiar_share(analysis, model.features.familiar_),
            codes[position],
            float(probabilities[position]),
            None if row.agency is None else codes[position] == answers.class_of(row.agency),
        )
        for row, analysis, position, probabilities in zip(rows, analyses, first, scores, strict=True)
    ]


def drift_by_week(
    model: ComplaintModel, profile: Profile, rows: Sequence[Labelled], region: Region | None = None
) -> list[Week]:
    """Return the drift of every week that has a complaint, the oldest first; ``region`` as in :func:`observe`."""
    profile = profile.moved(acting_today(list(profile.agencies), region))
    weeks: dict[dt.date | None, list[Observed]] = {}
    for row, observed in zip(rows, observe(model, rows, region), strict=True):
        weeks.setdefault(_monday(row.created_at), []).append(observed)
    order = sorted(weeks, key=lambda day: day or dt.date.min)
    return [Week(day, measure_drift(profile, weeks[day])) for day in order]


def judged(weeks: Sequence[Week]) -> Week | None:
    """Return the newest week with enough complaints to judge; one that has just begun rarely has enough."""
    return next((week for week in reversed(weeks) if week.drift.complaints >= MIN_COMPLAINTS), None)


def _monday(date: dt.datetime | None) -> dt.date | None:
    return date.date() - dt.timedelta(days=date.weekday()) if date else None
