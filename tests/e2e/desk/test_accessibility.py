"""WCAG 2.2 AA, checked by axe on every page, in light and dark mode, at desktop and phone width."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import DESKTOP, PHONE, Serve, Server, Window, go, number_shown, read, wait_for_other

pytestmark = [pytest.mark.slow, pytest.mark.browser]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PATHS = (
    *("/", "/?status=semua&urgensi=darurat&hari=3", "/?cari=zzqqxx", "/aduan/3", "/baru", "/ringkasan", "/periksa"),
    *("/model", "/coba", "/bantuan", "/kelola", "/masuk", "/aduan/999"),
)
TYPED = {"/coba": ("Isi aduan", "Kabel listrik putus di Desa Sukadami"), "/baru": ("Isi aduan", " ")}
_OPEN_ALL = "document.querySelectorAll('.act').forEach((act) => { act.removeAttribute('name'); act.open = true; })"
# Marked words in the colour of their background; an "urgent" mark has no background of its own.
_UNREADABLE = """
() => [...document.querySelectorAll(".text mark")].filter((mark) => {
  const own = getComputedStyle(mark);
  const clear = /^rgba.*, 0\\)$/.test(own.backgroundColor);
  const ground = (clear ? getComputedStyle(mark.closest(".texts")) : own).backgroundColor;
  return own.color === ground;
}).map((mark) => mark.textContent)
"""
# Selected items that look unselected, in the list and among the offices above the text.
_ALIKE = """
() => [["a.item", "[aria-current]"], [".marks input + span", ":is(:checked + span)"]]
  .filter(([all, chosen]) => {
    const drawn = (which) => getComputedStyle(document.querySelector(which));
    const [first, second] = [drawn(all + chosen), drawn(`${all}:not(${chosen})`)];
    return ["borderLeftWidth", "borderBottomWidth"].every((name) => first[name] === second[name]);
  })
