"""Requests in absolute form, as sent to proxies, over a real connection."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.serve.serving import serving


@pytest.fixture
def port(local_client: TestClient) -> Iterator[int]:
    app: Any = local_client.app
    with serving(app) as address:
        yield int(address.rpartition(":")[2])


def _get(port: int, target: str) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", target, headers={"Host": f"127.0.0.1:{port}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body)


@pytest.mark.parametrize("scheme", ["http", "HTTPS"])
def test_a_whole_address_is_answered_like_its_path(port: int, scheme: str) -> None:
    target = "/v1/complaints?q=lampu%20mati"
    assert _get(port, f"{scheme}://127.0.0.1:{port}{target}") == _get(port, target) == (
        200, {"complaints": [], "next": None},
    )  # fmt: skip


def test_a_whole_address_without_a_path_is_the_first_page(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    answers = []
    for target in (f"http://127.0.0.1:{port}", "/"):
        connection.request("GET", target)
        answer = connection.getresponse()
        answer.read()
        answers.append((answer.status, answer.headers["location"]))
    connection.close()
    assert answers[0] == answers[1]
    assert answers[0][0] < 400


def test_the_host_of_a_whole_address_counts_and_not_the_one_of_the_header(port: int) -> None:
    assert _get(port, "http://lapor.example.go.id/v1/complaints")[0] == 401
