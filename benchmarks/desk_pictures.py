"""Screenshots of the desk: a real server with the demo's queue, in a real Chromium.

::

    python benchmarks/desk_pictures.py            the README's: docs/images/desk.png and desk-phone.png
    python benchmarks/desk_pictures.py FOLDER     every page, wide and narrow, light and dark, for a look at them
"""

from __future__ import annotations

import argparse
import json
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from real_complaints import ROOT
from served import serving

IMAGES = ROOT / "docs" / "images"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# Several reports of one event, in addition to the demo's queue, which can be merged.
FLOOD = (
    "Banjir di Perum Griya Asri Desa Sumberjaya Tambun Selatan sudah selutut, air masuk rumah, ada lansia yang sakit",
    "lapor min banjir di griya asri sumberjaya tambun selatan air udah masuk rumah selutut dari magrib",
    "Mohon bantuan, banjir Griya Asri Sumberjaya Tambun Selatan, air masuk rumah selutut, belum ada petugas",
    "Banjir masuk rumah di Desa Sumberjaya Tambun Selatan, selutut orang dewasa, tolong dikirim perahu",
)
DOUBTED = 4  # deliberately wrong decisions, for the review page
PAGES = {
    "antrean": "/",
    "aduan": "/aduan/{flood}",
    "ringkasan": "/ringkasan",
    "periksa": "/periksa",
    "ajar": "/?urutan=ajar",
    "model": "/model",
    "laporan": "/model/laporan/index.html",
    "coba": "/coba",
    "bantuan": "/bantuan",
    "kelola": "/kelola",
    "baru": "/baru",
    "masuk": "/masuk",
}


def main() -> None:
    """Take the screenshots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="folder for screenshots of all pages")
    folder: Path | None = parser.parse_args().folder
    with (
        tempfile.TemporaryDirectory() as lists,
        serving("--database", f"sqlite:///{lists}/store.sqlite3", DISPOSISI_REVIEW=lists) as (_, connection),
        sync_playwright() as playwright,
    ):
        address = f"http://127.0.0.1:{connection.port}"
        flood = _fill(address, Path(lists))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        if folder:
            _take_all(browser, address, flood, folder)
        else:
            IMAGES.mkdir(exist_ok=True)
            _take(browser, f"{address}/aduan/{flood}", IMAGES / "desk.png", DESK)
            _take(browser, f"{address}/aduan/{flood}", IMAGES / "desk-phone.png", PHONE)
        browser.close()


def _fill(address: str, review: Path) -> int:
    """Decide on most of the queue, some of it wrongly, post the flood, and return the number of its last complaint."""
    queue = _call(f"{address}/v1/complaints?size=60")["complaints"]
    doubts: list[str] = []
    for complaint in queue[10::2]:
        codes = [a["code"] for a in complaint["suggestion"]["agencies"] if not a["code"].startswith(("luar", "bukan"))]
        wrong = len(codes) > 1 and len(doubts) < DOUBTED
        body = {"action": "forward", "version": 1, "agencies": codes[wrong : wrong + 1]}
        if wrong:
            doubts.append(f"{complaint['id']},{len(doubts) + 1},{codes[1]},{codes[0]},{0.004 * (len(doubts) + 1)}")
        _call(f"{address}/v1/complaints/{complaint['id']}/decisions", body)
    (review / "suspects.csv").write_text("\n".join(["id,position,given,likely,believable", *doubts]), encoding="utf-8")
    teaching = [f"{complaint['id']},1,0.5" for complaint in queue[::-3]]
    (review / "teach.csv").write_text("\n".join(["id,position,teaches", *teaching]), encoding="utf-8")
    numbers = [_call(f"{address}/v1/complaints", {"text": text, "channel": "whatsapp"})["id"] for text in FLOOD]
    return int(numbers[-1])


def _take_all(browser: Browser, address: str, flood: int, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in PAGES.items():
        for label, size, scheme in (("1280", DESK, "light"), ("390", PHONE, "light"), ("dark", DESK, "dark")):
            _take(browser, address + path.format(flood=flood), folder / f"{name}-{label}.png", size, scheme)


def _take(browser: Browser, url: str, path: Path, size: dict[str, int], scheme: str = "light") -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    page.mouse.click(1, 1)  # before the first click, the page says that sound is blocked
    page.wait_for_timeout(800)
    page.screenshot(path=path)
    print(path)
    context.close()


def _call(url: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})  # noqa: S310 (our own server)
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return json.load(response)


if __name__ == "__main__":
    main()
