"""Open311 GeoReport v2: the fields, formats and errors that the published specification lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient

from pipeline.region import Region
from serve.api.open311_services import services
from serve.store import models
from tests.serve.open311 import MAYBE, NUMBER, ROOT, TEXT, has_exactly, report, requests_of

SERVICE = {
    "service_code": TEXT, "service_name": TEXT, "description": TEXT + MAYBE, "metadata": (bool,), "type": TEXT,
    "keywords": TEXT + MAYBE, "group": TEXT + MAYBE,
}  # fmt: skip
REQUEST = {
    "service_request_id": TEXT, "status": TEXT, "status_notes": TEXT + MAYBE, "service_name": TEXT + MAYBE,
    "service_code": TEXT, "description": TEXT + MAYBE, "agency_responsible": TEXT + MAYBE,
    "service_notice": TEXT + MAYBE, "requested_datetime": TEXT, "updated_datetime": TEXT + MAYBE,
    "expected_datetime": TEXT + MAYBE, "address": TEXT + MAYBE, "address_id": TEXT + MAYBE, "zipcode": TEXT + MAYBE,
    "lat": NUMBER + MAYBE, "long": NUMBER + MAYBE, "media_url": TEXT + MAYBE,
}  # fmt: skip
# https://wiki.open311.org/Service_Discovery/: "all fields are required".
DISCOVERY = {"changeset": TEXT, "contact": TEXT, "key_service": TEXT, "endpoints": (list,)}
ENDPOINT = {"specification": TEXT, "url": TEXT, "changeset": TEXT, "type": TEXT, "formats": (list,)}


def test_services_are_agencies_with_what_they_handle(local_client: TestClient) -> None:
    services = local_client.get(f"{ROOT}/services.json").json()
    assert all(has_exactly(service, SERVICE) for service in services)
    assert len({service["service_code"] for service in services}) == len(services)
    lights = next(service for service in services if service["service_code"] == "dishub")
    assert "lampu" in lights["keywords"].lower()
    assert lights["type"] in {"realtime", "batch", "blackbox"}
    definition = local_client.get(f"{ROOT}/services/dishub.json").json()
    assert definition == {"service_code": "dishub", "attributes": []}


def test_a_service_that_handles_single_problems_names_just_these(bekasi: Region) -> None:
    only_parking = bekasi.agencies["dishub"].model_copy(update={"urusan": ("perhubungan/juru-parkir",)})
    service = services(replace(bekasi, agencies={**bekasi.agencies, "dishub": only_parking}))["dishub"]
    (name,) = (p.name for p in bekasi.catalogue["perhubungan"].problems if p.id == "juru-parkir")
    assert (service.description, service.keywords) == (f"{name}.", name)


def test_a_reported_request_is_shown_with_personal_data_masked(local_client: TestClient) -> None:
    number = report(local_client)
    (request,) = local_client.get(f"{ROOT}/requests/{number}.json").json()
    assert has_exactly(request, REQUEST)
    assert (request["status"], request["service_code"], request["lat"]) == ("open", "umum", -6.3456)
    assert "0812" not in request["description"]
    assert "Siti" not in str(request)
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert dt.datetime.fromisoformat(request[name]).tzinfo is not None


def test_a_decision_of_the_desk_is_seen_by_the_client(local_client: TestClient) -> None:
    sent, refused = report(local_client), report(local_client)
    for number, order in (
        (sent, {"action": "forward", "agencies": ["dishub"]}),
        (refused, {"action": "not-complaint"}),
    ):
        decided = local_client.post(f"/v1/complaints/{number}/decisions", json=order | {"version": 1})
        assert decided.status_code == 201
    assert [r["service_request_id"] for r in requests_of(local_client, service_code="dishub")] == [sent]
    assert [r["service_request_id"] for r in requests_of(local_client, status="closed")] == [refused]
    assert requests_of(local_client, status="open")[0]["agency_responsible"] == "Dinas Perhubungan"
    assert requests_of(local_client, service_request_id=f"{sent},999")[0]["service_request_id"] == sent


def test_what_is_secret_is_never_shown(local_client: TestClient) -> None:
    stored = local_client.post("/v1/complaints", json={"text": "Ada pungli di kantor desa", "secret": True}).json()
    assert local_client.get(f"{ROOT}/requests/{stored['id']}.json").status_code == 404
    assert requests_of(local_client) == []


def test_the_number_of_a_secret_complaint_is_not_told_to_who_was_merged_into_it(local_client: TestClient) -> None:
    for secret in (True, False):
        kept, merged = (
            local_client.post("/v1/complaints", json={"text": "Ada pungli di kantor desa", "secret": hidden}).json()[
                "id"
            ]
            for hidden in (secret, False)
        )
        order = {"action": "merge", "version": 1, "into": kept}
        local_client.post(f"/v1/complaints/{merged}/decisions", json=order)
        notes = requests_of(local_client, service_request_id=str(merged))[0]["status_notes"]
        assert notes == ("Digabung" if secret else f"Digabung dengan nomor {kept}")


@pytest.mark.parametrize(
    "path", ["/services", "/services/dishub", "/requests", "/requests/1", "/requests/99", "/discovery", "/tokens/12"]
)
def test_json_and_xml_say_the_same(local_client: TestClient, path: str) -> None:
    report(local_client, description="Lampu <b>mati</b> & gelap")
    xml, json = (local_client.get(f"{ROOT}{path}.{fmt}") for fmt in ("xml", "json"))
    assert xml.status_code == json.status_code
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert json.headers["content-type"] == "application/json; charset=utf-8"
    assert xml.text.lower().startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert _spark(ElementTree.fromstring(xml.content)) == _as_text(json.json())  # noqa: S314 (our own answer)


def test_characters_that_xml_has_not_are_left_out_of_it(local_client: TestClient) -> None:
    report(local_client, description="Lampu\ufffe mati\uffff\x0b di Sukadami\u0085 😡")
    listed = ElementTree.fromstring(local_client.get(f"{ROOT}/requests.xml").content)  # noqa: S314 (our own answer)
    assert listed.findtext("request/description") == "Lampu mati di Sukadami\u0085 😡"


_LISTS = {
    "services": "service", "attributes": "attribute", "service_requests": "request", "errors": "error",
    "endpoints": "endpoint", "formats": "format",
}  # fmt: skip


def _spark(element: ElementTree.Element) -> Any:
    """Convert an element to JSON by the Spark convention, with all values as text."""
    if element.tag in _LISTS:
        assert {member.tag for member in element} <= {_LISTS[element.tag]}
        return [_spark(member) for member in element]
    return {part.tag: _spark(part) for part in element} if len(element) else element.text


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_text(part) for part in value]
    return None if value in {None, ""} else str(value).lower() if isinstance(value, bool) else str(value)


def test_a_place_is_told_by_its_code(local_client: TestClient) -> None:
    number = report(local_client, description="Lampu jalan mati", lat="", long="", address_id="32.16.19.2004")
    (request,) = requests_of(local_client, service_request_id=number)
    assert request["address_id"] == "32.16.19.2004"
    assert request["address"] == "Desa Sukadami, Kecamatan Cikarang Selatan"


def test_a_long_complaint_is_cut_to_the_length_that_the_standard_allows(local_client: TestClient) -> None:
    local_client.post("/v1/complaints", json={"text": "jalan rusak " * 400})
    (request,) = requests_of(local_client)
    assert len(request["description"]) == 4000


def test_phone_and_email_both_reach_the_desk(local_client: TestClient) -> None:
    number = report(local_client, email="siti@contoh.id")
    with local_client.app.state.database.reading() as session:  # type: ignore[attr-defined]
        contact = session.get(models.Complaint, int(number)).reporter_contact
    assert contact == "081234567890, siti@contoh.id"


def test_discovery_tells_where_the_endpoint_is_and_since_which_day_of_the_agencies(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serve.api.open311.today", lambda _: dt.date(2026, 1, 2))
    discovery = local_client.get(f"{ROOT}/discovery.json").json()
    assert has_exactly(discovery, DISCOVERY)
    assert all(has_exactly(endpoint, ENDPOINT) for endpoint in discovery["endpoints"])
    assert discovery["endpoints"][0]["url"].endswith(ROOT)
    assert discovery["changeset"] == discovery["endpoints"][0]["changeset"] == "2026-01-02T00:00:00+07:00"
