"""A crash is logged so that it can be mended, without a word of what a citizen wrote."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request

import pytest
from fastapi import FastAPI

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
