"""A finger on a phone: opening, accepting and going back, on a slow line too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.desk.conftest import (
    PHONE,
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


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    return serve()


def test_a_thumb_opens_accepts_and_goes_back(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    go(page, desk.address)
    expect(page.locator("article.complaint")).to_be_hidden()
    row = page.locator(".items > li").first
    number = int(row.get_attribute("data-id") or 0)
    row.tap()
    wait_for(page, number)
    expect(page.locator(".queue")).to_be_hidden()
    accept = page.locator(".thumb .choice")
    box = accept.bounding_box()
    assert box
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= PHONE["height"]
    read(page)
    accept.tap()
    wait_for_other(page, number)
    expect(page.locator(".toast")).to_contain_text(f"Aduan {number}")
    page.get_by_role("link", name="‹ Antrean").tap()
    expect(page.locator(".queue")).to_be_visible()
    assert desk.shown(number)["version"] == 2


def test_on_a_slow_line_the_row_that_was_tapped_says_so(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    go(page, desk.address)
    row = page.locator(".items > li").nth(30)  # none is prefetched
    row.locator(".clock").evaluate(
        "clock => { clock.textContent = 'terlambat 1.024 hari kerja'; }"
    )  # leaves little room
    height = "li => li.getBoundingClientRect().height"
    before = row.evaluate(height)
    let_go = hold(page, f"**/aduan/{row.get_attribute('data-id')}*")
    row.tap()
    expect(row).to_have_attribute("aria-busy", "true")
    assert row.evaluate(height) == before, "the rows below would move under the finger"
    assert "memuat" in row.locator("a").evaluate("a => getComputedStyle(a, '::after').content")
    let_go()
    expect(page.locator(".queue")).to_be_hidden()
    expect(page.locator("[aria-busy]")).to_have_count(0)


def test_back_leads_to_where_one_was_in_the_list(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    go(page, desk.address)
    row = page.locator(".items > li").nth(20)
    row.tap()
    wait_for(page, int(row.get_attribute("data-id") or 0))
    page.get_by_role("link", name="‹ Antrean").tap()
    expect(row).to_be_in_viewport()
    expect(row.get_by_role("link")).to_be_focused()
    assert page.title().startswith("Antrean")


def test_what_is_still_on_screen_is_still_claimed_when_the_browser_goes_back(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window().page
    go(page, desk.address)
    row = page.locator(".items > li").nth(3)
    number = int(row.get_attribute("data-id") or 0)
    with page.expect_response(lambda r: r.url.endswith(f"/{number}/claim") and r.request.method == "PUT"):
        row.click()
    page.go_back()
    page.wait_for_timeout(500)
    assert number_shown(page) == number
    assert desk.shown(number)["claimed_by"] == "demo"


def test_the_opened_complaint_stands_in_sight_in_the_list(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    go(page, desk.address)
    number = page.locator(".items > li").nth(20).get_attribute("data-id")
    go(page, f"{desk.address}/aduan/{number}")
    expect(page.locator("[aria-current=true]")).to_be_in_viewport()


def test_a_double_tap_accepts_one_complaint(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    go(page, desk.address)
    row = page.locator(".items > li").first
    number = int(row.get_attribute("data-id") or 0)
    row.tap()
    wait_for(page, number)
    page.wait_for_timeout(1500)  # the next ones are fetched meanwhile
    box = page.locator(".thumb .choice").bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 40, box["y"] + 20)
    wait_for_other(page, number)
    following = number_shown(page)
    page.touchscreen.tap(box["x"] + 40, box["y"] + 20)
    expect(page.locator(".toast").first).to_contain_text(f"Aduan {number}")
    read(page)
    assert number_shown(page) == following
    assert desk.shown(following)["version"] == 1


def test_a_form_is_sent_once_however_often_its_button_is_pressed(desk: Server, window: Callable[..., Window]) -> None:
    page, sent = window().page, list[Route]()
    page.goto(f"{desk.address}/kelola")
    page.wait_for_selector("html[data-ready]")

    def catch(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route)
        else:
            route.continue_()

    page.route("**/kelola", catch)
    form = page.locator("form", has=page.locator('[value="tambah-kunci"]'))
    form.get_by_label("Nama kunci").fill("bot")
    form.get_by_role("button").evaluate("(button) => { button.click(); setTimeout(() => button.click(), 300); }")
    page.wait_for_timeout(1000)
    assert len(sent) == 1
    sent[0].continue_()
    expect(page.locator(".told .secret")).to_be_visible()
    page.wait_for_selector("html[data-ready]")
    page.reload()
    expect(page.get_by_role("cell", name="bot", exact=True)).to_be_visible()
    expect(page.locator(".told, .error")).to_have_count(0)
    assert len(sent) == 1
