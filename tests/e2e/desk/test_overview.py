"""Colours of the overview's figures, and their names on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.desk.conftest import PHONE, Serve, Server, Window

pytestmark = [pytest.mark.slow, pytest.mark.browser]
# For each shade of a cell, 0 to 5: contrast of the cell with the panel, and of the number with the cell.
_CONTRASTS = """
() => {
  const light = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0.05);
  const contrast = (...colours) => Math.max(...colours.map(light)) / Math.min(...colours.map(light));
  const panel = getComputedStyle(document.querySelector(".hot").closest(".panel")).backgroundColor;
  const cell = document.querySelector(".hot td:has(a)");
  return [0, 1, 2, 3, 4, 5].map((shade) => {
    cell.className = `shade-${shade}`;
    const [own, number] = [getComputedStyle(cell).backgroundColor, getComputedStyle(cell.firstChild).color];
    return [contrast(own, panel), contrast(own, number)];
  });
}
"""


@pytest.fixture(scope="module")
def desk(serve: Serve) -> Server:
    return serve()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_more_complaints_a_cell_has_the_more_it_stands_out(
    desk: Server, window: Callable[..., Window], scheme: str
) -> None:
    page = window(color_scheme=scheme).page
    page.goto(f"{desk.address}/ringkasan")
    expect(page.get_by_text("makin kuat warnanya, makin banyak")).to_be_visible()
    grounds, numbers = zip(*page.evaluate(_CONTRASTS), strict=True)
    assert list(grounds) == sorted(set(grounds))
    assert min(numbers) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_without_colours_of_its_own_nothing_is_said_of_them(
    desk: Server, window: Callable[..., Window], scheme: str
) -> None:
    page = window(forced_colors="active", color_scheme=scheme).page
    page.goto(f"{desk.address}/ringkasan")
    expect(page.locator(".hot td a").first).to_be_visible()
    expect(page.locator(".of-colours")).to_have_count(1)
    expect(page.locator(".of-colours")).to_be_hidden()


def test_on_a_phone_it_stays_in_sight_whose_figures_are_scrolled_to(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window(viewport=PHONE).page
    page.goto(f"{desk.address}/ringkasan")
    for table in (page.get_by_role("region", name="Instansi", exact=True), page.locator(".scroll:has(.hot)")):
        table.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
        last, name = table.locator("tbody tr").first.locator("td").last, table.locator("tbody th").first
        frame, figure, named = table.bounding_box(), last.bounding_box(), name.bounding_box()
        assert frame
        assert figure
        assert named
        assert named["x"] >= frame["x"] - 1
        assert named["x"] + named["width"] <= figure["x"]
