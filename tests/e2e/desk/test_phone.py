"""The desk on a phone, and in a browser without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import (
    DESKTOP,
    PHONE,
    Serve,
    Server,
    Window,
    go,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PATHS = ("/", "/aduan/1", "/baru", "/ringkasan", "/model", "/coba", "/bantuan", "/kelola", "/masuk")
TEXT = "Lampu jalan di Desa Sukadami mati total sudah seminggu, kemarin ada motor jatuh karena gelap"
WORD = "x" * 300  # like the URL of a map
_CUT = """
() => [...document.querySelectorAll("article *")]
  .filter((e) => e.checkVisibility() && e.clientWidth && e.scrollWidth > e.clientWidth + 2)
  .filter((e) => getComputedStyle(e).display !== "inline" && !e.closest(".marks, .unseen, .thumb, select"))
  .map((e) => `${e.tagName} ${e.className}`)
"""
# Overflow of the connection's status in pixels, with the longest of names beside it.
_LACKING = """
() => {
  for (const name of [".region", ".who"]) document.querySelector(name).textContent = "Kabupaten Kepulauan ".repeat(5);
  const told = document.getElementById("connection");
  const text = document.createRange();
  text.selectNodeContents(told);
  return text.getBoundingClientRect().right - told.getBoundingClientRect().right;
}
"""
_STRUCK = """
() => [...document.querySelectorAll(".agencies .mandate")].filter((text) => {
  const line = text.parentElement.querySelector(".choice");
  const through = line.getBoundingClientRect().bottom > text.getBoundingClientRect().top;
  return through && parseFloat(getComputedStyle(line).borderBottomWidth);
}).map((text) => text.textContent)
"""
# Elements that overflow with larger text: off screen, cut off, or so narrow that words break.
_CRAMPED = """
() => [...document.querySelectorAll("main *, header *")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.clientWidth)
  .filter((e) => !e.closest(".unseen, .scroll, .marks, svg, select"))
  .filter((e) => {
    const [box, style] = [e.getBoundingClientRect(), getComputedStyle(e)];
    const cut = style.overflowX !== "visible" && style.textOverflow !== "ellipsis" && e.scrollWidth > e.clientWidth + 2;
    const words = e.textContent.trim().length > 9 && e.matches("dd, .name, .office, p, summary, textarea");
    return box.right > innerWidth + 1 || cut || (words && box.width < 4 * parseFloat(style.fontSize));
  }).map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)}`)
"""
# What a finger may miss: less than 44 CSS pixels high or wide (WCAG 2.2, 2.5.5). Links in a sentence may be smaller.
_MISSED = """
() => [...document.querySelectorAll("button, .button, summary, select, textarea, input:not([type=hidden]), a")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }))
  .filter((e) => !e.closest(".skip, p:not(.counts, .buttons), h2, dd"))
  .map((e) => [e.outerHTML.slice(0, 90), (e.closest("label.check, .marks label") ?? e).getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
  .map(([html, box]) => `${Math.round(box.width)} x ${Math.round(box.height)}: ${html}`)
"""
_TWICE = "html { font-size: 200% }"
_UNFOLD = "document.querySelectorAll('details').forEach((e) => { e.removeAttribute('name'); e.open = true; })"


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    return serve()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_page_overflows_and_the_console_is_silent(
    desk: Server, window: Callable[..., Window], size: dict[str, int]
) -> None:
    opened = window(viewport=size)
    for path in PATHS:
        opened.page.goto(desk.address + path)
        overflow = opened.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, path
    assert opened.complaints == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_of_a_complaint_is_cut_off_by_long_words_or_in_what_is_folded_away(
    desk: Server, window: Callable[..., Window], size: dict[str, int]
) -> None:
    page = window(viewport=size).page
    number, _ = (desk.post(f"{TEXT} {WORD} blok {n}", address=WORD) for n in "ab")
    returned = {"action": "return", "agency": "dishub", "why": f"Bukan kewenangan kami: {WORD}"}
    for order in ({"action": "forward", "agencies": ["dishub"], "why": WORD, "reply": WORD}, returned):
        version = desk.shown(number)["version"]
        desk.call(f"/v1/complaints/{number}/decisions", order | {"version": version})
    go(page, f"{desk.address}/aduan/{number}")
    expect(page.locator(".notice.warn")).to_contain_text("Bukan kewenangan kami")
    page.evaluate("document.querySelectorAll('article details').forEach((d) => { d.name = ''; d.open = true; })")
    assert page.evaluate(_CUT) == []
    office = page.locator(".rest .name").first.bounding_box()
    assert office
    assert office["width"] > size["width"] / 8
    page.evaluate(f"import('/static/notice.js').then(({{ tell }}) => tell('{WORD}', {{ bad: true }}))")
    notice = page.locator(".toast span", has_text=WORD).bounding_box()
    assert notice
    assert notice["x"] + notice["width"] <= size["width"]


def test_whatever_can_be_pressed_is_large_enough_for_a_finger(desk: Server, window: Callable[..., Window]) -> None:
    numbers = [desk.post(f"Banjir selutut masuk rumah di Desa Sumberjaya Tambun Selatan {end}") for end in ("", "lagi")]
    desk.call(f"/v1/complaints/{desk.post(TEXT)}/decisions", {"action": "not-complaint", "version": 1})
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    for path in (*PATHS, f"/aduan/{numbers[0]}", "/aduan/99999", "/?kanal=web"):
        page.goto(desk.address + path)
        page.wait_for_load_state()
        page.evaluate(_UNFOLD)
        assert page.evaluate(_MISSED) == [], path


def test_accounts_are_closed_on_a_phone_without_scrolling_sideways(serve: Serve, window: Callable[..., Window]) -> None:
    desk, password = serve("--empty"), "empat kata yang acak"
    for name, full_name in (("ani", ""), ("b" * 64, "Raden Ajeng Siti Nurhalimah Kusumawardhani")):
        about = ("--role", "admin", "--full-name", full_name, "--password-stdin")
        desk.command("user", "add", name, *about, given=f"{password}\n")
    page = window(viewport=PHONE).page
    page.goto(f"{desk.address}/masuk?ke=/kelola")
    page.get_by_label("Nama pengguna").fill("ani")
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()
    button = page.locator("summary", has_text="Tutup").bounding_box()
    assert button
    assert button["x"] + button["width"] <= PHONE["width"]
    listed = page.get_by_role("region", name="Daftar akun")
    assert listed.evaluate("e => e.scrollWidth <= e.clientWidth")


def test_no_label_is_torn_at_the_end_of_a_line(desk: Server, window: Callable[..., Window]) -> None:
    number = desk.post("Jalan provinsi di Desa Sukadami rusak parah, mohon diteruskan ke Pemprov atau kota lain")
    page = window(viewport={"width": 320, "height": 844}).page
    go(page, f"{desk.address}/aduan/{number}")
    page.evaluate(_UNFOLD)
    labels = page.locator(".choices .tag", has_text="luar kewenangan")
    assert labels.count() > 0
    assert {label.evaluate("e => e.getClientRects().length") for label in labels.all()} == {1}


def test_the_header_of_a_phone_leaves_room_for_complaints(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    for path, rows in (("/", 3), ("/aduan/1", 1)):  # with all that an admin may open
        go(page, desk.address + path)
        header = page.locator("header.bar").bounding_box()
        assert header
        assert header["height"] < 50 * rows + 10
    expect(page.locator("#connection")).to_have_text("Tersambung")
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_have_text("Luring")
    told = page.locator("#connection").bounding_box()
    assert told
    assert told["width"] > 50
    back, step = (page.locator(which).bounding_box() for which in (".back", ".steps"))
    assert back
    assert step
    assert abs(back["y"] - step["y"]) < 2


def test_letters_twice_as_large_find_room_on_a_phone(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, bypass_csp=True).page
    for path in PATHS:
        page.goto(desk.address + path)
        page.add_style_tag(content=_TWICE)
        page.evaluate(_UNFOLD)
        assert page.evaluate(_CRAMPED) == [], path
    page.goto(desk.address)
    assert page.locator(".foot .office b").first.is_visible()


def test_letters_twice_as_large_leave_the_complaint_in_sight_above_the_thumb(
    desk: Server, window: Callable[..., Window]
) -> None:
    number = desk.post("Jalan rusak berlubang parah di Desa Sukadami, aspalnya hancur")  # its office has a long name
    page = window(viewport=PHONE, bypass_csp=True).page
    go(page, f"{desk.address}/aduan/{number}")
    page.add_style_tag(content=_TWICE)
    bar = page.locator(".thumb").bounding_box()
    assert bar
    assert bar["height"] < PHONE["height"] / 4
    for button in page.locator(".thumb button").all():
        expect(button).to_be_in_viewport(ratio=1)
        assert button.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def test_on_a_phone_what_was_done_does_not_pile_up_over_the_complaint(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window(viewport=PHONE).page
    go(page, f"{desk.address}/aduan/1")
    page.evaluate(
        "import('/static/notice.js').then(({ tell }) => [['satu'], ['dua', true], ['tiga'], ['empat']]"
        ".forEach(([text, bad]) => tell(text, { bad })))"
    )
    expect(page.locator(".toast:visible > span")).to_have_text(["dua", "empat"])


def test_a_pasted_complaint_is_answered_by_keyboard(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE).page
    page.goto(f"{desk.address}/coba")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".agencies .name").first).to_have_text("Dinas Perhubungan")
    expect(page.locator(".text mark.place")).to_have_text("Sukadami")
    expect(page.locator("#text")).to_have_value(TEXT)
    page.wait_for_load_state()  # until the style sheet is loaded
    assert page.evaluate(_STRUCK) == []


@pytest.mark.parametrize("width", [1280, 1366])
def test_no_long_name_cuts_off_what_the_connection_tells(
    desk: Server, window: Callable[..., Window], width: int
) -> None:
    page = window(viewport={"width": width, "height": 700}).page
    go(page, desk.address)
    expect(page.locator("#connection")).to_have_text("Tersambung")
    assert page.evaluate(_LACKING) < 0.05


def test_without_javascript_complaints_are_read_accepted_and_undone(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window(java_script_enabled=False).page
    page.goto(desk.address)
    row = page.locator(".items > li").first
    number = int(row.get_attribute("data-id") or 0)
    row.get_by_role("link").click()
    expect(page.locator("article .text").first).to_be_visible()
    page.locator(".marks label").nth(1).click()
    expect(page.locator('.text[data-choice="2"]')).to_be_visible()
    page.locator('.choice[data-key="1"]').click()
    expect(page.locator(".told")).to_contain_text(f"Aduan {number}")
    assert desk.shown(number)["version"] == 2
    page.get_by_role("button", name="Batalkan").first.click()
    expect(page.locator("article")).to_have_attribute("data-id", str(number))
    assert desk.actions(number)[-1] == "undo"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_filtered_list_is_in_sight_and_says_that_it_is_filtered(
    serve: Serve, window: Callable[..., Window], size: dict[str, int]
) -> None:
    desk = serve("--empty")
    number = desk.post("Rumah kebakaran di Desa Sukadami, ada orang terjebak")
    page = window(viewport=size, has_touch=size == PHONE, is_mobile=size == PHONE).page
    go(page, f"{desk.address}/?urgensi=darurat&urutan=baru")
    expect(page.locator(".filters summary .count")).to_have_text("2")
    expect(page.locator(f'.items > li[data-id="{number}"]')).to_be_in_viewport(ratio=0.9)
    back = page.get_by_role("link", name="Kembali ke urutan urgensi")
    expect(back).to_have_css("text-decoration-line", "underline")
    back.click()
    expect(page).to_have_url(f"{desk.address}/?urgensi=darurat")
