"""Faults during a run: kills at random points, a full disk, a lost worker."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.batch.answers import Answering
from pipeline.batch.engines.dask import DaskEngine
from pipeline.errors import BatchError
from pipeline.router import Router
from tests.pipeline.batch.conftest import Runner, complaints

pytestmark = [pytest.mark.slow, pytest.mark.faults]

ROWS = 1200
KILLS = 20


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faults") / "aduan.parquet"
    rows = list(complaints(ROWS))
    for i in range(0, ROWS, 100):
        rows[i]["isi laporan"] = "12345"  # refused, as it has no letter
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=150)
    return path


@pytest.fixture(scope="module")
def whole(router: Router, model_folder: Path, table: Path) -> tuple[bytes, bytes, float]:
    """Result and refused rows of an undisturbed run, and its duration in seconds with filled word caches."""
    run = Runner(router, model_folder)
    out = table.with_name("whole.parquet")
    run([str(table)], out, processes=2)
    began = time.monotonic()
    run([str(table)], table.with_name("again.parquet"), processes=2)
    seconds = time.monotonic() - began
    refused = out.with_name("whole.parquet.rejected.csv")
    return out.read_bytes(), refused.read_bytes(), seconds


def in_a_process(work: Callable[[], object]) -> multiprocessing.Process:
    """Fork a process, which inherits the loaded model instead of loading it again."""
    # A context has its own process type, which has all that is used here.
    process = multiprocessing.get_context("fork").Process(target=work)
    process.start()
    return process  # type: ignore[return-value]


def test_killed_at_twenty_random_points_each_run_goes_on_and_ends_with_the_same_bytes(
    runner: Runner, table: Path, whole: tuple[bytes, bytes, float], tmp_path: Path
) -> None:
    rng = random.Random(8)
    cut_short = 0
    for number in range(KILLS):
        out = tmp_path / f"{number}.parquet"
        process = in_a_process(lambda out=out: runner([str(table)], out, processes=2))  # type: ignore[misc]
        time.sleep(rng.uniform(0, whole[2]))
        workers = psutil.Process(process.pid).children() if process.is_alive() else []
        process.kill()
        process.join()
        _, alive = psutil.wait_procs(workers, timeout=20)
        assert not alive, "a worker has outlived its parent"
        unfinished = out.with_name(f"{out.name}.part").exists()
        cut_short += unfinished or not out.exists()
        assert not out.exists() or out.read_bytes() == whole[0], "a partial result was visible"
        if unfinished or not out.exists():
            runner([str(table)], out, processes=2)
        assert out.read_bytes() == whole[0]
        assert out.with_name(f"{out.name}.rejected.csv").read_bytes() == whole[1]
        assert not list(tmp_path.glob("*.part"))
    assert cut_short > KILLS / 2


def test_killed_again_and_again_one_run_still_ends_with_the_same_bytes(
    runner: Runner, table: Path, whole: tuple[bytes, bytes, float], tmp_path: Path
) -> None:
    rng = random.Random(9)
    out = tmp_path / "out.parquet"
    for _ in range(4):
        process = in_a_process(lambda: runner([str(table)], out))
        time.sleep(rng.uniform(0.1, whole[2] / 3))
        process.kill()
        process.join()
    if not out.exists():
        runner([str(table)], out)
    assert out.read_bytes() == whole[0]


def test_a_killed_local_worker_is_replaced(
    runner: Runner, table: Path, whole: tuple[bytes, bytes, float], tmp_path: Path
) -> None:
    out = tmp_path / "out.parquet"
    process = in_a_process(lambda: runner([str(table)], out, processes=2))
    workers: list[psutil.Process] = []
    while process.is_alive() and not workers:
        workers = psutil.Process(process.pid).children()
    time.sleep(whole[2] / 4)
    workers[0].kill()
    process.join()
    assert process.exitcode == 0
    assert out.read_bytes() == whole[0]


def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(
    runner: Runner, table: Path, whole: tuple[bytes, bytes, float], tmp_path: Path
) -> None:
    out = tmp_path / "out.parquet"

    def with_a_full_disk() -> None:
        # A limit on file size fails a write half way, like a full disk; the chunks fit.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        limit = len(whole[0]) // 2
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        with pytest.raises(BatchError, match=r"cannot be written.*Free disk space"):
            runner([str(table)], out, chunk_rows=20)

    process = in_a_process(with_a_full_disk)
    process.join()
    assert process.exitcode == 0
    assert not out.exists()
    assert list(out.with_name("out.parquet.part").glob("chunk-*.arrow"))
    runner([str(table)], out, chunk_rows=20)
    assert pq.read_table(out).equals(pq.read_table(pa.BufferReader(whole[0])))


def test_what_a_dask_worker_has_sent_counts_though_it_may_have_died_since(
    runner: Runner,
    model_folder: Path,
    table: Path,
    whole: tuple[bytes, bytes, float],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    distributed = pytest.importorskip("distributed")
    # As if the worker had died after its result arrived, but before its future was checked.
    monkeypatch.setattr(distributed.Future, "status", property(lambda _: "pending"))
    out = tmp_path / "out.parquet"
    answering = Answering("disposisi_", dt.datetime.now(tz=dt.UTC).date())
    runner([str(table)], out, engine=DaskEngine(model_folder, None, answering, None, 1))
    assert out.read_bytes() == whole[0]


def test_dask_gives_the_same_bytes_and_a_killed_worker_loses_nothing(
    runner: Runner, model_folder: Path, table: Path, whole: tuple[bytes, bytes, float], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed")
    out = tmp_path / "out.parquet"
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        nannies = list(cluster.workers.values())
        killed: list[int] = []

        class Killing(DaskEngine):
            """Engine that kills a worker after some chunks."""

            def answers(self, chunks):  # type: ignore[no-untyped-def]
                for number, answered in enumerate(DaskEngine.answers(self, chunks)):
                    if number == 5:
                        killed.append(nannies[0].pid)
                        os.kill(nannies[0].pid, signal.SIGKILL)
                    yield answered

        answering = Answering("disposisi_", dt.datetime.now(tz=dt.UTC).date())
        engine = Killing(model_folder, None, answering, cluster.scheduler_address, 2)
        runner([str(table)], out, engine=engine)
    assert killed
    assert out.read_bytes() == whole[0]
    assert out.with_name("out.parquet.rejected.csv").read_bytes() == whole[1]
