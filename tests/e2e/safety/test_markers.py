"""Marked words in every field of a day's work never appear where no text of complaints may be."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.safety.server import COMMAND, Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.faults]

# Invented words, each in only one complaint, as words of several complaints rightly enter the model's vocabulary.
STEM = "zyzzogeton"
FIELDS = (
    "isi",
    "alamat",
    "nama",
    "kontak",
    "alasan",
    "jawaban",
    "balasan",
    "bagian",
    "cari",
    "rusak",
    "impor",
    "arsip",
)
MARKERS = {name: f"{STEM}{name}" for name in FIELDS}


def _complaint(number: int, **more: str) -> dict[str, object]:
    return {
        "text": f"Lampu jalan di Desa Sukadami mati total {MARKERS['isi']}{number}",
        "address": f"Gang {MARKERS['alamat']}{number}",
        "sender_id": f"hari-{number}",
        "reporter_name": f"{MARKERS['nama']}{number}",
        "reporter_contact": f"{MARKERS['kontak']}{number}@contoh.id",
        **more,
    }


def _run(folder: Path, *arguments: str | Path, code: int = 0) -> str:
    # MLflow's store and all else that a run leaves behind goes to the folder that is searched afterwards.
    environment = os.environ | {"MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'runs' / 'mlflow.db'}"}
    done = subprocess.run(
        [COMMAND, *arguments], check=False, cwd=folder / "runs", env=environment, capture_output=True, text=True
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "runs").mkdir()
    return tmp_path  # type: ignore[return-value]


def _work(server: Server) -> None:
    numbers = [server.ask("POST", "/v1/complaints", _complaint(n)).json()["id"] for n in range(1, 9)]

    def decide(number: int, **order: object) -> int:
        version = server.ask("GET", f"/v1/complaints/{number}").json()["version"]
        return server.ask("POST", f"/v1/complaints/{number}/decisions", {"version": version, **order}).status

    first, second, third, *others = numbers
    assert decide(first, action="ask", reply=f"Di mana? {MARKERS['balasan']}", why=MARKERS["alasan"]) == 201
    assert decide(first, action="answer", text=f"Di {MARKERS['jawaban']}") == 201
    parts = [f"Lampu mati {MARKERS['bagian']}satu", f"Sampah {MARKERS['bagian']}dua"]
    assert decide(second, action="split", parts=parts) == 201
    assert decide(third, action="merge", into=first) == 201
    for number in (first, *others):
        assert decide(number, action="forward", agencies=["dishub"], why=MARKERS["alasan"]) == 201


def _misuse(server: Server) -> list[bytes]:
    """Send invalid requests, and return the responses, which may say what is wrong but not quote the text."""
    word = MARKERS["rusak"]
    return [
        server.ask("POST", "/v1/complaints", f'{{"text": "{word}').body,
        server.ask("POST", "/v1/complaints", {"text": f"{word} " * 5000}).body,
        server.ask("POST", "/v1/complaints", {"text": word, "channel": f"{word} {word}"}).body,
        server.ask("POST", "/v1/complaints", {"text": [word], "latitude": word}).body,
        server.ask("POST", "/v1/complaints", _complaint(1, text=f"lain {word}")).body,
        server.ask("POST", "/v1/suggestions", {"text": f"{word}\x00"}).body,
        server.ask("GET", f"/v1/complaints/{word}").body,
        server.ask("GET", f"/v1/complaints?urgency={word}").body,
        server.ask("GET", f"/v1/complaints?cursor={word}").body,
        server.ask("GET", f"/tidak-ada?q={word}").body,
    ]


def _crash(server: Server, database: Path) -> None:
    """Cause an unexpected error by breaking the store of the running server while it handles a complaint."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("ALTER TABLE suggestions RENAME TO lost")
    answer = server.ask("POST", "/v1/complaints", _complaint(99))
    assert answer.status == 500
    assert STEM.encode() not in answer.body
    assert server.ask("GET", "/readyz").status == 200
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("ALTER TABLE lost RENAME TO suggestions")


