"""A model's answers to complaints, as the router gives them: with today's agencies and the region's costs.

The labels that a model is evaluated with are moved to today's agencies (:mod:`training.reorganisation`). A model that
was trained before a reorganisation names the old agencies, all of which would count as wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import Level
from pipeline.model import Analysis, ComplaintModel
from pipeline.region import Region, national_costs
from pipeline.region.succession import Acting, acting_on, check_known, today
from pipeline.responders import Responders
from pipeline.urgency import decide_levels
from training.data import OTHERS, Labelled
from training.unknown_labels import shown_labels


@dataclass(frozen=True, slots=True)
class Answers:
    """A model's answers to some complaints.

    Attributes
    ----------
    codes
        The agencies that act today for those that the model was trained with.
    agency
        Their probabilities, shape (n_complaints, n_codes).
    levels
        The urgency given for each complaint.
    """

    codes: list[str]
    agency: NDArray[np.float32]
    levels: list[Level]

    def class_of(self, label: str) -> str:
        """Return the class that is right for a label: ``OTHERS`` for one without a class, if the model has that."""
        return OTHERS if OTHERS in self.codes and label not in self.codes else label


def answers_of(
    model: ComplaintModel, analyses: Sequence[Analysis], region: Region | None, *, by_words: bool = False
) -> Answers:
    """Return the answers of ``model``.

    Parameters
    ----------
    region
        The region that it was trained for; ``None`` leaves its agencies as they are, and urgency at national costs.
    by_words
        Ignore dangers and their responders: as in training, thresholds are chosen for the words alone.

    Raises
    ------
    ModelRegionError
        If the region lacks agencies that the model was trained with.
    """
    trained = [str(code) for code in model.agency.classes_]
    acting = acting_today(trained, region)
    scores = model.score(analyses)
    if region and not by_words:
        responders = Responders(trained, list(map(str, model.urgency.classes_)), region)
        scores = responders.weighed(scores, responders.called(scores))
    costs = region.urgency_costs if region else national_costs()
    return Answers(
        acting.codes,
        acting.moved(scores.agency),
        decide_levels(model.urgency.classes_, scores.urgency, scores.dangers, costs),
    )


def shown_classes(answers: Answers, rows: Sequence[Labelled], region: Region | None) -> list[str]:
    """Return the right class of each complaint with a label; a label without a class only as it may be shown."""
    known = {*answers.codes, *(region.agencies if region else ())}
    right = [answers.class_of(str(row.agency)) for row in rows]
    return shown_labels(right, [row.complaint.text for row in rows], known)


def acting_today(trained: Sequence[str], region: Region | None) -> Acting:
    """Return the agencies that act today for those that a model was trained with; without a region the same.

    Raises
    ------
    ModelRegionError
        If the region lacks some of them.
    """
    if region is None:
        return Acting(list(trained), None)
    check_known(trained, region)
    return acting_on(today(region), trained, region)
