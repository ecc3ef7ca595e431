"""The page *Aduan baru*, for complaints typed in at the counter."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.serve.desk.conftest import LAMP, fields_of


def test_a_complaint_typed_in_at_the_counter_is_stored_with_a_receipt(client: TestClient) -> None:
    csrf = fields_of(client.get("/baru").text, "teks")["csrf"]
    response = client.post(
        "/baru", data={"csrf": csrf, "teks": LAMP, "kanal": "loket", "tanda_terima": "1", "pelapor": "Warga"}
    )
    number = int(response.url.path.rsplit("/", 1)[1])
    assert str(number) in client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]


def test_what_was_ticked_is_ticked_again_after_a_refusal(client: TestClient) -> None:
    form = fields_of(client.get("/baru").text, "teks") | {"teks": "...", "anonim": "1", "rahasia": "1"}
    refused = client.post("/baru", data=form)
    ticked = dict(re.findall(r'type="checkbox" name="(\w+)" value="1"( checked)?', refused.text))
    assert (refused.status_code, ticked) == (422, {"anonim": " checked", "rahasia": " checked", "tanda_terima": ""})
    assert 'name="tanda_terima" value="1" checked' in client.get("/baru").text


@pytest.mark.parametrize(("page", "field"), [("/baru", "teks"), ("/coba", "text")])
def test_a_text_that_is_too_long_is_refused_whole_and_not_cut_by_the_browser(
    client: TestClient, page: str, field: str
) -> None:
    html, text = client.get(page).text, "jalan rusak " * 1_700
    csrf = fields_of(html, "teks") if page == "/baru" else {}
    assert re.search(rf'<textarea[^>]*name="{field}"(?![^>]*maxlength)', html)
    refused = client.post(page, data=csrf | {field: text})
    assert (refused.status_code, f">{text}</textarea>" in refused.text) == (413, True)
    assert "Teks sepanjang 20.400 karakter; paling banyak 20.000." in refused.text


def test_a_complaint_that_is_sent_twice_by_the_same_form_is_stored_once(client: TestClient) -> None:
    form = fields_of(client.get("/baru").text, "teks") | {"teks": LAMP, "kanal": "loket", "tanda_terima": "1"}
    first, again = (client.post("/baru", data=form).url.path for _ in range(2))
    assert first == again
    assert len(client.get(f"/v1{first.replace('aduan', 'complaints')}").json()["messages"]) == 1
    assert client.post("/baru", data=form | {"teks": LAMP + " lebih"}).url.path != first  # edited after going back
