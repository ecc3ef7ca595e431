"""Overhead of a request for a suggestion, in function calls.

As in tests/pipeline/test_hot_path.py: a change that makes more calls than the budget fails here, under any load.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from tests.pipeline.test_hot_path import _calls

COMPLAINT = {"text": "lampu jalan depan pasar Cibitung mati sudah seminggu, gelap sekali kalau malam"}
_BODY = json.dumps(COMPLAINT).encode()
REQUESTS, ROUNDS = 20, 3
BUDGET = 200  # calls per request, without those of Router.suggest


def test_a_request_makes_no_more_calls_beside_its_suggestion_than_its_budget(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Any = local_client.app
    assert local_client.post("/v1/suggestions", json=COMPLAINT).status_code == 200  # caches that no login is needed
    suggestion = app.state.router.suggest(COMPLAINT["text"])
    monkeypatch.setattr(app.state.router, "suggest", lambda _: suggestion)
    answers: list[Message] = []

    async def ask() -> None:
        for _ in range(REQUESTS):
            await app(_scope(), _body, send)

    async def send(message: Message) -> None:
        answers.append(message)

    with asyncio.Runner() as runner:
        runner.get_loop()
        # On a busy machine a second passes meanwhile, after which it is asked again whether a login is needed.
        calls = min(_calls(lambda: runner.run(ask())) for _ in range(ROUNDS)) / REQUESTS
    assert [answer["status"] for answer in answers[::2]] == [200] * REQUESTS * ROUNDS
    assert calls <= BUDGET, f"{calls:.0f} calls a request"
    assert calls >= 0.8 * BUDGET, f"{calls:.0f} calls a request; lower the budget"


def _scope() -> dict[str, Any]:
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
    return {"type": "http", "method": "POST", "path": "/v1/suggestions", "headers": headers}


async def _body() -> Message:
    return {"type": "http.request", "body": _BODY, "more_body": False}
