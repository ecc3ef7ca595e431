"""Live updates: arriving emergencies, and lost connections."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import (
    Serve,
    Server,
    Window,
    go,
    hold,
    number_shown,
    read,
    wait_for,
    wait_for_other,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]
EMERGENCY = "Tolong segera, kebakaran besar di Desa Sukadami, api sudah membakar rumah dan ada orang terjebak di dalam"


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    server = serve("--empty")
    for n in range(8):
        server.post(f"Lampu jalan di Desa Sukadami mati sudah {n + 2} hari")
    return server


def test_an_emergency_appears_without_reloading_and_moves_nobodys_work(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, desk.address)
    expect(page.locator("#connection")).to_have_text("Tersambung")
    before = number_shown(page)
    number = desk.post(EMERGENCY)
    assert desk.shown(number)["urgency"] == "darurat"
    expect(page.locator(".toast.bad")).to_contain_text(f"Aduan darurat baru: nomor {number}")
    expect(page.locator("#alarm")).to_contain_text(str(number))
    expect(page.locator(".items > li").first).to_have_attribute("data-id", str(number))
    assert number_shown(page) == before


def test_a_list_of_several_pages_is_kept_up_to_date_too(serve: Serve, window: Callable[..., Window]) -> None:
    desk, page = serve("--empty"), window().page
    numbers = [desk.post(f"Lampu jalan di Desa Sukadami mati sudah {n} hari") for n in range(2, 72)]
    go(page, desk.address)
    rows = page.locator(".items > li")
    while page.locator("#following").count():
        page.evaluate("document.getElementById('following')?.click()")
    expect(rows).to_have_count(len(numbers))
    listed = [int(row.get_attribute("data-id") or 0) for row in rows.all()]
    gone = listed[3]
    desk.call(f"/v1/complaints/{gone}/decisions", {"action": "forward", "version": 1, "agencies": ["dishub"]})
    number = desk.post(EMERGENCY)
    expect(rows.first).to_have_attribute("data-id", str(number))
    expect(page.locator("#counts [data-count=total]")).to_have_text(str(len(numbers)))
    left = [int(row.get_attribute("data-id") or 0) for row in rows.all()]
    assert left == [number, *(each for each in listed if each != gone)]


@pytest.mark.parametrize(("path", "told"), [("/?cari=zzqqxx", "Tidak ada yang cocok"), ("/?cari=", "Antrean kosong")])
def test_an_empty_list_says_why_also_after_the_line_was_heard(
    serve: Serve, window: Callable[..., Window], path: str, told: str
) -> None:
    desk, page = serve("--empty"), window().page
    with page.expect_response(lambda r: r.request.headers.get("x-bagian") == "daftar") as heard:
        go(page, desk.address + path)
    heard.value.finished()
    page.wait_for_timeout(300)
    expect(page.locator(".empty")).to_contain_text(told)
    expect(page.locator(".empty a[href='/']")).to_have_count(int("cari=z" in path))
    number = desk.post(EMERGENCY)
    if "cari=z" not in path:
        page.get_by_role("button", name="Buka", exact=True).click()
        wait_for(page, number)


def test_decisions_made_offline_are_kept_and_sent_once(desk: Server, window: Callable[..., Window]) -> None:
    opened = window()
    page = opened.page
    first = desk.post("Lubang di jalan Desa Wanasari makin dalam")
    go(page, f"{desk.address}/aduan/{first}")
    page.wait_for_function("document.querySelector('.items [aria-current]')")
    page.wait_for_timeout(1500)  # the next ones are fetched meanwhile
    opened.context.set_offline(True)
    page.keyboard.press("1")
    wait_for_other(page, first)
    expect(page.locator("#connection")).to_contain_text("1 keputusan menunggu")
    assert desk.actions(first) == ["receive"]
    opened.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("Tersambung")
    expect(page.locator(".toast").first).to_contain_text(f"Aduan {first}")
    assert desk.actions(first)[1:] in (["forward"], ["outside"], ["not-complaint"])


def test_a_decision_whose_answer_was_lost_is_not_made_twice(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    number = desk.post("Pohon tumbang menutup jalan Desa Karangmukti")
    go(page, f"{desk.address}/aduan/{number}")
    tried = []

    def lose_first(route: object) -> None:
        tried.append(1)
        if len(tried) == 1:
            route.fetch()  # type: ignore[attr-defined]  # the server hears it
            route.abort()  # type: ignore[attr-defined]  # the browser doesn't learn of it
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/keputusan*", lose_first)
    page.keyboard.press("1")
    expect(page.locator(".toast").first).to_contain_text(f"Aduan {number}")
    assert len(tried) >= 2
    assert len(desk.actions(number)) == 2
    assert len(desk.shown(number)["messages"]) == 1


# Without a shared worker, as on some phones, each page has its own connection, which the test can access.
_ALONE = "delete window.SharedWorker;"
_SOURCES = f"""
{_ALONE}
window.sources = [];
window.EventSource = class extends EventSource {{ constructor(...all) {{ super(...all); sources.push(this); }} }};
"""


def test_what_an_earlier_page_left_to_be_sent_was_not_decided_elsewhere(
    desk: Server, window: Callable[..., Window]
) -> None:
    opened = window()
    page, number = opened.page, desk.post("Lampu jalan di Desa Sukadami mati sudah tiga minggu penuh")
    go(page, f"{desk.address}/aduan/{number}")
    page.route("**/keputusan*", lambda route: route.abort())
    read(page)
    page.keyboard.press("t")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#connection")).to_have_attribute("data-waiting", "1")
    page.unroute("**/keputusan*")
    with page.expect_response(f"**/aduan/{number}/keputusan*"):
        go(page, f"{desk.address}/aduan/{number}")
    expect(page.locator(".toast", has_text="pelapor ditanya")).to_be_visible()
    page.wait_for_timeout(1500)  # until its event has arrived
    assert page.locator(".toast", has_text="di tempat lain").count() == 0
    opened.complaints.clear()  # the console reports the aborted requests


def test_a_page_that_was_told_to_retry_then_receives_new_events(serve: Serve, window: Callable[..., Window]) -> None:
    desk, page = serve("--empty", DISPOSISI_MAX_LISTENERS="1"), window().page
    with urllib.request.urlopen(f"{desk.address}/v1/events", timeout=30):  # noqa: S310 (our own server)
        go(page, desk.address)
        expect(page.locator("#connection")).to_have_text("Luring")
    expect(page.locator("#connection")).to_have_text("Tersambung")
    number = desk.post(EMERGENCY)
    expect(page.locator(".toast.bad")).to_contain_text(f"Aduan darurat baru: nomor {number}")


def test_an_emergency_of_an_outage_is_told_when_the_line_is_back(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.add_init_script(_SOURCES)
    go(page, desk.address)
    page.wait_for_function("() => sources.at(-1)?.readyState === EventSource.OPEN")
    page.evaluate("sources.at(-1).close()")
    number = desk.post(EMERGENCY + " lagi")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".toast.bad")).to_contain_text(f"Aduan darurat baru: nomor {number}")
    expect(page.locator("#alarm")).to_contain_text(str(number))


def test_an_emergency_between_the_page_and_its_first_event_is_told(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.add_init_script(_ALONE)
    let_go = hold(page, "**/v1/events*")
    go(page, desk.address)
    number = desk.post(EMERGENCY + " sekali")
    let_go()
    expect(page.locator(".toast.bad")).to_contain_text(f"Aduan darurat baru: nomor {number}")


def test_an_emergency_is_told_until_it_is_closed(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    go(page, desk.address)
    number = desk.post(EMERGENCY + " cepat")
    told = page.locator(".toast.bad", has_text=f"nomor {number}")
    expect(told).to_be_visible()
    tell = "({ tell }) => [1, 2, 3].forEach((n) => tell(`Aduan ${n} ditandai.`))"
    page.evaluate(f"import('/static/notice.js').then({tell})")
    expect(page.locator(".toast:not(.bad)")).to_have_text(["Aduan 2 ditandai.", "Aduan 3 ditandai."])
    told.get_by_role("button", name="Tutup").click()
    expect(told).to_have_count(0)


def test_a_flood_of_emergencies_is_told_together_and_closed_at_once(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, desk.address)
    for number in range(20):
        desk.post(f"{EMERGENCY} di gang {number}")
    notices = page.locator(".toast.bad")
    expect(notices.filter(has_text="20 aduan darurat baru")).to_have_count(1)
    expect(notices).to_have_count(1)
    notices.get_by_role("button", name="Tutup").click()
    expect(notices).to_have_count(0)
    numbers = [desk.post(f"{EMERGENCY} di blok {number}") for number in range(4)]
    notices.filter(has_text="4 aduan darurat baru").get_by_role("button", name="Lihat semua").click()
    expect(page).to_have_url(f"{desk.address}/?urgensi=darurat&urutan=baru")
    shown = page.locator(".items > li").evaluate_all("rows => rows.map((row) => Number(row.dataset.id))")
    assert shown[:4] == numbers[::-1], "what was announced comes first"


def test_what_waits_for_the_line_says_so_when_it_is_decided(desk: Server, window: Callable[..., Window]) -> None:
    opened = window()
    page = opened.page
    number = desk.post("Saluran air di Desa Sukadami mampet")
    go(page, f"{desk.address}/aduan/{number}")
    opened.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")  # before that, the decision might be sent
    # While a request is being sent it may arrive, so it cannot be dropped.
    with page.expect_event("requestfailed", lambda sent: sent.method == "POST"):
        page.keyboard.press("-" if desk.shown(number)["urgency"] != "rendah" else "+")
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_contain_text(f"Perubahan pada aduan {number} belum terkirim")
    page.keyboard.press("z")
    page.keyboard.press("1")
    expect(page.locator("#connection")).to_contain_text("1 keputusan menunggu")
    opened.context.set_offline(False)
    expect(page.locator("#connection")).to_have_attribute("data-waiting", "0")
    assert len(desk.actions(number)) == 2
    assert "urgency" not in desk.actions(number)


@pytest.mark.parametrize("path", ["/ringkasan", "/periksa", "/baru"])
def test_an_emergency_is_told_on_the_other_pages_too(desk: Server, window: Callable[..., Window], path: str) -> None:
    opened = window()
    page = opened.page
    go(page, desk.address + path)
    number = desk.post(EMERGENCY + f" dari {path}")
    expect(page.locator("#alarm")).to_contain_text(str(number))
    page.locator(".toast.bad").get_by_role("button", name="Buka").click()
    page.wait_for_url(f"**/aduan/{number}")
    assert opened.complaints == []


def test_more_pages_than_a_browser_has_connections_are_all_told(desk: Server, window: Callable[..., Window]) -> None:
    opened = window()
    pages = [opened.page, *(opened.context.new_page() for _ in range(7))]
    for page, path in zip(pages, ["/", "/ringkasan"] * 4, strict=True):
        go(page, desk.address + path)
    number = desk.post(EMERGENCY + " di mana-mana")
    late = opened.context.new_page()  # made before the emergency, its script run after it
    late.route("**/desk.js", lambda route: (desk.post(EMERGENCY + " lagi-lagi"), route.continue_()))
    go(late, desk.address)
    expect(late.locator(".toast.bad")).to_contain_text(f"Aduan darurat baru: nomor {number + 1}")
    for page in pages:
        expect(page.locator(".toast.bad")).to_have_count(2)
