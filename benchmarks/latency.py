"""Suggestions over HTTP, compared with an empty POST endpoint of the same application.

    python benchmarks/latency.py [MODEL]

The server runs in a process of its own; a minimal client keeps its HTTP/1.1 connections open. Both endpoints take
turns. One connection: the median and the 99th percentile of each round. 16 connections: answers per second. Processor
time is the server's. Last, a new champion is promoted while one connection goes on asking: the slowest answer in the 12
seconds that follow. Ratios are those of the rounds, with the least and the greatest. The machine should be idle.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from fastapi import Body, Response
from unseen_texts import DEFAULT_MODEL, unseen_texts

from pipeline.artifact import load_model, save_model
from serve import processes
from serve.api.suggestion_schema import ComplaintIn
from serve.app import create_app
from serve.loading import loading
from serve.memory import delay_full_collections, return_freed_memory
from serve.settings import Settings
from tests.ports import free_port
from training.registry import promote

PATHS: Final = ("/empty", "/v1/suggestions")
TEXTS, ROUNDS, CONNECTIONS = 400, 9, 16
SWAP_SECONDS = 12.0  # the promotion itself takes some of them
WIDTH = 42


@dataclass(frozen=True, slots=True)
class Round:
    """Measurements of one path in one round."""

    seconds: Sequence[float]  # response times on one connection
    per_second: float  # throughput on 16 connections
    milliseconds: float  # the server's CPU time per answer

    def percentile(self, q: float) -> float:
        """Return a percentile of the response times on one connection, in milliseconds."""
        return float(np.percentile(self.seconds, q)) * 1000


def main() -> None:
    """Run the benchmark, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path, default=DEFAULT_MODEL)
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as folder:
        models = Path(folder) / "models"
        promote(model, models)
        other = _other(model, Path(folder) / "other")
        port = free_port()
        server = multiprocessing.get_context("spawn").Process(target=_serve, args=(models, folder, port), daemon=True)
        server.start()
        try:
            asyncio.run(_measure(port, server.pid or 0, _promotion(other, models)))
        finally:
            server.terminate()
            server.join()


def _promotion(model: Path, models: Path) -> list[str]:
    """Return the command that promotes a model. In this process, loading it would delay the requests."""
    command = Path(sys.executable).with_name("disposisi")
    return [str(command), "promote", str(model), "--models", str(models), "--force", "--reason", "measured"]


def _serve(models: Path, folder: str, port: int) -> None:
    return_freed_memory()
    delay_full_collections()
    with loading():
        app = create_app(Settings(model=models, database_url=f"sqlite:///{folder}/store.db"))

    @app.post("/empty")
    async def empty(_: Annotated[ComplaintIn, Body()]) -> Response:
        return Response(b"{}", media_type="application/json")

    processes.run(app, "127.0.0.1", port, workers=1)


async def _measure(port: int, server: int, exchange: Sequence[str]) -> None:
    bodies = [json.dumps({"text": text}).encode() for text in unseen_texts(TEXTS)]
    await _until_ready(port, bodies[0])
    rounds: dict[str, list[Round]] = {path: [] for path in PATHS}
    for number in range(ROUNDS + 1):
        for path, found in rounds.items():
            one = await _round(port, server, [_request(path, body) for body in bodies])
            if number:  # the first round only warms up
                found.append(one)
    _tell("median, one connection (ms)", [[one.percentile(50) for one in path] for path in rounds.values()])
    _tell("99 of 100, one connection (ms)", [[one.percentile(99) for one in path] for path in rounds.values()])
    _tell("answers a second, 16 connections", [[one.per_second for one in path] for path in rounds.values()])
    _tell("server's processor time (ms)", [[one.milliseconds for one in path] for path in rounds.values()])
    await _during(port, [_request(PATHS[1], body) for body in bodies], exchange)


async def _round(port: int, server: int, requests: Sequence[bytes]) -> Round:
    used = _processor_seconds(server)
    seconds = await _ask(port, requests)
    used = (_processor_seconds(server) - used) / len(requests) * 1000
    began = time.perf_counter()
    await asyncio.gather(*(_ask(port, requests[start::4]) for start in range(4) for _ in range(CONNECTIONS // 4)))
    return Round(seconds, CONNECTIONS // 4 * len(requests) / (time.perf_counter() - began), used)


async def _during(port: int, requests: Sequence[bytes], exchange: Sequence[str]) -> None:
    """Print the slowest response times before and during a change of champion."""
    before = await _model(port, requests[0])
    quiet = max(await _ask(port, requests, SWAP_SECONDS))
    task = asyncio.create_task(_ask(port, requests, SWAP_SECONDS))
    await asyncio.to_thread(subprocess.run, exchange, check=True, capture_output=True)
    seconds = await task
    if await _model(port, requests[0]) == before:
        sys.exit("the server did not exchange its champion")
    print(f"{'slowest answer, one model (ms)':{WIDTH}}{quiet * 1000:.1f}")
    print(f"{'slowest answer, champion exchanged (ms)':{WIDTH}}{max(seconds) * 1000:.1f}")


def _other(model: Path, folder: Path) -> Path:
    """Save a copy of the model with another threshold, and hence another name."""
    loaded, manifest = load_model(model)
    changed = replace(loaded, policy=replace(loaded.policy, suggest_probability=0.61))
    save_model(folder, changed, region=manifest.region, data={}, params={}, metrics={}, card="")
    return folder


async def _ask(port: int, requests: Sequence[bytes], during: float = 0.0) -> list[float]:
    """Send requests in sequence on one connection, repeated for ``during`` seconds if given; return response times."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    seconds: list[float] = []
    end = time.perf_counter() + during
    try:
        while True:
            for request in requests:
                began = time.perf_counter()
                writer.write(request)
                await _answer(reader)
                seconds.append(time.perf_counter() - began)
                if during and time.perf_counter() > end:
                    return seconds
            if not during:
                return seconds
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def _model(port: int, request: bytes) -> str:
    """Return the name of the model that answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    name: str = json.loads(await _answer(reader))["model"]
    writer.close()
    await writer.wait_closed()
    return name


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        sys.exit(f"the server answered {head.splitlines()[0].decode()}")
    length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.partition(b":")[2]))


async def _until_ready(port: int, body: bytes) -> None:
    for _ in range(600):
        with suppress(ConnectionError):
            await _ask(port, [_request(PATHS[1], body)])
            return
        await asyncio.sleep(0.1)
    sys.exit("the server does not answer")


def _request(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


def _tell(what: str, measured: Sequence[Sequence[float]]) -> None:
    empty, suggestion = map(statistics.median, measured)
    ratios = sorted(mine / other for other, mine in zip(*measured, strict=True))
    ratio = f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    print(f"{what:{WIDTH}}empty {empty:.2f}, suggestion {suggestion:.2f}; ratio {ratio}")


def _processor_seconds(process: int) -> float:
    user, system = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / 100


if __name__ == "__main__":
    main()
