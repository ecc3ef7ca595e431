"""The Python client with a real server."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from pipeline.complaint import Complaint, Kind, Level, Suggestion
from serve.api.complaint_schema import ArrivalIn, OrderIn
from serve.api.problems import problem_response
from serve.api.suggestion_schema import FailedItem
from serve.client import Client, RefusedError, UnreachableError
from serve.security import Door
from serve.store import accounts, keys
from serve.store.accounts import Role, Scope
from serve.store.history import Action
from tests.serve.serving import serving

LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"


@pytest.fixture
def address(local_client: TestClient) -> Iterator[str]:
    with serving(_app(local_client)) as address:
        yield address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def _app(local_client: TestClient) -> FastAPI:
    app = local_client.app
    assert isinstance(app, FastAPI)
    return app


def test_a_suggestion_comes_back_whole(client: Client) -> None:
    suggestion = client.suggest(LAMP, id="WA-1")
    assert isinstance(suggestion, Suggestion)
    assert (suggestion.id, suggestion.agencies[0].code, suggestion.kind) == ("WA-1", "dishub", Kind.PENGADUAN)
    assert isinstance(suggestion.urgency.level, Level)
    assert suggestion.place is not None
    assert LAMP[suggestion.place.start : suggestion.place.end] == "Sukadami"
    assert suggestion.model == client.model().name
    assert suggestion.agencies[0].name in {agency.name for agency in client.agencies()}


def test_of_more_texts_than_one_request_holds_each_gets_its_answer(client: Client) -> None:
    texts = [f"Sampah menumpuk di gang {number}" if number % 500 else "Halo 🙂" for number in range(1, 1502)]
    answers = list(client.suggest_many(Complaint(text, id=str(number)) for number, text in enumerate(texts)))
    assert [_id(answer) for answer in answers] == [str(number) for number in range(len(texts))]


def test_what_cannot_be_used_is_told_beside_the_others(client: Client) -> None:
    unusable = Complaint("x")
    object.__setattr__(unusable, "text", "?!")  # another version's client might allow it
    good, bad = client.suggest_many([Complaint(LAMP), unusable])
    assert isinstance(good, Suggestion)
    assert isinstance(bad, FailedItem)
    assert bad.error.type == "urn:disposisi:problem:empty-complaint"
    with pytest.raises(RefusedError, match=r"422 Teks aduan kosong: Tidak ada satu huruf pun"):
        client.suggest("?!")


def test_a_complaint_is_stored_once_decided_and_listed(client: Client) -> None:
    arrival = ArrivalIn(text=LAMP, sender_id="7", channel="whatsapp")
    stored = client.receive(arrival)
    assert client.receive(arrival).id == stored.id
    order = OrderIn(action=Action.FORWARD, version=stored.version, agencies=("dishub",))
    assert client.decide(stored.id, order).status == "terdisposisi"
    with pytest.raises(RefusedError) as caught:
        client.decide(stored.id, order)
    assert (caught.value.problem.status, caught.value.problem.type) == (409, "urn:disposisi:problem:conflict")
    assert [entry["action"] for entry in client.complaint(stored.id).history] == ["receive", "forward"]
    numbers = {stored.id} | {client.receive(ArrivalIn(text=f"{LAMP} gang {n}")).id for n in range(3)}
    assert {complaint.id for complaint in client.complaints(any_status=True, size=2)} == numbers


def test_a_busy_server_is_asked_again_as_often_as_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    app, asked, waited = FastAPI(), [], list[int]()
    monkeypatch.setattr("serve.client.time", SimpleNamespace(sleep=waited.append))

    @app.get("/v1/model")
    def busy_twice() -> Response:
        asked.append(1)
        if len(asked) % 3:
            return problem_response(503, "Sibuk", "Coba lagi.", "busy", headers={"Retry-After": "7"})
        return JSONResponse({"name": "m", "region": {}, "agencies": 2})

    with serving(app) as address:
        with Client(address, tries=3) as patient:
            assert patient.model().name == "m"
        with Client(address, tries=2) as impatient, pytest.raises(RefusedError, match="503 Sibuk: Coba lagi"):
            impatient.model()
    assert len(asked) == 5
    assert waited == [7, 7, 7], "no wait after the last attempt"


def test_a_busy_server_that_names_no_time_to_come_again_is_not_asked_again() -> None:
    app = FastAPI()

    @app.get("/v1/model")
    def busy() -> Response:
        return problem_response(503, "Sibuk", "Coba lagi.", "busy", headers={"Retry-After": "\u00b2"})

    with serving(app) as address, Client(address, tries=3) as client, pytest.raises(RefusedError, match="503 Sibuk"):
        client.model()


def test_where_a_key_is_needed_one_without_is_refused(local_client: TestClient, address: str) -> None:
    now, state = dt.datetime.now(tz=dt.UTC), _app(local_client).state
    with state.database.writing() as session:
        accounts.add_user(session, "rina", "empat kata yang acak", full_name="Rina", role=Role.ADMIN, now=now)
        key = keys.add_key(session, "bot", [Scope.SUGGEST], now=now)
    state.door = Door(state.database)
    with Client(address, key) as bot, Client(address) as stranger:
        assert bot.suggest(LAMP).agencies[0].code == "dishub"
        with pytest.raises(RefusedError, match="403"):
            bot.complaint(1)
        with pytest.raises(RefusedError, match="401 Perlu masuk"):
            stranger.suggest(LAMP)


def test_an_address_where_no_disposisi_answers_is_told() -> None:
    with Client("http://127.0.0.1:9") as nobody, pytest.raises(UnreachableError, match="does not answer"):
        nobody.suggest(LAMP)
    with serving(FastAPI()) as address, Client(address) as other, pytest.raises(UnreachableError, match="answers 404"):
        other.suggest(LAMP)
    app = FastAPI()
    app.add_api_route("/v1/suggestions/batch", lambda: ["another program"], methods=["POST"])
    with serving(app) as address, Client(address) as other, pytest.raises(UnreachableError, match="answers 200"):
        list(other.suggest_many([Complaint(LAMP)]))


@pytest.mark.slow
def test_the_client_loads_no_model_and_no_server() -> None:
    asked = "import sys, serve.client; print({'sklearn', 'pandas', 'sqlalchemy', 'fastapi'} & set(sys.modules))"
    printed = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "set()"


def _id(answer: Suggestion | FailedItem) -> str | None:
    return answer.id
