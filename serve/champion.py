"""The champion, taken over while requests are answered, and the challenger asked beside it in shadow.

The folder of models is watched; a new champion is verified, loaded and asked once in a thread of its own, and only then
takes the place of the old one, in one assignment: a request has the one or the other, never none. A champion that
cannot be loaded changes nothing but a gauge.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge

from pipeline.champion import CHAMPION, read_standing, resolve_model
from pipeline.complaint import Complaint, Suggestion
from pipeline.errors import DisposisiError
from pipeline.router import Router
from serve.store.suggester import Suggester

_log = logging.getLogger(__name__)
POLL_SECONDS: Final = 1.0
_WAITING: Final = 256  # complaints that wait for the challenger; more are skipped, as it may never slow the champion
_WARMING: Final = "lampu jalan di depan pasar mati sudah seminggu"


class State(Protocol):
    """What of the application's state is exchanged."""

    router: Router
    suggester: Suggester


@dataclass(frozen=True)
class ChampionMetrics:
    """What operators see of it; no metric has a text."""

    changes: Counter
    failed: Gauge
    agreed: Counter
    differed: Counter
    skipped: Counter

    @classmethod
    def registered(cls, registry: CollectorRegistry) -> ChampionMetrics:
        """Return new metrics in ``registry``."""
        return cls(
            Counter("disposisi_champion_changes", "Champions taken over while serving", registry=registry),
            Gauge("disposisi_champion_failed", "1 while the champion cannot be loaded", registry=registry),
            Counter("disposisi_shadow_agreed", "The challenger named the same first agency", registry=registry),
            Counter("disposisi_shadow_differed", "The challenger named another first agency", registry=registry),
            Counter("disposisi_shadow_skipped", "The challenger was too slow to be asked", registry=registry),
        )


class ChampionWatch:
    """Watches a folder of models for the life of an application.

    Parameters
    ----------
    state
        Whose ``router`` and ``suggester`` are exchanged.
    models
        What is served: a folder of models is watched, a single model's folder stays what it is.
    region
        As :meth:`pipeline.Router.load` takes it.
    """

    def __init__(self, state: State, models: Path, region: str | None, metrics: ChampionMetrics) -> None:
        self._state = state
        self._models = models
        self._region = region
        self._metrics = metrics
        self._shadow: Router | None = None
        self._asked: queue.Queue[tuple[Complaint, str]] = queue.Queue(_WAITING)
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("champion", self._watch), ("shadow", self._listen))
        ]
        self._unloadable: str | None = None

    @property
    def watches(self) -> bool:
        """Tell whether a folder of models is served, whose champion can change."""
        return resolve_model(self._models) != self._models or (self._models / CHAMPION).exists()

    def start(self) -> None:
        """Begin to watch, if there is something to watch."""
        if self.watches:
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._ended.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=2 * POLL_SECONDS)

    def observe(self, complaint: Complaint, suggestion: Suggestion) -> None:
        """Let the challenger, if there is one, answer too, later and unheard."""
        if self._shadow is None or not suggestion.agencies:
            return
        try:
            self._asked.put_nowait((complaint, suggestion.agencies[0].code))
        except queue.Full:
            self._metrics.skipped.inc()

    def check(self) -> None:
        """Take over a new champion and a new challenger, if there are."""
        standing = read_standing(self._models)
        if standing is None:
            return
        if standing.champion == self._state.router.name:
            self._unloadable = None
            self._metrics.failed.set(0)
        elif standing.champion != self._unloadable:
            self._take_over(standing.champion)
        if standing.challenger is None:
            self._shadow = None
        elif self._shadow is None or self._shadow.name != standing.challenger:
            self._shadow = self._loaded(standing.challenger)

    def _take_over(self, name: str) -> None:
        started = time.monotonic()
        router = self._loaded(name)
        if router is None:
            # Not tried again until champion.json names another: a broken folder doesn't mend by loading it.
            self._unloadable = name
            self._metrics.failed.set(1)
            return
        # A request asks for one of the two, once; which of them it gets in between doesn't matter.
        self._state.suggester = replace(self._state.suggester, router=router)
        self._state.router = router
        self._unloadable = None
        self._metrics.failed.set(0)
        self._metrics.changes.inc()
        _log.info("Champion is now %s, after %.1f s of loading", name, time.monotonic() - started)

    def _loaded(self, name: str) -> Router | None:
        try:
            router = Router.load(self._models / name, self._region)
            router.suggest(_WARMING)
        except DisposisiError as error:
            _log.error("%s cannot answer: %s", name, error)
            return None
        return router

    def _watch(self) -> None:
        self._repeat(self.check, POLL_SECONDS)

    def _listen(self) -> None:
        while not self._ended.is_set():
            with suppress(queue.Empty):
                complaint, first = self._asked.get(timeout=POLL_SECONDS)
                shadow = self._shadow
                if shadow is not None:
                    same = shadow.suggest(complaint).agencies[0].code == first
                    (self._metrics.agreed if same else self._metrics.differed).inc()

    def _repeat(self, work: Callable[[], None], seconds: float) -> None:
        while not self._ended.wait(seconds):
            try:
                work()
            except DisposisiError as error:
                self._metrics.failed.set(1)
                _log.error("The champion stays: %s", error)
