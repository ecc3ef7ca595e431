"""Hot-swapping the champion model, and evaluating the challenger in shadow mode.

A thread watches the models folder; it verifies, loads and warms up a new champion before swapping it in with a single
assignment, so that a request sees either the old or the new model, never none. If a champion cannot be loaded, only a
gauge changes and loading is retried: its files may still be being copied, or its signature or a file of its region may
be missing for a while.
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
RETRY_SECONDS: Final = 3.0  # before loading a model is retried
_WAITING: Final = 256  # complaints queued for the challenger; more are skipped, as it may never slow the champion
_WARMING: Final = "lampu jalan di depan pasar mati sudah seminggu"


class State(Protocol):
    """The part of the application's state that is swapped."""

    router: Router
    suggester: Suggester


@dataclass(frozen=True)
class ChampionMetrics:
    """Prometheus metrics of champion and challenger; none contains text of a complaint."""

    changes: Counter
    failed: Gauge
    agreed: Counter
    differed: Counter
    skipped: Counter

    @classmethod
    def registered(cls, registry: CollectorRegistry) -> ChampionMetrics:
        """Return new metrics, registered in ``registry``."""
        return cls(
            Counter("disposisi_champion_changes", "Changes of champion while serving", registry=registry),
            Gauge(
                "disposisi_champion_failed",
                "1 while the champion cannot be loaded",
                registry=registry,
                multiprocess_mode="livemax",
            ),
            Counter(
                "disposisi_shadow_agreed",
                "Complaints for which the challenger suggested the same first agency",
                registry=registry,
            ),
            Counter(
                "disposisi_shadow_differed",
                "Complaints for which the challenger suggested another first agency",
                registry=registry,
            ),
            Counter(
                "disposisi_shadow_skipped",
                "Complaints skipped because the challenger's queue was full",
                registry=registry,
            ),
        )


@dataclass(frozen=True)
class _Failure:
    """Why a model could not be loaded, and when to retry, in seconds of the monotonic clock."""

    told: str
    again: float


class ChampionWatch:
    """Watches a folder of models and keeps the application's champion and challenger current.

    Parameters
    ----------
    state
        The application's state; its ``router`` and ``suggester`` are replaced.
    models
        The folder that is served: a folder of models is watched, a single model's folder is not.
    region
        As in :meth:`pipeline.Router.load`.
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
        self._answering: str | None = None  # folder of the current champion; its model may have another name
        self._failures: dict[str, _Failure] = {}

    @property
    def watches(self) -> bool:
        """Whether a folder of models is served, so that the champion can change."""
        return resolve_model(self._models) != self._models or (self._models / CHAMPION).exists()

    def start(self) -> None:
        """Start the threads, if there is a folder of models to watch."""
        if self.watches:
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Stop the threads."""
        self._ended.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=2 * POLL_SECONDS)

    def observe(self, complaint: Complaint, suggestion: Suggestion) -> None:
        """Queue a complaint for the challenger, if there is one, to answer in shadow."""
        if self._shadow is None or not suggestion.agencies:
            return
        try:
            self._asked.put_nowait((complaint, suggestion.agencies[0].code))
        except queue.Full:
            self._metrics.skipped.inc()

    def check(self) -> None:
        """Load and swap in a new champion and a new challenger, if there are any."""
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
        # Two assignments are safe: a request reads only one of the two attributes, and only once.
        self._state.suggester = replace(self._state.suggester, router=router)
        self._state.router = router
        self._answering = name
        self._metrics.failed.set(0)
        self._metrics.changes.inc()
        _log.info("Champion is now %s, after %.1f s of loading", name, time.monotonic() - started)

    def _loaded(self, name: str) -> Router | None:
        """Return the named model, loaded and warmed up; ``None`` if loading fails, or failed a moment ago."""
        failure = self._failures.get(name)
        if failure is not None and time.monotonic() < failure.again:
            return None
        try:
            with loading():
                router = Router.load(self._models / name, self._region)
                router.suggest(_WARMING)
        except DisposisiError as error:
            told = str(error)
        except Exception as error:  # such as a file deleted while being read; log no message, it may hold anything
            told = type(error).__name__
        else:
            self._failures.pop(name, None)
            return router
        if failure is None or failure.told != told:  # log a failure once, not on every retry
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
        """Check once and return any error as text: no error may end the thread, or later changes would be missed."""
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
        except Exception as error:  # an error of the challenger is logged, and must not end this thread
            _log.error("%s could not answer in shadow: %s", shadow.name, type(error).__name__)
            return
        (self._metrics.agreed if same else self._metrics.differed).inc()
