"""The panel embedded in another application's page, on another origin."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.e2e.desk.conftest import DESKTOP, PHONE, Serve, Server, Window
from tests.e2e.desk.test_accessibility import RULES

pytestmark = [pytest.mark.slow, pytest.mark.browser]
TEXT = "🙏 Lampu jalan di Desa Sukadami mati total sudah seminggu"
PAGE = """<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Meja lain</title><link rel="icon" href="data:,"><script src="{desk}/panel.js"></script>
<main><h1>Aduan baru</h1><label>Isi aduan<br><textarea id="isi" rows="4" style="width: 100%"></textarea></label>
<disposisi-panel for="isi"></disposisi-panel><output></output></main>
<script>addEventListener("disposisi-pilih", (event) => {{
  document.querySelector("output").textContent = event.detail.code; }});</script></html>"""


@dataclass(frozen=True)
class OtherDesk:
    """Another application's page, and the same page on an origin that isn't allowed."""

    address: str
    desk: Server
    stranger: str


@pytest.fixture(scope="module")
def other(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherDesk]:
    folder = tmp_path_factory.mktemp("other")
    handler = functools.partial(_Silent, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as pages:
        threading.Thread(target=pages.serve_forever).start()
        port = pages.server_address[1]
        origins = f"https://lapor.example.go.id http://127.0.0.1:{port}"
        desk = serve("--empty", DISPOSISI_ALLOWED_ORIGINS=origins)
        (folder / "index.html").write_text(PAGE.format(desk=desk.address), encoding="utf-8")
        yield OtherDesk(f"http://127.0.0.1:{port}", desk, f"http://localhost:{port}")
        pages.shutdown()


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def test_the_other_desk_sees_suggestions_as_it_writes_and_chooses_one(
    other: OtherDesk, window: Callable[..., Window], size: dict[str, int], scheme: str, tmp_path: Path
) -> None:
    opened = window(viewport=size, color_scheme=scheme)
    page = opened.page
    page.goto(other.address)
    expect(page.get_by_text("Tulis aduan untuk melihat sarannya.")).to_be_visible()
    page.get_by_label("Isi aduan").fill(TEXT)
    expect(page.locator("disposisi-panel li").first).to_contain_text("Dinas Perhubungan")
    expect(page.locator("disposisi-panel mark").first).to_have_text("Lampu")
    assert page.locator("disposisi-panel .text").inner_text() == TEXT
    page.screenshot(path=tmp_path / "panel.png")
    assert Axe().run(page, options=RULES).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("button", name="Pilih Dinas Perhubungan").click()
    expect(page.locator("output")).to_have_text("dishub")
    assert opened.complaints == []


def test_what_is_chosen_with_a_finger_is_large_enough_for_it(other: OtherDesk, window: Callable[..., Window]) -> None:
    page = window(viewport=PHONE, has_touch=True, is_mobile=True).page
    page.goto(other.address)
    page.get_by_label("Isi aduan").fill(TEXT)
    box = page.get_by_role("button", name="Pilih Dinas Perhubungan").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 44


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Sampah menumpuk di pasar Kecamatan Cibitung", "Cibitung"),
        (TEXT, "Sukadami, Cikarang Selatan"),
    ],
)
def test_a_place_is_told_with_its_kecamatan_and_a_kecamatan_once(
    other: OtherDesk, window: Callable[..., Window], text: str, where: str
) -> None:
    page = window().page
    page.goto(other.address)
    page.get_by_label("Isi aduan").fill(text)
    expect(page.locator("disposisi-panel header .soft")).to_have_text(where)


def test_what_cannot_be_suggested_is_told_in_the_panel(other: OtherDesk, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(other.address)
    page.get_by_label("Isi aduan").fill("?!")
    expect(page.locator("disposisi-panel")).to_contain_text("Tidak ada satu huruf pun")


def test_a_page_of_an_origin_that_was_not_listed_gets_no_answer(
    other: OtherDesk, window: Callable[..., Window]
) -> None:
    page = window().page
    page.goto(other.stranger)
    page.get_by_label("Isi aduan").fill(TEXT)
    expect(page.locator("disposisi-panel")).to_contain_text("Server saran tidak terjangkau")


def test_a_listed_origin_may_ask_for_suggestions_and_nothing_else(
    other: OtherDesk, window: Callable[..., Window]
) -> None:
    page = window().page
    page.goto(other.address)
    asked = "async (url) => { try { await fetch(url); return 'told'; } catch { return 'kept'; } }"
    for path in ("/v1/complaints", "/v1/overview", "/healthz"):
        assert page.evaluate(asked, other.desk.address + path) == "kept", path


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""
