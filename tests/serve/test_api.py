from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Request, Response
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from pipeline.complaint import Complaint
from serve import fast_path
from serve.app import create_app
from serve.panel import OtherOrigins
from serve.settings import Settings

LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"


@pytest.fixture(scope="module")
def client(model_folder: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(model=model_folder)), raise_server_exceptions=False) as client:
        yield client


def test_one_complaint_gets_a_suggestion(client: TestClient) -> None:
    response = client.post("/v1/suggestions", json={"id": "7", "text": LAMP})
    answer = response.json()
    assert response.status_code == 200
    assert answer["id"] == "7"
    assert answer["agencies"][0]["code"] == "dishub"
    assert len(answer["agencies"]) >= 5
    assert answer["place"]["name"] == "Sukadami"


@pytest.mark.parametrize("text", [LAMP, f"kabel putus menjuntai! {LAMP} " * 60], ids=["short", "long"])
def test_the_answer_is_the_suggestion_as_json(client: TestClient, text: str) -> None:
    router = client.app.state.router  # type: ignore[attr-defined]
    response = client.post("/v1/suggestions", json={"text": text, "address": "Kec. Setu"})
    assert response.headers["content-type"] == "application/json"
    assert response.json() == json.loads(json.dumps(router.suggest(Complaint(text, address="Kec. Setu")).to_dict()))


def test_where_no_other_origin_may_ask_no_answer_is_made_ready_for_one(client: TestClient) -> None:
    asks = {"Origin": "https://lapor.example.go.id", "Access-Control-Request-Method": "POST"}
    answered = client.post("/v1/suggestions", json={"text": LAMP}, headers=asks)
    refused = client.options("/v1/suggestions", headers=asks)
    assert (answered.status_code, refused.status_code) == (200, 405)
    for response in (answered, refused):
        assert not {"vary", "access-control-allow-origin"} & set(response.headers)


def test_a_page_of_another_origin_can_read_when_to_come_again() -> None:
    async def busy(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=503, headers={"Retry-After": "2"})(scope, receive, send)

    origin = "https://lapor.example.go.id"
    answer = TestClient(OtherOrigins(busy, [origin])).post("/v1/suggestions", headers={"Origin": origin})
    assert answer.headers["access-control-allow-origin"] == origin
    assert answer.headers["access-control-expose-headers"] == "Retry-After"


def test_a_short_text_is_answered_without_the_frameworks_way_to_it(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/v1/suggestions", json={"text": LAMP}).status_code == 200
    monkeypatch.setattr("fastapi.routing.APIRouter.__call__", None)
    with caplog.at_level(logging.INFO, "disposisi.requests"):
        assert client.post("/v1/suggestions", json={"text": LAMP}).status_code == 200
    assert "POST /v1/suggestions 200" in caplog.text


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/x+json", "text/x"]
)
@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"text": LAMP, "address": "Kec. Setu", "id": "7", "more": 1}).encode(),
        b'{"text": "satu", "text": "lampu jalan mati", "more": NaN}',
        b'\xef\xbb\xbf{"text": "lampu jalan mati"}',
        '{"text": "lampu jalan mati"}'.encode("utf-16"),
        b'{"text": "lampu jalan mati", "id": 7}',
        b'{"text": "lampu \\ud800 mati"}',
        b'{"text": " "}',
        b'{"text": "lampu',
        b"",
    ],
)
def test_both_ways_to_a_suggestion_answer_the_same(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, body: bytes, kind: str
) -> None:
    def no_way(_request: Request, _body: bytes) -> None:
        return None

    short = client.post("/v1/suggestions", content=body, headers={"content-type": kind})
    monkeypatch.setattr(fast_path, "_straight", no_way)
    usual = client.post("/v1/suggestions", content=body, headers={"content-type": kind})
    assert (short.status_code, short.headers, short.content) == (usual.status_code, usual.headers, usual.content)


def test_a_batch_is_answered_in_order_with_errors_in_their_places(client: TestClient) -> None:
    complaints = [{"id": "a", "text": LAMP}, {"id": "b", "text": "😀"}, {"id": "c", "text": "sampah menumpuk bau"}]
    answers = client.post("/v1/suggestions/batch", json={"complaints": complaints}).json()["suggestions"]
    assert [answer["id"] for answer in answers] == ["a", "b", "c"]
    assert answers[1]["error"]["status"] == 422
    assert answers[2]["agencies"][0]["code"] == "dlh"


