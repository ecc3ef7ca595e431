"""The commands of docs/retraining.md, verbatim, in a fresh clone, offline, next to a running server."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
import xlsxwriter
from playwright.sync_api import Browser, expect

from pipeline.champion import read_standing
from pipeline.manifest import read_manifest
from pipeline.region import Region
from tests.conftest import ROOT
from tests.e2e.load import PER_SECOND, under_load
from tests.e2e.test_dvc import NOWHERE, SMALL, git
from tests.ports import free_port
from tests.waiting import wait_for_answer, wait_until
from training.starter import generate

pytestmark = [pytest.mark.slow, pytest.mark.benchmark, pytest.mark.browser]
BIN = Path(sys.executable).parent
GUIDE = ROOT / "docs" / "retraining.md"
LABELLED = 1500
OF_EACH, WAITING = 15, 3  # complaints decided of each of two kinds, and undecided complaints
CLIENT = httpx2.Client(timeout=120)
SECONDS = 30  # of load around the promotion
STARTING_SECONDS = 600  # MLflow alone takes a minute on a busy machine
# This tests the way from a decision to an answer. Speed and calibration of such small models, on so few complaints, are
# left to chance.
LENIENT = (
    ("max_slower: 2.0", "max_slower: 50.0"),
    ("max_larger: 3.0", "max_larger: 20.0"),
    ("max_calibration_loss: 0.02", "max_calibration_loss: 0.2"),
)


@pytest.fixture(scope="module")
def clone(bekasi: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with parameters for small models, an environment, a first model, and a sheet of labelled complaints."""
    folder = tmp_path_factory.mktemp("guide") / "disposisi"
    subprocess.run(["git", "clone", "--quiet", ROOT, folder], check=True)
    (folder / ".venv").symlink_to(BIN.parent)
    params = (folder / "params.yaml").read_text()
    for full, small in (*SMALL, *LENIENT):
        assert full in params
        params = params.replace(full, small)
    (folder / "params.yaml").write_text(params)
    git(folder, "commit", "--quiet", "--all", "--message", "Small")
    _write_spreadsheet(folder / "lapor-2026.xlsx", bekasi)
    _run(folder, "disposisi train --starter 800 --out models/default")
    return folder


def test_every_command_of_the_guide_does_what_it_says(clone: Path, chromium: Browser) -> None:
    commands, lists = (_commands(word) for word in ("dvc repro", "disposisi suspects"))
    with _started(clone, ["disposisi", "serve", "--empty"], "/readyz") as server:
        wrong = _decide_many(server)
        before = read_manifest(clone / "models" / "default").name
        done = []
        for command in commands:
            done.append(command.split(" #")[0].strip())
            if command.startswith("mlflow ui"):
                _check_run(clone, command, chromium)
            elif command.startswith("disposisi promote models/candidate"):
                _promote_under_load(clone, server, command, before)
            else:
                _run(clone, command)
            if command.startswith("disposisi rollback"):
                wait_until(lambda: _model(server) == before, STARTING_SECONDS)
        for command in lists:
            _run(clone, command)
        _check_lists(server, wrong)
    assert {line.split()[1] for line in done if line.startswith("disposisi")} >= {"promote", "compare", "rollback"}
    assert {line.split()[0] for line in done} >= {"dvc", "mlflow", "disposisi", "cp"}
    assert f'"rows": {2 * OF_EACH}' in (clone / "data" / "labelled" / "decisions.card.md").read_text(encoding="utf-8")


def _commands(with_: str) -> list[str]:
    """Return the commands of the code block that contains one of these."""
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (block,) = (block for block in blocks if with_ in block)
    return [line for line in block.splitlines() if line]


def _check_run(clone: Path, command: str, browser: Browser) -> None:
    """Check the run in MLflow's REST API and on its page."""
    name = read_manifest(clone / "models" / "candidate").name
    with _started(clone, command.split(), "/health") as address:
        experiment = CLIENT.get(f"{address}/api/2.0/mlflow/experiments/get-by-name?experiment_name=disposisi").json()
        number = experiment["experiment"]["experiment_id"]
        found = CLIENT.post(f"{address}/api/2.0/mlflow/runs/search", json={"experiment_ids": [number]}).json()["runs"]
        (run,) = (each for each in found if each["info"]["run_name"] == name)
        assert {"top1", "top1.low", "top1.high"} <= {metric["key"] for metric in run["data"]["metrics"]}
        page = browser.new_page()
        page.goto(f"{address}/#/experiments/{number}/runs/{run['info']['run_id']}")
        expect(page.get_by_text(name).first).to_be_visible(timeout=60_000)
        expect(page.get_by_text("top1", exact=True).first).to_be_visible(timeout=60_000)
        page.screenshot(path=clone / "mlflow-run.png")
        page.close()