"""
_SMALL = """
() => [...document.querySelectorAll("button, summary, select, input:not([type=hidden]), .bar a, .item, .counts a")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .map((e) => [e.outerHTML.slice(0, 90), (e.closest("label.check") ?? e).getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)
"""

# Fields whose placeholder has too little contrast (WCAG 2.2, 1.4.3).
_FAINT = """
() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0.05);
  return [...document.querySelectorAll("[placeholder]")].filter((field) => {
    const drawn = [getComputedStyle(field, "::placeholder").color, getComputedStyle(field).backgroundColor].map(light);
    return Math.max(...drawn) / Math.min(...drawn) < 4.5;
  }).map((field) => field.outerHTML.slice(0, 90));
}
"""
# How much the ring around what has the focus differs from the notice that it stands on.
_RING = """
() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0.05);
  const drawn = [document.activeElement, document.activeElement.closest(".toast")].map((e) => getComputedStyle(e));
  const [ring, ground] = [light(drawn[0].outlineColor), light(drawn[1].backgroundColor)];
  return parseFloat(drawn[0].outlineWidth) && Math.max(ring, ground) / Math.min(ring, ground);
}
"""


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    return serve()


def violations(page: Page) -> list[str]:
    """Return the violations that axe finds on a page."""
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    return [f"{v['id']}: {node['html'][:120]}" for v in found for node in v["nodes"][:3]]


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "dark")], ids=["light", "dark", "phone"]
)
def test_axe_finds_nothing_on_any_page(
    desk: Server, window: Callable[..., Window], size: dict[str, int], scheme: str
) -> None:
    page = window(viewport=size, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True).page
    found = {}
    for path in PATHS:
        page.goto(desk.address + path)
        found[path] = violations(page)
        assert page.evaluate(_SMALL) == [], path
        assert page.evaluate(_FAINT) == [], path
        if path == "/aduan/3":
            page.evaluate(_OPEN_ALL)
            found["every panel open"] = violations(page)
        if path in TYPED:
            label, words = TYPED[path]
            page.get_by_label(label).fill(words)
            page.keyboard.press("Tab")
            page.locator("main form button").first.click()
            expect(page.locator(".result, .error")).to_be_visible()
            found[f"an answer to {path}"] = violations(page)
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_the_few_colours_of_a_high_contrast_system_words_are_read_and_what_is_chosen_is_seen(
    desk: Server, window: Callable[..., Window], scheme: str
) -> None:
    number = desk.post("Kabel listrik putus menjuntai di jalan Desa Sukadami, ada percikan api, cepat tolong")
    page = window(forced_colors="active", color_scheme=scheme).page
    page.goto(f"{desk.address}/aduan/{number}")
    expect(page.locator(".text mark.urgent").first).to_be_visible()
    assert page.evaluate(_UNREADABLE) == []
    assert page.evaluate(_ALIKE) == []
    assert page.locator(".choices .choice").first.evaluate("e => getComputedStyle(e).borderBottomWidth") == "0px"


def test_the_type_ahead_and_the_keys_are_accessible_while_open(desk: Server, window: Callable[..., Window]) -> None:
    page = window(bypass_csp=True).page
    page.goto(f"{desk.address}/aduan/3")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("l")
    page.keyboard.type("jalan")
    page.wait_for_selector(".options li")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    assert violations(page) == []


def test_keys_of_one_character_can_be_switched_off_where_they_are_listed(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, f"{desk.address}/aduan/3")
    page.keyboard.press("?")
    switch = page.get_by_role("checkbox", name="Pakai tombol satu karakter")
    expect(switch).to_be_checked()
    switch.press("Space")
    page.keyboard.press("Escape")
    for key in ("+", "j", "l", "?", "1"):
        page.keyboard.press(key)
    expect(page.locator("#keys[open], .act[open]")).to_have_count(0)
    expect(page.locator(".choices kbd:visible, .acts kbd:visible, .steps kbd:visible")).to_have_count(0)
    assert (number_shown(page), desk.actions(3)) == (3, ["receive"])
    page.goto(f"{desk.address}/bantuan")
    expect(switch).not_to_be_checked()
    switch.press("Space")
    go(page, f"{desk.address}/aduan/3")
    page.keyboard.press("l")
    expect(page.locator('.act[data-shortcut="l"]')).to_have_attribute("open", "")


def test_who_closes_a_panel_from_one_of_its_buttons_stands_where_it_is_opened(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, f"{desk.address}/aduan/3")
    for key in "ut":
        page.keyboard.press(key)
        expect(page.locator(f'.act[data-shortcut="{key}"] :focus')).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(f'.act[data-shortcut="{key}"] summary')).to_be_focused()


def test_the_newest_notice_is_reached_by_key_and_what_closes_it_leads_back(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, f"{desk.address}/aduan/3")
    page.keyboard.press("n")
    page.evaluate("import('/static/notice.js').then((m) => ['satu', 'dua'].forEach((t) => m.tell(t, { bad: true })))")
    for left in ("satu", None):
        page.keyboard.press("n")
        expect(page.locator(".toast button").last).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#opened")).to_be_focused()
        expect(page.locator(".toast span")).to_have_text([left] if left else [])


def test_focus_can_be_seen(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(desk.address)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "3px"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_can_be_seen_in_what_a_notice_asks(desk: Server, window: Callable[..., Window], scheme: str) -> None:
    page = window(color_scheme=scheme).page
    go(page, f"{desk.address}/aduan/3")
    page.evaluate(
        "import('/static/notice.js').then(({ tell }) => [true, false].forEach((bad) => tell('satu', "
        "{ bad, button: 'Buka', act() {} })))"
    )
    page.keyboard.press("n")
    for toast in page.locator(".toast").all():
        toast.get_by_role("button", name="Buka").focus()
        assert page.evaluate(_RING) >= 3  # WCAG 2.2, 1.4.11


def test_the_opened_complaint_is_two_presses_away_from_the_top(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(f"{desk.address}/aduan/3")
    page.wait_for_selector("html[data-ready]")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke aduan yang dibuka")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#opened') !== null")


def test_what_was_opened_is_what_a_screen_reader_tells_next(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    go(page, desk.address)
    shown = number_shown(page)
    for _ in range(2):
        page.keyboard.press("j")
        wait_for_other(page, shown)
        shown = number_shown(page)
        expect(page.get_by_role("heading", name=f"Aduan {shown}")).to_be_focused()


def test_the_title_of_the_page_agrees_with_its_address(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    go(page, f"{desk.address}/?cari=jalan")
    searched = re.compile(r"Antrean: \d+ aduan ditemukan ·")
    expect(page).to_have_title(searched)
    shown = number_shown(page)
    for way in (page.locator(".items > li").nth(1).click, partial(page.keyboard.press, "j")):
        way()
        wait_for_other(page, shown)
        shown = number_shown(page)
    expect(page).to_have_title(re.compile(f"Aduan {number_shown(page)} ·"))
    page.go_back()
    expect(page).to_have_title(searched)
    read(page)
    raises = page.get_attribute("article.complaint", "data-level") != "darurat"
    page.keyboard.press("+" if raises else "-")
    expect(page.locator('article.complaint[data-version="2"]')).to_be_visible()  # the same complaint, loaded anew
    expect(page).to_have_title(searched)
    page.go_forward()
    expect(page).to_have_title(re.compile(f"Aduan {number_shown(page)} ·"))


def test_a_key_for_what_cannot_be_done_tells_why(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    number = desk.post("Lampu jalan di Desa Sukadami mati total sudah seminggu")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("r")
    told = f"Aduan {number} tidak sedang ada pada instansi, jadi tidak dapat dikembalikan."
    expect(page.locator(".toast span")).to_have_text(told)
    desk.call(f"/v1/complaints/{number}/decisions", {"action": "not-complaint", "version": 1})
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("g")
    told = f"Aduan {number} berstatus Bukan Aduan, jadi tombol g tidak berlaku."
    expect(page.locator(".toast span")).to_have_text(told)


def test_the_place_in_the_list_is_kept_when_it_grows_or_is_brought_up_to_date(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, desk.address)
    total, late = page.locator("#counts [data-count=total]"), page.locator("#counts a.late")
    late.focus()
    before = total.inner_text()
    desk.post("Sampah menumpuk di pasar, kios terakhir")
    expect(total).not_to_have_text(before)
    expect(late).to_be_focused()
    page.locator("#following").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".items > li:nth-child(51) a")).to_be_focused()


def test_no_panel_moves_the_desk_itself(desk: Server, window: Callable[..., Window]) -> None:
    page, moved = window().page, {}
    page.goto(f"{desk.address}/aduan/3")
    page.wait_for_selector("html[data-ready]")
    for key in "lxbg":
        page.keyboard.press(key)
        page.wait_for_selector(f".act[open][data-shortcut={key}]")
        moved[key] = page.evaluate("[scrollY, document.documentElement.scrollHeight - innerHeight]")
        page.keyboard.press("Escape")
    assert moved == {key: [0, 0] for key in "lxbg"}
