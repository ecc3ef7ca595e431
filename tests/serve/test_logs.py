"""Crashes are logged with enough detail to fix them, and without any text of citizens."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from unittest.mock import MagicMock

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import OperationalError
from uvicorn.server import ServerState

from serve import workers
from serve.api import problems
from serve.timeouts import TimeoutProtocol
from tests.serve.serving import serving


def test_a_real_server_logs_where_it_crashed_and_not_what_the_error_says(caplog: pytest.LogCaptureFixture) -> None:
    app, words = FastAPI(), "PENANDA rumah saya kebakaran"
    problems.add_handlers(app)

    @app.get("/patah")
    def crash() -> None:
        raise ValueError(words)

    logging.getLogger("uvicorn.error").addHandler(caplog.handler)
    try:
        with serving(app) as address, pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/patah", timeout=10)  # noqa: S310 (our own server)
        told = caught.value.read().decode()
    finally:
        logging.getLogger("uvicorn.error").removeHandler(caplog.handler)
    assert caught.value.code == 500
    assert caplog.text.count("in crash") == 1, "once, not by the server too"
    assert "GET /patah failed with ValueError" in caplog.text
    assert "PENANDA" not in caplog.text + told


@pytest.mark.parametrize("path", ["/v1/complaints", "/"])
def test_a_store_that_cannot_answer_is_one_line_of_the_log_for_each_request(
    local_client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def silent(*_: object) -> None:
        raise OperationalError("SELECT", {"text": "PENANDA"}, Exception("database is locked: PENANDA"))

    monkeypatch.setattr("serve.store.queue.page", silent)
    assert local_client.get(path).status_code == 503
    assert caplog.messages == [
        f"GET {path} failed: Another process has locked the database. Try again in a few seconds."
    ]


def test_nothing_of_a_request_is_handed_to_what_traces_this_process(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing = MagicMock()  # OpenTelemetry, as set up by another library or the environment
    for module, getter in (("trace", "tracer"), ("metrics", "meter"), ("_logs", "logger")):
        monkeypatch.setattr(f"opentelemetry.{module}.get_{getter}_provider", lambda: tracing)
    assert local_client.post("/v1/suggestions", json={"text": 1}).status_code == 422  # the error quotes the input
    assert tracing.mock_calls == []


def test_a_worker_leaves_whole_addresses_with_searches_and_keys_out_of_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("uvicorn.error", "uvicorn.access", "gunicorn.error", "gunicorn.access"):
        for of_logger in ("handlers", "level", "propagate"):  # to be restored afterwards
            monkeypatch.setattr(logging.getLogger(name), of_logger, getattr(logging.getLogger(name), of_logger))
    several = workers.Workers(FastAPI(), "127.0.0.1", 8000, 2)
    worker = workers._Worker(0, 0, [], several, 30, several.cfg, workers._Log(several.cfg))
    worker.tmp.close()
    caplog.set_level(logging.INFO)
    protocol = TimeoutProtocol(worker.config, ServerState(), {}, MagicMock())
    assert not protocol.access_log, "uvicorn asks this before it writes an address"
    assert logging.getLogger("uvicorn.error").propagate
