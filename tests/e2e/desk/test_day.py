"""A dispatcher's day, by keyboard alone."""

from __future__ import annotations

from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import Serve, Server, go, number_shown, read, wait_for, wait_for_other

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu, gelap sekali"
TWO = "Jalan di Desa Wanasari berlubang parah. Selain itu sampah di pasar menumpuk tidak diangkut."


def test_the_suggestion_is_accepted_with_one_key_and_the_next_complaint_is_there(desk: Server, page: Page) -> None:
    first = desk.post(LAMP)
    second = desk.post("Sampah di TPS Desa Wanasari menumpuk dan bau sekali")
    go(page, f"{desk.address}/aduan/{first}")
    page.keyboard.press("1")
    wait_for(page, second)
    expect(page.locator(".toast")).to_contain_text("diteruskan ke Dinas Perhubungan")
    shown = desk.shown(first)
    assert shown["agencies"] == ["dishub"]
    assert "Dinas Perhubungan" in shown["messages"][0]["text"]
    assert "{" not in shown["messages"][0]["text"]


def test_a_decision_is_undone_with_one_key(desk: Server, page: Page) -> None:
    number = desk.post(LAMP)
    desk.post("Air PDAM di Cikarang Utara mati tiga hari")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("1")
    wait_for_other(page, number)
    expect(page.locator(".toast")).to_contain_text("diteruskan")
    page.keyboard.press("z")
    wait_for(page, number)
    assert desk.actions(number) == ["receive", "forward", "undo"]
    assert desk.shown(number)["messages"] == []


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


def test_urgency_goes_up_and_the_complaint_stays(desk: Server, page: Page) -> None:
    number = desk.post("Pohon besar di Jalan Kenari condong ke rumah warga")
    before = desk.shown(number)["urgency"]
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("+" if before != "darurat" else "-")
    page.wait_for_function("n => document.querySelector('article').dataset.version === '2'", arg=number)
    assert number_shown(page) == number
    assert desk.shown(number)["urgency"] != before


def test_the_citizen_is_asked_in_own_words(desk: Server, page: Page) -> None:
    number = desk.post("Tolong diperbaiki segera pak, sudah lama rusak")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("t")
    page.keyboard.press("Control+a")
    page.keyboard.type("Di jalan apa, Pak?")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("pelapor ditanya")
    shown = desk.shown(number)
    assert shown["status"] == "perlu-dilengkapi"
    assert [message["text"] for message in shown["messages"]] == ["Di jalan apa, Pak?"]


def test_the_citizen_learns_who_is_responsible_outside(desk: Server, page: Page) -> None:
    number = desk.post("Meteran listrik rumah saya berbunyi terus dan padam")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("x")
    page.locator("[data-outside]").select_option("luar-pln")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("di luar kewenangan: PLN")
    shown = desk.shown(number)
    assert shown["status"] == "luar-kewenangan"
    assert "telepon PLN 123" in shown["messages"][0]["text"]


def test_a_returned_complaint_comes_back_without_the_agency_that_returned_it(desk: Server, page: Page) -> None:
    number = desk.post(LAMP + " sekali lagi")
    desk.call(f"/v1/complaints/{number}/decisions", {"action": "forward", "version": 1, "agencies": ["dishub"]})
    go(page, f"{desk.address}/aduan/{number}?status=terdisposisi")
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice.warn")).to_contain_text("Dikembalikan oleh Dinas Perhubungan")
    expect(page.locator(".choices .choice .name", has_text="Dinas Perhubungan")).to_have_count(0)
    assert desk.shown(number)["loops"] == 1


def test_two_problems_become_two_complaints(desk: Server, page: Page) -> None:
    number = desk.post(TWO)
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("p")
    first, second = TWO.split(". ")
    parts = page.locator("[data-split] textarea")
    parts.nth(0).fill(first)
    parts.nth(1).fill(second)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text(f"Aduan {number} dipecah menjadi")
    shown = desk.shown(number)
    parts_made = next(entry["parts"] for entry in shown["history"] if entry["action"] == "split")
    expect(page.locator(".toast")).to_contain_text(", ".join(map(str, parts_made)))
    assert [desk.shown(n)["text"] for n in parts_made] == [first, second]


def test_the_parts_of_the_last_complaint_are_what_comes_next(serve: Serve, page: Page) -> None:
    desk = serve("--empty")
    number = desk.post(TWO)
    go(page, desk.address)
    assert number_shown(page) == number
    page.keyboard.press("p")
    for field, part in zip(page.locator("[data-split] textarea").all(), TWO.split(". "), strict=False):
        field.fill(part)
    page.keyboard.press("Control+Enter")
    expect(page.locator("article.complaint")).to_have_attribute("data-id", str(number + 1))
    for made in (number + 1, number + 2):
        wait_for(page, made)
        read(page)
        page.keyboard.press("b")
        page.keyboard.press("Control+Enter")
    expect(page.locator(".empty")).to_contain_text("Antrean kosong")
    late = desk.post(LAMP)
    expect(page.locator(".empty")).to_contain_text("Ada aduan baru")
    page.keyboard.press("j")
    wait_for(page, late)


