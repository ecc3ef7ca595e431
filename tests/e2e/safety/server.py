"""A real server in its own process, which can be started, queried and killed."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.ports import free_port

COMMAND = Path(sys.executable).with_name("disposisi")
READY_SECONDS = 120


@dataclass
class Answer:
    """A server's response."""

    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """A server's port, process and log file."""

    port: int
    log: Path
    process: subprocess.Popen[bytes] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, timeout: float = 30
    ) -> Answer:
        """Send one request on a new connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            content = body if body is None or isinstance(body, bytes | str) else json.dumps(body)
            kind = {} if body is None else {"Content-Type": "application/json"}
            connection.request(method, path, content, kind | self.headers | (headers or {}))
            response = connection.getresponse()
            return Answer(response.status, response.read(), {k.lower(): v for k, v in response.getheaders()})
        finally:
            connection.close()

    def wait(self) -> None:
        """Wait until the server is ready."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"The server ended:\n{self.log.read_text()}")
            try:
                if self.ask("GET", "/readyz", timeout=5).status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        raise AssertionError(f"The server did not answer:\n{self.log.read_text()}")

    def kill(self) -> None:
        """Kill the server, like a power cut."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@contextmanager
def serving(model: Path, database: str, log: Path, **environment: str) -> Iterator[Server]:
    """Run ``disposisi serve`` until the block ends."""
    server = Server(free_port(), log)
    with log.open("ab") as output:
        server.process = subprocess.Popen(
            [COMMAND, "serve", "--model", model, "--database", database, "--port", str(server.port), "--empty"],
            env=os.environ | environment,
            stdout=output,
            stderr=output,
            cwd=log.parent,
        )
    try:
        server.wait()
        yield server
    finally:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
            try:
                server.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
