"""Open311 GeoReport v2: the fields, formats and errors that the published specification lists."""

from __future__ import annotations

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

# https://wiki.open311.org/GeoReport_v2/, the tables of the response fields.
SERVICE_FIELDS = {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}
REQUEST_FIELDS = {
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
}  # fmt: skip
ROOT = "/open311/v2"
LAMP = {
    "service_code": "dishub",
    "description": "Lampu jalan di Desa Sukadami mati total, hubungi 0812-3456-7890",
    "lat": "-6.3456",
    "long": "107.15",
    "first_name": "Siti",
    "last_name": "Aminah",
    "phone": "081234567890",
}


def _report(client: TestClient, **changed: str) -> str:
    response = client.post(f"{ROOT}/requests.json", data=LAMP | changed)
    assert response.status_code == 201, response.text
    answer = response.json()
    assert set(answer[0]) >= {"service_request_id", "service_notice", "account_id"}
    return str(answer[0]["service_request_id"])


def _requests(client: TestClient, **asked: str) -> list[dict[str, Any]]:
    response = client.get(f"{ROOT}/requests.json", params=asked)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


def test_services_are_agencies_with_what_they_handle(local_client: TestClient) -> None:
    services = local_client.get(f"{ROOT}/services.json").json()
    assert all(set(service) == SERVICE_FIELDS for service in services)
    lights = next(service for service in services if service["service_code"] == "dishub")
    assert "lampu" in lights["keywords"].lower()
    assert lights["type"] in {"realtime", "batch", "blackbox"}
    definition = local_client.get(f"{ROOT}/services/dishub.json").json()
    assert definition == {"service_code": "dishub", "attributes": []}


def test_a_reported_request_is_shown_with_personal_data_masked(local_client: TestClient) -> None:
    number = _report(local_client)
    (request,) = local_client.get(f"{ROOT}/requests/{number}.json").json()
    assert set(request) == REQUEST_FIELDS
    assert (request["status"], request["service_code"], request["lat"]) == ("open", "umum", -6.3456)
    assert "0812" not in request["description"]
    assert "Siti" not in str(request)
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert dt.datetime.fromisoformat(request[name]).tzinfo is not None


def test_a_decision_of_the_desk_is_seen_by_the_client(local_client: TestClient) -> None:
    sent, refused = _report(local_client), _report(local_client)
    for number, order in (
        (sent, {"action": "forward", "agencies": ["dishub"]}),
        (refused, {"action": "not-complaint"}),
    ):
        decided = local_client.post(f"/v1/complaints/{number}/decisions", json=order | {"version": 1})
        assert decided.status_code == 201
    assert [r["service_request_id"] for r in _requests(local_client, service_code="dishub")] == [sent]
    assert [r["service_request_id"] for r in _requests(local_client, status="closed")] == [refused]
    assert _requests(local_client, status="open")[0]["agency_responsible"] == "Dinas Perhubungan"
    assert _requests(local_client, service_request_id=f"{sent},999")[0]["service_request_id"] == sent


def test_what_is_secret_is_never_shown(local_client: TestClient) -> None:
    stored = local_client.post("/v1/complaints", json={"text": "Ada pungli di kantor desa", "secret": True}).json()
    assert local_client.get(f"{ROOT}/requests/{stored['id']}.json").status_code == 404
    assert _requests(local_client) == []


def test_requests_are_restricted_by_date_and_to_ninety_days(local_client: TestClient) -> None:
    now = dt.datetime.now(tz=dt.UTC)
    for days in (1, 30, 100):
        received = (now - dt.timedelta(days=days)).isoformat()
        local_client.post("/v1/complaints", json={"text": f"jalan rusak {days}", "received_at": received})
    assert [r["description"] for r in _requests(local_client)] == ["jalan rusak 1", "jalan rusak 30"]
    long_ago = (now - dt.timedelta(days=400)).isoformat()
    assert len(_requests(local_client, start_date=long_ago)) == 2
    before = (now - dt.timedelta(days=20)).isoformat()
    assert len(_requests(local_client, end_date=before)) == 2


def test_xml_says_the_same(local_client: TestClient) -> None:
    number = _report(local_client, description="Lampu <b>mati</b> & gelap")
    response = local_client.get(f"{ROOT}/requests/{number}.xml")
    assert response.headers["content-type"].startswith("text/xml")
    request = ElementTree.fromstring(response.content)[0]  # noqa: S314 (our own answer)
    assert request.tag == "request"
    assert {field.tag for field in request} == REQUEST_FIELDS
    assert request.findtext("description") == "Lampu <b>mati</b> & gelap"
    services = ElementTree.fromstring(local_client.get(f"{ROOT}/services.xml").content)  # noqa: S314
    assert (services.tag, services[0].tag) == ("services", "service")


def test_discovery_tells_where_the_endpoint_is(local_client: TestClient) -> None:
    discovery = local_client.get(f"{ROOT}/discovery.json").json()
    assert set(discovery) >= {"changeset", "contact", "key_service", "endpoints"}
    assert set(discovery["endpoints"][0]) >= {"specification", "url", "changeset", "type", "formats"}
    assert discovery["endpoints"][0]["url"].endswith(ROOT)


@pytest.mark.parametrize(
    ("method", "path", "form", "status"),
    [
        ("GET", "/services/tidak-ada.json", {}, 404),
        ("GET", "/requests/999.json", {}, 404),
        ("GET", "/requests/abc.json", {}, 404),
        ("GET", "/requests/99999999999999999999.json", {}, 404),
        ("GET", "/services.yaml", {}, 404),
        ("GET", "/requests.json?status=apa", {}, 400),
        ("GET", "/requests.json?start_date=kemarin", {}, 400),
        ("POST", "/requests.json", {}, 400),
        ("POST", "/requests.json", LAMP | {"service_code": "tidak-ada"}, 404),
        ("POST", "/requests.json", LAMP | {"description": ""}, 400),
        ("POST", "/requests.json", LAMP | {"lat": ""}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "91"}, 400),
        ("POST", "/requests.json", LAMP | {"lat": "nan"}, 400),
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


def test_an_error_of_an_xml_address_is_xml(local_client: TestClient) -> None:
    response = local_client.get(f"{ROOT}/requests/999.xml")
    errors = ElementTree.fromstring(response.content)  # noqa: S314
    assert (response.status_code, errors.tag, errors[0].findtext("code")) == (404, "errors", "404")
