"""Complaints and offices are found: by walking, filtering, searching and typing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import Server, go, number_shown, read, wait_for, wait_for_other

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_other_offices_are_found_by_the_problem_they_handle(desk: Server, page: Page) -> None:
    number = desk.post("Mohon bantuannya bapak ibu, keadaan di kampung kami memprihatinkan sekali")
    page.set_viewport_size({"width": 1280, "height": 700})  # of a laptop
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("l")
    page.keyboard.type("jalan")
    expect(page.locator(".options li")).to_have_count(8)
    expect(page.locator(".options")).to_be_in_viewport(ratio=0.95)
    whole = tuple(office["mandate"] for office in desk.call("/instansi.json"))
    assert all(about.endswith((" …", *whole)) for about in page.locator(".options small").all_inner_texts())
    page.locator("[role=combobox]").fill("lampu jalan")
    expect(page.locator(".options li").first).to_contain_text("Dinas Perhubungan")
    page.keyboard.press("Enter")
    page.keyboard.type("dlh")
    expect(page.locator(".options li").first).to_contain_text("Lingkungan Hidup")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("diteruskan ke Dinas Perhubungan, Dinas Lingkungan Hidup")
    assert desk.shown(number)["agencies"] == ["dishub", "dlh"]


def test_j_and_k_walk_through_the_queue_and_search_finds(desk: Server, page: Page) -> None:
    desk.post("Kucing liar berkeliaran di Pasar Serang Baru")
    go(page, desk.address)
    first = number_shown(page)
    page.keyboard.press("j")
    wait_for_other(page, first)
    page.keyboard.press("k")
    wait_for(page, first)
    page.keyboard.press("/")
    page.keyboard.type("kucing liar")
    page.keyboard.press("Enter")
    expect(page.locator(".item .words")).to_contain_text("Kucing liar")


def test_a_filter_is_chosen_by_arrows_and_then_applied(desk: Server, page: Page) -> None:
    desk.post("Lampu jalan di Desa Sukadami mati, tiang di Cikarang Selatan")
    go(page, desk.address)
    page.locator(".filters summary").press("Enter")
    page.get_by_label("Status").focus()
    for _ in range(2):  # past the first match
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(500)
    expect(page.get_by_label("Status")).to_be_focused()
    page.get_by_role("button", name="Terapkan").press("Enter")
    page.wait_for_url("**/*status=terdisposisi*")


def test_nothing_is_sent_while_an_office_is_typed_but_not_chosen(desk: Server, page: Page) -> None:
    number = desk.post("Mohon bantuannya bapak ibu, keadaan di dusun kami memprihatinkan")
    go(page, f"{desk.address}/aduan/{number}")
    read(page)
    page.keyboard.press("l")
    page.keyboard.type("lampu jalan")
    page.wait_for_selector(".options li")
    page.keyboard.press("Enter")
    page.keyboard.type("lingkungam")
    expect(page.locator(".picker .none")).to_contain_text("Tidak ditemukan.")
    for press in ("Enter", "Control+Enter"):
        page.keyboard.press(press)
        expect(page.locator(".toast.bad")).to_contain_text("“lingkungam” belum dipilih")
        page.locator(".toast.bad").get_by_role("button", name="Tutup").click()
        assert desk.actions(number) == ["receive"]
        page.locator("[role=combobox]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("diteruskan ke Dinas Perhubungan")


def test_what_the_type_ahead_does_not_find_is_told_with_where_it_may_be(desk: Server, page: Page) -> None:
    number = desk.post("Mohon bantuannya bapak ibu, keadaan di kampung ini memprihatinkan")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("l")
    told = page.locator(".picker .none")
    for words, answer in (
        ("xqzv", "Tidak ditemukan."),
        ("pln", "PLN"),
        ("pln", "luar kewenangan: pakai “Luar kewenangan” (Esc, lalu x)"),
    ):
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        expect(told).to_contain_text(answer)
    page.keyboard.press("Control+a")
    page.keyboard.type("lampu jalan")
    expect(page.locator(".options li").first).to_contain_text("Dinas Perhubungan")
    expect(told).to_be_hidden()


def test_what_a_search_found_is_in_the_title_of_its_list(page: Page, desk: Server) -> None:
    number = desk.post("Badak masuk kebun singkong warga")
    for words, found in (("badak singkong", "1 aduan ditemukan"), ("xqzv", "tidak ada yang cocok")):
        go(page, f"{desk.address}/?cari={words}")
        expect(page.locator("#connection")).to_have_text("Tersambung")
        page.wait_for_timeout(1000)  # the list is brought up to date once it is connected
        assert page.title().startswith(f"Antrean: {found} ·")
    go(page, f"{desk.address}/?cari=badak")
    page.locator(f'.items > li[data-id="{number}"]').click()
    page.wait_for_function("n => document.title.startsWith(`Aduan ${n} ·`)", arg=number)
    page.go_back()
    page.wait_for_function("() => document.title.startsWith('Antrean: 1 aduan ditemukan ·')")
