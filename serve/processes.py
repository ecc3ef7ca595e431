"""Running the server in one process, or in several forked workers that share a port and the loaded model."""

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
from serve.timeouts import OPTIONS

if TYPE_CHECKING:
    from fastapi import FastAPI

SHARED_METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def counting_together(workers: int) -> Iterator[None]:
    """Share Prometheus metrics between several processes through files in a temporary folder.

    prometheus_client reads the variable on import, so the application must be imported inside this context.
    """
    if workers == 1 or SHARED_METRICS in os.environ:
        yield
        return
    folder, parent = tempfile.mkdtemp(prefix="disposisi-metrics-"), os.getpid()
    os.environ[SHARED_METRICS] = folder
    try:
        yield
    finally:
        if os.getpid() == parent:  # forked workers pass here, too
            shutil.rmtree(folder, ignore_errors=True)


def check_workers(workers: int) -> None:
    """Check, before a model is loaded, that several workers can run.

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
    """Serve requests until a signal stops the server.

    Parameters
    ----------
    application
        The loaded application. Several workers are forked from it and share its memory copy-on-write.
    workers
        Number of worker processes. One that dies is replaced.

    Raises
    ------
    ModuleNotFoundError
        If several workers are asked for without gunicorn installed, see :func:`check_workers`.
    """
    if workers == 1:
        uvicorn.run(application, host=host, port=port, **OPTIONS)
        return
    from serve.workers import Workers  # noqa: PLC0415 (an extra)

    # A connection must not be shared by two processes.
    application.state.database.close()
    # Freeze what is loaded: garbage collection would write to its pages, and so copy them for each worker.
    gc.collect()
    gc.freeze()
    Workers(application, host, port, workers).run()
