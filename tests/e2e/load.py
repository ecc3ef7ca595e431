"""Steady load on a running server while something is done to it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx2

PER_SECOND = 200
BEFORE_SECONDS = 3.0  # of load before that


@dataclass(frozen=True)
class Answer:
    """Status, the model that answered, and when the request was sent, in seconds of the wall clock."""

    status: int
    model: str
    asked: float


def under_load(address: str, seconds: int, happening: Callable[[], object]) -> list[Answer]:
    """Request suggestions at a constant rate, call ``happening`` meanwhile, and return all answers."""
    # In another thread: the browser tests' driver keeps an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _load(address, seconds, happening)).result()


async def _load(address: str, seconds: int, happening: Callable[[], object]) -> list[Answer]:
    answers: list[Answer] = []
    limits = httpx2.Limits(max_connections=100)
    async with httpx2.AsyncClient(base_url=address, timeout=300, limits=limits) as client:

        async def ask(number: int) -> None:
            asked = time.time()
            response = await client.post("/v1/suggestions", json={"text": f"lampu jalan nomor {number} mati"})
            answers.append(Answer(response.status_code, response.json().get("model", ""), asked))

        started, tasks, happens = time.monotonic(), [], None
        for number in range(PER_SECOND * seconds):
            await asyncio.sleep(max(0.0, started + number / PER_SECOND - time.monotonic()))
            tasks.append(asyncio.create_task(ask(number)))
            if happens is None and time.monotonic() - started > BEFORE_SECONDS:
                happens = asyncio.create_task(asyncio.to_thread(happening))
        await asyncio.gather(*tasks)
        assert happens is not None
        await happens
    return answers
