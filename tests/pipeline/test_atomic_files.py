from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path

import pytest

from pipeline.atomic_files import replacing, replacing_together, write_whole

CONTENTS = ["a" * 300_000, "b" * 300_000]


def test_a_file_is_the_old_one_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "made" / "file.txt"
    write_whole(path, "lama\r\n")
    with replacing(path) as unfinished:
        unfinished.write_text("baru")
        assert path.read_bytes() == b"lama\r\n"
    assert path.read_text() == "baru"
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_whole(path, "lama")

    def fail() -> None:
        with replacing(path) as unfinished:
            unfinished.write_text("setengah")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "\ud800")
    assert path.read_text() == "lama"
    assert list(tmp_path.iterdir()) == [path]


def test_of_files_that_belong_together_none_is_replaced_before_all_are_written(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("page", "plot")]
    for path in paths:
        write_whole(path, "lama")

    def write(content: str, *, until: int) -> None:
        with replacing_together(paths) as unfinished:
            for path in unfinished[:until]:
                path.write_text(content)
            assert {path.read_text() for path in paths} == {"lama"}

    with pytest.raises(FileNotFoundError):
        write("setengah", until=1)
    assert {path.read_text() for path in paths} == {"lama"}
    write("baru", until=2)
    assert {path.read_text() for path in paths} == {"baru"}
    assert sorted(tmp_path.iterdir()) == paths


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_names_the_file_that_did_not_get_written(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"

    def fill() -> None:
        with replacing(path), Path("/dev/full").open("w") as full:
            full.write("penuh")

    with pytest.raises(OSError, match="No space left") as told:
        fill()
    assert told.value.filename == str(path)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    with replacing(path) as unfinished:
        unfinished.write_text("selesai")
    unfinished.write_text("sisa dari proses yang terhenti")
    with replacing(path) as again:
        again.write_text("baru")
    assert [file.read_text() for file in tmp_path.iterdir()] == ["baru"]


def _write_again_and_again(path: Path, content: str) -> None:
    for _ in range(30):
        write_whole(path, content)


def test_of_processes_that_write_at_once_none_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_whole(path, CONTENTS[0])
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_again_and_again, args=(path, content)) for content in CONTENTS]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert path.read_text() in CONTENTS
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert list(tmp_path.iterdir()) == [path]
