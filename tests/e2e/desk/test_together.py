"""Two dispatchers at once, each with an account of their own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk.conftest import Serve, Server, Window, go, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.browser]
PASSWORD = "kuda laut hijau"  # noqa: S105


@pytest.fixture(scope="module")
def numbers() -> list[int]:
    return []


@pytest.fixture(scope="module")
def desk(serve: Serve, numbers: list[int]) -> Server:
    server = serve("--empty")
    numbers += [server.post(f"Lampu jalan di Desa Sukadami mati sudah {n} minggu") for n in range(2, 8)]
    for name in ("siti", "budi"):
        server.command("user", "add", name, "--full-name", name.title(), "--password-stdin", given=PASSWORD + "\n")
    return server


def _login(desk: Server, page: Page, name: str, number: int) -> None:
    page.goto(f"{desk.address}/aduan/{number}")
    page.get_by_label("Nama pengguna").fill(name)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("html[data-ready]")
    wait_for(page, number)


def _history(page: Page, desk: Server, number: int) -> list[str]:
    answer = page.request.get(f"{desk.address}/v1/complaints/{number}").json()
    return [f"{entry['by']}:{entry['action']}" for entry in answer["history"]]


def test_the_second_is_told_and_nothing_is_overwritten(
    desk: Server, numbers: list[int], window: Callable[..., Window]
) -> None:
    siti, budi = window().page, window().page
    number = numbers[0]
    with siti.expect_response(lambda r: r.url.endswith(f"/{number}/claim") and r.request.method == "PUT"):
        _login(desk, siti, "siti", number)
    _login(desk, budi, "budi", number)
    expect(budi.locator(".claimed")).to_contain_text("siti")
    budi.keyboard.press("2")  # nevertheless
    expect(budi.locator(".toast.bad")).to_contain_text("siti sedang mengerjakan")
    siti.keyboard.press("1")
    expect(siti.locator(".toast").first).to_contain_text(f"Aduan {number} diteruskan")
    assert _history(siti, desk, number) == ["demo:receive", "siti:forward"]


def test_a_decision_of_somebody_else_is_told_at_once(
    desk: Server, numbers: list[int], window: Callable[..., Window]
) -> None:
    siti, budi = window().page, window().page
    number = numbers[1]
    _login(desk, budi, "budi", number)
    budi.evaluate("n => fetch(`/v1/complaints/${n}/claim`, {method: 'DELETE', headers: {'x-csrf-token':"
                  " document.querySelector('main').dataset.csrf}})", number)  # fmt: skip
    _login(desk, siti, "siti", numbers[2])
    go(siti, f"{desk.address}/aduan/{number}")
    siti.keyboard.press("1")
    expect(budi.locator(".toast").first).to_contain_text(f"siti baru saja memutuskan aduan {number}")
    expect(budi.locator(f'.items > li[data-id="{number}"]')).to_have_count(0)


def test_wrong_passwords_are_told_and_leave_no_trace_of_the_name(desk: Server, window: Callable[..., Window]) -> None:
    page = window().page
    page.goto(f"{desk.address}/masuk")
    page.get_by_label("Nama pengguna").fill("siapa")
    page.get_by_label("Kata sandi").fill("tidak tahu sama sekali")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Nama pengguna atau kata sandi salah")
