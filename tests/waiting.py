"""Waiting for conditions that may take a while on a busy machine."""

from __future__ import annotations

import http.client
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable

_PAUSE_SECONDS = 0.1


def wait_until(happens: Callable[[], bool], seconds: float) -> None:
    """Wait until ``happens`` returns true; fail after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"The condition was not met within {seconds} s."
        time.sleep(_PAUSE_SECONDS)


def wait_for_answer(process: subprocess.Popen[bytes], url: str, seconds: float) -> None:
    """Wait until a started server answers ``url`` successfully; fail if it exits."""
    wait_until(lambda: process.poll() is not None or _answers(url), seconds)
    if process.poll() is not None:
        output = process.stdout.read().decode() if process.stdout else ""
        raise AssertionError(f"The server of {url} exited with {process.returncode}. {output}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own server)
            return True
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False
