"""Turns what a router found into an answer: the suggestion with its reasons, or the short routing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.complaint import (
    ALARMS,
    AgencyScore,
    Complaint,
    Decision,
    Kind,
    Level,
    Part,
    Place,
    Span,
    Suggestion,
    Urgency,
    Word,
)
from pipeline.highlights import marked_words, quoted, telling_words
from pipeline.model import Analysis
from pipeline.model.explanation import compared
from pipeline.model.parts import cuts_of, problems_of, sides_of
from pipeline.model.scorer import Scorer, Scores
from pipeline.region import Region
from pipeline.region.succession import Acting
from pipeline.routing import Routing
from pipeline.urgency import tell_reasons

MIN_AGENCIES = 5  # shown at least; more if there are more to choose from
ROUTED_AGENCIES = 3  # in the short answer
MAX_REASONS = 3


class Finding(NamedTuple):
    """What was found in one complaint of a batch, at ``row`` of its scores."""

    complaint: Complaint
    analysis: Analysis
    scores: Scores
    row: int
    level: Level
    acting: Acting
    agency: NDArray[np.float32]  # probabilities of the agencies that act
    order: NDArray[np.intp]
    place: Place | None
    decision: Decision
    notes: tuple[str, ...]
    offered: Sequence[str]  # codes of agencies to choose from whatever their probability


class Presenter:
    """Builds answers from what was found.

    Parameters
    ----------
    model
        The model that found it, which also explains it.
    region
        Names its agencies and their deadlines.
    name
        Name of the model version, repeated in every suggestion.
    """

    def __init__(self, model: Scorer, region: Region, name: str) -> None:
        self._model = model
        self._region = region
        self._name = name
        self._levels = [Level(level) for level in model.urgency.classes_]
        self._kinds = [Kind(kind) for kind in model.urgency.kinds]
        self._per_place = {code for code in region.agencies if region.is_per_place(code)}

    def routing(self, found: Finding) -> Routing:
        """Return the short answer."""
        told = self._reasons(found)
        return Routing(
            self._agencies(found, found.order[:ROUTED_AGENCIES]),
            found.decision,
            found.level,
            round(float(found.scores.urgency[found.row, self._levels.index(found.level)]), 4),
            tuple(dict.fromkeys(reason for reason, _ in told)),
            found.place,
        )

    def suggestion(self, found: Finding) -> Suggestion:
        """Return the full answer, with its explanation."""
        analysis, scores, row = found.analysis, found.scores, found.row
        codes = found.acting.codes
        moves = found.acting.moves
        # Those for which nobody acts any more come last: no word of theirs explains what is offered.
        trained = found.order if moves is None else np.argsort(-scores.agency[row] * moves.any(axis=1), kind="stable")
        choices = self._model.policy.choices(found.agency, found.order)
        shown = found.order[: max(MIN_AGENCIES, len(choices))]
        if found.offered:
            choices, shown = (_with_offered(found, positions) for positions in (choices, shown))
        kind = self._kind(scores.kind[row], found.level)
        shares = self._model.token_scores(analysis)
        return Suggestion(
            id=found.complaint.id,
            agencies=self._agencies(found, shown),
            urgency=self._urgency(found),
            place=found.place,
            decision=found.decision,
            words=marked_words(analysis, compared(shares, int(trained[0])).tolist()),
            model=self._name,
            notes=found.notes,
            instead=self._instead(found, shares, trained),
            parts=self._parts(found),
            choices=tuple([codes[i] for i in choices]) if found.decision is not Decision.READ else (),
            kind=kind,
            kinds=_rounded(self._model.urgency.kinds, scores.kind[row]),
            answer_within=self._region.answer_within,
            settle_within=self._region.sla_working_days(codes[int(found.order[0])], found.level, kind),
        )

    def _agencies(self, found: Finding, shown: NDArray[np.intp]) -> tuple[AgencyScore, ...]:
        codes = found.acting.codes
        probabilities = found.agency[shown].tolist()
        return tuple(
            [
                AgencyScore(codes[i], self._agency_name(codes[i], found.place), round(probability, 4))
                for i, probability in zip(shown.tolist(), probabilities, strict=True)
            ]
        )

    def _parts(self, found: Finding) -> tuple[Part, ...]:
        """Return the problems of a message that clearly contains several, for different present agencies."""
        analysis, codes = found.analysis, found.acting.codes
        cuts = cuts_of(analysis)
        if not cuts:
            return ()
        probabilities = found.acting.moved(self._model.agency_probabilities(sides_of(analysis, cuts)))
        nothing = frozenset(i for i, code in enumerate(codes) if code in self._model.policy.out_of_scope)
        return tuple(
            Part(
                analysis.tokens[side.first].start,
                analysis.tokens[side.last].end,
                codes[side.agency],
                self._agency_name(codes[side.agency], found.place),
                round(side.probability, 4),
            )
            for side in problems_of(analysis, cuts, probabilities, nothing)
        )

    def _instead(self, found: Finding, shares: NDArray[np.float32], trained: NDArray[np.intp]) -> tuple[Word, ...]:
        """Return what speaks for the second agency against the first; nothing if one acts for both today, or none."""
        first, second = int(trained[0]), int(trained[1])
        moves = found.acting.moves
        if moves is not None and ((moves[first] == moves[second]).all() or not moves[second].any()):
            return ()
        return marked_words(found.analysis, compared(shares, second, against=first).tolist())

    def _agency_name(self, code: str, place: Place | None) -> str:
        """Return an agency's name; for an office that exists once per place, the name of the one at the place."""
        name = self._region.agencies[code].name
        if place is None or code not in self._per_place:
            return name
        kind = self._region.kind_of(code)
        if kind == "kecamatan":
            return f"{name} {place.kecamatan}"
        return f"{name} {place.name}" if place.kind == kind else name

    def _kind(self, probabilities: NDArray[np.float32], level: Level) -> Kind:
        """Return the most probable kind; a message that names a danger is a complaint, however it is worded."""
        if level in ALARMS:
            return Kind.PENGADUAN
        return self._kinds[int(probabilities.argmax())]

    def _urgency(self, found: Finding) -> Urgency:
        told = self._reasons(found)
        tokens = found.analysis.tokens
        spans = tuple(where if isinstance(where, Span) else tokens[where].span for _, where in told)
        return Urgency(
            level=found.level,
            probabilities=_rounded(self._model.urgency.classes_, found.scores.urgency[found.row]),
            reasons=tuple(dict.fromkeys(reason for reason, _ in told)),
            spans=spans,
        )

    def _reasons(self, found: Finding) -> list[tuple[str, Span | int]]:
        """Return the reasons for the urgency and their spans: dangers, or else the words that counted most."""
        named = tell_reasons(found.analysis.text, found.scores.dangers[found.row], found.level)[:MAX_REASONS]
        if named:
            return list(named)
        shares = self._model.explain_urgency(found.analysis)
        telling = telling_words(found.analysis, shares, found.level, found.place)[:MAX_REASONS]
        return [(quoted(found.analysis, position), position) for position in telling]


def _with_offered(found: Finding, positions: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the positions together with those of additionally offered agencies, the most probable first."""
    offered = [found.acting.codes.index(code) for code in found.offered]
    return found.order[np.isin(found.order, [*positions.tolist(), *offered])]


def _rounded(names: Iterable[str], probabilities: NDArray[np.float32]) -> dict[str, float]:
    return {name: round(p, 4) for name, p in zip(names, probabilities.tolist(), strict=True)}
