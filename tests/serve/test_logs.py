"""A crash is logged so that it can be mended, without a word of what a citizen wrote."""

from __future__ import annotations

import logging
import socket
import threading
import time
import urllib.error
import urllib.request

import pytest
import uvicorn
from fastapi import FastAPI

from serve.api import problems


def test_a_real_server_logs_where_it_crashed_and_not_what_the_error_says(caplog: pytest.LogCaptureFixture) -> None:
    app, words = FastAPI(), "PENANDA rumah saya kebakaran"
    problems.add_handlers(app)

    @app.get("/patah")
    def crash() -> None:
        raise ValueError(words)

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    logging.getLogger("uvicorn.error").addHandler(caplog.handler)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"http://127.0.0.1:{listener.getsockname()[1]}/patah", timeout=10)
        told = caught.value.read().decode()
    finally:
        server.should_exit = True
        thread.join()
        logging.getLogger("uvicorn.error").removeHandler(caplog.handler)
    assert caught.value.code == 500
    assert "Exception in ASGI application: ValueError" in caplog.text
    assert "in crash" in caplog.text
    assert "GET /patah failed with ValueError" in caplog.text
    assert "PENANDA" not in caplog.text + told
