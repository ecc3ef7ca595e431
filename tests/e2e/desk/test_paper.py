"""Printed pages: the complaint without controls."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import Serve, Window, go

pytestmark = [pytest.mark.slow, pytest.mark.browser]
FIRE = "Tolong segera, kebakaran besar di Desa Sukadami, ada orang terjebak di dalam rumah"
_GROUNDS = """
() => Object.fromEntries([".level-darurat", "mark"].map((what) => {
  const style = getComputedStyle(document.querySelector(`article ${what === "mark" ? "mark.strong" : what}`));
  return [what, [style.backgroundColor, style.printColorAdjust]];
}))
"""
LONG = "Lampu jalan di Desa Sukadami mati total. " * 120


def test_a_complaint_is_printed_whole_without_queue_and_buttons(serve: Serve, window: Callable[..., Window]) -> None:
    desk, page = serve("--empty"), window().page
    number = desk.post(LONG)
    go(page, f"{desk.address}/aduan/{number}")
    page.evaluate("document.querySelector('.claimed').hidden = false")  # somebody else is working on it
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=f"Aduan {number}")).to_be_visible()
    expect(page.locator(".history")).to_be_visible()
    state = re.compile(r"^Kabupaten Bekasi, keadaan pada \d+ \w+ 20\d\d pukul \d\d\.\d\d\.$")
    expect(page.locator("article .of-paper")).to_have_text(state)  # or nobody knows when "2 hari lalu" was
    for hidden in (".queue", ".bar", ".acts", ".choices", ".steps", ".claimed"):
        expect(page.locator(hidden).first).to_be_hidden()
    cut = "[...document.querySelectorAll('main, main *')].filter((e) => e.scrollHeight > e.clientHeight + 4"
    cut += " && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowY) && !e.matches('.unseen')).length"
    assert page.evaluate(cut) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_printed_can_be_read_whatever_the_screen_looks_like(
    serve: Serve, window: Callable[..., Window], scheme: str
) -> None:
    desk, page = serve("--empty"), window(color_scheme=scheme).page
    numbers = [desk.post(FIRE) for _ in range(3)]
    go(page, f"{desk.address}/aduan/{numbers[0]}")
    page.emulate_media(media="print")
    grounds = page.evaluate(_GROUNDS)
    # Without "exact", browsers print white text without its background.
    assert grounds["mark"] == ["rgb(255, 217, 138)", "exact"]
    assert grounds[".level-darurat"] == ["rgb(166, 27, 27)", "exact"]
    expect(page.locator(".notice", has_text="warga lain")).to_be_visible()
    for of_the_screen in (".same", ".notice >> text=lihat di bawah"):
        expect(page.locator(of_the_screen).first).to_be_hidden()


# A4 with margins of 1 cm, in CSS pixels; anything wider would shrink the whole page.
PAPER = {"width": 718, "height": 1040}
_CLOSED = "details:not([open])"
_COLUMNS = """
() => [...document.querySelectorAll(".weeks tr")].map((tr) => [...tr.cells].filter((cell) => cell.offsetParent).length)
"""


@pytest.mark.parametrize("path", ["/ringkasan", "/kelola", "/bantuan", "/"])
def test_no_page_is_wider_than_the_paper_or_prints_what_is_closed(
    serve: Serve, window: Callable[..., Window], path: str
) -> None:
    desk, page = serve(), window(viewport=PAPER).page
    waiting = desk.call("/v1/complaints")["complaints"][0]
    desk.call(f"/v1/complaints/{waiting['id']}/decisions", {"action": "not-complaint", "version": waiting["version"]})
    page.goto(desk.address + path)
    paper_only = page.locator(".of-paper").all()
    assert not any(each.is_visible() for each in paper_only)
    page.emulate_media(media="print")
    assert all(each.is_visible() for each in paper_only)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert not any(each.is_visible() for each in page.locator(_CLOSED).all())
    assert len(set(page.evaluate(_COLUMNS))) <= 1, "a row lacks the cell of its bar: cells are under the wrong heads"
