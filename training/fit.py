"""Fitting the model: features, agency, urgency."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import Complaint
from pipeline.errors import DataError
from pipeline.model import (
    BalancedRidgeClassifier,
    ComplaintFeatures,
    ComplaintModel,
    UrgencyModel,
    analyse,
    urgency_model,
)
from pipeline.region import Region
from pipeline.region.succession import today
from training.background import beside
from training.calibrate import HeldOut, calibrated
from training.data import Labelled
from training.doubted_labels import doubted_labels
from training.duplicates import fold_groups, text_key
from training.message_kinds import kind_of
from training.params import Params, StarterParams
from training.starter import generate
from training.starter.situations import load_situations

Report = Callable[[str], None]  # is told the current step


def fit_model(
    rows: Sequence[Labelled], urgency_rows: Sequence[Labelled], params: Params, report: Report = lambda _: None
) -> ComplaintModel:
    """Fit agency and urgency, and calibrate; see :func:`fit_uncalibrated`."""
    return calibrated(*fit_uncalibrated(rows, urgency_rows, params, report), params)


def fit_uncalibrated(
    rows: Sequence[Labelled], urgency_rows: Sequence[Labelled], params: Params, report: Report = lambda _: None
) -> tuple[ComplaintModel, HeldOut]:
    """Fit agency and urgency, and return the model and the held-out scores for :func:`training.calibrate.calibrated`.

    Parameters
    ----------
    rows
        Complaints with agency; those without are left out.
    urgency_rows
        Complaints with urgency; those without are left out.
    params
        See :mod:`training.params`.
    report
        Called with a line on each step.

    Raises
    ------
    DataError
        If there are not two agencies, or no urgency, to learn from.
    """
    rows = [row for row in rows if row.agency]
    urgency_rows = [row for row in urgency_rows if row.urgency]
    for what, labels in (("agency", {row.agency for row in rows}), ("urgency", {row.urgency for row in urgency_rows})):
        if len(labels) < 2:
            raise DataError(
                f"The rows have {len(labels)} distinct label(s) for {what}; a model needs two.",
                mend=f"Add more rows, or name the column with --{what}.",
            )
    with beside(lambda: _fit_urgency(urgency_rows, params)) as urgency:
        report("Extracting features")
        features = ComplaintFeatures(**params.features.model_dump())
        X = features.fit_factored([analyse(row.complaint) for row in rows])
        report(f"Fitting agency: {len(rows):,} complaints, {X.shape[1]:,} features")
        agency, held_out = _fit_agency(X, rows, params)
        report(f"Fitting urgency: {len(urgency_rows):,} complaints")
        return ComplaintModel(features, agency, urgency()), held_out


def starter_rows(region: Region, params: StarterParams, count: int | None = None) -> list[Labelled]:
    """Return rows of the starter corpus, grouped by the phrasing they were made from."""
    corpus = generate(region, count or params.rows, seed=params.seed, noise=params.noise, priors=params.priors)
    return [
        Labelled(Complaint(row.text), row.agency, row.urgency, row.problem, f"starter {row.phrasing}") for row in corpus
    ]


def situation_rows(weight: float) -> list[Labelled]:
    """Return the written situations, for urgency alone."""
    return [
        Labelled(
            Complaint(situation.text),
            agency=None,
            urgency=situation.urgency,
            group=situation.id,
            weight=weight,
            kind=situation.kind,
        )
        for situation in load_situations()
    ]


def situations_of(region: Region, weight: float) -> list[Labelled]:
    """Return the written situations whose urusan is stated, for the agencies of the region that handle it today.

    If there are several, they share the weight.
    """
    rows: list[Labelled] = []
    day = today(region)
    for situation in load_situations():
        agencies = region.responsible(situation.urusan, "", day) if situation.urusan else []
        rows += [
            Labelled(Complaint(situation.text), agency.code, group=situation.id, weight=weight / len(agencies))
            for agency in agencies
        ]
    return rows


def blend(real: Sequence[Labelled], starter: Sequence[Labelled], params: StarterParams) -> list[Labelled]:
    """Return the real rows and the starter rows; a starter row weighs less the more real rows its class has.

    A starter row of a class with ``n`` real rows counts ``full_weight · half_at / (half_at + n)`` times, so that a
    class without real rows is learnt from the starter corpus, and a large one from real complaints.
    """
    counts = Counter(row.agency for row in real)
    weight = {
        code: params.full_weight * params.half_at / (params.half_at + counts[code])
        for code in {row.agency for row in starter}
    }
    return [*real, *(replace(row, weight=row.weight * weight[row.agency]) for row in starter)]


def _fit_urgency(rows: Sequence[Labelled], params: Params) -> UrgencyModel:
    return urgency_model(
        [analyse(row.complaint) for row in rows],
        [str(row.urgency) for row in rows],
        [kind_of(row) for row in rows],
        weights=np.array([row.weight for row in rows]),
        groups=fold_groups(rows),
        **params.urgency.model_dump(exclude={"situation_weight"}),
    )


def _fit_agency(X: Any, rows: Sequence[Labelled], params: Params) -> tuple[BalancedRidgeClassifier, HeldOut]:
    """Fit agency, twice if real labels may be doubted; return it with its held-out scores.

    The first fit has no stacking: the bounds of doubt were chosen without it.
    """
    labels = np.array([row.agency for row in rows])
    given = np.array([row.weight for row in rows])
    weights = given.copy()
    groups = fold_groups(in_spans_of_time(rows, params.classifier.folds))
    settings = params.classifier.model_dump()
    classifier = BalancedRidgeClassifier(**settings, warm_start=True)
    doubted: NDArray[np.bool_] | None = None
    if params.labels.doubted_weight != 1 and any(row.group is None for row in rows):
        classifier.set_params(stacking_penalty=None).fit_folds(X, labels, sample_weight=weights, groups=groups)
        doubted = doubted_labels(classifier, HeldOut.of(classifier, rows), params.labels)
        weights[classifier.held_out_rows_[doubted]] *= params.labels.doubted_weight
        classifier.set_params(stacking_penalty=settings["stacking_penalty"])
    # In the held-out scores a doubted label has full weight, since the model is measured on it.
    classifier.fit(X, labels, sample_weight=weights, groups=groups, held_out_weight=given)
    held_out = HeldOut.of(classifier, rows)
    return classifier, held_out if doubted is None else replace(held_out, doubted=doubted)


def in_spans_of_time(rows: Sequence[Labelled], spans: int) -> list[Labelled]:
    """Return the rows, with the dated ones grouped into spans of time with equally many complaints.

    One flood causes a hundred similar complaints. If they were held out at random, similar ones in the training folds
    would make the accuracy look better than it will be next month (docs/quality.md).
    """
    dated = [number for number, row in enumerate(rows) if row.created_at and row.group is None]
    dated.sort(key=lambda number: str(rows[number].created_at))
    texts = list(map(text_key, rows))
    span: dict[str, str] = {}
    for place, number in enumerate(dated):
        # Repeats of a text, with a date or without, stay in the group of the first one.
        span.setdefault(texts[number], f"time {place * spans // len(dated)}")
    return [row if row.group else replace(row, group=span.get(text)) for row, text in zip(rows, texts, strict=True)]
