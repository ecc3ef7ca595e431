"""Who acts at once when a text names a danger: the agencies that an emergency goes to before all others.

Responsibilities are learnt from words, and emergencies are rare: a body in the bushes is described in the words of the
waste office's complaints. But a recognised danger (:mod:`pipeline.urgency`) decides by itself who rescues, treats or
makes safe; the region states this in ``responders`` of ``region.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from pipeline.complaint import Decision, Level
from pipeline.model.dangers import Signs
from pipeline.model.scorer import Scores
from pipeline.region import Region

# Factor on the odds of responders, per danger. Values from 2 to 256 were tried on 200 written emergencies: with this
# one the words still decide between responders, and overrule them where they leave no doubt (docs/urgency.md).
RESPONDER_ODDS = 32
# Least probability of ``darurat`` for a danger to decide who acts. Below it the rules mostly took a figure of speech
# for a danger, which may raise an alarm but must not reroute an ordinary complaint.
MIN_BELIEF = 0.15
MAX_OFFERED = 2  # responders in a note and among the choices, the most probable first


class Responders:
    """Tells who responds to the dangers that a text names.

    Parameters
    ----------
    agencies
        Codes of the model's agencies, in the order of its probabilities.
    levels
        The model's levels of urgency, likewise.
    region
        States who responds; where labels are taken as they are, nobody does.
    """

    def __init__(self, agencies: Sequence[str], levels: Sequence[str], region: Region) -> None:
        self._region = region
        self._emergency = list(levels).index(Level.DARURAT) if Level.DARURAT in levels else None
        self._codes = {danger: region.handling(urusan) for danger, urusan in region.responders.items()}
        self._odds = {
            danger: np.array([RESPONDER_ODDS if code in codes else 1 for code in agencies], dtype=np.float32)
            for danger, codes in self._codes.items()
        }

    def called(self, scores: Scores) -> dict[int, list[str]]:
        """Return, by row, the real dangers of the highest class that the model believes and that have responders.

        Rows without any are left out; most have none.
        """
        believed = None if self._emergency is None else scores.urgency[:, self._emergency] >= MIN_BELIEF
        return {
            row: named
            for row, dangers in enumerate(scores.dangers)
            if dangers and (believed is None or believed[row]) and (named := self._stated(dangers))
        }

    def weighed(self, scores: Scores, called: Mapping[int, Sequence[str]]) -> Scores:
        """Return the scores with the responders to each danger of a text ``RESPONDER_ODDS`` times as likely.

        Parameters
        ----------
        called
            The dangers, see :meth:`called`.
        """
        if not called:
            return scores
        agency = scores.agency.copy()
        for row, dangers in called.items():
            agency[row] *= np.prod([self._odds[danger] for danger in dangers], axis=0)
            agency[row] /= agency[row].sum()
        return replace(scores, agency=agency)

    def decide(
        self,
        dangers: Sequence[str],
        by_words: str,
        ranked: Sequence[str],
        decision: Decision,
        note: str | None,
    ) -> tuple[Decision, str | None, list[str]]:
        """Return what the dispatcher is asked to do in an emergency, why, and the codes of responders to offer as well.

        An emergency always has agencies to choose from, and is never suggested only to one that doesn't respond to it.

        Parameters
        ----------
        dangers
            Those that the text names, see :meth:`called`.
        by_words
            Code of the agency that would be the most probable today if no danger counted.
        ranked
            Codes of the agencies that act today, the most probable first; see :meth:`weighed`.
        decision, note
            What the policy says, which knows of no danger.
        """
        responding = frozenset[str]().union(*[self._codes[danger] for danger in dangers])
        names = self._region.agencies
        offered = [code for code in ranked if code in responding][:MAX_OFFERED]
        if not offered:
            return decision, note, []
        if ranked[0] not in responding:
            told = " atau ".join(names[code].name for code in offered)
            return Decision.CHOOSE, f"Bahaya seperti ini biasanya ditangani dulu oleh {told}.", offered
        if decision is Decision.READ:
            return Decision.CHOOSE, note, []
        if by_words not in responding:
            note = f"Didahulukan karena bahayanya; menurut kata-katanya saja {names[by_words].name}."
        return decision, note, []

    def _stated(self, dangers: Signs) -> list[str]:
        ids = [sign.cue.id for sign in dangers if sign.level is Level.DARURAT and self._codes.get(sign.cue.id)]
        return list(dict.fromkeys(ids))
