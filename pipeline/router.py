"""Router: the one object that answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.artifact import load_model, load_scorer
from pipeline.champion import resolve_model
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
from pipeline.errors import ComplaintError, ModelError
from pipeline.manifest import Manifest
from pipeline.marking import marked_words, quoted, telling_words
from pipeline.model import Analysis, analyse
from pipeline.model.explanation import compared
from pipeline.model.parts import cuts_of, sides_of, two_problems
from pipeline.model.scorer import Scorer, Scores
from pipeline.region import Region
from pipeline.region.elsewhere import ElsewhereFinder
from pipeline.region.moves import Acting, acting_on, check_known, today
from pipeline.region.places import place_finder
from pipeline.routing import Routing
from pipeline.text.tokens import read_words
from pipeline.trained_region import region_of_model
from pipeline.urgency import decide_levels, tell_reasons

MIN_AGENCIES = 5  # shown at least; more if there are more to choose from
ROUTED_AGENCIES = 3  # in the short answer
MAX_REASONS = 3


class Router:
    """Suggests agency and urgency for complaints.

    Parameters
    ----------
    model
        The trained model, compiled.
    region
        The region they were trained for.
    name
        Name of the model version, repeated in every suggestion.
    today
        Returns the day whose agencies are suggested: a server that runs for months outlives reorganisations.

    Examples
    --------
    >>> router = Router.load("models/default")  # doctest: +SKIP
    >>> router.suggest("lampu jalan depan pasar mati seminggu").agencies[0].name  # doctest: +SKIP
    'Dinas Perhubungan'
    """

    def __init__(self, model: Scorer, region: Region, name: str, *, today: Callable[[], dt.date] = today) -> None:
        self.model = model
        self.region = region
        self.name = name
        trained = list(model.agencies)
        check_known(trained, region)
        self._today = today
        self._acting_on = lru_cache(maxsize=2)(partial(acting_on, trained=trained, region=region))
        self._places = place_finder(region)
        self._elsewhere = ElsewhereFinder(region.code, region.places.values(), region.neighbours)
        self._levels = [Level(level) for level in model.urgency.classes_]
        self._kinds = [Kind(kind) for kind in model.urgency.kinds]
        self._per_place = {code for code in region.agencies if region.is_per_place(code)}
        self._loaded: _Loaded | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # What answers is mapped from files and remembers words: another process maps the same files.
        if self._loaded is None:
            raise TypeError("Only a router that was loaded from a folder can be pickled; use Router.load.")
        return _load_again, (type(self), self.name, self._loaded)

    @property
    def codes(self) -> list[str]:
        """The codes of today's agencies, in order."""
        return self._acting_on(self._today()).codes

    @classmethod
    def load(
        cls,
        path: str | Path,
        region: str | Path | None = None,
        *,
        reference: bool = False,
        today: Callable[[], dt.date] = today,
    ) -> Self:
        """Load a model's folder.

        Parameters
        ----------
        path
            The model's folder, or the folder of models whose champion shall answer.
        region
            The region's folder; by default the one the model was trained for.
        reference
            Answer by the scikit-learn estimators instead of what is compiled from them.
        today
            Returns the day whose agencies are suggested.

        Raises
        ------
        ModelError
            If the model cannot be used, or was trained for another region.
        RegionError
            If the region cannot be used.
        """
        folder = resolve_model(Path(path))
        model, manifest = _reference(folder) if reference else load_scorer(folder)
        router = cls(model, region_of_model(manifest, folder, region), manifest.name, today=today)
        given = str(Path(region).resolve()) if region and Path(region).is_dir() else region
        router._loaded = _Loaded(folder.resolve(), given, reference, today)
        return router

    def suggest(self, complaint: Complaint | str) -> Suggestion:
        """Return the suggestion for one complaint.

        Raises
        ------
        ComplaintError
            If a bare text is empty or too long; a :class:`Complaint` was checked when it was made.
        """
        return self.suggest_many([complaint])[0]

    def suggest_many(self, complaints: Iterable[Complaint | str]) -> list[Suggestion]:
        """Return the suggestions for many complaints, in their order.

        Raises
        ------
        ComplaintError
            As :meth:`suggest`; a note names the complaint.
        """
        return [self._suggestion(found) for found in self._findings(complaints)]

    def route_many(self, complaints: Iterable[Complaint | str]) -> list[Routing]:
        """Return what :meth:`suggest_many` decides of many complaints, without what explains it: half the work.

        Raises
        ------
        ComplaintError
            As :meth:`suggest`.
        """
        return [self._routing(found) for found in self._findings(complaints)]

    def words_for(self, complaint: Complaint, code: str) -> tuple[Word, ...]:
        """Return the words of a complaint that speak for and against one agency; none if the model never learned it."""
        trained = list(self.model.agencies)
        if code not in trained:
            return ()
        analysis = analyse(complaint)
        return marked_words(analysis, self.model.explain_agency(analysis, trained.index(code)).tokens.tolist())

    def _findings(self, complaints: Iterable[Complaint | str]) -> Iterator[_Found]:
        checked = _checked(complaints)
        analyses = [analyse(complaint) for complaint in checked]
        scores = self.model.score(analyses)
        levels = decide_levels(self._levels, scores.urgency, scores.dangers, self.region.urgency_costs)
        acting = self._acting_on(self._today())
        agencies = acting.moved(scores.agency)
        orders = np.argsort(-agencies, axis=1, kind="stable")
        for row, (complaint, analysis, level) in enumerate(zip(checked, analyses, levels, strict=True)):
            place = self._place(complaint, analysis)
            order = orders[row]
            first = int(order[0])
            decision, note = self.model.policy.decide(
                analysis, self.model.familiar, acting.codes[first], float(agencies[row, first])
            )
            elsewhere = None if place else self._elsewhere.find(analysis.words)
            if elsewhere and decision is Decision.SUGGEST:
                decision, note = Decision.CHOOSE, f"Menyebut {elsewhere}; mungkin di luar {self.region.name}."
            yield _Found(complaint, analysis, scores, row, level, acting, agencies[row], order, place, decision, note)

    def _place(self, complaint: Complaint, analysis: Analysis) -> Place | None:
        address = complaint.address or ""
        if not self._places.may_find(analysis.words) and not (address and self._places.may_find(read_words(address))):
            return None
        return self._places.find(complaint.text, analysis.tokens, address, analysis.address)

    def _routing(self, found: _Found) -> Routing:
        told = self._reasons(found)
        return Routing(
            self._agencies(found, found.order[:ROUTED_AGENCIES]),
            found.decision,
            found.level,
            round(float(found.scores.urgency[found.row, self._levels.index(found.level)]), 4),
            tuple(dict.fromkeys(reason for reason, _ in told)),
            found.place,
        )

    def _suggestion(self, found: _Found) -> Suggestion:
        analysis, scores, row = found.analysis, found.scores, found.row
        codes = found.acting.codes
        trained = np.argsort(-scores.agency[row], kind="stable") if found.acting.moves is not None else found.order
        choices = found.order[: self.model.policy.n_choices(found.agency)]
        kind = self._kind(scores.kind[row], found.level)
        shares = self.model.token_scores(analysis)
        return Suggestion(
            id=found.complaint.id,
            agencies=self._agencies(found, found.order[: max(MIN_AGENCIES, len(choices))]),
            urgency=self._urgency(found),
            place=found.place,
            decision=found.decision,
            words=marked_words(analysis, compared(shares, int(trained[0])).tolist()),
            model=self.name,
            notes=(found.note,) if found.note else (),
            instead=self._instead(found, shares, trained),
            parts=self._parts(found),
            choices=tuple([codes[i] for i in choices]) if found.decision is not Decision.READ else (),
            kind=kind,
            kinds=_rounded(self.model.urgency.kinds, scores.kind[row]),
            answer_within=self.region.answer_within,
            settle_within=self.region.sla_working_days(codes[int(found.order[0])], found.level, kind),
        )

    def _agencies(self, found: _Found, shown: NDArray[np.intp]) -> tuple[AgencyScore, ...]:
        codes = found.acting.codes
        probabilities = found.agency[shown].tolist()
        return tuple(
            [
                AgencyScore(codes[i], self._agency_name(codes[i], found.place), round(probability, 4))
                for i, probability in zip(shown.tolist(), probabilities, strict=True)
            ]
        )

    def _parts(self, found: _Found) -> tuple[Part, ...]:
        """Return the two problems of a message that clearly tells two, for different agencies of today."""
        analysis, codes, moves = found.analysis, found.acting.codes, found.acting.moves
        cuts = cuts_of(analysis)
        if not cuts:
            return ()
        probabilities = self.model.agency_probabilities(sides_of(analysis, cuts))
        if moves is not None:
            probabilities = probabilities @ moves
        nothing = frozenset(i for i, code in enumerate(codes) if code in self.model.policy.out_of_scope)
        return tuple(
            Part(
                analysis.tokens[side.first].start,
                analysis.tokens[side.last].end,
                codes[side.agency],
                self._agency_name(codes[side.agency], found.place),
                round(side.probability, 4),
            )
            for side in two_problems(analysis, cuts, probabilities, nothing) or ()
        )

    def _instead(self, found: _Found, shares: NDArray[np.float32], trained: NDArray[np.intp]) -> tuple[Word, ...]:
        """Return what speaks for the second agency against the first; nothing if one acts for both today."""
        first, second = int(trained[0]), int(trained[1])
        moves = found.acting.moves
        if moves is not None and (moves[first] == moves[second]).all():
            return ()
        return marked_words(found.analysis, compared(shares, second, against=first).tolist())

    def _agency_name(self, code: str, place: Place | None) -> str:
        """Name an agency; of an office that exists once per place, the one of the place."""
        name = self.region.agencies[code].name
        if place is None or code not in self._per_place:
            return name
        kind = self.region.kind_of(code)
        if kind == "kecamatan":
            return f"{name} {place.kecamatan}"
        return f"{name} {place.name}" if place.kind == kind else name

    def _kind(self, probabilities: NDArray[np.float32], level: Level) -> Kind:
        """Return the most probable kind; whoever tells of a danger complains, however it is put."""
        if level in ALARMS:
            return Kind.PENGADUAN
        return self._kinds[int(probabilities.argmax())]

    def _urgency(self, found: _Found) -> Urgency:
        told = self._reasons(found)
        tokens = found.analysis.tokens
        spans = tuple(where if isinstance(where, Span) else tokens[where].span for _, where in told)
        return Urgency(
            level=found.level,
            probabilities=_rounded(self.model.urgency.classes_, found.scores.urgency[found.row]),
            reasons=tuple(dict.fromkeys(reason for reason, _ in told)),
            spans=spans,
        )

    def _reasons(self, found: _Found) -> list[tuple[str, Span | int]]:
        """Return why it is that urgent, and where that stands: dangers, or the words, by position, that spoke most."""
        named = tell_reasons(found.analysis.text, found.scores.dangers[found.row], found.level)[:MAX_REASONS]
        if named:
            return list(named)
        shares = self.model.explain_urgency(found.analysis)
        telling = telling_words(found.analysis, shares, found.level, found.place)[:MAX_REASONS]
        return [(quoted(found.analysis, position), position) for position in telling]


