"""Mouse and keyboard in turn: what is typed goes where the pointer has been."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import Server, go, number_shown, read

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu, gelap sekali"


def test_a_number_typed_after_opening_a_form_with_the_mouse_decides_nothing_else(desk: Server, page: Page) -> None:
    while (into := desk.post(LAMP)) < 11:  # a number that begins with a shortcut
        pass
    number = desk.post(LAMP)
    go(page, f"{desk.address}/aduan/{number}")
    read(page)
    page.locator("summary", has_text="Gabung ke aduan lain").click()
    page.keyboard.type(str(into))
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text(f"Aduan {number} digabung")
    assert desk.actions(number) == ["receive", "merge"]


def test_a_reply_typed_after_opening_it_with_the_mouse_decides_nothing(desk: Server, page: Page) -> None:
    number = desk.post(LAMP)
    go(page, f"{desk.address}/aduan/{number}")
    read(page)
    page.locator(".choices .reply summary").click()
    page.keyboard.type("1 minggu lagi")
    assert "1 minggu lagi" in page.locator(".choices textarea").input_value()
    assert number_shown(page) == number


def test_in_front_of_an_open_form_no_key_decides(desk: Server, page: Page) -> None:
    number = desk.post(LAMP)
    go(page, f"{desk.address}/aduan/{number}")
    read(page)
    summary = page.locator('.act[data-shortcut="b"] > summary')
    summary.press("Enter")
    for key in ("1", "z", "+"):
        page.keyboard.press(key)
    expect(summary).to_be_focused()
    expect(page.locator(".toast")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(page.locator(".toast")).to_contain_text(f"Aduan {number} diteruskan")