def _promote_under_load(clone: Path, server: str, command: str, before: str) -> None:
    new = read_manifest(clone / "models" / "candidate").name
    answers = under_load(server, SECONDS, lambda: _run(clone, command))
    assert [answer for answer in answers if answer.status != 200] == []
    assert len(answers) == PER_SECOND * SECONDS
    assert {answer.model for answer in answers} == {before, new}
    standing = read_standing(clone / "models")
    assert standing is not None
    assert standing.champion == new
    assert standing.history[-1].reason == "won the comparison"
    first = min(answer.asked for answer in answers if answer.model == new)
    sys.stdout.write(f"answered {first - standing.history[-1].at.timestamp():.1f} s after the promotion\n")
    report = CLIENT.get(f"{server}/model/laporan/index.html")
    assert report.status_code == 200
    assert new in report.text


def _decide_many(server: str) -> int:
    """Post complaints of two kinds, decide all but three, and return the one sent to the wrong agency."""
    numbers = []
    for number in range(OF_EACH):
        for text, agency in (
            (f"lampu jalan di gang {number} mati", "dishub"),
            (f"sampah menumpuk di RW {number}", "dlh"),
        ):
            numbers.append(_bring(server, text))
            chosen = "dlh" if len(numbers) == 1 else agency
            order = {"action": "forward", "version": 1, "agencies": [chosen]}
            assert CLIENT.post(f"{server}/v1/complaints/{numbers[-1]}/decisions", json=order).status_code == 201
    for number in range(WAITING):
        _bring(server, f"lampu dan sampah di perumahan {number}")
    return numbers[0]


def _bring(server: str, text: str) -> int:
    return int(CLIENT.post(f"{server}/v1/complaints", json={"text": text, "channel": "web"}).json()["id"])


def _check_lists(server: str, wrong: int) -> None:
    """Check that the wrong decision leads the doubted ones, and that the queue can be sorted for training."""
    doubted = re.findall(r'id="aduan-(\d+)"', CLIENT.get(f"{server}/periksa").text)
    assert int(doubted[0]) == wrong
    assert len(re.findall(r'<li data-id="', CLIENT.get(f"{server}/?urutan=ajar").text)) == WAITING


def _model(server: str) -> str:
    answer: dict[str, Any] = CLIENT.post(f"{server}/v1/suggestions", json={"text": "lampu jalan mati"}).json()
    return str(answer["model"])


def _write_spreadsheet(path: Path, region: Region) -> None:
    start = dt.date(2026, 1, 1)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("Isi Laporan", "Instansi", "Tanggal"))
        for number, row in enumerate(generate(region, LABELLED, seed=31, noise=0.3), start=1):
            day = start + dt.timedelta(days=number // 10)
            sheet.write_row(number, 0, (row.text, row.agency, day.isoformat()))


def _environment(clone: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "DISPOSISI_"))}
    # PYTHONPATH: the clone's own code, not that of the checkout that runs the tests.
    return inherited | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(clone),
        "http_proxy": NOWHERE,
        "https_proxy": NOWHERE,
        "no_proxy": "127.0.0.1",
    }


def _run(clone: Path, command: str) -> None:
    done = subprocess.run(  # noqa: S602 (the guide's own commands)
        command, shell=True, cwd=clone, env=_environment(clone), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"


@contextmanager
def _started(clone: Path, command: list[str], path: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [BIN / command[0], *command[1:], "--port", str(port)],
        cwd=clone,
        env=_environment(clone),
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for_answer(process, address + path, STARTING_SECONDS)
        yield address
    finally:
        with suppress(ProcessLookupError):  # it has exited by itself
            os.killpg(process.pid, 15)
        process.wait(timeout=60)
