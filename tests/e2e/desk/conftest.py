"""Fixtures for a real server with its own store, used through a real Chromium."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.conftest import ROOT
from tests.ports import free_port
from tests.waiting import wait_for_answer

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DISPOSISI = Path(sys.executable).with_name("disposisi")
READY_SECONDS = 120
SLOW_MACHINE_MILLISECONDS = 20_000
READING_MILLISECONDS = 600  # no decision is accepted sooner, as nobody can have read the complaint
expect.set_options(timeout=SLOW_MACHINE_MILLISECONDS)


@dataclass(frozen=True)
class Server:
    """A running desk."""

    address: str
    database: str

    def call(self, path: str, body: object = None, method: str | None = None) -> Any:
        """Call the API, and return the parsed JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 (our own server)
            self.address + path, data=data, headers={"content-type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            content = response.read()
            return json.loads(content) if content else None

    def post(self, text: str, **about: object) -> int:
        """Post a complaint, and return its number."""
        number: int = self.call("/v1/complaints", {"text": text, "channel": "web", **about})["id"]
        return number

    def shown(self, number: int) -> Any:
        """Return a complaint with its history."""
        return self.call(f"/v1/complaints/{number}")

    def actions(self, number: int) -> list[str]:
        """Return the actions in a complaint's history."""
        return [entry["action"] for entry in self.shown(number)["history"]]

    def command(self, *arguments: str, given: str = "") -> None:
        """Run a ``disposisi`` command on the server's store."""
        subprocess.run(
            [DISPOSISI, *arguments, "--database", self.database], check=True, input=given, text=True, cwd=ROOT
        )


Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def model(model_folder: Path) -> Path:
    return model_folder


@pytest.fixture(scope="module")
def serve(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Return a function that starts a desk, with the demo's queue or empty."""
    processes = []

    def start(*options: str, **environment: str) -> Server:
        port = free_port()
        database = f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.sqlite3'}"
        command = [
            str(DISPOSISI),
            "serve",
            "--port",
            str(port),
            "--model",
            str(model),
            "--database",
            database,
            *options,
        ]
        processes.append(subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, start_new_session=True))
        server = Server(f"http://127.0.0.1:{port}", database)
        wait_for_answer(processes[-1], f"{server.address}/readyz", READY_SECONDS)
        return server

    yield start
    for process in processes:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


@dataclass
class Window:
    """A browser window, and the errors on its console."""

    context: BrowserContext
    page: Page
    complaints: list[str]


@pytest.fixture
def window(chromium: Browser) -> Iterator[Callable[..., Window]]:
    """Return a function that opens windows, each with its own cookies; console errors are collected."""
    opened: list[Window] = []

    def open_window(**options: Any) -> Window:
        context = chromium.new_context(**({"viewport": DESKTOP, "locale": "id-ID"} | options))
        context.set_default_timeout(SLOW_MACHINE_MILLISECONDS)
        page = context.new_page()
        found = Window(context, page, [])
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on("console", lambda m: found.complaints.append(m.text) if m.type == "error" else None)
        opened.append(found)
        return found

    yield open_window
    for each in opened:
        each.context.close()


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    """A desk with an empty queue, shared by the tests of one file."""
    return serve("--empty")


@pytest.fixture
def page(window: Callable[..., Window]) -> Page:
    return window().page


def go(page: Page, address: str) -> None:
    """Open a page of the desk, and wait until its script is ready."""
    page.goto(address)
    page.wait_for_selector("html[data-ready]")


def number_shown(page: Page) -> int:
    """Return the number of the opened complaint."""
    return int(page.get_attribute("article.complaint", "data-id") or 0)


def wait_for_other(page: Page, number: int) -> None:
    """Wait until a complaint other than this one is open."""
    page.wait_for_function("n => Number(document.querySelector('article').dataset.id) !== n", arg=number)


def wait_for(page: Page, number: int) -> None:
    """Wait until this complaint is open."""
    page.wait_for_selector(f'article.complaint[data-id="{number}"]')


def read(page: Page) -> None:
    """Wait the minimum reading time, before which the desk accepts no decision."""
    page.wait_for_timeout(READING_MILLISECONDS)


def hold(page: Page, address: str) -> Callable[[], None]:
    """Hold the page's requests to an address, and return a function that lets go those made so far."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    def let_go() -> None:
        while not held:  # on a busy machine the page changes before its request is reported here
            page.wait_for_timeout(20)
        while held:
            held.pop().continue_()

    page.route(address, keep)
    return let_go
