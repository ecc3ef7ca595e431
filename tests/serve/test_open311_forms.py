"""Open311: which parameters and forms are taken, and how errors are written."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from serve.store import keys, models
from serve.store.accounts import Scope
from tests.serve.open311 import LAMP, ROOT, report, requests_of


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json"])
def test_what_is_no_form_is_told_so(local_client: TestClient, kind: str) -> None:
    response = local_client.post(f"{ROOT}/requests.json", content=b"{}", headers={"content-type": kind})
    assert response.status_code == 400
    assert "application/x-www-form-urlencoded" in response.json()[0]["description"]


def _on(client: TestClient, *days: int) -> dt.datetime:
    """Add complaints received so many days ago; return the current time."""
    now = dt.datetime.now(tz=dt.UTC)
    for ago in days:
        received = (now - dt.timedelta(days=ago)).isoformat()
        client.post("/v1/complaints", json={"text": f"jalan rusak {ago}", "received_at": received})
    return now


def test_requests_are_restricted_by_date(local_client: TestClient) -> None:
    now = _on(local_client, 1, 30, 100, 200)
    for start, end, found in (
        (None, None, [1, 30]),  # "the range defaults to most recent 90 days"
        (100, None, [30, 100]),  # 90 days from there, so that a client that continues from there misses nothing
        (None, 20, [30, 100]),
        (50, 20, [30]),
        (100, 10, [30, 100]),
    ):
        dates = {
            name: (now - dt.timedelta(days=days, seconds=1)).isoformat()
            for name, days in (("start_date", start), ("end_date", end))
            if days is not None
        }
        assert [r["description"] for r in requests_of(local_client, **dates)] == [f"jalan rusak {ago}" for ago in found]


def test_what_spans_more_than_ninety_days_is_refused_rather_than_cut(local_client: TestClient) -> None:
    dates = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}
    response = local_client.get(f"{ROOT}/requests.json", params=dates)
    assert (response.status_code, "90 hari" in response.json()[0]["description"]) == (400, True)


def test_parameters_are_given_with_commas_or_again_and_empty_ones_are_none(local_client: TestClient) -> None:
    first, second = report(local_client), report(local_client)
    both = [second, first]
    for query in (
        f"service_request_id={first},{second}",
        f"service_request_id={first}&service_request_id={second}&status=nonsense&start_date=nonsense",  # overrides all
        "status=open,closed&service_code=dishub,umum",
        "status=open&status=closed",
        "service_request_id=&service_code=&start_date=&end_date=&status=&jurisdiction_id=",
        "jurisdiction_id=bekasikab.go.id",  # one jurisdiction only, so it is ignored
    ):
        response = local_client.get(f"{ROOT}/requests.json?{query}")
        assert response.status_code == 200, query
        assert [request["service_request_id"] for request in response.json()] == both, query


def test_a_thousand_requests_are_a_page(local_client: TestClient) -> None:
    number = report(local_client)
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        columns = [c for c in models.Complaint.__table__.columns if c.name not in {"id", "sender_id"}]
        one = session.execute(select(*columns).where(models.Complaint.id == int(number))).mappings().one()
        session.execute(insert(models.Complaint), [dict(one) for _ in range(1000)])
    assert len(requests_of(local_client)) == 1000
    assert [r["service_request_id"] for r in requests_of(local_client, page="2")] == [number]
    numbers = [r["service_request_id"] for r in requests_of(local_client, page="2", page_size="2")]
    assert numbers == ["999", "998"]


def test_a_form_made_from_the_description_is_taken(local_client: TestClient) -> None:
    description = local_client.get("/openapi.json").json()
    operation = description["paths"][f"{ROOT}/requests.{{fmt}}"]["post"]
    form = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
    filled = {name: field["examples"][0] for name, field in form["properties"].items() if field.get("examples")}
    assert set(form["required"]) <= set(filled)
    assert local_client.post(f"{ROOT}/requests.json", data=filled).status_code == 200
    assert operation["security"] == [{"key": []}]
    assert {"api_key": []} in description["paths"][f"{ROOT}/requests.{{fmt}}"]["get"]["security"]
    assert local_client.post(f"{ROOT}/requests.json", data=filled | {"api_key": "salah"}).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "form", "status"),
    [
        ("GET", "/services/tidak-ada.json", {}, 404),
        ("GET", "/requests/999.json", {}, 404),
        ("GET", "/requests/abc.json", {}, 404),
        ("GET", "/requests/99999999999999999999.json", {}, 404),
        ("GET", "/services.yaml", {}, 404),
        ("GET", "/requests.json?status=apa", {}, 400),
        ("GET", "/requests.json?service_code=%00", {}, 400),
        ("GET", "/requests.json?start_date=kemarin", {}, 400),
        ("POST", "/requests.json", {}, 400),
        ("POST", "/requests.json", LAMP | {"service_code": "tidak-ada"}, 404),
        ("POST", "/requests.json", LAMP | {"description": ""}, 400),
        ("POST", "/requests.json", LAMP | {"description": "", "media_url": "https://foto.example/1.jpg"}, 400),
        ("GET", "/requests.json?page_size=1001", {}, 400),
        ("GET", "/tokens/12.json", {}, 404),
        ("POST", "/requests.json", LAMP | {"lat": ""}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "", "address_string": "Desa Sukadami"}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "", "long": ""}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "", "long": "", "address_string": " "}, 400),
        ("POST", "/requests.json", LAMP | {"address_id": "31.71"}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "91"}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "nan"}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "-1_0"}, 400),
        ("POST", "/requests.json", LAMP | {"long": " 1"}, 400),
        ("GET", "/requests.json?page=1_0", {}, 400),
        ("POST", "/requests.json", LAMP | {"api_key": "salah"}, 403),
    ],
)
def test_errors_are_written_as_the_standard_says(
    local_client: TestClient, method: str, path: str, form: dict[str, str], status: int
) -> None:
    response = local_client.request(method, ROOT + path, data=form)
    assert response.status_code == status, response.text
    assert [set(error) for error in response.json()] == [{"code", "description"}]
    assert response.json()[0]["code"] == status


def test_a_format_that_there_is_none_of_is_told_which_there_are(local_client: TestClient) -> None:
    (error,) = local_client.get(f"{ROOT}/services.yaml").json()
    assert ".json" in error["description"]


def test_an_error_of_an_xml_address_is_xml(local_client: TestClient) -> None:
    response = local_client.get(f"{ROOT}/requests/999.xml")
    errors = ElementTree.fromstring(response.content)  # noqa: S314 (our own answer)
    assert (response.status_code, errors.tag, errors[0].findtext("code")) == (404, "errors", "404")


def test_a_key_used_too_often_is_told_when_to_come_again(local_client: TestClient) -> None:
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        key = keys.add_key(session, "peramban", {Scope.READ}, per_minute=1, now=dt.datetime.now(tz=dt.UTC))
    answers = [local_client.get(f"{ROOT}/requests.json", params={"api_key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()[0]["code"] == 429
    assert int(answers[1].headers["Retry-After"]) > 0
