"""The wheel builds reproducibly, and trains and serves without the checkout."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.ports import free_port

pytestmark = pytest.mark.slow
UV = Path(sys.executable).with_name("uv")
READY_SECONDS = 120


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def disposisi(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the command in an environment with only the wheel and its dependencies."""
    environment = tmp_path_factory.mktemp("empty") / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, environment], check=True)
    python = environment / "bin" / "python"
    subprocess.run([UV, "pip", "install", "--quiet", "--python", python, wheel], check=True)
    return environment / "bin" / "disposisi"


@pytest.fixture(scope="module")
def home(disposisi: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that contains only a first model."""
    folder = tmp_path_factory.mktemp("home")
    train = [str(disposisi), "train", "--starter", "5000", "--out", "models/default"]
    subprocess.run(train, check=True, cwd=folder, capture_output=True)
    return folder


def test_what_is_built_elsewhere_and_later_is_the_same(wheel: Path, tmp_path: Path) -> None:
    source = tmp_path / "elsewhere"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0"):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, source / name)  # with another modification time
            (source / name).chmod(0o600 | (ROOT / name).stat().st_mode & 0o111)  # and other permissions
    built = _build(tmp_path / "dist", source)
    assert _digest(built) == _digest(wheel)
    (archive,), (before,) = built.parent.glob("*.tar.gz"), wheel.parent.glob("*.tar.gz")
    assert _digest(archive) == _digest(before)


def test_the_wheel_alone_serves_its_first_model(disposisi: Path, home: Path) -> None:
    port = free_port()
    server = subprocess.Popen([disposisi, "serve", "--port", str(port)], cwd=home, start_new_session=True)
    try:
        answer = _suggestion(server, f"http://127.0.0.1:{port}", "Lampu jalan di Desa Sukadami mati sudah seminggu")
        assert answer["agencies"][0]["code"] == "dishub"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            assert "Dinas Perhubungan" in page.read().decode()
        for name in ("", "/reference.js", "/swagger-ui.css", "/swagger-ui-bundle.js"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/docs{name}", timeout=30) as file:
                assert len(file.read()) > 100
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def test_what_an_extra_brings_is_asked_for_by_name(disposisi: Path, home: Path) -> None:
    (home / "a.csv").write_text("text\nLampu jalan mati\n", encoding="utf-8")
    batch = [str(disposisi), "reclassify", "a.csv", "-o", "b.csv", "--engine", "dask"]
    client = [str(disposisi.with_name("python")), "-c", "import serve.client"]
    serve = [str(disposisi), "serve", "--workers", "2", "--port", str(free_port())]
    missing = ((batch, "disposisi[cluster]"), (client, "disposisi[client]"), (serve, "disposisi[workers]"))
    for command, extra in missing:
        result = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
        assert result.returncode != 0
        assert extra in result.stderr


def _build(folder: Path, source: Path = ROOT) -> Path:
    subprocess.run([UV, "build", "--quiet", "--out-dir", folder, source], check=True)
    assert len(list(folder.glob("*.tar.gz"))) == 1
    (wheel,) = folder.glob("*.whl")
    return wheel


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _suggestion(server: subprocess.Popen[bytes], address: str, text: str) -> dict[str, list[dict[str, str]]]:
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(f"{address}/v1/suggestions", body, {"content-type": "application/json"})  # noqa: S310
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 (our own server)
                answer: dict[str, list[dict[str, str]]] = json.load(response)
                return answer
        except OSError:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, f"no answer in {READY_SECONDS} s"
            time.sleep(0.3)
