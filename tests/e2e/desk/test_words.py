"""Text typed by a dispatcher is never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.desk.conftest import Server, go, hold, read, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu, gelap sekali"
QUESTION = "Di RT berapa, Pak, dan sejak kapan?"


def _decide_before(page: Page, desk: Server, number: int, **decision: object) -> None:
    """Decide elsewhere while the page's next decision is on its way.

    Any sooner, the page might have opened the new version already, and send a decision that is not refused.
    """

    def decide_and_continue(route: Route) -> None:
        desk.call(f"/v1/complaints/{number}/decisions", {"version": 1, **decision})
        route.continue_()

    page.route("**/keputusan*", decide_and_continue, times=1)


def test_a_refused_question_is_there_again_and_can_be_sent(desk: Server, page: Page) -> None:
    number, other = desk.post(LAMP), desk.post(LAMP + " juga di sini")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("t")
    page.keyboard.press("Control+a")
    page.keyboard.type(QUESTION)
    _decide_before(page, desk, number, action="mark", tags=["viral"])
    page.keyboard.press("Control+Enter")
    told = page.locator(".toast.bad")
    expect(told).to_be_visible()
    wait_for(page, other)
    told.get_by_role("button", name="Buka aduan").click()
    wait_for(page, number)
    question = page.locator('form[data-action="tanya"] textarea')
    expect(question).to_be_visible()
    expect(question).to_have_value(QUESTION)
    expect(page.locator('form[data-action="tandai"] [name=tanda]')).to_have_value("viral")
    read(page)
    question.press("Control+Enter")
    expect(page.locator(".toast", has_text="pelapor ditanya")).to_be_visible()
    assert [message["text"] for message in desk.shown(number)["messages"]] == [QUESTION]


def test_what_was_refused_is_opened_again_by_key_and_what_was_typed_stands_in_its_form(
    desk: Server, page: Page
) -> None:
    number, other = desk.post(LAMP + " dekat pasar"), desk.post(LAMP + " dekat stasiun")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("g")
    page.keyboard.type("99999")
    page.keyboard.press("Enter")
    expect(page.locator(".toast.bad button", has_text="Buka aduan")).to_have_text(f"Buka aduan {number} z")
    wait_for(page, other)
    page.keyboard.press("z")
    wait_for(page, number)
    expect(page.locator(".toast.bad")).to_have_count(0)
    expect(page.locator("[name=ke]")).to_have_value("99999")


def test_refused_words_that_fit_no_form_any_more_can_still_be_read(desk: Server, page: Page) -> None:
    number = desk.post(LAMP + " dan jalannya rusak")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("t")
    page.keyboard.press("Control+a")
    page.keyboard.type(QUESTION)
    _decide_before(page, desk, number, action="forward", agencies=["dishub"])
    page.keyboard.press("Control+Enter")
    page.locator(".toast.bad").get_by_role("button", name="Buka aduan").click()
    wait_for(page, number)
    expect(page.locator(".unsent")).to_contain_text(QUESTION)


def test_an_edited_reply_outlives_a_change_of_urgency_and_a_look_at_the_next(desk: Server, page: Page) -> None:
    number, other = desk.post(LAMP + " mohon dibantu"), desk.post(LAMP + " tolong")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("e")
    page.keyboard.press("Control+End")
    page.keyboard.type(" Terima kasih.")
    page.keyboard.press("Escape")
    page.keyboard.press("-" if desk.shown(number)["urgency"] != "rendah" else "+")
    page.wait_for_function("() => document.querySelector('article')?.dataset.version === '2'")
    for shown in (other, number):
        page.locator(f'.items > li[data-id="{shown}"]').click()
        wait_for(page, shown)
    assert page.input_value(f"#balasan-{number}").endswith(" Terima kasih.")
    read(page)
    page.keyboard.press("1")
    expect(page.locator(".toast", has_text="diteruskan")).to_be_visible()
    assert desk.shown(number)["messages"][0]["text"].endswith(" Terima kasih.")


@pytest.mark.parametrize(
    ("key", "field"), [("t", 'form[data-action="tanya"] textarea'), ("l", ".picker input"), ("/", "#cari")]
)
def test_who_types_while_an_answer_comes_goes_on_typing_and_decides_nothing(
    desk: Server, page: Page, key: str, field: str
) -> None:
    number = desk.post(f"{LAMP}, tolong dilihat {key}")
    up = "+" if desk.shown(number)["urgency"] != "darurat" else "-"
    go(page, f"{desk.address}/aduan/{number}")
    let_go = hold(page, "**/keputusan*")
    read(page)
    page.keyboard.press(up)
    page.keyboard.press(key)
    expect(page.locator(field)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("baru ")
    let_go()
    page.wait_for_function("() => document.querySelector('article')?.dataset.version === '2'")
    page.keyboard.type("1 x")
    expect(page.locator(field)).to_have_value("baru 1 x")
    assert desk.actions(number) == ["receive", "urgency"]


def test_offices_chosen_in_a_refused_form_are_chosen_again_in_their_order(desk: Server, page: Page) -> None:
    number = desk.post(LAMP + " di pinggir kali")
    go(page, f"{desk.address}/aduan/{number}")
    page.keyboard.press("l")
    for office in ("lampu jalan", "dlh"):
        page.keyboard.type(office)
        page.wait_for_selector(".options li")
        page.keyboard.press("Enter")
    _decide_before(page, desk, number, action="mark", tags=["viral"])
    page.keyboard.press("Enter")
    page.locator(".toast.bad").get_by_role("button", name="Buka aduan").click()
    wait_for(page, number)
    expect(page.locator(".chosen li")).to_have_text(["Dinas Perhubungan ×", "Dinas Lingkungan Hidup ×"])
