"""A hectic day: many at once, corrections, and what the page shows of them without being asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from serve.store.queue import PAGE_SIZE
from tests.e2e.desk.conftest import PHONE, Serve, Server, Window, go, hold, number_shown, read, wait_for, wait_for_other

pytestmark = [pytest.mark.slow, pytest.mark.browser]
WASTE = "Sampah menumpuk di Pasar Serang Baru, sudah seminggu tidak diangkut"
FIRE = "Rumah kebakaran di Desa Sukadami, masih ada orang di dalam, tolong cepat"
LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu, gelap sekali"
_SCROLLED = "([which, window_]) => window_ ? scrollY : document.querySelector(which).scrollTop"


def _urge(desk: Server, number: int, level: str) -> int:
    desk.call(f"/v1/complaints/{number}/decisions", {"action": "urgency", "version": 1, "urgency": level})
    return number


def _merge(page: Page, number: int) -> None:
    page.keyboard.press("g")
    page.keyboard.type(str(number))
    page.keyboard.press("Enter")


def test_the_emergencies_left_are_counted_after_every_decision_also_offline(
    serve: Serve, window: Callable[..., Window]
) -> None:
    desk, opened = serve("--empty"), window()
    for n in range(3):
        _urge(desk, desk.post(f"{LAMP} di RT {n}"), "darurat")
    page = opened.page
    go(page, desk.address)
    emergencies = page.locator('[data-count="darurat"] b')
    page.wait_for_timeout(1500)  # the next ones are fetched ahead
    opened.context.set_offline(True)
    for left in (2, 1):
        before = number_shown(page)
        read(page)
        page.keyboard.press("1")
        wait_for_other(page, before)
        expect(emergencies).to_have_text(str(left))
    read(page)
    page.keyboard.press("1")
    expect(emergencies).to_have_text("0")
    expect(emergencies).to_have_attribute("data-zero", "")
    opened.context.set_offline(False)


def test_a_decision_on_what_is_further_down_than_the_list_was_loaded_is_counted(
    serve: Serve, window: Callable[..., Window]
) -> None:
    desk, page = serve("--empty"), window().page
    last = [desk.post(f"{LAMP} di RT {n}") for n in range(PAGE_SIZE + 1)][-1]
    go(page, f"{desk.address}/aduan/{last}")
    expect(page.locator(f'.items > li[data-id="{last}"]')).to_have_count(0)
    read(page)
    page.keyboard.press("1")
    expect(page.locator('[data-count="total"]')).to_have_text(str(PAGE_SIZE))


def test_why_a_decision_was_refused_is_told_until_the_complaint_is_decided(desk: Server, page: Page) -> None:
    number, _ = desk.post(f"{LAMP} dekat balai desa"), desk.post(f"{LAMP} dekat lapangan")
    go(page, f"{desk.address}/aduan/{number}")
    _merge(page, 99999)
    expect(page.locator(".toast.bad")).to_contain_text("Tidak ada aduan nomor 99999")
    page.locator(f'.items > li[data-id="{number}"]').click()
    wait_for(page, number)
    expect(page.locator(".toast.bad")).to_have_count(1)
    read(page)
    page.keyboard.press("1")
    expect(page.locator(".toast").last).to_contain_text(f"Aduan {number} diteruskan")
    expect(page.locator(".toast.bad")).to_have_count(0)


def test_an_emergency_is_announced_until_it_is_opened_from_wherever(desk: Server, page: Page) -> None:
    first = desk.post(LAMP)
    go(page, f"{desk.address}/aduan/{first}")
    numbers = [desk.post(f"{FIRE} {n}") for n in range(2)]
    expect(page.locator(".toast.bad")).to_have_count(2)
    page.locator(f'.items > li[data-id="{numbers[0]}"]').click()
    wait_for(page, numbers[0])
    expect(page.locator(".toast.bad")).to_have_count(1)
    expect(page.locator(".toast.bad")).to_contain_text(f"nomor {numbers[1]}")


def test_who_takes_back_a_merger_is_where_it_was_made(desk: Server, page: Page) -> None:
    numbers = [desk.post(WASTE + ending) for ending in ("", " pak", "!!")]
    go(page, f"{desk.address}/aduan/{numbers[0]}")
    page.get_by_role("button", name="Gabungkan yang dicentang").press("Enter")
    expect(page.locator(".toast")).to_contain_text("2 aduan digabung")
    expect(page.locator(".same")).to_have_count(0)
    page.keyboard.press("z")
    expect(page.locator(".toast").last).to_contain_text("dibatalkan")
    expect(page.locator(".same summary")).to_contain_text("2 warga lain")
    assert number_shown(page) == numbers[0]


@pytest.mark.parametrize("size", [None, PHONE], ids=["desktop", "phone"])
def test_who_changes_something_at_the_end_of_a_long_complaint_stays_there(
    desk: Server, window: Callable[..., Window], size: dict[str, int] | None
) -> None:
    number = desk.post(f"{LAMP}. " * 100)
    page = window(**({"viewport": size} if size else {})).page
    go(page, f"{desk.address}/aduan/{number}")
    page.locator('.act[data-shortcut="s"] summary').click()
    field = page.locator("[name=tanda]")
    field.fill("gelap")
    where = ["#opened", size is not None]
    before = page.evaluate(_SCROLLED, where)
    assert before > 1000
    field.press("Enter")
    expect(page.locator("article.complaint")).to_have_attribute("data-version", "2")
    assert abs(page.evaluate(_SCROLLED, where) - before) < 400


def test_at_the_end_of_the_list_it_is_told_that_nothing_follows(serve: Serve, window: Callable[..., Window]) -> None:
    desk, page = serve("--empty"), window().page
    numbers = [desk.post(f"{LAMP} di RT {n}") for n in range(2)]
    go(page, f"{desk.address}/aduan/{numbers[0]}")
    for key, told in (("k", "Ini aduan pertama di daftar."), ("j", ""), ("j", "Ini aduan terakhir di daftar.")):
        page.keyboard.press(key)
        if told:
            expect(page.locator(".toast")).to_have_text(told)
        else:
            wait_for(page, numbers[1])


def test_a_row_that_is_being_opened_says_so_also_when_the_list_changes_meanwhile(desk: Server, page: Page) -> None:
    number = desk.post(f"{LAMP} di ujung")
    go(page, f"{desk.address}/aduan/{desk.post(f'{LAMP} di pangkal')}")
    let_go = hold(page, f"**/aduan/{number}*")
    row = page.locator(f'.items > li[data-id="{number}"]')
    page.evaluate("n => import('/static/fetched.js').then(({ forget }) => forget(n))", number)
    row.click()
    expect(row).to_have_attribute("aria-busy", "true")
    come = desk.post(f"{LAMP} di tengah")
    expect(page.locator(f'.items > li[data-id="{come}"]')).to_be_attached()
    expect(row).to_have_attribute("aria-busy", "true")
    let_go()
    wait_for(page, number)
    expect(page.locator("[aria-busy]")).to_have_count(0)
