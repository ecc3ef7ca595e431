"""The champion, taken over while requests are answered, and the challenger asked beside it in shadow.

The folder of models is watched; a new champion is verified, loaded and asked once in a thread of its own, and only then
takes the place of the old one, in one assignment: a request has the one or the other, never none. A champion that
cannot be loaded changes nothing but a gauge, and is tried again: its files may still be on their way, its signature or
a file of its region may be missing for a while.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge

from pipeline.champion import CHAMPION, read_standing, resolve_model
from pipeline.complaint import Complaint, Suggestion
from pipeline.errors import DisposisiError
from pipeline.router import Router
from serve.loading import loading
from serve.store.suggester import Suggester

_log = logging.getLogger(__name__)
POLL_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 3.0  # until a model that could not be loaded is tried again
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
            Gauge(
                "disposisi_champion_failed",
                "1 while the champion cannot be loaded",
                registry=registry,
                multiprocess_mode="livemax",
            ),
            Counter("disposisi_shadow_agreed", "The challenger named the same first agency", registry=registry),
            Counter("disposisi_shadow_differed", "The challenger named another first agency", registry=registry),
            Counter("disposisi_shadow_skipped", "The challenger was too slow to be asked", registry=registry),
        )


@dataclass(frozen=True)
class _Failure:
    """Why a model could not be loaded, and when it is tried again, in seconds of the monotonic clock."""

    told: str
    again: float


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
        self._shadow_name: str | None = None
        self._asked: queue.Queue[tuple[Complaint, str]] = queue.Queue(_WAITING)
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("champion", self._watch), ("shadow", self._listen))
        ]
        self._answering: str | None = None  # the folder that was taken over; its model may have another name
        self._failures: dict[str, _Failure] = {}

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
        if standing.champion in {self._state.router.name, self._answering}:
            self._metrics.failed.set(0)
        else:
            self._take_over(standing.champion)
        if standing.challenger is None:
            self._shadow = None
        elif self._shadow is None or self._shadow_name != standing.challenger:
            self._shadow, self._shadow_name = self._loaded(standing.challenger), standing.challenger

    def _take_over(self, name: str) -> None:
        started = time.monotonic()
        router = self._loaded(name)
        if router is None:
            self._metrics.failed.set(1)
            return
        # A request asks for one of the two, once; which of them it gets in between doesn't matter.
        self._state.suggester = replace(self._state.suggester, router=router)
        self._state.router = router
        self._answering = name
        self._metrics.failed.set(0)
        self._metrics.changes.inc()
        _log.info("Champion is now %s, after %.1f s of loading", name, time.monotonic() - started)

    def _loaded(self, name: str) -> Router | None:
        """Return the model of this name, ready; ``None`` if it cannot be loaded, or could not a moment ago."""
        failure = self._failures.get(name)
        if failure is not None and time.monotonic() < failure.again:
            return None
        try:
            with loading():
                router = Router.load(self._models / name, self._region)
                router.suggest(_WARMING)
        except DisposisiError as error:
            told = str(error)
        except Exception as error:  # such as a file that goes away while it is read; its message may hold anything
            told = type(error).__name__
        else:
            self._failures.pop(name, None)
            return router
        if failure is None or failure.told != told:  # once, not every few seconds for days
            _log.error("%s cannot answer: %s", name, told)
        self._failures[name] = _Failure(told, time.monotonic() + RETRY_SECONDS)
        return None

    def _watch(self) -> None:
        before: str | None = None
        while not self._ended.wait(POLL_SECONDS):
            trouble = self._checked()
            if trouble is not None:
                self._metrics.failed.set(1)
                if trouble != before:
                    _log.error("The champion stays: %s", trouble)
            before = trouble

    def _checked(self) -> str | None:
        """Look once, and return what was wrong: whatever that is, the next change must be noticed."""
        try:
            self.check()
        except DisposisiError as error:
            return str(error)
        except Exception as error:
            return type(error).__name__
        return None

    def _listen(self) -> None:
        while not self._ended.is_set():
            with suppress(queue.Empty):
                self._compare(*self._asked.get(timeout=POLL_SECONDS))

    def _compare(self, complaint: Complaint, first: str) -> None:
        shadow = self._shadow
        if shadow is None:
            return
        try:
            same = shadow.suggest(complaint).agencies[0].code == first
        except Exception as error:  # the challenger's fault is told, and ends neither this thread nor an answer
            _log.error("%s could not answer in shadow: %s", shadow.name, type(error).__name__)
            return
        (self._metrics.agreed if same else self._metrics.differed).inc()
