"""Prometheus gauges of drift: the most recent suggestions compared with the model's training data."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from pipeline.champion import resolve_model
from pipeline.complaint import Complaint, Suggestion
from pipeline.drift import Drift, Observed, Profile, familiar_share, measure_drift
from pipeline.errors import DisposisiError
from pipeline.manifest import read_manifest
from pipeline.model import analyse
from pipeline.region.succession import acting_on, today
from pipeline.router import Router

WINDOW: Final = 1000  # most recent suggestions that drift is measured on


class DriftGauges(Collector):
    """Collector that measures drift at scrape time; keeps numbers of the recent suggestions, never text.

    Parameters
    ----------
    router
        Returns the current router.
    profile
        Returns the training profile of the model with the given name, or ``None``.
    """

    def __init__(self, router: Callable[[], Router], profile: Callable[[str], Profile | None]) -> None:
        self._router = router
        self._profile = profile
        self._window: deque[Observed] = deque(maxlen=WINDOW)
        self._model = ""

    def observe(self, complaint: Complaint, suggestion: Suggestion) -> None:
        """Add a suggestion to the window; a change of model empties the window first."""
        if suggestion.model != self._model:
            self._model = suggestion.model
            self._window.clear()
        if suggestion.agencies:
            first = suggestion.agencies[0]
            familiar = familiar_share(analyse(complaint.text), self._router().model.familiar)
            self._window.append(Observed(len(complaint.text), familiar, first.code, first.probability))

    def collect(self) -> Iterator[Any]:
        """Yield the gauges; none before the first suggestion, or without a profile."""
        window, router = list(self._window), self._router()
        profile = self._profile(router.name) if window else None
        if profile is None:
            return
        acting = acting_on(today(router.region), list(profile.agencies), router.region)
        drift = measure_drift(profile.moved(acting), window)
        for name, help_text, value in _gauges(drift):
            yield GaugeMetricFamily(f"disposisi_drift_{name}", help_text, value)


def profile_of_champion(models: Path, name: str) -> Profile | None:
    """Return the training profile in the served model's manifest; ``None`` without one, or if it is of another model.

    If a new champion cannot be loaded, the previous one keeps answering; the new one's profile may have agencies and a
    region that the previous model doesn't know.
    """
    try:
        manifest = read_manifest(resolve_model(models))
    except DisposisiError:
        return None
    found = manifest.data.get("profile") if manifest.name == name else None
    return Profile.from_dict(found) if found else None


def _gauges(drift: Drift) -> Iterator[tuple[str, str, float]]:
    yield "complaints", "Number of recent suggestions that drift is measured on", drift.complaints
    yield "length_index", "Population stability index of text lengths, recent against training", drift.length_index
    yield "agency_index", "Population stability index of first agencies, recent against training", drift.agency_index
    yield "unfamiliar_words", "Mean share of words unknown to the model", drift.unfamiliar
    yield "confidence", "Mean probability of the first agency", drift.confidence
    yield "alarms", "Number of drift alarms; the command disposisi drift explains each", len(drift.alarms)
