"""Under load a promoted champion answers within seconds, and no request fails."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from pipeline.artifact import load_model, save_model
from training.registry import promote

pytestmark = [pytest.mark.slow, pytest.mark.benchmark]

DISPOSISI = Path(sys.executable).with_name("disposisi")
PER_SECOND, SECONDS = 200, 10
PROMOTED_AFTER = 3.0
STARTING_SECONDS = 120


def test_no_request_fails_while_the_champion_changes(model_folder: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    first = promote(model_folder, models).champion
    model, manifest = load_model(model_folder)
    changed = replace(model, policy=replace(model.policy, suggest_probability=0.61))
    made = save_model(tmp_path / "new", changed, region=manifest.region, data={}, params={}, metrics={}, card="")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [str(DISPOSISI), "serve", "--model", str(models), "--port", str(port), "--empty"]
    store = f"sqlite:///{tmp_path / 'store.sqlite3'}"
    process = subprocess.Popen(command, env=os.environ | {"DISPOSISI_DATABASE_URL": store})
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address)
        # In a thread of its own: the browser tests' driver keeps an event loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            answers, promoted = thread.submit(asyncio.run, _load(address, tmp_path / "new", models)).result()
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert [status for status, _, _ in answers if status != 200] == []
    assert len(answers) == PER_SECOND * SECONDS
    assert {name for _, name, _ in answers} == {first, made.name}
    new = min(asked for _, name, asked in answers if name == made.name)
    sys.stdout.write(f"the new champion answered {new - promoted:.1f} s after its promotion\n")


async def _load(address: str, new: Path, models: Path) -> tuple[list[tuple[int, str, float]], float]:
    """Send requests evenly, promote meanwhile, and return the answers and when it was promoted."""
    answers: list[tuple[int, str, float]] = []
    limits = httpx2.Limits(max_connections=100)
    async with httpx2.AsyncClient(base_url=address, timeout=60, limits=limits) as client:

        async def ask(number: int) -> None:
            asked = time.monotonic()
            response = await client.post("/v1/suggestions", json={"text": f"lampu jalan nomor {number} mati"})
            answers.append((response.status_code, response.json().get("model", ""), asked))

        started, tasks, promotion = time.monotonic(), [], None
        for number in range(PER_SECOND * SECONDS):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
            tasks.append(asyncio.create_task(ask(number)))
            if promotion is None and time.monotonic() - started > PROMOTED_AFTER:
                promotion = asyncio.create_task(asyncio.to_thread(promote, new, models, "tested"))
        await asyncio.gather(*tasks)
        assert promotion is not None
        standing = await promotion
    # The promotion's time is of the wall clock, the answers' of the monotonic one.
    return answers, standing.history[-1].at.timestamp() - time.time() + time.monotonic()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            if httpx2.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.3)
    pytest.fail("the server did not answer")
