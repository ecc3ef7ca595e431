"""The journal is used up to the first damaged line, and its folder is removed at the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.batch.answers import Answered
from pipeline.batch.chunks import BadRow
from pipeline.batch.journal import Journal

RUN: dict[str, Any] = {"model": "m"}


def chunk(number: int, refused: int = 0) -> Answered:
    rows = tuple(BadRow("complaints.csv", row, "no text") for row in range(1, refused + 1))
    return Answered(number, pa.table({"text": [f"row of {number}"]}), rows, f"digest of {number}")


@pytest.mark.parametrize("damage", [b"\x00\x00\x00\n", b"{}\n", b"[]\n", b"3\n", b'{"number": 1, "rows": \n'])
def test_chunks_after_a_damaged_line_are_answered_again(damage: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "out.part"
    with Journal(folder, RUN) as journal:
        for number, refused in ((0, 1), (1, 0), (2, 200)):
            journal.add(chunk(number, refused))
        second, end = journal.finished[1].line, journal.finished[2].line
    log = folder / "journal.jsonl"
    log.write_bytes(log.read_bytes()[:second] + damage + log.read_bytes()[end:])
    for known in ([0], [0, 1]):
        with Journal(folder, RUN) as journal:
            assert sorted(journal.finished) == known
            journal.add(chunk(len(known)))
            assert [row.row for row in journal.refused()] == [1]
            assert [table["text"].to_pylist() for table in journal.tables()] == [
                [f"row of {number}"] for number in (*known, len(known))
            ]
    assert len(log.read_bytes().splitlines()) == 3, "nothing of the damaged journal is left behind the new lines"


def test_a_line_that_lacks_only_its_end_is_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "out.part"
    with Journal(folder, RUN) as journal:
        journal.add(chunk(0))
    log = folder / "journal.jsonl"
    log.write_bytes(log.read_bytes()[:-1])
    for known in ([], [0]):
        with Journal(folder, RUN) as journal:
            assert sorted(journal.finished) == known
            journal.add(chunk(len(known)))


def test_leftovers_of_an_interrupted_removal_do_not_hinder_the_next_run(tmp_path: Path) -> None:
    left = tmp_path / ".out.part.over"
    left.mkdir()
    (left / "chunk-00000000.arrow").write_bytes(b"of the run before")
    with Journal(tmp_path / "out.part", RUN) as journal:
        journal.add(chunk(0))
        journal.remove()
    assert not list(tmp_path.iterdir())
