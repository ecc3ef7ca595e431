"""Router: the one object that answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple, Self

from pipeline.artifact import load_model, load_scorer
from pipeline.champion import resolve_model
from pipeline.clock import day_by
from pipeline.complaint import (
    Complaint,
    Decision,
    Level,
    Place,
    Suggestion,
    Word,
    as_list,
)
from pipeline.errors import ComplaintError, ModelError
from pipeline.highlights import marked_words
from pipeline.manifest import Manifest
from pipeline.model import Analysis, analyse
from pipeline.model.scorer import Scorer
from pipeline.presenter import Finding, Presenter
from pipeline.region import Region
from pipeline.region.other_regions import ElsewhereFinder
from pipeline.region.places import place_finder
from pipeline.region.succession import acting_on, check_known
from pipeline.responders import Responders
from pipeline.routing import Routing
from pipeline.trained_region import region_of_model
from pipeline.urgency import decide_levels


class Router:
    """Suggests agency and urgency for complaints.

    Parameters
    ----------
    model
        The trained model, compiled.
    region
        The region that it was trained for.
    name
        Name of the model version, repeated in every suggestion.
    today
        Returns the day whose agencies are suggested; by default that which the region's clock tells, at each question:
        a server that runs for months outlives reorganisations.

    Examples
    --------
    >>> router = Router.load("models/default")  # doctest: +SKIP
    >>> router.suggest("lampu jalan depan pasar mati seminggu").agencies[0].name  # doctest: +SKIP
    'Dinas Perhubungan'
    """

    def __init__(self, model: Scorer, region: Region, name: str, *, today: Callable[[], dt.date] | None = None) -> None:
        self.model = model
        self.region = region
        self.name = name
        trained = list(model.agencies)
        check_known(trained, region)
        self._today = today or partial(day_by, region.clock)
        self._acting_on = lru_cache(maxsize=2)(partial(acting_on, trained=trained, region=region))
        self._responders = Responders(trained, model.urgency.classes_, region)
        self._places = place_finder(region)
        self._elsewhere = ElsewhereFinder(region.code, region.places.values(), region.neighbours, region.landmarks)
        self._levels = [Level(level) for level in model.urgency.classes_]
        self._presenter = Presenter(model, region, name)
        self._loaded: _Loaded | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # The scorer is mapped from files and caches words, so another process loads it from the same files.
        if self._loaded is None:
            raise TypeError("Only a router that was loaded from a folder can be pickled; use Router.load.")
        return _load_again, (type(self), self.name, self._loaded)

    @property
    def codes(self) -> list[str]:
        """The codes of today's agencies, in order."""
        return list(self._acting_on(self._today()).codes)

    @classmethod
    def load(
        cls,
        path: str | Path,
        region: str | Path | None = None,
        *,
        reference: bool = False,
        today: Callable[[], dt.date] | None = None,
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
            Returns the day whose agencies are suggested; by default that which the region's clock tells.

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
        TypeError
            If they are one text or a table, or one of them is no text.
        """
        return [self._presenter.suggestion(found) for found in self._findings(complaints)]

    def route_many(self, complaints: Iterable[Complaint | str]) -> list[Routing]:
        """Return the decisions of :meth:`suggest_many` without the explanations, at half the cost.

        Raises
        ------
        ComplaintError, TypeError
            As :meth:`suggest_many`.
        """
        return [self._presenter.routing(found) for found in self._findings(complaints)]

    def words_for(self, complaint: Complaint, code: str) -> tuple[Word, ...]:
        """Return the words of a complaint that speak for and against one agency; none if the model doesn't know it."""
        trained = list(self.model.agencies)
        if code not in trained:
            return ()
        analysis = analyse(complaint)
        return marked_words(analysis, self.model.explain_agency(analysis, trained.index(code)).tokens.tolist())

    def _findings(self, complaints: Iterable[Complaint | str]) -> Iterator[Finding]:
        checked = _checked(complaints)
        analyses = [analyse(complaint) for complaint in checked]
        by_words = self.model.score(analyses)
        called = self._responders.called(by_words)
        scores = self._responders.weighed(by_words, called)
        levels = decide_levels(self._levels, scores.urgency, scores.dangers, self.region.urgency_costs)
        acting = self._acting_on(self._today())
        agencies = acting.moved(scores.agency)
        orders = (-agencies).argsort(axis=1, kind="stable")
        for row, (complaint, analysis, level) in enumerate(zip(checked, analyses, levels, strict=True)):
            place = self._place(complaint, analysis)
            order = orders[row]
            first = int(order[0])
            decision, note = self.model.policy.decide(
                analysis, self.model.familiar, acting.codes[first], float(agencies[row, first])
            )
            offered: list[str] = []
            if row in called:
                ranked = [acting.codes[position] for position in order.tolist()]
                best = acting.codes[int(acting.moved(by_words.agency[row]).argmax())]
                decision, note, offered = self._responders.decide(called[row], best, ranked, decision, note)
            notes = (note,) if note else ()
            elsewhere = None if place else self._other_government(analysis)
            if elsewhere and decision is not Decision.READ:
                decision = Decision.CHOOSE
                notes = (*notes, f"Menyebut {elsewhere}; mungkin di luar {self.region.name}.")
            yield Finding(
                complaint, analysis, scores, row, level, acting, agencies[row], order, place, decision, notes, offered
            )

    def _place(self, complaint: Complaint, analysis: Analysis) -> Place | None:
        may_find = self._places.may_find
        if not may_find(analysis.words) and not (complaint.address and may_find(analysis.address_words)):
            return None
        return self._places.find(complaint.text, analysis.tokens, analysis.address_text, analysis.address)

    def _other_government(self, analysis: Analysis) -> str | None:
        """Return the other government that the text names, or else the address."""
        found = self._elsewhere.find(analysis.words)
        return found or (self._elsewhere.find(analysis.address_words) if analysis.address_text else None)


def _checked(complaints: Iterable[Complaint | str]) -> list[Complaint]:
    checked = []
    for number, complaint in enumerate(as_list(complaints)):
        try:
            checked.append(complaint if isinstance(complaint, Complaint) else Complaint(complaint))
        except (ComplaintError, TypeError) as error:
            error.add_note(f"This is complaint {number}, counting from 0.")
            raise
    return checked


class _Loaded(NamedTuple):
    """The arguments that a router was loaded with, so that another process can load the same one."""

    folder: Path
    region: str | Path | None
    reference: bool
    today: Callable[[], dt.date] | None


def _load_again(kind: type[Router], name: str, loaded: _Loaded) -> Router:
    """Return the router that was pickled, if the folder still holds its model.

    Raises
    ------
    ModelError
        If it holds another one, or none.
    """
    router = kind.load(loaded.folder, loaded.region, reference=loaded.reference, today=loaded.today)
    if router.name != name:
        raise ModelError(f"{loaded.folder} now contains model {router.name}, not {name}.", mend="Load it again.")
    return router


def _reference(folder: Path) -> tuple[Scorer, Manifest]:
    from pipeline.model.reference import ReferenceScorer  # noqa: PLC0415 (scikit-learn, which takes seconds)

    model, manifest = load_model(folder)
    return ReferenceScorer.of(model), manifest
