"""Runs a real server for the benchmarks, on a free port."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

import psutil
from real_complaints import ROOT

from tests.ports import free_port

DISPOSISI: Final = Path(sys.executable).with_name("disposisi")
LOOK_AGAIN: Final = 0.01  # seconds


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[tuple[psutil.Process, HTTPConnection]]:
    """Start ``disposisi serve`` with some options, and yield it when it is ready, with a connection to one worker."""
    port = free_port()
    command = [str(DISPOSISI), "serve", "--port", str(port), *options]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stderr=subprocess.DEVNULL) as server:
        connection = HTTPConnection("127.0.0.1", port)
        try:
            while not _ready(connection):
                if server.poll() is not None:
                    sys.exit(f"the server ended with {server.returncode}")
                time.sleep(LOOK_AGAIN)
            yield psutil.Process(server.pid), connection
        finally:
            connection.close()
            server.terminate()


def _ready(connection: HTTPConnection) -> bool:
    try:
        connection.request("GET", "/readyz")
        with connection.getresponse() as answer:
            answer.read()
            return answer.status == HTTPStatus.OK
    except OSError:
        connection.close()
        return False