def test_an_identifier_that_cannot_be_sent_back_spoils_no_batch(client: TestClient) -> None:
    body = json.dumps({"complaints": [{"id": "\ud800", "text": LAMP}, {"id": "b", "text": LAMP}]})
    response = client.post("/v1/suggestions/batch", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 200
    failed, answered = response.json()["suggestions"]
    assert (failed["id"], failed["error"]["status"], answered["id"]) == (None, 422, "b")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"text": "jalan', 400),
        (b"", 422),
        (b"\xff\xfe\x00", 400),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"text": 5}', 422),
        (b'{"text": null}', 422),
        (b'{"text": ["jalan"]}', 422),
        (b'{"text": "jalan", "id": 7}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": "   "}', 422),
        ('{"text": "😡😡"}'.encode(), 422),
        (b'{"text": "jalan\\u0000rusak"}', 422),
        (b'{"text": "jalan \\ud800 rusak"}', 422),
        (b'{"text": "jalan", "id": "\\ud800"}', 422),
        (json.dumps({"text": "jalan rusak " * 90_000}).encode(), 413),
        (b'{"text": "' + b"a" * 17_000_000 + b'"}', 413),
        (b"[" * 100_000, 400),
    ],
)
def test_bad_input_is_a_problem_document_without_the_text(client: TestClient, body: bytes, status: int) -> None:
    response = client.post("/v1/suggestions", content=body, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) >= {"type", "title", "status", "detail"}
    assert problem["status"] == status
    assert "jalan" not in response.text


@pytest.mark.parametrize("complaints", [[], [{"text": "jalan"}] * 1001])
def test_an_empty_or_too_large_batch_is_refused(client: TestClient, complaints: list[dict[str, str]]) -> None:
    response = client.post("/v1/suggestions/batch", json={"complaints": complaints})
    assert response.status_code == 422
    assert response.json()["type"] == "urn:disposisi:problem:invalid-input"


def test_a_streamed_body_over_the_limit_is_refused(model_folder: Path) -> None:
    with TestClient(create_app(Settings(model=model_folder, max_body_bytes=1000))) as client:
        response = client.post("/v1/suggestions", content=(b"x" * 100 for _ in range(50)))
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v2", 404), ("GET", "/v1/suggestions", 405)])
def test_wrong_paths_and_methods_are_problem_documents(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/suggestions", "POST"),
        ("/v1/complaints", "GET, POST"),
        ("/v1/complaints/1/claim", "PUT, DELETE"),
        ("/open311/v2/requests.json", "GET, POST"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_which_are_allowed(client: TestClient, path: str, allowed: str) -> None:
    answer = client.patch(path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_a_crash_inside_is_a_problem_document_and_the_log_has_no_text(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def crash(_: object) -> None:
        raise RuntimeError(LAMP)

    monkeypatch.setattr(client.app.state.router, "suggest", crash)  # type: ignore[attr-defined]
    response = client.post("/v1/suggestions", json={"text": LAMP})
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert LAMP not in response.text
    assert LAMP not in caplog.text
    assert "POST /v1/suggestions failed with RuntimeError" in caplog.text


def test_every_operation_is_described_with_examples(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    assert set(description["paths"]) == {
        "/v1/suggestions", "/v1/suggestions/batch", "/v1/agencies", "/v1/model", "/healthz", "/readyz",
        "/v1/complaints", "/v1/complaints/counts", "/v1/complaints/{number}", "/v1/complaints/{number}/decisions",
        "/v1/complaints/{number}/claim", "/v1/replies", "/v1/replies/sent", "/v1/overview",
        "/v1/overview.xlsx", "/v1/events", "/open311/v2/discovery.{fmt}", "/open311/v2/services.{fmt}",
        "/open311/v2/services/{code}.{fmt}", "/open311/v2/requests.{fmt}", "/open311/v2/requests/{number}.{fmt}",
        "/open311/v2/tokens/{token}.{fmt}",
    }  # fmt: skip
    assert description["components"]["schemas"]["ComplaintIn"]["examples"]
    for path, kind in (("/v1/events", "text/event-stream"), ("/v1/overview.xlsx", "spreadsheetml.sheet")):
        assert kind in str(description["paths"][path]["get"]["responses"]["200"]["content"])


def test_errors_are_described_in_the_form_in_which_they_come(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in description["paths"].items():
        for operation in operations.values():
            errors = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            if path.startswith("/open311/"):
                assert "422" not in errors, "the standard knows none"
            else:
                assert all(answer["content"] == problem for answer in errors.values()), path
    assert not {"HTTPValidationError", "ValidationError"} & set(description["components"]["schemas"])


def test_what_a_complaint_can_be_is_described(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    told = schemas["ComplaintOut"]["properties"]
    assert {name: told[name]["$ref"].rpartition("/")[2] for name in ("status", "decision", "situation")} == {
        "status": "Status",
        "decision": "Decision",
        "situation": "Situation",
    }
    assert schemas["ClaimOut"]["properties"]["expires_at"]["format"] == "date-time"


@pytest.mark.parametrize(
    ("headers", "body", "status", "mend"),
    [
        ({"content-type": "application/x-www-form-urlencoded"}, b'{"text": "jalan rusak"}', 415, "application/json"),
        ({"content-type": "text/plain"}, b'{"text": "jalan rusak"}', 415, "application/json"),
        ({"content-type": "application/json"}, b'{"text": "jalan rusak \xe9"}', 400, "UTF-8"),
        ({"content-type": "application/json", "content-encoding": "gzip"}, gzip.compress(b"{}", mtime=0), 400, "UTF-8"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_how_to_be_sent(
    client: TestClient, headers: dict[str, str], body: bytes, status: int, mend: str
) -> None:
    response = client.post("/v1/suggestions", content=body, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert mend in response.json()["detail"]
