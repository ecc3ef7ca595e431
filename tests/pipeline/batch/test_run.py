"""A run and its journal: no row is lost or duplicated, whatever interrupts it."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import gc
import gzip
import json
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.batch.answers import Answered, Answering, answer
from pipeline.batch.chunks import BadRow, Chunk
from pipeline.batch.columns import Columns
from pipeline.batch.engines.local import LocalEngine
from pipeline.batch.files import find_files
from pipeline.batch.journal import throw_away
from pipeline.batch.plan import plan_files
from pipeline.batch.refused import write_refused
from pipeline.errors import BatchError, ChangedInputError, DataError
from pipeline.region.succession import today
from pipeline.router import Router
from tests.pipeline.batch.conftest import Counting, Runner, complaints


class Dying:
    """Engine that fails after some chunks."""

    def __init__(self, router: Router, chunks: int, answering: Answering) -> None:
        self._engine = LocalEngine(lambda: router, answering, 1)
        self._chunks = chunks

    def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
        for answered, _ in zip(self._engine.answers(chunks), range(self._chunks), strict=False):
            yield answered
        raise BatchError("Lost.", mend="Again.")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "aduan.parquet"
    pq.write_table(pa.Table.from_pylist(list(complaints(90))), path, row_group_size=40)
    return path


def stop_after(runner: Runner, table: Path, out: Path, chunks: int) -> None:
    answering = Answering("disposisi_", today(runner.router.region))
    with pytest.raises(BatchError, match="Lost"):
        runner([str(table)], out, engine=Dying(runner.router, chunks, answering))


def test_all_columns_are_kept_and_the_answers_added(runner: Runner, table: Path, tmp_path: Path) -> None:
    outcome = runner([str(table)], tmp_path / "out.parquet")
    result = pq.read_table(tmp_path / "out.parquet")
    assert result.select(pq.read_schema(table).names).equals(pq.read_table(table))
    first = result.to_pylist()[0]
    assert first["disposisi_agency"] == first["disposisi_previous"] == "dishub"
    assert first["disposisi_agrees"] is True
    assert first["disposisi_probability"] >= first["disposisi_probability_2"] >= first["disposisi_probability_3"]
    unknown = result.to_pylist()[3]
    assert (unknown["disposisi_previous"], unknown["disposisi_agrees"]) == (None, None)
    assert (outcome.rows, outcome.refused) == (90, 0)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_a_stopped_run_goes_on_and_gives_the_same_bytes(
    runner: Runner, table: Path, tmp_path: Path, chunks: int
) -> None:
    runner([str(table)], tmp_path / "whole.parquet")
    out = tmp_path / "out.parquet"
    stop_after(runner, table, out, chunks)
    assert not out.exists()
    # As if the process had died while writing the journal, leaving a chunk that isn't in it.
    with (tmp_path / "out.parquet.part" / "journal.jsonl").open("a") as journal:
        journal.write('{"number": 4, "ro')
    (tmp_path / "out.parquet.part" / "chunk-00000004.arrow").write_bytes(b"half a fi")
    outcome = runner([str(table)], out)
    assert outcome.resumed == chunks * 20
    assert out.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


@pytest.mark.parametrize("stopped_after", [None, 2])
def test_a_sheet_that_is_left_out_is_no_row_of_the_progress(
    runner: Runner, table: Path, tmp_path: Path, stopped_after: int | None
) -> None:
    book = openpyxl.Workbook()
    for cell in ("isi", "lampu mati", 7):
        book.worksheets[0].append([cell])
    book.create_sheet().append(["kode", "arti"])
    book.save(tmp_path / "a.xlsx")
    inputs, out, watch = [str(tmp_path / "a.xlsx"), str(table)], tmp_path / "out.parquet", Counting()
    if stopped_after:
        engine = Dying(runner.router, stopped_after, Answering("disposisi_", today(runner.router.region)))
        with pytest.raises(BatchError, match="Lost"):
            runner(inputs, out, engine=engine)
    outcome = runner(inputs, out, watch=watch)
    assert watch.expected[0] == watch.rows + watch.refused == 92
    assert (watch.refused, outcome.refused, watch.resumed) == (1, 2, 1 if stopped_after else 0)


def test_a_chunk_that_an_engine_loses_silently_is_missed(runner: Runner, table: Path, tmp_path: Path) -> None:
    class Losing(LocalEngine):
        def answers(self, chunks: Iterable[Chunk]) -> Iterator[Answered]:
            return (answered for answered in LocalEngine.answers(self, chunks) if answered.number != 3)

    losing = Losing(lambda: runner.router, Answering("disposisi_", today(runner.router.region)), 1)
    with pytest.raises(BatchError, match="Chunk 3 was not processed"):
        runner([str(table)], tmp_path / "out.parquet", engine=losing)
    assert runner([str(table)], tmp_path / "out.parquet").resumed == 70


def test_a_run_that_goes_on_another_day_keeps_the_day_on_which_it_began(
    runner: Runner, table: Path, tmp_path: Path
) -> None:
    stop_after(runner, table, tmp_path / "out.parquet", 2)
    begun = tmp_path / "out.parquet.part" / "run.json"
    begun.write_text(json.dumps(json.loads(begun.read_text()) | {"day": "2026-01-31"}))
    assert runner([str(table)], tmp_path / "out.parquet").resumed == 40


def test_forked_processes_give_the_same_bytes_as_one(runner: Runner, table: Path, tmp_path: Path) -> None:
    runner([str(table)], tmp_path / "one.parquet")
    runner([str(table)], tmp_path / "two.parquet", processes=2)
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()


def test_a_changed_input_is_refused_and_named(runner: Runner, table: Path, tmp_path: Path) -> None:
    stop_after(runner, table, tmp_path / "out.parquet", 1)
    other = table.with_name("b.parquet")
    pq.write_table(pq.read_table(table), other)
    for inputs, told in (
        ([table, other], "b.parquet was not one of them"),
        ([other], "aduan.parquet was one of them"),
    ):
        with pytest.raises(ChangedInputError, match=rf"different inputs: \S*{told}\. .*--fresh"):
            runner([str(path) for path in inputs], tmp_path / "out.parquet")
    pq.write_table(pq.read_table(table).slice(1), table)
    with pytest.raises(
        ChangedInputError, match=r"aduan\.parquet had a different size and modification time and content\. "
    ):
        runner([str(table)], tmp_path / "out.parquet")


def test_other_options_are_refused_with_both_values(runner: Runner, table: Path, tmp_path: Path) -> None:
    stop_after(runner, table, tmp_path / "out.parquet", 1)
    with pytest.raises(ChangedInputError, match=r"rows of a chunk: 20, now 10"):
        runner([str(table)], tmp_path / "out.parquet", chunk_rows=10)


@pytest.mark.parametrize("content", ['{"model": "x"}', "[]", "{"])
def test_what_an_older_version_or_nobody_wrote_is_refused_or_begun_anew(
    runner: Runner, table: Path, tmp_path: Path, content: str
) -> None:
    (tmp_path / "out.parquet.part").mkdir()
    (tmp_path / "out.parquet.part" / "run.json").write_text(content)
    with pytest.raises(ChangedInputError, match="--fresh"):
        runner([str(table)], tmp_path / "out.parquet")
    throw_away(tmp_path / "out.parquet.part")
    assert runner([str(table)], tmp_path / "out.parquet").rows == 90


def test_a_run_that_was_killed_before_it_had_begun_is_begun_again(
    runner: Runner, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)  # a written file is neither put in place ...
        patched.setattr(Path, "unlink", killed)  # ... nor removed
        with pytest.raises(KilledError):
            runner([str(table)], tmp_path / "out.parquet")
    assert {path.name for path in (tmp_path / "out.parquet.part").iterdir()} > {"lock"}
    assert runner([str(table)], tmp_path / "out.parquet").rows == 90


def test_a_changed_chunk_is_refused(runner: Runner, table: Path, tmp_path: Path) -> None:
    stop_after(runner, table, tmp_path / "out.parquet", 2)
    chunk = tmp_path / "out.parquet.part" / "chunk-00000000.arrow"
    chunk.write_bytes(chunk.read_bytes()[:-1] + b"x")
    with pytest.raises(BatchError, match="was changed after it was written"):
        runner([str(table)], tmp_path / "out.parquet")


def test_rows_that_cannot_be_used_are_told_without_their_text(runner: Runner, tmp_path: Path) -> None:
    good = list(complaints(12))
    lines = [json.dumps(row).encode() for row in good]
    lines[2:2] = [
        b'{"isi laporan": "secret \xff\xfe broken"}',
        b"{oops",
        json.dumps({"isi laporan": "x" * 1_000_000}).encode(),
        b'{"isi laporan": ""}',
        b'{"isi laporan": "jalan\\u0000rusak"}',
        b'{"isi laporan": "\\ud800 secret"}',
        b'{"isi laporan": {"isi": "secret"}}',
    ]
    source = tmp_path / "aduan.jsonl"
    source.write_bytes(b"\n".join(lines))
    outcome = runner([str(source)], tmp_path / "out.jsonl", chunk_rows=5)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["isi laporan"] for row in rows] == [
        *(row["isi laporan"] for row in good[:2]), "jalan\x00rusak", *(row["isi laporan"] for row in good[2:])
    ]  # fmt: skip
    refused = (tmp_path / "out.jsonl.rejected.csv").read_text()
    assert [row["row"] for row in csv.DictReader(refused.splitlines())] == ["3", "4", "5", "6", "8", "9"]
    assert "secret" not in refused
    assert outcome.refused == 6


def test_refused_rows_wait_on_disk_and_not_in_memory(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.jsonl").write_text('{"isi": "lampu jalan mati"}\n' + "{oops\n" * 500)
    held: list[int] = []

    def counting(path: Path, rows: Iterable[BadRow]) -> None:
        gc.collect()
        held.append(sum(isinstance(thing, BadRow) for thing in gc.get_objects()))
        write_refused(path, rows)

    monkeypatch.setattr("pipeline.batch.sinks.write_refused", counting)
    assert runner([str(tmp_path / "a.jsonl")], tmp_path / "out.jsonl", chunk_rows=50).refused == 500
    assert held[0] <= 50  # the last chunk's
    lines = (tmp_path / "out.jsonl.rejected.csv").read_text().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == [str(number) for number in range(2, 502)]


def test_a_broken_file_among_many_is_told_and_the_others_are_answered(runner: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    whole = "".join(json.dumps(row) + "\n" for row in complaints(300)).encode()
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(whole)[:-200])
    (folder / "b.parquet").write_bytes(b"no parquet")
    pq.write_table(pa.Table.from_pylist(list(complaints(7))), folder / "c.parquet")
    outcome = runner([str(folder)], tmp_path / "out.csv", chunk_rows=100)
    refused = list(csv.DictReader((tmp_path / "out.csv.rejected.csv").read_text().splitlines()))
    assert [row["file"] for row in refused] == ["b.parquet", "a.jsonl.gz"]
    assert "from this row on" in refused[1]["reason"]
    assert 7 < outcome.rows < 307
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [f"{i:05d}" for i in (*range(outcome.rows - 7), *range(7))]
    assert [row["no"] for row in rows] == expected
    assert int(refused[1]["row"]) == outcome.rows - 7 + 1


def test_a_column_name_that_is_taken_is_told(runner: Runner, tmp_path: Path) -> None:
    pq.write_table(pa.table({"text": ["jalan rusak"], "disposisi_agency": ["x"]}), tmp_path / "a.parquet")
    (tmp_path / "b.csv").write_text("isi\njalan rusak\n")
    with pytest.raises(DataError, match=r"a\.parquet already has a column 'disposisi_agency'.*--prefix"):
        runner([str(tmp_path / "b.csv"), str(tmp_path / "a.parquet")], tmp_path / "out.parquet")


def test_what_was_answered_keeps_no_router_alive(table: Path, model_folder: Path) -> None:
    chunk = next(plan_files(find_files([str(table)]), Columns()).chunks(10))
    router = Router.load(model_folder)
    answered = answer(router, chunk, Answering("disposisi_", today(router.region)))
    assert answered.table["disposisi_previous"].to_pylist()[:3] == ["dishub", "dlh", "pdam"]
    held = weakref.ref(router)
    gc.disable()
    try:
        del router
        assert held() is None
    finally:
        gc.enable()


def test_of_two_offices_with_one_name_a_complaint_s_own_date_tells_which_it_was(
    router: Router, model_folder: Path, tmp_path: Path
) -> None:
    offices = dict(router.region.agencies)
    ended = {"valid_to": dt.date(2019, 12, 31), "successor": ("dlh",)}
    offices["dishub"] = offices["dishub"].model_copy(update=ended)
    offices["baru"] = offices["dishub"].model_copy(
        update={"code": "baru", "valid_from": dt.date(2020, 1, 1), "valid_to": None, "successor": ()}
    )
    moved = Router(router.model, dataclasses.replace(router.region, agencies=offices), "x")
    rows = [
        {"isi": "lampu mati", "instansi": "DISHUB ", "tanggal": day} for day in ("31/12/2019", "2020-01-01", "x", "")
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    Runner(moved, model_folder)([str(tmp_path / "a.parquet")], tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet")["disposisi_previous"].to_pylist() == ["dlh", "baru", "dlh", "dlh"]


def test_a_worker_of_a_cluster_answers_for_the_day_of_the_run(
    model_folder: Path, far_ahead: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    from pipeline.batch.engines.dask import ModelPlugin  # noqa: PLC0415 (an extra)

    worker = SimpleNamespace(local_directory=tmp_path)
    ModelPlugin.of(model_folder, str(far_ahead), dt.date(2100, 1, 1)).setup(worker)
    assert "dishubkom" in worker.disposisi_router.codes
    assert "dishub" not in worker.disposisi_router.codes
