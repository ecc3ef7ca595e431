"""What is printed: the complaint, without what can only be pressed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import Serve, Window, go

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LONG = "Lampu jalan di Desa Sukadami mati total. " * 120


def test_a_complaint_is_printed_whole_without_queue_and_buttons(serve: Serve, window: Callable[..., Window]) -> None:
    desk, page = serve("--empty"), window().page
    number = desk.post(LONG)
    go(page, f"{desk.address}/aduan/{number}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name=f"Aduan {number}")).to_be_visible()
    expect(page.locator(".history")).to_be_visible()
    for hidden in (".queue", ".bar", ".acts", ".choices", ".steps"):
        expect(page.locator(hidden).first).to_be_hidden()
    cut = "[...document.querySelectorAll('main, main *')].filter((e) => e.scrollHeight > e.clientHeight + 4"
    cut += " && ['auto', 'scroll', 'hidden'].includes(getComputedStyle(e).overflowY) && !e.matches('.unseen')).length"
    assert page.evaluate(cut) == 0
