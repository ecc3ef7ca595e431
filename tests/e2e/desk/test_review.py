"""The review page and a model's report in a real browser, also on a phone and without JavaScript."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline.region import Region
from tests.e2e.desk.conftest import DESKTOP, PHONE, Serve, Server, Window
from tests.e2e.desk.test_accessibility import violations
from training.report import write_report
from training.starter import generate

pytestmark = [pytest.mark.slow, pytest.mark.browser]
LAMP = "Lampu jalan di Desa Sukadami mati total sudah seminggu"
WRONG = 3  # complaints about lamps that were sent to the waste office


@pytest.fixture(scope="module")
def desk(serve: Serve, model: Path, bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A desk whose model has a report, with doubted decisions and a list of complaints to label first."""
    folder = tmp_path_factory.mktemp("review")
    shutil.copytree(model, folder / "model")
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        rows = ((row.text, row.agency, row.urgency) for row in generate(bekasi, 300, seed=29, noise=0.5))
        csv.writer(file).writerows([("teks", "instansi", "urgensi"), *rows])
    write_report(folder / "model", folder / "rows.csv")
    server = serve("--empty", "--model", str(folder / "model"), DISPOSISI_REVIEW=str(folder))
    numbers = [server.post(f"{LAMP}, tiang nomor {number}") for number in range(WRONG)]
    for number in numbers:
        server.call(f"/v1/complaints/{number}/decisions", {"action": "forward", "version": 1, "agencies": ["dlh"]})
    doubts = "".join(f"{number},1,dlh,dishub,0.01\n" for number in numbers)
    (folder / "suspects.csv").write_text(f"id,position,given,likely,believable\n{doubts}", encoding="utf-8")
    waiting = [server.post(f"sampah menumpuk di pasar, kios nomor {number}") for number in range(3)]
    teaching = "".join(f"{number},1,0.5\n" for number in reversed(waiting))
    (folder / "teach.csv").write_text(f"id,position,teaches\n{teaching}", encoding="utf-8")
    return server


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/periksa", "/model", "/model/laporan/index.html", "/?urutan=ajar"])
def test_axe_finds_nothing_and_nothing_overflows(
    desk: Server, window: Callable[..., Window], size: dict[str, int], path: str
) -> None:
    page = window(viewport=size, bypass_csp=True).page
    page.goto(desk.address + path)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_report_is_drawn_under_the_strict_policy(desk: Server, window: Callable[..., Window]) -> None:
    opened = window()
    opened.page.goto(f"{desk.address}/model")
    opened.page.get_by_role("link", name="Buka laporan").click()
    expect(opened.page.get_by_role("heading", name="Cara menolak")).to_be_visible()
    opened.page.wait_for_load_state()  # the heading is there before the pictures
    widths = opened.page.evaluate("[...document.images].map((image) => image.complete && image.naturalWidth)")
    assert len(widths) == 4
    assert all(width > 100 for width in widths)
    assert opened.page.evaluate("getComputedStyle(document.querySelector('.figures')).display") == "grid"
    assert opened.complaints == []


def test_the_report_is_dark_where_the_desk_is_and_all_its_numbers_are_read_on_a_phone(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window(viewport=PHONE, color_scheme="dark", bypass_csp=True).page
    grounds = []
    for path in ("/model", "/model/laporan/index.html"):
        page.goto(desk.address + path)
        grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"))
    assert all(max(ground) < 60 for ground in grounds), grounds
    assert violations(page) == []
    hidden = "[...document.querySelectorAll('table')].map((each) => each.scrollWidth - each.parentElement.clientWidth)"
    assert max(page.evaluate(hidden)) <= 0
    confusion = page.get_by_role("region", name="Instansi yang bertanggung jawab dan yang diusulkan").get_by_role("img")
    box = confusion.bounding_box()
    assert box is not None
    assert box["width"] > 600, "wide content scrolls instead of shrinking until it is unreadable"


def test_on_a_phone_without_javascript_a_decision_is_corrected_and_taken_back(
    desk: Server, window: Callable[..., Window]
) -> None:
    page = window(viewport=PHONE, java_script_enabled=False).page
    page.goto(f"{desk.address}/periksa")
    expect(page.locator("article.review")).to_have_count(WRONG)
    expect(page.locator("article.review .text mark.strong").first).to_be_visible()
    page.get_by_role("button", name="Seharusnya Dinas Perhubungan").first.click()
    expect(page.locator(".told")).to_contain_text("yang tepat: Dinas Perhubungan")
    expect(page.locator("article.review")).to_have_count(WRONG - 1)
    assert desk.actions(1) == ["receive", "forward", "relabel"]
    page.get_by_role("button", name="Batalkan").click()
    expect(page.locator("article.review")).to_have_count(WRONG)
    assert desk.actions(1)[-1] == "undo"


def test_the_queue_that_teaches_most_is_chosen_and_worked_through(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(desk.address)
    page.wait_for_selector("html[data-ready]")
    page.get_by_text("Saring", exact=False).first.click()
    page.get_by_label("Urutan").select_option("ajar")
    page.get_by_role("button", name="Terapkan").click()
    page.wait_for_selector("html[data-ready]")
    first, second = (int(each.get_attribute("data-id") or 0) for each in page.locator(".items > li").all()[:2])
    assert first > second, "the list puts the newest first"
    page.keyboard.press("1")
    page.wait_for_selector(f'article.complaint[data-id="{second}"]')
    expect(page.locator(".toast")).to_contain_text(f"Aduan {first}")
    assert desk.shown(first)["version"] == 2


def test_the_order_that_is_chosen_is_told_whole(desk: Server, window: Callable[..., Window]) -> None:
    page = window(viewport={"width": 1280, "height": 860}).page
    page.goto(f"{desk.address}/?urutan=ajar")
    room, needed = page.evaluate(
        """() => {
          const select = document.querySelector("select[name=urutan]");
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = getComputedStyle(select).font;
          return [select.clientWidth - 40, pen.measureText(select.selectedOptions[0].text).width];
        }"""
    )
    assert needed < room
