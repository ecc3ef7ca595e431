"""Past labels moved to the agencies that act today."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import numpy as np

from pipeline.complaint import Complaint
from pipeline.model import ComplaintFeatures
from pipeline.region import Region


class LabelMover:
    """Moves labels of ended agencies to their successors.

    If an agency was divided, a complaint goes to the part that took over the most similar problem: the catalogue's
    phrasings are compared by the cosine of their features.

    Parameters
    ----------
    region
        Whose agencies.
    day
        The day whose agencies the labels should name.
    """

    def __init__(self, region: Region, day: dt.date) -> None:
        self._region = region
        self._day = day
        self._nearest = cache(self._make_nearest)

    def move(self, code: str, complaint: Complaint) -> str:
        """Return the code of the agency that acts today for a complaint that was labelled ``code``."""
        acting = self._region.current(code, self._day)
        urusan = self._region.agencies[code].urusan
        if len(acting) == 1 or not urusan:
            return acting[0]
        return self._region.current(code, self._day, self._guess(urusan, complaint))[0]

    def _guess(self, urusan: tuple[str, ...], complaint: Complaint) -> str:
        features, phrasings, names = self._nearest(urusan)
        similarity = phrasings @ features.transform([complaint]).T
        return names[int(np.argmax(similarity.toarray().ravel()))]

    def _make_nearest(self, urusan: tuple[str, ...]) -> tuple[ComplaintFeatures, Any, list[str]]:
        texts = [
            (f"{field.urusan}/{problem.id}", text)
            for field, problem in self._region.problems()
            if {field.urusan, f"{field.urusan}/{problem.id}"} & set(urusan)
            for _, text in problem.texts
        ]
        features = ComplaintFeatures(min_df=1)
        phrasings = features.fit_transform([text for _, text in texts])
        return features, phrasings, [name for name, _ in texts]
