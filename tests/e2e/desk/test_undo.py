"""Undo reverts exactly the decision that was meant."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import PHONE, Serve, Server, Window, go, hold, number_shown, read, wait_for, wait_for_other

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    server = serve("--empty")
    for n in range(2, 14):
        server.post(f"Lampu jalan di Desa Sukadami mati total sudah {n} minggu")
    return server


@pytest.fixture
def opened(desk: Server, window: Callable[..., Window]) -> Window:
    opened = window()
    go(opened.page, desk.address)
    opened.page.wait_for_timeout(1500)  # the next ones are fetched meanwhile
    return opened


def _accept(page: Page) -> int:
    """Accept the opened complaint's suggestion, and return its number."""
    number = number_shown(page)
    read(page)
    page.keyboard.press("1")
    wait_for_other(page, number)
    return number


def test_a_notice_takes_back_the_decision_that_it_tells(desk: Server, opened: Window) -> None:
    page = opened.page
    first, second = _accept(page), _accept(page)
    expect(page.locator(".toast")).to_have_count(2)
    expect(page.locator(".toast kbd")).to_have_count(1)
    page.locator(".toast", has_text=f"Aduan {first} ").get_by_role("button").click()
    wait_for(page, first)
    expect(page.locator(".toast").last).to_have_text(f"Keputusan atas aduan {first} dibatalkan.")
    assert desk.actions(first) == ["receive", "forward", "undo"]
    assert desk.actions(second) == ["receive", "forward"]
    page.keyboard.press("z")
    wait_for(page, second)
    assert desk.actions(second) == ["receive", "forward", "undo"]


def test_a_notice_does_not_go_away_under_a_finger_that_is_about_to_press_it(opened: Window) -> None:
    page = opened.page
    _accept(page)
    button = page.locator(".toast").get_by_role("button")
    button.focus()
    page.wait_for_timeout(10_000)  # a second longer than notices stay
    expect(button).to_be_focused()
    page.locator("#opened").focus()
    expect(page.locator(".toast")).to_have_count(0)


def test_only_the_last_of_several_decisions_on_a_complaint_is_offered_to_be_taken_back(
    desk: Server, opened: Window
) -> None:
    page = opened.page
    number = number_shown(page)
    version = int(page.locator("article.complaint").get_attribute("data-version") or 0)
    read(page)
    page.keyboard.press("+")
    expect(page.locator(".toast")).to_contain_text("urgensi menjadi")
    expect(page.locator("article.complaint")).to_have_attribute("data-version", str(version + 1))
    _accept(page)
    expect(page.locator(".toast")).to_contain_text(f"Aduan {number} diteruskan")
    expect(page.locator(".toast")).to_have_count(1)
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_have_text(f"Keputusan atas aduan {number} dibatalkan.")
    assert desk.actions(number)[version:] == ["urgency", "forward", "undo"]


def test_z_takes_back_the_newest_decision_though_its_answer_is_still_to_come(desk: Server, opened: Window) -> None:
    page = opened.page
    first = _accept(page)
    expect(page.locator(".toast")).to_contain_text(f"Aduan {first}")
    let_go = hold(page, "**/keputusan*")
    second = _accept(page)
    page.keyboard.press("z")
    expect(page.locator(".toast").last).to_contain_text(f"aduan {second} dibatalkan begitu")
    let_go()
    wait_for(page, second)
    assert desk.actions(first)[-1] == "forward"
    assert desk.actions(second)[-2:] == ["forward", "undo"]


@pytest.mark.parametrize("size", [{"width": 1280, "height": 500}, PHONE], ids=["desktop", "phone"])
def test_a_complaint_that_is_brought_back_shows_its_beginning(
    desk: Server, window: Callable[..., Window], size: dict[str, int]
) -> None:
    opened = window(viewport=size)
    page = opened.page
    go(page, desk.address)
    if size == PHONE:
        page.locator(".items > li").first.click()
    page.wait_for_timeout(1500)  # the next ones are fetched meanwhile
    opened.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    number = _accept(page)
    page.keyboard.press("g")  # scrolls down to the form
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    wait_for(page, number)
    expect(page.locator("article.complaint h2")).to_be_in_viewport()


def test_z_says_where_older_decisions_are_taken_back(desk: Server, opened: Window) -> None:
    page = opened.page
    first, second = _accept(page), _accept(page)
    for told in (f"Keputusan atas aduan {second} dibatalkan.", "buka aduannya, lalu tekan z"):
        page.keyboard.press("z")
        expect(page.locator(".toast").last).to_contain_text(told)
        wait_for(page, second)
    go(page, f"{desk.address}/aduan/{first}")
    page.keyboard.press("z")
    expect(page.locator(".toast").last).to_contain_text(f"Keputusan atas aduan {first} dibatalkan.")


def test_what_was_never_sent_is_taken_back_without_the_server(desk: Server, opened: Window) -> None:
    page = opened.page
    place = page.locator("main").bounding_box()
    opened.context.set_offline(True)
    first, second = _accept(page), _accept(page)
    assert page.locator("main").bounding_box() == place, "the page has not moved under the pointer"
    page.keyboard.press("z")
    expect(page.locator(".toast").last).to_contain_text(f"Keputusan atas aduan {second} dibatalkan")
    expect(page.locator("#connection")).to_have_text("Luring · 1 keputusan menunggu")
    opened.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("Tersambung")
    wait_for(page, second)
    assert desk.actions(first)[-1] == "forward"
    assert desk.actions(second)[-1] != "forward"