class _Found(NamedTuple):
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
    note: str | None


def _rounded(names: Iterable[str], probabilities: NDArray[np.float32]) -> dict[str, float]:
    return {name: round(p, 4) for name, p in zip(names, probabilities.tolist(), strict=True)}


def _checked(complaints: Iterable[Complaint | str]) -> list[Complaint]:
    if isinstance(complaints, str):
        raise TypeError("One text is no list of complaints: ask for it alone, or put it in a list.")
    checked = []
    for number, complaint in enumerate(complaints):
        try:
            checked.append(complaint if isinstance(complaint, Complaint) else Complaint(complaint))
        except (ComplaintError, TypeError) as error:
            error.add_note(f"It is number {number} of the complaints, counted from 0.")
            raise
    return checked


class _Loaded(NamedTuple):
    """What a router was loaded by: what another process loads it by."""

    folder: Path
    region: str | Path | None
    reference: bool
    today: Callable[[], dt.date]


def _load_again(kind: type[Router], name: str, loaded: _Loaded) -> Router:
    """Return the router that was pickled, if the folder still holds its model.

    Raises
    ------
    ModelError
        If it holds another one, or none.
    """
    router = kind.load(loaded.folder, loaded.region, reference=loaded.reference, today=loaded.today)
    if router.name != name:
        raise ModelError(f"{loaded.folder} holds the model {router.name}, no longer {name}.", mend="Load it anew.")
    return router


def _reference(folder: Path) -> tuple[Scorer, Manifest]:
    from pipeline.model.reference import ReferenceScorer  # noqa: PLC0415 (scikit-learn, which takes seconds)

    model, manifest = load_model(folder)
    return ReferenceScorer.of(model), manifest
