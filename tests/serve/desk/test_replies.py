"""Standard replies to citizens, and edits by dispatchers."""

from __future__ import annotations

import re

from fastapi.testclient import TestClient

from tests.serve.desk.conftest import article_of, decide, fields_of, post


def test_who_cannot_be_written_to_is_to_be_told_by_the_dispatcher(client: TestClient) -> None:
    order = {"action": "forward", "version": 1, "agencies": ["dishub"], "reply": "Diteruskan."}
    for about, told in (({}, "tidak dikirim, sampaikan sendiri"), ({"sender_id": "w-7"}, "dikirim sesudah masa")):
        number = post(client, **about)
        decide(client, number, order)
        assert told in client.get(f"/aduan/{number}").text
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="return"')
    form |= {"instansi": "dishub", "alasan": "Bukan kewenangan kami."}
    headers = {"accept": "application/json", "sec-fetch-site": "same-origin"}
    returned = client.post(f"/aduan/{number}/keputusan", data=form, headers=headers).json()
    assert returned["sentence"] == f"Aduan {number} dikembalikan Dinas Perhubungan."
    html = client.get(f"/aduan/{number}").text
    assert "tidak dikirim: aduannya sudah tidak pada instansi itu" in html
    assert "Dikembalikan oleh Dinas Perhubungan: “Bukan kewenangan kami”. <" in html


def test_before_anything_is_said_it_is_told_who_cannot_be_written_to(client: TestClient) -> None:
    counter, mobile = (
        article_of(client.get(f"/aduan/{post(client, **about)}").text) for about in ({}, {"sender_id": "w-7"})
    )
    assert counter.count('class="reply"') == counter.count("Balasan kepada pelapor <span")
    assert "tidak dapat dibalas lewat kanalnya" in counter
    assert "Kirim pertanyaan" not in counter
    assert "sampaikan sendiri" not in mobile
    assert "Kirim pertanyaan" in mobile


def test_what_stands_in_braces_in_a_reply_is_explained_where_there_is_any(client: TestClient) -> None:
    forms = re.findall(r'data-action="(\w+)"(.*?)</form>', client.get(f"/aduan/{post(client)}").text, re.DOTALL)
    explained = {name: ("{" in form, "terisi sendiri" in form) for name, form in forms if "balasan_baku" in form}
    assert explained["terima"] == explained["bukan"] == (False, False)
    assert explained["lain"] == explained["luar"] == (True, True)


def test_an_edited_reply_is_kept_and_its_placeholders_filled(client: TestClient) -> None:
    number = post(client)
    form = fields_of(client.get(f"/aduan/{number}").text, 'value="accept"')
    answer = form | {"instansi": "dishub", "balasan": "Hatur nuhun. {instansi} menangani nomor {nomor}."}
    client.post(f"/aduan/{number}/keputusan", data=answer)
    message = client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]
    assert message == f"Hatur nuhun. Dinas Perhubungan menangani nomor {number}."


def test_a_reply_lists_several_offices_as_the_spelling_rules_ask(client: TestClient) -> None:
    names = {known["code"]: known["name"] for known in client.get("/v1/agencies").json()}
    one, two, three = codes = ["dishub", "sdabmbk", "dlh"]
    for count, listed in (
        (2, f"{names[one]} dan {names[two]}"),
        (3, f"{names[one]}, {names[two]}, dan {names[three]}"),
    ):
        number = post(client)
        form = fields_of(client.get(f"/aduan/{number}").text, 'value="forward"')
        client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": codes[:count]})
        assert listed in client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]


def test_an_edited_reply_names_the_office_that_was_decided(client: TestClient) -> None:
    number = post(client)
    html = client.get(f"/aduan/{number}").text
    form = fields_of(html, 'value="accept"')
    shown, written = form["balasan_baku"], form["balasan_baku"] + " Mohon kirim foto."
    assert "Dinas Perhubungan" in shown
    other = re.findall(r'name="instansi" value="(\w+)" class="choice', html)[1]
    name = next(o["name"] for o in client.get("/instansi.json").json() if o["code"] == other)
    client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": other, "balasan": written})
    decided = client.get(f"/v1/complaints/{number}").json()
    message = decided["messages"][0]["text"]
    assert decided["agencies"] == [other]
    assert name in message
    assert "Dinas Perhubungan" not in message
    assert message.endswith("Mohon kirim foto.")


def test_an_edited_reply_about_another_office_than_the_decided_one_is_refused(client: TestClient) -> None:
    number = post(client)
    html = client.get(f"/aduan/{number}").text
    form = fields_of(html, 'value="accept"')
    written = form["balasan_baku"] + " Mohon kirim foto."
    outside = client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "luar-pln", "balasan": written})
    assert outside.status_code == 422
    assert "Balasan yang Anda ubah ditulis untuk Dinas Perhubungan" in outside.text
    pln = re.search(r'value="luar-pln" data-reply="([^"]+)"', html)
    assert pln
    form = fields_of(html, 'value="outside"') | {"balasan_baku": pln[1], "balasan": pln[1] + " Terima kasih."}
    other = client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "luar-polisi"})
    assert other.status_code == 422
    assert "PLN" in other.text
    assert client.get(f"/v1/complaints/{number}").json()["version"] == 1


def test_no_reply_promises_a_deadline_that_is_past(client: TestClient) -> None:
    number = post(client, received_at="2026-01-05T08:00:00+07:00")
    html = client.get(f"/aduan/{number}").text
    form = fields_of(html, 'value="accept"')
    assert "paling lambat" not in html
    assert "Mohon maaf" in form["balasan_baku"]
    promising = form | {"instansi": "dishub", "balasan": "{instansi} menanganinya paling lambat {tenggat}."}
    refused = client.post(f"/aduan/{number}/keputusan", data=promising)
    assert refused.status_code == 422
    assert "sudah lewat" in refused.text
    client.post(f"/aduan/{number}/keputusan", data=form | {"instansi": "dishub"})
    message = client.get(f"/v1/complaints/{number}").json()["messages"][0]["text"]
    assert "Mohon maaf" in message
    assert "Dinas Perhubungan" in message
    assert "2026" not in message


def test_who_reported_the_same_hears_of_the_merger_and_of_what_becomes_of_it(client: TestClient) -> None:
    kept, merged, secret = post(client), post(client), post(client, secret=True)
    form = fields_of(client.get(f"/aduan/{kept}").text, 'value="accept"')
    client.post(f"/aduan/{kept}/gabung", data={"csrf": form["csrf"], "kunci": "k", "aduan": f"{merged}:1"})
    client.post(f"/aduan/{kept}/keputusan", data=form | {"instansi": "dishub"})
    told = [message["text"] for message in client.get(f"/v1/complaints/{merged}").json()["messages"]]
    assert f"nomor {merged}" in told[0]
    assert f"nomor {kept}" in told[0]
    assert f"nomor {merged} sudah kami teruskan ke Dinas Perhubungan" in told[1]
    client.post("/batal", data={"csrf": form["csrf"], "aduan": f"{kept}:2"})
    assert len(client.get(f"/v1/complaints/{merged}").json()["messages"]) == 1
    client.post(
        f"/aduan/{kept}/keputusan", data=form | {"versi": "3", "kunci": "", "tindakan": "merge", "ke": str(secret)}
    )
    told = [message["text"] for message in client.get(f"/v1/complaints/{kept}").json()["messages"]]
    assert f"nomor {kept}" in told[0]
    assert not re.search(rf"\b{secret}\b", told[0])