def test_a_complaint_is_marked_by_key_and_stays_open(desk: Server, page: Page) -> None:
    number = desk.post(LAMP + " dan petugasnya meminta uang")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("s")
    page.locator("[name=situasi]").select_option("berpengawasan")
    page.locator("[name=tanda]").fill("pungli, viral")
    page.keyboard.press("Enter")
    expect(page.locator(".facts")).to_contain_text("Berpengawasan")
    expect(page.locator(".facts .tag")).to_have_text(["pungli", "viral"])
    assert number_shown(page) == number
    assert desk.actions(number) == ["receive", "mark"]


def test_what_many_report_is_merged_at_once(desk: Server, page: Page) -> None:
    text = "Banjir setinggi lutut di Desa Sumberjaya Kecamatan Tambun Selatan, air masuk rumah"
    numbers = [desk.post(text + ending) for ending in ("", " sejak subuh", " mohon bantuan", " tolong pak")]
    go(page, f"{desk.address}/aduan/{numbers[0]}")
    expect(page.locator(".same summary")).to_contain_text("3 warga lain")
    page.get_by_role("button", name="Gabungkan yang dicentang").press("Enter")
    expect(page.locator(".toast")).to_contain_text("3 aduan digabung")
    assert number_shown(page) == numbers[0]
    assert sorted(desk.shown(numbers[0])["merged"]) == numbers[1:]


def test_merging_nothing_is_refused_at_once_and_the_complaint_stays(desk: Server, page: Page) -> None:
    text = "Tiang listrik di Desa Sukadami miring ke arah rumah warga"
    number, other = (desk.post(text + ending) for ending in ("", " sekali"))
    go(page, f"{desk.address}/aduan/{number}")
    read(page)
    page.locator(".same").evaluate("e => { e.open = true; }")
    box = page.locator(".same").get_by_role("checkbox")
    box.set_checked(False)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    button = page.get_by_role("button", name="Gabungkan yang dicentang")
    button.click()
    expect(page.locator(".toast.bad")).to_contain_text("Centang aduan yang akan digabung")
    assert not any(url.endswith("/gabung") for url in requests)
    box.check()
    button.click()
    expect(page.locator(".toast")).to_contain_text("1 aduan digabung")
    assert desk.shown(number)["merged"] == [other]


def test_the_keys_are_shown(desk: Server, page: Page) -> None:
    desk.post(LAMP)
    go(page, desk.address)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


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


def test_a_key_pressed_twice_never_decides_the_same_complaint_twice(desk: Server, page: Page) -> None:
    number = desk.post(LAMP)
    for _ in range(2):
        desk.post(LAMP)
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("1")
    page.keyboard.press("1")
    wait_for_other(page, number)
    expect(page.locator(".toast").first).to_contain_text(f"Aduan {number}")
    expect(page.locator("#connection")).to_have_attribute("data-waiting", "0")
    assert desk.actions(number) == ["receive", "forward"]
    expect(page.locator(".toast.bad")).to_have_count(0)


@pytest.mark.parametrize("way", ["key", "click"])
def test_a_double_press_decides_one_complaint(desk: Server, page: Page, way: str) -> None:
    numbers = [desk.post(LAMP + f" di RT {n}") for n in range(3)]
    go(page, f"{desk.address}/aduan/{numbers[0]}?cari=RT")
    page.wait_for_timeout(1500)  # the next ones are fetched meanwhile
    press = partial(page.keyboard.press, "1") if way == "key" else page.locator(".choice[data-key='1']").click
    press()
    wait_for_other(page, numbers[0])
    following = number_shown(page)
    press()
    expect(page.locator(".toast").first).to_contain_text(f"Aduan {numbers[0]}")
    read(page)
    assert number_shown(page) == following
    assert desk.actions(following) == ["receive"]
    press()
    wait_for_other(page, following)


def test_the_form_with_chosen_offices_is_sent_by_control_and_enter(desk: Server, page: Page) -> None:
    number = desk.post("Mohon bantuannya bapak ibu, keadaan di kampung kami sangat memprihatinkan")
    page.set_viewport_size({"width": 1280, "height": 700})  # of a laptop
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("l")
    page.keyboard.type("lampu jalan")
    expect(page.locator(".options li").first).to_contain_text("Dinas Perhubungan")
    page.keyboard.press("Enter")
    expect(page.locator(".chosen li")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("diteruskan ke Dinas Perhubungan")
    assert desk.shown(number)["agencies"] == ["dishub"]


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
