"""Two dispatchers at the same time, each with their own account."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.desk.conftest import Serve, Server, Window, go, number_shown, read, wait_for, wait_for_other

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PASSWORD = "kuda laut hijau"  # noqa: S105
RETRY_MILLISECONDS = 4000  # of the desk's outbox


@pytest.fixture(scope="module")
def numbers() -> list[int]:
    return []


@pytest.fixture(scope="module")
def desk(serve: Serve, numbers: list[int]) -> Server:
    server = serve("--empty")
    numbers += [server.post(f"Lampu jalan di Desa Sukadami mati sudah {n} minggu") for n in range(2, 8)]
    for name in ("siti", "budi"):
        server.command("user", "add", name, "--full-name", name.title(), "--password-stdin", given=PASSWORD + "\n")
    return server


def _fill_login(page: Page, name: str) -> None:
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")


def _login(desk: Server, page: Page, name: str, number: int) -> None:
    page.goto(f"{desk.address}/masuk?ke=/aduan/{number}")
    _fill_login(page, name)
    page.wait_for_selector("html[data-ready]")
    wait_for(page, number)


@pytest.fixture
def dina(serve: Serve, window: Callable[..., Window]) -> tuple[Server, Window, list[int]]:
    """Log in at a separate desk, with the next complaints already prefetched."""
    server = serve("--empty")
    numbers = [server.post(f"Lampu jalan di Desa Sukadami mati sudah {n} minggu") for n in range(2, 8)]
    server.command("user", "add", "dina", "--password-stdin", given=PASSWORD + "\n")
    opened = window()
    _login(server, opened.page, "dina", numbers[0])
    opened.page.wait_for_timeout(1500)
    return server, opened, numbers


def _decide_offline(opened: Window, times: int) -> list[int]:
    """Accept complaints while offline, and return their numbers."""
    opened.context.set_offline(True)
    decided = []
    for _ in range(times):
        read(opened.page)
        decided.append(number_shown(opened.page))
        opened.page.keyboard.press("1")
        wait_for_other(opened.page, decided[-1])
    expect(opened.page.locator("#connection")).to_have_text(f"Luring · {times} keputusan menunggu")
    opened.context.set_offline(False)
    return decided


def _history(page: Page, desk: Server, number: int) -> list[str]:
    answer = page.request.get(f"{desk.address}/v1/complaints/{number}").json()
    return [f"{entry['by']}:{entry['action']}" for entry in answer["history"]]


def test_the_second_is_told_and_nothing_is_overwritten(
    desk: Server, numbers: list[int], window: Callable[..., Window]
) -> None:
    siti, budi = window().page, window().page
    number = numbers[0]
    with siti.expect_response(lambda r: r.url.endswith(f"/{number}/claim") and r.request.method == "PUT"):
        _login(desk, siti, "siti", number)
    _login(desk, budi, "budi", number)
    expect(budi.locator(".claimed")).to_contain_text("Siti")
    budi.keyboard.press("2")  # nevertheless
    expect(budi.locator(".toast.bad")).to_contain_text("Siti sedang mengerjakan")
    siti.keyboard.press("1")
    expect(siti.locator(".toast").first).to_contain_text(f"Aduan {number} diteruskan")
    assert _history(siti, desk, number) == ["demo:receive", "siti:forward"]


def test_a_decision_of_somebody_else_is_told_at_once(
    desk: Server, numbers: list[int], window: Callable[..., Window]
) -> None:
    siti, budi = window().page, window().page
    number = numbers[1]
    _login(desk, budi, "budi", number)
    budi.evaluate("n => fetch(`/v1/complaints/${n}/claim`, {method: 'DELETE', headers: {'x-csrf-token':"
                  " document.querySelector('main').dataset.csrf}})", number)  # fmt: skip
    _login(desk, siti, "siti", numbers[2])
    go(siti, f"{desk.address}/aduan/{number}")
    siti.keyboard.press("1")
    expect(budi.locator(".toast").first).to_contain_text(f"Siti baru saja memutuskan aduan {number}")
    expect(budi.locator(f'.items > li[data-id="{number}"]')).to_have_count(0)
    siti.keyboard.press("z")
    expect(budi.locator(".toast")).to_contain_text(f"Siti baru saja membatalkan keputusan atas aduan {number}")
    expect(budi.locator(".toast")).to_have_count(1)  # the earlier notice no longer holds


def test_what_one_decides_in_another_tab_is_told_there_too(dina: tuple[Server, Window, list[int]]) -> None:
    desk, opened, numbers = dina
    page, other = opened.page, opened.context.new_page()
    go(other, f"{desk.address}/aduan/{numbers[0]}")
    read(page)
    page.keyboard.press("1")
    expect(other.locator(".toast")).to_contain_text(f"Anda memutuskan aduan {numbers[0]} di tempat lain.")
    expect(other.locator(".tag", has_text="Terdisposisi")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(1)  # the notice of the decision itself


def test_what_somebody_else_is_working_on_is_not_what_comes_next(
    desk: Server, numbers: list[int], window: Callable[..., Window]
) -> None:
    siti, budi = window().page, window().page
    _login(desk, budi, "budi", numbers[2])
    budi.wait_for_timeout(1500)  # the next ones are prefetched meanwhile, still unclaimed
    with siti.expect_response(lambda r: r.url.endswith(f"/{numbers[3]}/claim") and r.request.method == "PUT"):
        _login(desk, siti, "siti", numbers[3])
    budi.keyboard.press("1")
    wait_for(budi, numbers[4])
    expect(budi.locator(".claimed")).to_be_hidden()
    budi.keyboard.press("k")  # it can still be opened by hand
    wait_for(budi, numbers[3])
    expect(budi.locator(".claimed")).to_contain_text("Siti")


def test_wrong_passwords_are_told_and_leave_no_trace_of_the_name(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(f"{desk.address}/masuk")
    page.get_by_label("Nama pengguna").fill("siapa")
    page.get_by_label("Kata sandi").fill("tidak tahu sama sekali")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nama pengguna atau kata sandi salah")


def test_what_waits_when_the_login_has_ended_is_sent_once_after_the_next_login(
    dina: tuple[Server, Window, list[int]],
) -> None:
    desk, opened, _ = dina
    page = opened.page
    opened.context.set_offline(True)
    desk.command("user", "password", "dina", "--password-stdin", given=PASSWORD + "\n")  # which ends all logins
    decided = _decide_offline(opened, times=3)
    told = page.locator(".toast.bad", has_text="Anda perlu masuk lagi")
    expect(told).to_have_count(1)
    expect(page.locator("#connection")).to_have_text("Perlu masuk · 3 keputusan menunggu")
    page.wait_for_timeout(2 * RETRY_MILLISECONDS)
    expect(told).to_have_count(1)
    told.get_by_role("button", name="Masuk").click()
    _fill_login(page, "dina")
    expect(page.locator("#connection")).to_have_text("Tersambung")
    for number in decided:
        assert _history(page, desk, number) == ["demo:receive", "dina:forward"]


def test_a_login_that_ends_is_told_and_what_is_being_typed_is_there_after_the_next_one(
    dina: tuple[Server, Window, list[int]],
) -> None:
    desk, opened, numbers = dina
    page = opened.page
    read(page)
    page.keyboard.press("t")
    page.keyboard.press("Control+a")
    page.keyboard.type("Di RT berapa, Bu?")
    desk.command("user", "password", "dina", "--password-stdin", given=PASSWORD + "\n")  # which ends all logins
    told = page.locator(".toast.bad", has_text="Anda perlu masuk lagi")
    expect(told).to_have_count(1)
    expect(page.locator("#connection")).to_have_text("Perlu masuk")
    expect(page.locator('form[data-action="tanya"] textarea')).to_have_value("Di RT berapa, Bu?")
    opened.complaints.clear()  # the console reports the 401 of the event stream
    told.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("status")).to_contain_text("Sesi Anda berakhir")
    _fill_login(page, "dina")
    wait_for(page, numbers[0])
    expect(page.locator('form[data-action="tanya"] textarea')).to_have_value("Di RT berapa, Bu?")


def test_a_complaint_typed_in_is_kept_over_a_look_elsewhere_and_a_login_that_has_ended(
    dina: tuple[Server, Window, list[int]],
) -> None:
    desk, opened, numbers = dina
    page = opened.page
    page.goto(f"{desk.address}/baru")
    page.get_by_label("Isi aduan").fill("Pohon tumbang menutup jalan di Setu")
    page.get_by_label("Kanal").select_option("telepon")
    page.get_by_label("Rahasia").check()
    page.get_by_role("link", name="Ringkasan").click()
    page.get_by_role("link", name="Aduan baru").click()
    expect(page.get_by_label("Isi aduan")).to_have_value("Pohon tumbang menutup jalan di Setu")
    go(page, f"{desk.address}/aduan/{numbers[0]}")  # like following an emergency's notice
    page.get_by_role("link", name="Aduan baru").click()
    expect(page.get_by_label("Isi aduan")).to_have_value("Pohon tumbang menutup jalan di Setu")
    desk.command("user", "password", "dina", "--password-stdin", given=PASSWORD + "\n")
    page.get_by_role("button", name="Simpan").click()
    _fill_login(page, "dina")
    expect(page.get_by_label("Isi aduan")).to_have_value("Pohon tumbang menutup jalan di Setu")
    expect(page.get_by_label("Kanal")).to_have_value("telepon")
    expect(page.get_by_label("Rahasia")).to_be_checked()
    page.get_by_role("button", name="Simpan").click()
    wait_for(page, numbers[-1] + 1)
    page.get_by_role("link", name="Aduan baru").click()
    expect(page.get_by_label("Isi aduan")).to_have_value("")


def test_what_a_form_sent_after_the_login_had_ended_is_there_after_the_next_one(
    dina: tuple[Server, Window, list[int]],
) -> None:
    desk, opened, _ = dina
    page = opened.page
    end = ("user", "password", "adi", "--password-stdin")
    desk.command("user", "add", "adi", "--role", "admin", "--password-stdin", given=PASSWORD + "\n")
    page.goto(f"{desk.address}/masuk?ke=/kelola")
    _fill_login(page, "adi")
    account = page.locator("form", has=page.locator('[value="tambah-akun"]'))
    account.get_by_label("Nama pengguna").fill("eka")
    account.get_by_label("Peran").select_option("penyelia")
    account.get_by_label("Kata sandi").fill(PASSWORD)
    desk.command(*end, given=PASSWORD + "\n")
    account.get_by_role("button").click()
    _fill_login(page, "adi")
    expect(page.get_by_role("status").first).to_contain_text("Belum terkirim")
    expect(account.get_by_label("Nama pengguna")).to_have_value("eka")
    expect(account.get_by_label("Peran")).to_have_value("penyelia")
    expect(account.get_by_label("Kata sandi")).to_have_value("")
    expect(account.get_by_label("Kata sandi")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("Akun eka dibuat")
    page.goto(f"{desk.address}/coba")
    page.get_by_label("Isi aduan").fill("Pohon tumbang menutup jalan di Setu")
    desk.command(*end, given=PASSWORD + "\n")
    page.get_by_role("button", name="Lihat usulan").click()
    _fill_login(page, "adi")
    expect(page.get_by_label("Isi aduan")).to_have_value("Pohon tumbang menutup jalan di Setu")
    page.get_by_role("button", name="Lihat usulan").click()
    expect(page.locator(".result")).to_be_visible()
    page.wait_for_selector("html[data-ready]")
    for path in ("/coba", "/kelola"):
        go(page, desk.address + path)
        expect(page.locator(".notice", has_text="Belum terkirim")).to_have_count(0)
    page.evaluate("sessionStorage.setItem('disposisi.belum.adi', '{}')")
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_label("Nama pengguna")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_what_a_page_of_an_earlier_login_decides_is_kept_until_it_is_loaded_anew(
    dina: tuple[Server, Window, list[int]],
) -> None:
    desk, opened, numbers = dina
    page = opened.page
    elsewhere = opened.context.new_page()
    _login(desk, elsewhere, "dina", numbers[-1])
    elsewhere.close()
    page.keyboard.press("1")
    expect(page.locator("#connection")).to_have_text("Perlu masuk · 1 keputusan menunggu")
    assert _history(page, desk, numbers[0]) == ["demo:receive"]
    page.locator(".toast.bad").get_by_role("button", name="Masuk").click()
    expect(page.locator("#connection")).to_have_text("Tersambung")
    assert _history(page, desk, numbers[0]) == ["demo:receive", "dina:forward"]


@pytest.mark.parametrize("status", [408, 429])
def test_a_decision_that_a_busy_gateway_turned_away_is_sent_again(
    dina: tuple[Server, Window, list[int]], status: int
) -> None:
    desk, opened, numbers = dina
    page, tried = opened.page, []

    def turn_first_away(route: Route) -> None:
        tried.append(route)
        if len(tried) == 1:
            route.fulfill(status=status, body="busy")
        else:
            route.continue_()

    page.route("**/keputusan*", turn_first_away)
    page.keyboard.press("1")
    expect(page.locator(".toast").first).to_contain_text(f"Aduan {numbers[0]} diteruskan")
    assert _history(page, desk, numbers[0]) == ["demo:receive", "dina:forward"]
