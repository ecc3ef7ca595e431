"""A client of Open311."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.testclient import TestClient

# The response tables of https://wiki.open311.org/GeoReport_v2/ (GeoReport_v2/index.md of open311/open311.github.io),
# with the types of the schemas in open311/schema-validation.
TEXT, NUMBER, MAYBE = (str,), (int, float), (type(None),)
POSTED = {"service_request_id": TEXT, "service_notice": TEXT + MAYBE, "account_id": TEXT + MAYBE}
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


def has_exactly(value: Mapping[str, Any], fields: Mapping[str, tuple[type, ...]]) -> bool:
    """Tell whether a value has exactly these fields, with these types."""
    return value.keys() == fields.keys() and all(isinstance(value[name], kinds) for name, kinds in fields.items())


def report(client: TestClient, **changed: str) -> str:
    response = client.post(f"{ROOT}/requests.json", data=LAMP | changed)
    assert response.status_code == 200, response.text
    (answer,) = response.json()
    assert has_exactly(answer, POSTED)
    return str(answer["service_request_id"])


def requests_of(client: TestClient, **asked: str) -> list[dict[str, Any]]:
    response = client.get(f"{ROOT}/requests.json", params=asked)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()
    return found