@pytest.mark.parametrize(("form", "level"), [("human", "debug"), ("json", "info")])
def test_logs_metrics_and_errors_of_a_server_hold_no_word_of_a_complaint(
    folder: Path, model_folder: Path, form: str, level: str
) -> None:
    database, log = folder / "store.sqlite3", folder / "server.log"
    settings = {"DISPOSISI_LOG_FORMAT": form, "DISPOSISI_LOG_LEVEL": level}
    with serving(model_folder, f"sqlite:///{database}", log, **settings) as server:
        _work(server)
        assert server.ask("GET", f"/v1/complaints?any_status=true&q={MARKERS['cari']}").status == 200
        assert server.ask("GET", f"/?status=semua&cari={MARKERS['cari']}").status == 200
        refused = _misuse(server)
        _crash(server, database)
        metrics = server.ask("GET", "/metrics").body
    logged = log.read_text()
    assert "OperationalError" in logged  # the crash is logged, with enough detail to fix it
    assert "POST /v1/complaints" in logged
    assert STEM not in logged
    assert STEM.encode() not in metrics
    assert not [answer for answer in refused[:6] if STEM.encode() in answer]
    if form == "json":
        lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
        crash = next(line for line in lines if "failed with OperationalError" in line["message"])
        assert crash["level"] == "error"
        assert any("serve/store" in where for where in crash["lines"])


def test_imports_runs_training_and_their_stores_hold_no_word_of_a_complaint(folder: Path, model_folder: Path) -> None:
    url = f"sqlite:///{folder / 'store.sqlite3'}"
    file = folder / "aduan.csv"
    lines = [f"{n},Lampu jalan di Desa Sukadami mati {MARKERS['impor']}{n}" for n in range(30)]
    file.write_text("\n".join(["id,isi", *lines, f"1,{MARKERS['rusak']} lain"]) + "\n", encoding="utf-8")
    told = _run(folder, "import", file, "--model", model_folder, "--database", url, code=3)
    told += _run(folder, "reclassify", file, "--model", model_folder, "--out", folder / "hasil.parquet")
    with serving(model_folder, url, folder / "server.log") as server:
        listed = server.ask("GET", "/v1/complaints?size=500").json()["complaints"]
        for item in listed[:25]:
            order = {"action": "forward", "version": 1, "agencies": ["dishub"]}
            assert server.ask("POST", f"/v1/complaints/{item['id']}/decisions", order).status == 201
        for item in listed[25:]:
            order = {"action": "forward", "version": 1, "agencies": ["dlh"]}
            assert server.ask("POST", f"/v1/complaints/{item['id']}/decisions", order).status == 201
    labelled = folder / "decisions.parquet"
    told += _run(folder, "export-training", labelled, "--database", url)
    told += _run(
        folder,
        "train",
        labelled,
        "--region",
        "kab_bekasi",
        "--starter",
        "400",
        "--track",
        "--out",
        folder / "runs" / "m",
    )
    told += _run(folder, "db", "audit", "--database", url)
    assert STEM not in told
    left = [path for path in (folder / "runs").rglob("*") if path.is_file()]
    assert any("mlflow" in path.name for path in left)
    assert [str(path) for path in left if STEM.encode() in path.read_bytes()] == []


def test_a_command_that_crashes_tells_no_word_of_a_complaint(folder: Path, model_folder: Path) -> None:
    database = folder / "store.sqlite3"
    _run(folder, "db", "upgrade", "--database", f"sqlite:///{database}")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TABLE suggestions")
    file = folder / "aduan.csv"
    file.write_text(f"id,isi\n1,Lampu jalan mati {MARKERS['impor']}\n", encoding="utf-8")
    told = _run(folder, "import", file, "--model", model_folder, "--database", f"sqlite:///{database}", code=70)
    assert "Unexpected OperationalError" in told
    assert STEM not in told
