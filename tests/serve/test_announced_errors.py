"""Every operation is described with exactly the errors that it can give: each is provoked, and no other comes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serve.api import SMALL_BYTES
from serve.app import create_app
from serve.load_shedding import LoadShedding
from serve.settings import Settings
from serve.store import accounts, keys
from serve.store.accounts import Role, Scope
from serve.store.database import Database
from tests.serve.test_security import NOW, PASSWORD

LAMP = {"text": "Lampu jalan di Desa Sukadami mati total sudah seminggu", "sender_id": "1"}
# What each operation with a body takes; the second, if any, conflicts with what is stored.
BODIES: dict[str, list[dict[str, Any]]] = {
    "POST /v1/suggestions": [{"json": LAMP}],
    "POST /v1/suggestions/batch": [{"json": {"complaints": [LAMP]}}],
    "POST /v1/complaints": [{"json": LAMP}, {"json": LAMP | {"text": "Sampah menumpuk di pasar"}}],
    "POST /v1/complaints/{number}/decisions": [
        {"json": {"action": "urgency", "urgency": "tinggi", "version": 1}},
        {"json": {"action": "not-complaint", "version": 7}},
    ],
    "POST /v1/replies/sent": [{"json": [1]}],
    "POST /open311/v2/requests.{fmt}": [
        {"data": {"service_code": "umum", "description": LAMP["text"], "address_string": "Desa Sukadami"}}
    ],
}
VALUES = {"number": "1", "code": "dishub", "fmt": "json", "token": "1"}
UNKNOWN = {"number": "999999", "code": "nobody", "fmt": "pdf", "token": "1"}
ENDLESS = "/v1/events"  # a stream, unless it is refused
_names = map("uji-{}".format, count())


@dataclass
class Server:
    """An application with one complaint, and the means to have requests to it refused."""

    client: TestClient

    def key(self, *scopes: Scope, per_minute: int = 600) -> dict[str, str]:
        """Return the header with a new key."""
        database: Database = self.client.app.state.database  # type: ignore[attr-defined]
        with database.writing() as session:
            key = keys.add_key(session, next(_names), scopes, now=NOW, per_minute=per_minute)
        return {"Authorization": f"Bearer {key}"}

    def used_up_key(self) -> dict[str, str]:
        header = self.key(*Scope, per_minute=1)
        assert self.client.get("/v1/model", headers=header).status_code == 200
        return header

    def without_room(self, ask: Callable[[], int]) -> int:
        """Return the status of a request while as many as are allowed are being answered."""
        layer: Any = self.client.app.middleware_stack  # type: ignore[attr-defined]
        while not isinstance(layer, LoadShedding):
            layer = layer.app
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(layer, "_most", dict.fromkeys(layer._most, 0))
            return ask()

    def without_tables(self, ask: Callable[[], int]) -> int:
        """Return the status of a request while the store cannot be read."""
        state: Any = self.client.app.state  # type: ignore[attr-defined]
        before, state.database = state.database, Database("sqlite://")
        try:
            return ask()
        finally:
            state.database = before

    def status_of_a_slow(self, method: str, path: str) -> int:
        """Return the status of a request whose body never ends."""
        sent: list[MutableMapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return await asyncio.sleep(60, {})

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": []}
        asyncio.run(self.client.app(scope, receive, send))  # type: ignore[arg-type]
        status: int = sent[0]["status"]
        return status


@pytest.fixture
def server(model_folder: Path, tmp_path: Path) -> Iterator[Server]:
    settings = Settings(model=model_folder, database_url=f"sqlite:///{tmp_path / 's.sqlite3'}", body_seconds=0.3)
    with TestClient(create_app(settings), base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client:
        with client.app.state.database.writing() as session:  # type: ignore[attr-defined]
            accounts.add_user(session, "ani", PASSWORD, full_name="", role=Role.ADMIN, now=NOW)
        yield Server(client)


def test_every_operation_announces_exactly_the_errors_that_it_gives(server: Server) -> None:
    everything = server.key(*Scope)
    assert server.client.post("/v1/complaints", json=LAMP, headers=everything).status_code == 201
    server.client.put("/v1/complaints/1/claim", headers=everything)
    announced, given = {}, {}
    for path, operations in server.client.get("/openapi.json").json()["paths"].items():
        for method, operation in operations.items():
            name = f"{method.upper()} {path}"
            announced[name] = {int(status) for status in operation["responses"] if status >= "400"}
            given[name] = {status for status in _provoked(server, method, path, operation) if status >= 400}
    wrong = {name: (given[name], announced[name]) for name in announced if given[name] != announced[name]}
    assert not wrong, wrong


def test_only_what_never_succeeds_announces_no_success(server: Server) -> None:
    paths = server.client.get("/openapi.json").json()["paths"]
    failing = [path for path, operations in paths.items() for o in operations.values() if min(o["responses"]) >= "400"]
    assert failing == ["/open311/v2/tokens/{token}.{fmt}"]


def _provoked(server: Server, method: str, path: str, operation: dict[str, Any]) -> Iterator[int]:
    """Yield the statuses of requests that are wrong in every way that the operation's description leaves open."""
    bodies, everything = BODIES.get(f"{method.upper()} {path}", [{}]), server.key(*Scope)

    def ask(values: dict[str, str] = VALUES, **about: Any) -> int:
        at = re.sub(r"\{(\w+)\}", lambda match: values[match[1]], path)
        headers = {**about.pop("as_who", everything), **about.pop("headers", {})}
        sent = about if about.keys() & {"content", "json", "data"} else {**bodies[0], **about}
        return server.client.request(method, at, headers=headers, **sent).status_code

    if path != ENDLESS:
        yield ask()
    for who in ({}, server.key(Scope.REVIEW), server.used_up_key()):
        yield ask(as_who=who)
    yield from (ask(**body) for body in bodies[1:])
    if "{" in path:
        yield ask(UNKNOWN)
    for parameter in operation.get("parameters", ()):
        wrong = {parameter["name"]: "x"}
        match parameter["in"]:
            case "path":
                yield ask(VALUES | wrong)
            case "header":
                yield ask(headers=wrong)
            case _:
                yield ask(params=wrong)
    if "requestBody" in operation:
        yield from _with_bad_bodies(server, method, path, ask)
    yield server.without_room(ask)
    if path == "/readyz":
        yield server.without_tables(ask)


def _with_bad_bodies(server: Server, method: str, path: str, ask: Any) -> Iterator[int]:
    for kind, content in (("application/json", b"{"), ("application/json", b"0"), ("text/plain", b"{}")):
        yield ask(headers={"content-type": kind}, content=content)
    large = b" " * (SMALL_BYTES + 1)
    yield ask(as_who={}, headers={"content-type": "application/x-www-form-urlencoded"}, content=large)
    yield ask(headers={"content-length": str(2**40)}, content=b"{}")
    yield server.status_of_a_slow(method.upper(), path)
