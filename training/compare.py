"""Paired comparison of two models on the same complaints: what would change with the challenger."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from pipeline.complaint import ALARMS
from pipeline.errors import DataError
from pipeline.model import Analysis, ComplaintModel, analyse
from pipeline.region import Region, national_costs
from training import metrics
from training.answers import answers_of
from training.comparison import Alone, Comparison, Cost, Group, MeanWeek, Paired
from training.data import Labelled
from training.gate import Verdict, judge
from training.params import GateParams
from training.slices import slices_of
from training.training_overlap import Seen, is_proved
from training.unknown_labels import shown_labels

_TIMED = 200  # complaints scored one by one to measure speed; more would only take longer
DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Contender:
    """A model, its name, and what is known about the age of its training data."""

    name: str
    model: ComplaintModel
    seen: Seen = field(default_factory=Seen)


def compare(
    champion: Contender,
    challenger: Contender,
    rows: Sequence[Labelled],
    rules: GateParams,
    region: Region | None = None,
) -> Comparison:
    """Compare two models on complaints that neither has seen, as far as dates prove it.

    Parameters
    ----------
    region
        The region that both were trained for, whose agencies of today the labels name; ``None`` if there is none.

    Raises
    ------
    DataError
        If no row has an agency.
    """
    labelled = [row for row in rows if row.agency]
    if not labelled:
        raise DataError("No complaint has an agency to compare on.", mend="Name its column: --agency.")
    old, new = (_Hits.of(contender.model, labelled, region) for contender in (champion, challenger))
    days = sorted(row.created_at.date() for row in labelled if row.created_at)
    known = {*old.codes, *new.codes, *(region.agencies if region else ())}
    texts = [row.complaint.text for row in labelled]
    names = np.array(shown_labels([str(row.agency) for row in labelled], texts, known))
    agencies = ((str(name), names == name) for name in np.unique(names))
    slices = ((f"{part.aspect}: {part.name}", part.inside) for part in slices_of(labelled))
    urgent, urgency_cost = _urgency(champion.model, challenger.model, rows, region)
    unjudged = Comparison(
        champion=champion.name,
        challenger=challenger.name,
        rows=len(labelled),
        since=days[0] if days else None,
        until=days[-1] if days else None,
        top1=paired(old.first, new.first),
        top3=paired(old.three, new.three),
        calibration=(_calibration_error(old), _calibration_error(new)),
        alone=_alone(old, new),
        urgent=urgent,
        urgency_cost=urgency_cost,
        agencies=_groups(agencies, old, new),
        slices=_groups(slices, old, new),
        lost_agencies=tuple(sorted(set(old.codes) - set(new.codes))),
        new_agencies=tuple(sorted(set(new.codes) - set(old.codes))),
        week=_week(old, new, labelled),
        cost=_costs(champion.model, challenger.model, labelled),
        proved=is_proved(rows, champion.seen, challenger.seen),
        verdict=Verdict(False, ()),
    )
    return replace(unjudged, verdict=judge(unjudged, rules))


def paired(champion: NDArray[np.bool_], challenger: NDArray[np.bool_]) -> Paired:
    """Compare the hits of two models row by row."""
    return _paired(champion.astype(float), challenger.astype(float), int((challenger > champion).sum()))


def paired_costs(champion: NDArray[np.float64], challenger: NDArray[np.float64]) -> Paired:
    """Compare the costs of two models row by row; the cheaper one wins a row."""
    return _paired(champion, challenger, int((challenger < champion).sum()))


def _paired(champion: NDArray[np.float64], challenger: NDArray[np.float64], won: int) -> Paired:
    """Compare two figures row by row, of which the challenger's is better in ``won`` rows."""
    lost = int((champion != challenger).sum()) - won
    return Paired(
        rows=len(champion),
        champion=float(champion.mean()),
        challenger=float(challenger.mean()),
        change=metrics.bootstrap_mean(challenger - champion),
        won=won,
        lost=lost,
        p=float(binomtest(won, won + lost).pvalue) if won + lost else 1.0,
    )


