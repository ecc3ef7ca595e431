"""The server's processes: one, or several that answer at one port and share what was loaded before they began."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

import uvicorn

from serve.errors import SettingsError
from serve.patience import OPTIONS

if TYPE_CHECKING:
    from fastapi import FastAPI

SHARED_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counting_together(workers: int) -> Iterator[None]:
    """Let several processes count into files of one folder, so that any of them can tell the metrics of all.

    The library reads the variable when it is imported, so the application must be imported inside of this.
    """
    if workers == 1 or SHARED_METRICS in os.environ:
        yield
        return
    folder, parent = tempfile.mkdtemp(prefix="disposisi-metrics-"), os.getpid()
    os.environ[SHARED_METRICS] = folder
    try:
        yield
    finally:
        if os.getpid() == parent:  # a worker ends here, too
            shutil.rmtree(folder, ignore_errors=True)


def check_workers(workers: int) -> None:
    """Refuse several workers where what they need is missing, before a model is loaded for them.

    Raises
    ------
    SettingsError
        If gunicorn isn't installed.
    """
    if workers > 1 and find_spec("gunicorn") is None:
        raise SettingsError(
            "Several workers need gunicorn, which isn't installed.",
            mend="Install it: pip install 'disposisi[workers]', or leave --workers out.",
        )


def run(application: FastAPI, host: str, port: int, workers: int) -> None:
    """Answer requests until a signal ends it.

    Parameters
    ----------
    application
        Loaded. Several workers are forked from it: they share its memory as long as nobody writes to it.
    workers
        Processes that answer. One that dies is replaced.

    Raises
    ------
    ModuleNotFoundError
        If several are wanted and what they need isn't installed, see :func:`check_workers`.
    """
    if workers == 1:
        uvicorn.run(application, host=host, port=port, **OPTIONS)
        return
    from serve.workers import Workers  # noqa: PLC0415 (an extra)

    # A connection must not be used by two processes.
    application.state.database.close()
    # What is loaded is never garbage: a collection that looked at it would write to it, and copy it for each worker.
    gc.collect()
    gc.freeze()
    Workers(application, host, port, workers).run()
