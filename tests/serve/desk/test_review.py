"""The review page shows doubted decisions with the model's reasons, and records judgements."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serve.review import ReviewLists
from serve.security import COOKIE
from serve.store import accounts, decisions, logins
from serve.store.accounts import Role
from serve.store.database import Database
from tests.serve.desk.conftest import decide, fields_of

LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"
PASSWORD = "empat kata yang acak"  # noqa: S105
SAME_SITE = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def lists(local_client: TestClient, tmp_path: Path) -> Iterator[Path]:
    """The folder in which the application looks for review lists."""
    state: Any = local_client.app.state  # type: ignore[attr-defined]
    before, state.review, state.desk = state.review, ReviewLists(tmp_path / "review"), None
    (tmp_path / "review").mkdir()
    yield tmp_path / "review"
    state.review, state.desk = before, None


@pytest.fixture
def wrong(local_client: TestClient, lists: Path) -> int:
    """A complaint about a lamp that was sent to the waste office, a decision on the list of doubted ones."""
    number: int = local_client.post("/v1/complaints", json={"text": LAMP, "channel": "web"}).json()["id"]
    order = {"action": "forward", "version": 1, "agencies": ["dlh"]}
    decide(local_client, number, order)
    (lists / "suspects.csv").write_text(
        f"id,position,given,likely,believable\n{number},1,dlh,dishub,0.0123\n"
        "LAPOR-7,2,dlh,dishub,0.0200\n999,3,dlh,dishub,0.0300\n",
        encoding="utf-8",
    )
    return number


@pytest.fixture
def enter(local_client: TestClient) -> Callable[[Role], None]:
    """Return a function that logs in as a user with a role."""
    state: Any = local_client.app.state  # type: ignore[attr-defined]

    def log_in(role: Role) -> None:
        store: Database = state.database
        now = dt.datetime.now(tz=dt.UTC)
        with store.writing() as session:
            user = accounts.add_user(session, role.value, PASSWORD, full_name=role.value, role=role, now=now)
            login = logins.begin(session, user, now)
        state.door._without_accounts_until = 0
        local_client.cookies.set(COOKIE, login.token)

    return log_in


def _shown(client: TestClient, number: int) -> Any:
    return client.get(f"/v1/complaints/{number}").json()


def test_a_doubted_decision_is_shown_with_the_words_that_speak_against_it(local_client: TestClient, wrong: int) -> None:
    html = local_client.get("/periksa").text
    assert html.count("<article") == 1
    assert f"Aduan {wrong}" in html
    assert "Dinas Lingkungan Hidup" in html
    assert "Seharusnya Dinas Perhubungan" in html
    assert '<mark class="strong">Lampu' in html


def test_an_office_below_those_that_are_suggested_has_no_made_up_probability(
    local_client: TestClient, wrong: int, lists: Path
) -> None:
    assert "% menurut model yang sekarang" in local_client.get("/periksa").text
    (lists / "suspects.csv").write_text(
        f"id,position,given,likely,believable\n{wrong},1,dlh,disdukcapil,0.0123\n", encoding="utf-8"
    )
    html = local_client.get("/periksa").text
    assert "tidak termasuk usulan teratas model yang sekarang" in html
    assert "% menurut model yang sekarang" not in html


def test_a_correction_is_a_label_on_record_and_sends_nothing(local_client: TestClient, wrong: int) -> None:
    before = _shown(local_client, wrong)
    form = fields_of(local_client.get("/periksa").text, "Seharusnya")
    told = local_client.post(f"/periksa/{wrong}", data=form | {"instansi": "dishub"}, headers=SAME_SITE)
    assert "diperiksa, yang tepat: Dinas Perhubungan" in told.text
    assert "<article" not in told.text
    after = _shown(local_client, wrong)
    assert [entry["action"] for entry in after["history"]] == ["receive", "forward", "relabel"]
    assert (after["status"], after["agencies"]) == (before["status"], before["agencies"])
    assert after["messages"] == before["messages"]
    taken_back = local_client.post(
        "/periksa/batal", data={"csrf": form["csrf"], "aduan": f"{wrong}:3"}, headers=SAME_SITE
    )
    assert "<article" in taken_back.text
    undone = f"Keputusan atas aduan {wrong} dibatalkan."
    assert re.search(
        rf'class="told" role="status" tabindex="-1" autofocus><span>{undone}</span>\s*</div>', taken_back.text
    )


def test_a_confirmed_decision_is_not_shown_again(local_client: TestClient, wrong: int) -> None:
    form = fields_of(local_client.get("/periksa").text, "Sudah tepat")
    told = local_client.post(f"/periksa/{wrong}", data=form | {"instansi": "dlh"}, headers=SAME_SITE)
    assert "Semua keputusan yang diragukan sudah diperiksa" in told.text


@pytest.mark.parametrize("role", [Role.PENYELIA, Role.ANALIS, Role.ADMIN])
def test_who_judges_decisions_may(
    local_client: TestClient, wrong: int, enter: Callable[[Role], None], role: Role
) -> None:
    enter(role)
    form = fields_of(local_client.get("/periksa").text, "Seharusnya")
    local_client.post(f"/periksa/{wrong}", data=form | {"instansi": "dishub"}, headers=SAME_SITE)
    assert _shown(local_client, wrong)["history"][-1]["by"] == role.value


def test_a_dispatcher_may_not(local_client: TestClient, wrong: int, enter: Callable[[Role], None]) -> None:
    enter(Role.PETUGAS)
    assert local_client.get("/periksa").status_code == 403
    assert 'href="/periksa"' not in local_client.get("/").text
    csrf = re.search(r'name="csrf" value="([^"]+)"', local_client.get("/").text)
    assert csrf
    data = {"csrf": csrf[1], "versi": "2", "instansi": "dishub"}
    assert local_client.post(f"/periksa/{wrong}", data=data, headers=SAME_SITE).status_code == 403
    assert _shown(local_client, wrong)["version"] == 2


def test_an_analyst_takes_back_judgements_only(
    local_client: TestClient, wrong: int, enter: Callable[[Role], None]
) -> None:
    enter(Role.ANALIS)
    csrf = fields_of(local_client.get("/periksa").text, "Seharusnya")["csrf"]
    data = {"csrf": csrf, "aduan": f"{wrong}:2"}
    assert local_client.post("/periksa/batal", data=data, headers=SAME_SITE).status_code == 409
    assert _shown(local_client, wrong)["version"] == 2


def test_an_analyst_takes_back_nothing_about_a_secret_complaint(
    local_client: TestClient, enter: Callable[[Role], None]
) -> None:
    about = {"text": LAMP, "channel": "web", "secret": True}
    number = local_client.post("/v1/complaints", json=about).json()["id"]
    for version, action in enumerate(("forward", "relabel"), start=1):
        order = {"action": action, "version": version, "agencies": ["dishub"]}
        decide(local_client, number, order)
    enter(Role.ANALIS)
    csrf = re.search(r'name="csrf" value="([^"]+)"', local_client.get("/periksa").text)
    assert csrf
    for absent in (number, 999):
        data = {"csrf": csrf[1], "aduan": f"{absent}:3"}
        assert local_client.post("/periksa/batal", data=data, headers=SAME_SITE).status_code == 404
    with local_client.app.state.database.reading() as session:  # type: ignore[attr-defined]
        assert decisions.load(session, number).version == 3


@pytest.mark.parametrize("role", [Role.PENYELIA, Role.ADMIN])
def test_who_sees_secret_complaints_is_told_that_one_does_not_exist_as_an_analyst_is(
    local_client: TestClient, wrong: int, enter: Callable[[Role], None], role: Role
) -> None:
    enter(role)
    csrf = fields_of(local_client.get("/periksa").text, "Seharusnya")["csrf"]
    data = {"csrf": csrf, "aduan": "999:3"}
    refused = local_client.post("/periksa/batal", data=data, headers=SAME_SITE)
    assert (refused.status_code, "Tidak ada aduan nomor 999." in refused.text) == (404, True)
    not_judged = local_client.post("/periksa/batal", data=data | {"aduan": f"{wrong}:2"}, headers=SAME_SITE)
    assert not_judged.status_code == 409
    assert _shown(local_client, wrong)["version"] == 2


def test_a_form_without_its_token_judges_nothing(local_client: TestClient, wrong: int) -> None:
    data = {"csrf": "x", "versi": "2", "instansi": "dishub"}
    assert local_client.post(f"/periksa/{wrong}", data=data, headers=SAME_SITE).status_code == 403


def test_a_refusal_and_a_login_that_has_ended_lead_back_to_the_doubted_decisions(
    local_client: TestClient, wrong: int, enter: Callable[[Role], None]
) -> None:
    form = fields_of(local_client.get("/periksa").text, "Seharusnya") | {"versi": "1", "instansi": "dishub"}
    refused = local_client.post(f"/periksa/{wrong}", data=form, headers=SAME_SITE)
    assert refused.status_code == 409
    assert 'href="/periksa">Kembali ke pemeriksaan</a>' in refused.text
    enter(Role.PENYELIA)
    local_client.cookies.set(COOKIE, "of-yesterday")
    pages = {
        f"/periksa/{wrong}": "/periksa",
        "/periksa/batal": "/periksa",
        f"/aduan/{wrong}/keputusan": f"/aduan/{wrong}",
    }
    for sent_to, page in pages.items():
        assert local_client.post(sent_to, data=form).url.params["ke"] == page


def test_the_queue_in_the_order_that_teaches_most_goes_on_with_the_next(local_client: TestClient, lists: Path) -> None:
    numbers = [
        local_client.post("/v1/complaints", json={"text": f"{LAMP} nomor {n}", "channel": "web"}).json()["id"]
        for n in range(4)
    ]
    wanted = [numbers[2], numbers[0], numbers[3]]
    listed = "".join(f"{number},1,0.5\n" for number in [wanted[0], 999, *wanted[1:]])
    (lists / "teach.csv").write_text(f"id,position,teaches\n{listed}", encoding="utf-8")
    html = local_client.get("/?urutan=ajar").text
    assert [int(number) for number in re.findall(r'<li data-id="(\d+)"', html)] == wanted
    assert "bukan yang paling mendesak" in html
    form = fields_of(html, 'value="accept"')
    answer = local_client.post(
        f"/aduan/{wanted[0]}/keputusan?urutan=ajar", data=form | {"instansi": "dishub"}, headers=SAME_SITE
    )
    assert answer.url.path == f"/aduan/{wanted[1]}"
    assert answer.url.params["urutan"] == "ajar"


def test_a_dispatcher_keeps_the_order_of_urgency(
    local_client: TestClient, lists: Path, enter: Callable[[Role], None]
) -> None:
    for n in range(2):
        local_client.post("/v1/complaints", json={"text": f"{LAMP} nomor {n}", "channel": "web"})
    (lists / "teach.csv").write_text("id,position,teaches\n2,1,0.5\n", encoding="utf-8")
    enter(Role.PETUGAS)
    html = local_client.get("/?urutan=ajar").text
    assert len(re.findall(r'<li data-id="(\d+)"', html)) == 2
    assert "Paling berguna bagi model" not in html


def test_without_lists_the_page_says_how_to_make_them_and_a_broken_one_is_told(
    local_client: TestClient, lists: Path
) -> None:
    assert "disposisi suspects" in local_client.get("/periksa").text
    (lists / "suspects.csv").write_text("nomor;instansi\n1;dlh\n", encoding="utf-8")
    broken = local_client.get("/periksa")
    assert broken.status_code == 503
    assert "suspects.csv bukan daftar yang dikenal" in broken.text
    assert local_client.get("/").status_code == 200