@dataclass(frozen=True)
class _Hits:
    """One model's results on the rows: whether it was right, its confidence, and what it would suggest alone."""

    codes: list[str]
    first: NDArray[np.bool_]
    three: NDArray[np.bool_]
    probability: NDArray[np.float32]
    named: NDArray[np.str_]
    alone: NDArray[np.bool_]

    @classmethod
    def of(cls, model: ComplaintModel, rows: Sequence[Labelled], region: Region | None) -> _Hits:
        answers = answers_of(model, [analyse(row.complaint) for row in rows], region)
        codes, scores = answers.codes, answers.agency
        ranked = np.array(codes)[np.argsort(-scores, axis=1, kind="stable")[:, :3]]
        truth = np.array([answers.class_of(str(row.agency)) for row in rows])
        hits = ranked == truth[:, None]
        alone = model.policy.suggests(codes, scores)
        return cls(codes, hits[:, 0], hits.any(axis=1), scores.max(axis=1), ranked[:, 0], alone)


def _groups(parts: Iterable[tuple[str, NDArray[np.bool_]]], old: _Hits, new: _Hits) -> tuple[Group, ...]:
    """Compare within each part, given as a name and its rows; the largest first."""
    groups = [Group(name, paired(old.first[inside], new.first[inside])) for name, inside in parts]
    return tuple(sorted(groups, key=lambda group: -group.top1.rows))


def _calibration_error(hits: _Hits) -> float:
    return metrics.calibration_error(hits.probability, hits.first)


def _alone(old: _Hits, new: _Hits) -> Alone | None:
    right = [hits.first[hits.alone] for hits in (old, new)]
    if not all(map(len, right)):
        return None
    before, after = right
    return Alone(
        (float(old.alone.mean()), float(new.alone.mean())),
        (float(before.mean()), float(after.mean())),
        metrics.share_gap(after, before),
    )


def _urgency(
    champion: ComplaintModel, challenger: ComplaintModel, rows: Sequence[Labelled], region: Region | None
) -> tuple[Paired | None, Paired | None]:
    """Compare how many urgent complaints are found, and what all misjudgements cost, false alarms among them."""
    judged = [(row, row.urgency) for row in rows if row.urgency]
    if not judged:
        return None, None
    analyses = [analyse(row.complaint) for row, _ in judged]
    told = [answers_of(model, analyses, region).levels for model in (champion, challenger)]
    costs = region.urgency_costs if region else national_costs()
    cost = [np.array([costs.of(true, each) for (_, true), each in zip(judged, levels, strict=True)]) for levels in told]
    urgent = np.array([true in ALARMS for _, true in judged])
    found = [np.isin(levels, list(ALARMS))[urgent] for levels in told]
    return paired(*found) if urgent.any() else None, paired_costs(*cost)


def _week(old: _Hits, new: _Hits, rows: Sequence[Labelled]) -> MeanWeek:
    """Return the mean week of the rows with a date; without dates, all rows as one week."""
    days = [row.created_at.date() for row in rows if row.created_at]
    weeks = max(1.0, ((max(days) - min(days)).days + 1) / DAYS_OF_WEEK) if days else 1.0
    counted = np.array([not days or row.created_at is not None for row in rows])
    both = (old, new)

    def per_week(hits: Sequence[NDArray[np.bool_]]) -> tuple[float, float]:
        return float(hits[0][counted].sum() / weeks), float(hits[1][counted].sum() / weeks)

    return MeanWeek(
        complaints=float(counted.sum() / weeks),
        first=per_week([one.first for one in both]),
        among_three=per_week([one.three & ~one.first for one in both]),
        search=per_week([~one.three for one in both]),
        different=float((old.named != new.named)[counted].sum() / weeks),
    )


def _costs(champion: ComplaintModel, challenger: ComplaintModel, rows: Sequence[Labelled]) -> tuple[Cost, Cost]:
    """Time both alternately, complaint by complaint, so that other load on the machine slows both equally."""
    analyses = [analyse(row.complaint) for row in rows[:_TIMED]]
    times = [[_seconds(model, each) for model in (champion, challenger)] for each in analyses]
    old, new = (np.median(times, axis=0) * 1e6).tolist()
    return Cost(old, _megabytes(champion)), Cost(new, _megabytes(challenger))


def _seconds(model: ComplaintModel, analysis: Analysis) -> float:
    started = time.perf_counter()
    model.score([analysis])
    return time.perf_counter() - started


def _megabytes(model: ComplaintModel) -> float:
    return sum(classifier.coef_.nbytes for classifier in (model.agency, model.urgency.level)) / 1e6
