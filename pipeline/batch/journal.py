"""The journal of a run: the finished chunks on disk, from which a killed run is resumed.

::

    OUT.part/
      run.json              input, model and options of the run; written first
      journal.jsonl         one line per finished chunk
      chunk-00000012.arrow  its rows
      lock                  held by the process that runs

A chunk is written under a temporary name, synced, renamed, and only then entered in the journal, which is synced too.
So whenever the process dies, a chunk in the journal is complete on disk, and any other chunk is answered again.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.atomic_files import replacing, sync
from pipeline.batch.answers import Answered
from pipeline.batch.chunks import BadRow
from pipeline.batch.output import told_if_unwritable
from pipeline.errors import BatchError, ChangedInputError

_START_ANEW = "Restore it, or start over with --fresh, which discards the finished work."


@dataclass(frozen=True, slots=True)
class Finished:
    """What the journal says about a finished chunk.

    Attributes
    ----------
    refused
        Number of refused rows; the rows themselves stay on disk, since they may not fit into memory.
    line
        Byte offset of its line in ``journal.jsonl``.
    """

    number: int
    rows: int
    refused: int
    input_digest: str
    file_digest: str
    line: int


class Journal:
    """The folder ``OUT.part`` of one run; a context manager that holds its lock.

    Parameters
    ----------
    folder
        Created if it does not exist.
    run
        Input, model and options as plain values. A folder made by another run is refused.

    Attributes
    ----------
    finished : dict of int to Finished
        By chunk number.

    Raises
    ------
    ChangedInputError
        On entering, if the folder belongs to a run with another input, model or options.
    BatchError
        On entering, if another process has locked it, it contains something else, or it cannot be written.
    """

    def __init__(self, folder: Path, run: dict[str, Any]) -> None:
        self.folder = folder
        self.finished: dict[int, Finished] = {}
        self._run: dict[str, Any] = json.loads(json.dumps(run))

    def __enter__(self) -> Journal:
        with told_if_unwritable(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            _check_own(self.folder)
            self._lock_file = (self.folder / "lock").open("w")
            try:
                # Unlike flock, a record lock is not inherited by workers forked later.
                fcntl.lockf(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._lock_file.close()
                raise BatchError(
                    f"{self.folder} is in use by another process.", mend="Wait until it ends, or write to another OUT."
                ) from None
            try:
                self._begin()
            except BaseException:
                self._lock_file.close()
                raise
        return self

    def __exit__(self, *_: object) -> None:
        # After a full disk the buffer holds the line of an unfinished chunk, whose error is already being raised.
        with contextlib.suppress(OSError):
            self._log.close()
        self._lock_file.close()

    def add(self, answered: Answered) -> None:
        """Write a finished chunk, then its line in the journal."""
        with told_if_unwritable(self.folder):
            content = _arrow_file(answered.table)
            _write(self._chunk_path(answered.number), content)
            line = {
                "number": answered.number,
                "rows": len(answered.table),
                "refused": [asdict(row) for row in answered.refused],
                "input_digest": answered.input_digest,
                "file_digest": hashlib.sha256(content).hexdigest(),
            }
            begins = self._log.tell()
            self._log.write(json.dumps(line).encode() + b"\n")
            self._log.flush()
            os.fsync(self._log.fileno())
        self.finished[answered.number] = _finished(line, begins)

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows of all finished chunks in the chunks' order.

        Raises
        ------
        BatchError
            If a chunk's file isn't the one that was written.
        """
        for number in sorted(self.finished):
            with told_if_unwritable(self.folder):
                content = self._chunk_path(number).read_bytes()
            if hashlib.sha256(content).hexdigest() != self.finished[number].file_digest:
                raise BatchError(f"{self._chunk_path(number)} was changed after it was written.", mend=_START_ANEW)
            yield pa.ipc.open_file(content).read_all()

    def refused(self) -> Iterator[BadRow]:
        """Yield the refused rows of all finished chunks in the chunks' order."""
        with told_if_unwritable(self.folder), self._log_path.open("rb") as log:
            for number in sorted(self.finished):
                if self.finished[number].refused:
                    log.seek(self.finished[number].line)
                    yield from (BadRow(**row) for row in json.loads(log.readline())["refused"])

    def remove(self) -> None:
        """Remove the folder after the run: the result is in place."""
        # Renamed first: a half-deleted folder must not look like a run that can be resumed.
        over = _over(self.folder)
        shutil.rmtree(over, ignore_errors=True)
        self.folder.rename(over)
        sync(over.parent)
        shutil.rmtree(over, ignore_errors=True)

    def _begin(self) -> None:
        path = self.folder / "run.json"
        if path.exists():
            _compare(begun_run(self.folder) or {}, self._run, self.folder)
        else:
            _write(path, json.dumps(self._run, indent=1).encode())
        self._log = self._log_path.open("r+b" if self._log_path.exists() else "w+b")
        begins = 0
        for line in self._log:
            if not line.endswith(b"\n"):
                break
            try:
                finished = _finished(json.loads(line), begins)
            except (ValueError, TypeError, KeyError):
                break
            self.finished[finished.number] = finished
            begins += len(line)
        # The process died while writing this line, or the disk lost it: this chunk and all later ones are not finished.
        self._log.seek(begins)
        self._log.truncate()

    @property
    def _log_path(self) -> Path:
        return self.folder / "journal.jsonl"

    def _chunk_path(self, number: int) -> Path:
        return self.folder / f"chunk-{number:08d}.arrow"


