"""A fresh clone of the committed project, with the environment and the model that ``make run`` creates."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port
from tests.waiting import wait_for_answer

READY_SECONDS = 600  # with a slow connection to pip's registry; the first model takes under two minutes of it


@dataclass(frozen=True)
class Clone:
    """A clone of the committed project."""

    folder: Path

    @contextmanager
    def serving(self, **environment: str) -> Iterator[str]:
        """Start ``make run``, wait until it is ready, yield its address, and stop it."""
        port = free_port()
        # Without the variables of the tests' own environment: a newcomer has none of them.
        inherited = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
        process = subprocess.Popen(
            ["make", "run", f"PORT={port}"],
            cwd=self.folder,
            env=inherited | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for_answer(process, f"{address}/readyz", READY_SECONDS)
            yield address
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)
