"""The page *Coba*, which suggests agencies for a pasted text."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from tests.serve.desk.conftest import LAMP


def test_a_pasted_complaint_is_answered_with_marked_words(client: TestClient) -> None:
    response = client.post("/coba", data={"text": LAMP, "address": ""})
    assert response.status_code == 200
    assert "Dinas Perhubungan" in response.text
    assert re.search(r'<mark class="place( urgent)?">Sukadami</mark>', response.text)
    assert "<b>mati" not in response.text


def test_an_empty_complaint_is_answered_with_what_to_do(client: TestClient) -> None:
    response = client.post("/coba", data={"text": "😀"})
    assert response.status_code == 422
    assert "Tidak ada satu huruf pun" in response.text
