"""Several worker processes under gunicorn, each running uvicorn; needs the extra ``workers``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from prometheus_client import multiprocess
from uvicorn_worker import UvicornWorker

from serve.origin import authority
from serve.timeouts import OPTIONS

if TYPE_CHECKING:
    from fastapi import FastAPI

# Seconds after which a worker whose event loop is blocked is killed and replaced.
SILENT_SECONDS: Final = 60


class Workers(BaseApplication):  # type: ignore[misc]
    """Gunicorn with an application that is already loaded.

    Parameters
    ----------
    application
        The application that all workers serve.
    host, port
        Bind address.
    workers
        Number of workers.
    """

    def __init__(self, application: FastAPI, host: str, port: int, workers: int) -> None:
        self._application = application
        self._settings = {
            "bind": authority(host, port),
            "workers": workers,
            "worker_class": _Worker,
            "logger_class": _Log,
            "preload_app": True,
            "keepalive": OPTIONS["timeout_keep_alive"],
            "graceful_timeout": 2 * OPTIONS["timeout_graceful_shutdown"],
            "timeout": SILENT_SECONDS,
            "control_socket_disable": True,
            "child_exit": _forget,
        }
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> FastAPI:
        """Return the application."""
        return self._application


class _Worker(UvicornWorker):  # type: ignore[misc]
    CONFIG_KWARGS: Final = OPTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not uvicorn.access, which OPTIONS disable: it logs full URLs, with searches and keys in them.
        _log_as_all_do("uvicorn.error")


class _Log(Logger):  # type: ignore[misc]
    """Gunicorn's own log, in the same format and from the same level as all others (serve/logs.py)."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        _log_as_all_do("gunicorn.error")


def _log_as_all_do(name: str) -> None:
    logger = logging.getLogger(name)
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)
    logger.propagate = True


def _forget(_arbiter: object, worker: Any) -> None:
    """Remove a dead worker's live gauges from the metrics; its counters stay."""
    multiprocess.mark_process_dead(worker.pid)
