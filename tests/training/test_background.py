from __future__ import annotations

import multiprocessing
import os
import signal
import time

import numpy as np
import pytest
from joblib import cpu_count

from pipeline.errors import DataError
from training.background import beside

HERE = os.getpid()


@pytest.mark.skipif(cpu_count() == 1, reason="one processor does one thing at a time")
def test_work_is_done_in_another_process_with_all_that_this_one_has() -> None:
    known = [lambda: 3]  # cannot be pickled
    with beside(lambda: (os.getpid(), known[0]() * np.ones(100_000))) as result:
        process, array = result()
    assert process != HERE
    assert (array == 3).all()


def test_an_error_comes_when_the_result_is_asked_for_and_tells_where_it_was_raised() -> None:
    def work() -> None:
        raise DataError("One agency only.", mend="Give more rows.")

    with beside(work) as result, pytest.raises(DataError, match="One agency only") as error:
        result()
    assert error.value.mend == "Give more rows."
    assert error.traceback[-1].name == "work" or "in work" in error.value.__notes__[0]


def test_what_a_killed_process_did_not_finish_is_done_here() -> None:
    def work() -> int:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return 3

    with beside(work) as result:
        assert result() == 3


def test_work_is_broken_off_where_nobody_waits_for_it_any_more() -> None:
    with pytest.raises(KeyboardInterrupt), beside(lambda: time.sleep(600)):
        raise KeyboardInterrupt
    assert not multiprocessing.active_children()
