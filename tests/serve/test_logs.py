"""A crash is logged so that it can be mended, without a word of what a citizen wrote."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from unittest.mock import MagicMock

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from serve.api import problems
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


def test_nothing_of_a_request_is_handed_to_what_traces_this_process(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracing = MagicMock()  # OpenTelemetry, as another library or the environment may have set it up
    for module, getter in (("trace", "tracer"), ("metrics", "meter"), ("_logs", "logger")):
        monkeypatch.setattr(f"opentelemetry.{module}.get_{getter}_provider", lambda: tracing)
    assert local_client.post("/v1/suggestions", json={"text": 1}).status_code == 422  # what was sent would be told, too
    assert tracing.mock_calls == []
