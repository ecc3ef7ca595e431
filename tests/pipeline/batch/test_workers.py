"""Forked workers lose no answer when one of them is killed at any point."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time

import psutil
import pytest

from pipeline.batch.engines.workers import MAX_LOST, forked
from pipeline.errors import BatchError, TamperedModelError
from pipeline.worker import Worker

LARGE = 300_000  # bytes, more than a pipe's buffer: a process blocks half way through its answer until it is read


def children() -> list[psutil.Process]:
    found: list[psutil.Process] = psutil.Process().children()
    return found


def test_processes_killed_half_way_through_their_answers_lose_and_double_nothing() -> None:
    rng = random.Random(14)
    before = set(children())
    results: list[int] = []
    for number, answer in enumerate(forked(lambda item: (item, bytes(LARGE)), range(60), processes=3)):
        results.append(answer[0])
        if number % 12 == 5:
            time.sleep(0.05)  # until the others are in the middle of their answers
            rng.choice([child for child in children() if child not in before]).kill()
    assert sorted(results) == list(range(60))
    assert set(children()) <= before


def test_large_items_and_large_answers_do_not_wait_for_each_other() -> None:
    items = [bytes([number]) * LARGE for number in range(12)]
    assert sorted(forked(lambda item: item, items, processes=2)) == items


def test_an_error_comes_out_with_its_traceback_and_leaves_no_process() -> None:
    before = set(children())

    def work(item: int) -> float:
        return 1 / item

    with pytest.raises(ZeroDivisionError) as caught:
        list(forked(work, [1, 2, 0, 3], processes=2))
    assert "in work" in caught.value.__notes__[0]
    assert set(children()) <= before


def test_an_error_of_ours_comes_out_as_it_was_raised() -> None:
    def work(item: int) -> int:
        raise TamperedModelError(f"Berkas {item} berubah.", mend="Latih ulang.", english=f"File {item} has changed.")

    with pytest.raises(TamperedModelError) as caught:
        list(forked(work, [1], processes=1))
    error = caught.value
    assert str(error) == "Berkas 1 berubah. Latih ulang."
    assert (error.what, error.mend, error.english) == ("Berkas 1 berubah.", "Latih ulang.", "File 1 has changed.")
    assert "in work" in error.__notes__[0]


def test_an_item_that_kills_every_process_ends_the_run() -> None:
    def work(item: int) -> int:
        if item == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(BatchError, match=rf"{MAX_LOST + 1} worker processes were killed"):
        list(forked(work, range(9), processes=2))


def test_a_reader_that_stops_early_leaves_no_process() -> None:
    before = set(children())
    results = forked(lambda item: item, range(100), processes=2)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator
    assert set(children()) <= before


def test_a_process_whose_answer_nobody_waits_for_any_more_ends_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = set(multiprocessing.active_children())
    worker = Worker[int, bytes](lambda _: bytes(LARGE))
    (process,) = set(multiprocessing.active_children()) - before
    worker.give(1)
    worker.pipe.close()  # as the kernel does when the command is killed
    process.join(timeout=20)
    assert process.exitcode == 0
    assert capfd.readouterr().err == ""
