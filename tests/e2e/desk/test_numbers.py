"""Numbers on screen are written the Indonesian way, also after the script has counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import Server, go

pytestmark = [pytest.mark.slow, pytest.mark.browser]
_TAKE_OUT = "(numbers) => import('/static/list.js').then(({ takeOut }) => takeOut(numbers))"


def test_a_count_above_a_thousand_goes_down_by_what_was_decided(
    desk: Server, page: Page, model: Path, tmp_path: Path
) -> None:
    file = tmp_path / "aduan.csv"
    file.write_text("Isi\n" + "Lampu jalan di Desa Sukadami mati total sudah seminggu\n" * 1001, encoding="utf-8")
    desk.command("import", str(file), "--model", str(model))
    go(page, desk.address)
    total = page.locator('[data-count="total"]')
    expect(total).to_have_text("1.001")
    shown = page.locator(".items > li").evaluate_all("rows => rows.map((row) => Number(row.dataset.id))")
    for numbers, left in ((shown[-1:], "1.000"), (shown[-3:-1], "998")):
        page.evaluate(_TAKE_OUT, numbers)
        assert total.inner_text() == left
