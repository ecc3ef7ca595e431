"""The API reference in a browser that can reach only the server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import DESKTOP, PHONE, Server, Window

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_operation_is_found_and_tried_without_the_internet(
    desk: Server, window: Callable[..., Window], size: dict[str, int]
) -> None:
    opened = window(viewport=size)
    page = opened.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{desk.address}/docs")
    expect(page.get_by_role("button", name="Authorize")).to_be_visible()
    page.locator(".opblock-post .opblock-summary").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table").get_by_text('"Dinas Perhubungan"')).to_be_visible()
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    assert [url for url in asked if not url.startswith((desk.address, "data:"))] == []
    assert opened.complaints == []
