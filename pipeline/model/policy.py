"""What the dispatcher is asked to do: confirm, choose, or read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import Decision
from pipeline.model.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Policy:
    """The thresholds between the three decisions; saved with the model.

    Attributes
    ----------
    suggest_probability
        Probability of the first agency from which it is suggested alone. The default serves models without real
        complaints: on 755 unseen real ones it gives a precision of 0.962, above the target of 0.95 (docs/starter.md).
    own_suggest_probability
        The threshold of agencies that need their own, by the codes in use when it was chosen.
    choose_probability
        Probability from which an agency belongs to the set to choose from.
    read_probability
        Probability of the first agency below which the text is called unclear.
    min_words
        Different familiar words that a text needs to be clear.
    min_familiar_share
        Share of a text's words that the model must know; below it the text is in another language or no language.
    out_of_scope
        Codes of agencies that mean "nothing to route".
    """

    suggest_probability: float = 0.75
    own_suggest_probability: Mapping[str, float] = field(default_factory=dict, hash=False)
    choose_probability: float = 0.05
    read_probability: float = 0.12
    min_words: int = 2
    min_familiar_share: float = 0.5
    out_of_scope: tuple[str, ...] = ("bukan-aduan",)

    def suggests(self, agencies: Sequence[str], probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Tell for each complaint whether its first agency is probable enough to be suggested, shape (n_complaints,).

        Parameters
        ----------
        agencies
            Codes in the order of the probabilities.
        probabilities
            Calibrated, shape (n_complaints, n_agencies).
        """
        least = np.array([self._suggested_from(code) for code in agencies], dtype=probabilities.dtype)
        enough: NDArray[np.bool_] = probabilities.max(axis=1) >= least[probabilities.argmax(axis=1)]
        return enough

    def choices(self, probabilities: NDArray[np.float32], order: NDArray[np.intp] | None = None) -> NDArray[np.intp]:
        """Return the positions of the agencies to choose from, the most probable first; never none.

        Parameters
        ----------
        probabilities
            Calibrated probability of each agency, shape (n_agencies,).
        order
            All positions, the most probable first, where they are known.
        """
        if order is None:
            order = np.argsort(-probabilities, kind="stable")
        return order[: max(1, np.count_nonzero(probabilities >= self.choose_probability))]

    def never_offers_several(self) -> bool:
        """Tell whether a dispatcher who should choose never gets more than one agency to choose from.

        The right agency should be among those offered as often as the coverage demands; if that is low enough, the
        first agency alone achieves it.
        """
        highest = max(self.suggest_probability, *self.own_suggest_probability.values(), 0.0)
        return self.choose_probability >= min(highest, 0.5)  # two probabilities cannot both be above a half

    def decide(
        self, analysis: Analysis, familiar: frozenset[str], first: str, probability: float
    ) -> tuple[Decision, str | None]:
        """Return the decision, and for ``read`` the reason in Indonesian.

        Parameters
        ----------
        analysis
            The analysed complaint.
        familiar
            Words that the model knows well.
        first
            Code of the most probable agency.
        probability
            Its calibrated probability.
        """
        words = analysis.lettered()
        known = [word for word in words if word in familiar]
        if len(set(known)) < self.min_words:
            return Decision.READ, "Teksnya terlalu sedikit untuk disimpulkan."
        if len(known) < self.min_familiar_share * len(words):
            return Decision.READ, "Sebagian besar kata tidak dikenal; mungkin bahasa lain."
        if first in self.out_of_scope:
            return Decision.READ, "Tampaknya bukan aduan."
        if probability < self.read_probability:
            return Decision.READ, "Tidak ada instansi yang cukup menonjol."
        if probability < self._suggested_from(first):
            return Decision.CHOOSE, None
        return Decision.SUGGEST, None

    def _suggested_from(self, code: str) -> float:
        return self.own_suggest_probability.get(code, self.suggest_probability)