def begun_run(folder: Path) -> dict[str, Any] | None:
    """Return the contents of a journal folder's ``run.json``; ``None`` if there is no run."""
    try:
        run = json.loads((folder / "run.json").read_bytes())
    except (OSError, ValueError):
        return None
    return run if isinstance(run, dict) else None


def throw_away(folder: Path) -> None:
    """Remove what an interrupted run left, unless it is still running.

    Raises
    ------
    BatchError
        If another process has locked it, or it contains something else.
    """
    run = begun_run(folder)
    if run is None:
        _check_own(folder)
        shutil.rmtree(folder, ignore_errors=True)
    else:
        with Journal(folder, run) as journal:
            journal.remove()


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as unfinished:
        unfinished.write_bytes(content)


def _check_own(folder: Path) -> None:
    """Refuse a folder that no run made: it would be deleted at the end, with everything in it."""
    if folder.is_dir() and not (folder / "run.json").exists():
        foreign = sorted({path.name for path in folder.iterdir()} - {"lock", ".new.run.json"})
        if foreign:
            raise BatchError(
                f"{folder} was not made by reclassify: it contains {foreign[0]}.",
                mend="Move it away, or write to another OUT.",
            )


def _over(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.over")


def _compare(begun: dict[str, Any], now: dict[str, Any], folder: Path) -> None:
    if begun.get("inputs") != now.get("inputs") and (told := _changed_input(begun.get("inputs"), now.get("inputs"))):
        raise ChangedInputError(f"The run in {folder} began with different inputs: {told}.", mend=_START_ANEW)
    for name in sorted(begun.keys() | now.keys()):
        if begun.get(name) != now.get(name):
            raise ChangedInputError(
                f"The run in {folder} began with different settings; "
                f"{name}: {_brief(begun.get(name))}, now {_brief(now.get(name))}.",
                mend=_START_ANEW,
            )


def _changed_input(begun: Any, now: Any) -> str | None:
    """Return which input differs, and in what; ``None`` if the fingerprints don't show it."""
    try:
        before, after = ({each["url"]: each for each in inputs} for inputs in (begun, now))
    except (TypeError, KeyError):
        return None
    for url in before | after:
        if url not in after:
            return f"{url} was one of them"
        if url not in before:
            return f"{url} was not one of them"
        facts = before[url].keys() | after[url].keys()
        if differing := sorted(name for name in facts if before[url].get(name) != after[url].get(name)):
            return f"{url} had a different {' and '.join(_FACTS.get(name, name) for name in differing)}"
    return None


# Names for the entries of an input's fingerprint.
_FACTS = {
    "bytes": "size", "changed": "modification time", "sha256_of_ends": "content", "rows": "number of rows",
}  # fmt: skip


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}…"


def _finished(line: dict[str, Any], begins: int) -> Finished:
    return Finished(
        line["number"], line["rows"], len(line["refused"]), line["input_digest"], line["file_digest"], begins
    )


def _arrow_file(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(table.combine_chunks())
    return bytes(sink.getvalue())
