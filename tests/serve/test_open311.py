"""Open311 GeoReport v2: the fields, formats and errors that the published specification lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from serve.store import keys, models
from serve.store.accounts import Scope

# The response tables of https://wiki.open311.org/GeoReport_v2/ (GeoReport_v2/index.md of open311/open311.github.io),
# with the types of the schemas in open311/schema-validation.
TEXT, NUMBER, MAYBE = (str,), (int, float), (type(None),)
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
POSTED = {"service_request_id": TEXT, "service_notice": TEXT + MAYBE, "account_id": TEXT + MAYBE}
# https://wiki.open311.org/Service_Discovery/: "all fields are required".
DISCOVERY = {"changeset": TEXT, "contact": TEXT, "key_service": TEXT, "endpoints": (list,)}
ENDPOINT = {"specification": TEXT, "url": TEXT, "changeset": TEXT, "type": TEXT, "formats": (list,)}
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


def _is(value: Mapping[str, Any], fields: Mapping[str, tuple[type, ...]]) -> bool:
    """Tell whether a value has exactly these fields, with these types."""
    return value.keys() == fields.keys() and all(isinstance(value[name], kinds) for name, kinds in fields.items())


def _report(client: TestClient, **changed: str) -> str:
    response = client.post(f"{ROOT}/requests.json", data=LAMP | changed)
    assert response.status_code == 200, response.text
    (answer,) = response.json()
    assert _is(answer, POSTED)
    return str(answer["service_request_id"])


def _requests(client: TestClient, **asked: str) -> list[dict[str, Any]]:
    response = client.get(f"{ROOT}/requests.json", params=asked)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found


def test_services_are_agencies_with_what_they_handle(local_client: TestClient) -> None:
    services = local_client.get(f"{ROOT}/services.json").json()
    assert all(_is(service, SERVICE) for service in services)
    assert len({service["service_code"] for service in services}) == len(services)
    lights = next(service for service in services if service["service_code"] == "dishub")
    assert "lampu" in lights["keywords"].lower()
    assert lights["type"] in {"realtime", "batch", "blackbox"}
    definition = local_client.get(f"{ROOT}/services/dishub.json").json()
    assert definition == {"service_code": "dishub", "attributes": []}


def test_a_reported_request_is_shown_with_personal_data_masked(local_client: TestClient) -> None:
    number = _report(local_client)
    (request,) = local_client.get(f"{ROOT}/requests/{number}.json").json()
    assert _is(request, REQUEST)
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
        notes = _requests(local_client, service_request_id=str(merged))[0]["status_notes"]
        assert notes == ("Digabung" if secret else f"Digabung dengan nomor {kept}")


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
        assert [r["description"] for r in _requests(local_client, **dates)] == [f"jalan rusak {ago}" for ago in found]


def test_what_spans_more_than_ninety_days_is_refused_rather_than_cut(local_client: TestClient) -> None:
    dates = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}
    response = local_client.get(f"{ROOT}/requests.json", params=dates)
    assert (response.status_code, "90 hari" in response.json()[0]["description"]) == (400, True)


def test_parameters_are_given_with_commas_or_again_and_empty_ones_are_none(local_client: TestClient) -> None:
    first, second = _report(local_client), _report(local_client)
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
    number = _report(local_client)
    with local_client.app.state.database.writing() as session:  # type: ignore[attr-defined]
        columns = [c for c in models.Complaint.__table__.columns if c.name not in {"id", "sender_id"}]
        one = session.execute(select(*columns).where(models.Complaint.id == int(number))).mappings().one()
        session.execute(insert(models.Complaint), [dict(one) for _ in range(1000)])
    assert len(_requests(local_client)) == 1000
    assert [r["service_request_id"] for r in _requests(local_client, page="2")] == [number]
    numbers = [r["service_request_id"] for r in _requests(local_client, page="2", page_size="2")]
    assert numbers == ["999", "998"]


@pytest.mark.parametrize(
    "path", ["/services", "/services/dishub", "/requests", "/requests/1", "/requests/99", "/discovery", "/tokens/12"]
)
def test_json_and_xml_say_the_same(local_client: TestClient, path: str) -> None:
    _report(local_client, description="Lampu <b>mati</b> & gelap")
    xml, json = (local_client.get(f"{ROOT}{path}.{fmt}") for fmt in ("xml", "json"))
    assert xml.status_code == json.status_code
    assert xml.headers["content-type"] == "text/xml; charset=utf-8"
    assert json.headers["content-type"] == "application/json; charset=utf-8"
    assert xml.text.lower().startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert _spark(ElementTree.fromstring(xml.content)) == _as_text(json.json())  # noqa: S314 (our own answer)


def test_characters_that_xml_has_not_are_left_out_of_it(local_client: TestClient) -> None:
    _report(local_client, description="Lampu\ufffe mati\uffff\x0b di Sukadami\u0085 😡")
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
    number = _report(local_client, description="Lampu jalan mati", lat="", long="", address_id="32.16.19.2004")
    (request,) = _requests(local_client, service_request_id=number)
    assert request["address_id"] == "32.16.19.2004"
    assert request["address"] == "Desa Sukadami, Kecamatan Cikarang Selatan"


def test_a_long_complaint_is_cut_to_the_length_that_the_standard_allows(local_client: TestClient) -> None:
    local_client.post("/v1/complaints", json={"text": "jalan rusak " * 400})
    (request,) = _requests(local_client)
    assert len(request["description"]) == 4000


def test_phone_and_email_both_reach_the_desk(local_client: TestClient) -> None:
    number = _report(local_client, email="siti@contoh.id")
    with local_client.app.state.database.reading() as session:  # type: ignore[attr-defined]
        contact = session.get(models.Complaint, int(number)).reporter_contact
    assert contact == "081234567890, siti@contoh.id"


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


def test_discovery_tells_where_the_endpoint_is_and_since_which_day_of_the_agencies(
    local_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serve.api.open311.today", lambda _: dt.date(2026, 1, 2))
    discovery = local_client.get(f"{ROOT}/discovery.json").json()
    assert _is(discovery, DISCOVERY)
    assert all(_is(endpoint, ENDPOINT) for endpoint in discovery["endpoints"])
    assert discovery["endpoints"][0]["url"].endswith(ROOT)
    assert discovery["changeset"] == discovery["endpoints"][0]["changeset"] == "2026-01-02T00:00:00+07:00"


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
