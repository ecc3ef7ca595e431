"""Waiting for what takes a while on a busy machine."""

from __future__ import annotations

import http.client
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable

_PAUSE_SECONDS = 0.1


def wait_until(happens: Callable[[], bool], seconds: float) -> None:
    """Wait for something that happens, at most ``seconds``."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"It did not happen in {seconds} s."
        time.sleep(_PAUSE_SECONDS)


def wait_for_answer(process: subprocess.Popen[bytes], url: str, seconds: float) -> None:
    """Wait until a server that was started answers with success, or ends."""
    wait_until(lambda: process.poll() is not None or _answers(url), seconds)
    if process.poll() is not None:
        output = process.stdout.read().decode() if process.stdout else ""
        raise AssertionError(f"The server of {url} ended with {process.returncode}. {output}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own server)
            return True
    except (urllib.error.URLError, OSError, http.client.HTTPException):
        return False
