"""A complaint about several matters is split by keyboard."""

from __future__ import annotations

import json
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import Server, go, read

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LAMP, WASTE = "Lampu jalan di Desa Sukadami mati total sudah seminggu", "Sampah menumpuk di pasar tidak diangkut"


def _found(desk: Server, number: int) -> None:
    """Store that two problems were found, which the small model of the tests is too unsure of."""
    ends = {"dishub": (0, len(LAMP)), "dlh": (len(LAMP) + 2, len(LAMP) + 2 + len(WASTE))}
    parts = [
        {"start": start, "end": end, "code": code, "name": code, "probability": 0.9}
        for code, (start, end) in ends.items()
    ]
    with sqlite3.connect(desk.database.removeprefix("sqlite:///")) as store:
        store.execute(
            "UPDATE suggestions SET body = json_set(body, '$.parts', json(?)) WHERE complaint_id = ?",
            (json.dumps(parts), number),
        )
    store.close()


@pytest.mark.parametrize("third", ["", "Air PDAM keruh dan bau"], ids=["as found", "with one more part"])
def test_the_parts_that_were_found_can_be_sent_at_once_or_get_another_one(desk: Server, page: Page, third: str) -> None:
    number = desk.post(f"{LAMP}. {WASTE}. {third}")
    _found(desk, number)
    go(page, f"{desk.address}/aduan/{number}")
    read(page)
    page.keyboard.press("p")
    fields = page.locator("form[data-split] textarea")
    expect(fields).to_have_count(3)
    expect(fields.last).to_have_value("")
    expect(fields.first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(third)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text(f"Aduan {number} dipecah")
    texts = [desk.shown(part)["text"] for part in desk.shown(number)["history"][-1]["parts"]]
    assert texts == [LAMP, WASTE, *([third] if third else [])]
