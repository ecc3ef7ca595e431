"""Finding and opening input files: paths, folders, globs and object-store URLs, through fsspec."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast

import fsspec

from pipeline.batch.remote import is_remote, open_remote, reaching
from pipeline.errors import DataError

CSV, JSON_LINES, EXCEL, PARQUET = "csv", "jsonl", "excel", "parquet"
ARCHIVE = "archive"  # cannot be read, but is always reported: it may contain a year of complaints
FORMATS = {
    ".csv": CSV,
    ".tsv": CSV,
    ".txt": CSV,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".xlsx": EXCEL,
    ".xlsm": EXCEL,
    ".xls": EXCEL,
    ".ods": EXCEL,
    ".parquet": PARQUET,
}
_ARCHIVES = dict.fromkeys((".zip", ".rar", ".7z"), ARCHIVE)
_MEND_ENDING = {".json": "Convert it to JSON Lines: jq -c '.[]' FILE.json > FILE.jsonl."}
_MEND_STREAM = "A stream cannot be read again after a crash. Save it to a file, or use disposisi classify --jsonl."
_COMPRESSED = {CSV, JSON_LINES}  # the formats that are also read with the ending .gz
_EDGE_BYTES = 1 << 20  # hashed at each end of a file; with size and modification time this identifies a version


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to read, local or remote.

    Attributes
    ----------
    url
        Path or URL as fsspec takes it.
    name
        Its name in messages: the last part of the path; for several files, the path below their common folder.
    format
        ``csv``, ``jsonl``, ``excel``, ``parquet``, or ``archive``, which is refused when it is opened.
    suffix
        The extension that determines the format.
    compressed
        Whether it is gzipped.
    """

    url: str
    name: str
    format: str
    suffix: str
    compressed: bool

    def open(self) -> BinaryIO:
        """Open the file's content, decompressed, for reading.

        Raises
        ------
        OSError
            If it cannot be opened.
        BatchError
            If its connection is lost, now or while it is read.
        """
        if is_remote(self.url):
            content = open_remote(self.url)
            return cast("BinaryIO", gzip.GzipFile(fileobj=content)) if self.compressed else content
        opened = fsspec.open(self.url, "rb", compression="gzip" if self.compressed else None)
        return cast("BinaryIO", opened.open())

    def fingerprint(self) -> dict[str, Any]:
        """Return what changes when the file does: size, time of change, sha256 of both ends.

        Raises
        ------
        OSError
            If it cannot be read.
        BatchError
            If it is behind a connection that is lost.
        """
        with reaching(self.url) if is_remote(self.url) else nullcontext():
            return self._fingerprint()

    def _fingerprint(self) -> dict[str, Any]:
        system, path = fsspec.url_to_fs(self.url)
        info = system.info(path)
        size = int(info["size"])
        changed = info.get("mtime") or info.get("LastModified") or info.get("updated") or info.get("etag")
        digest = hashlib.sha256()
        with system.open(path, "rb") as file:
            digest.update(file.read(_EDGE_BYTES))
            file.seek(max(0, size - _EDGE_BYTES))
            digest.update(file.read(_EDGE_BYTES))
        return {"url": self.url, "bytes": size, "changed": str(changed), "sha256_of_ends": digest.hexdigest()}


def input_file(url: str) -> InputFile:
    """Return the file at a path or URL.

    Raises
    ------
    DataError
        If its extension is not that of a readable format.
    """
    name = _path_in(url).name
    found = _format(name)
    if found is None:
        suffix = PurePosixPath(name).suffix
        known = f"Use one of: {', '.join(sorted(FORMATS))}; .csv and .jsonl may be gzipped."
        raise DataError(f"{name} has an unknown extension, {suffix!r}.", mend=_MEND_ENDING.get(suffix.lower(), known))
    return InputFile(url, name, *found)


def told_format(name: str) -> str | None:
    """Return the format by a file's extension, ``archive`` if it is compressed; ``None`` if it is unknown."""
    found = _format(name)
    return None if found is None else ARCHIVE if found[2] else found[0]


def find_files(
    inputs: Iterable[str], *, leave_out: Sequence[str] = (), pass_over: Callable[[str], object] = lambda _: None
) -> list[InputFile]:
    """Return the files that paths, folders, globs and URLs refer to, each once.

    Parameters
    ----------
    inputs
        A file is read whatever its place; of a folder, with all its subfolders, and of a glob, every file with a
        known ending, in the order of their paths. Names that begin with a dot or an underscore are left out, and so is
        ``~$``, with which Excel marks the files that it has open.
    leave_out
        Paths that are never inputs, the run's own output among them.
    pass_over
        Called with the path of every file of a folder or glob with an unknown extension.

    Raises
    ------
    DataError
        If an input is missing or contains nothing readable.
    """
    found: dict[str, InputFile] = {}
    for url in inputs:
        files = list(_expand(url, leave_out, pass_over))
        if not files:
            raise DataError(
                f"There is no file to read at {url}.", mend=f"Known extensions: {', '.join(sorted(FORMATS))}."
            )
        found |= {file.url: file for file in files}
    return _told_apart(list(found.values()))


def _told_apart(files: list[InputFile]) -> list[InputFile]:
    """Name several files by their paths below the folder they have in common: each year may have its ``jan.csv``."""
    if len(files) == 1:
        return files
    paths = [_path_in(file.url) for file in files]
    folders = [path.parent.parts for path in paths]
    same = [len(set(level)) == 1 for level in zip(*folders, strict=False)]
    shared = [*same, False].index(False)
    return [replace(file, name="/".join(path.parts[shared:])) for file, path in zip(files, paths, strict=True)]


def _expand(url: str, leave_out: Sequence[str], pass_over: Callable[[str], object]) -> Iterable[InputFile]:
    try:
        system, paths, one = _look_up(url)
    except Exception as error:  # each store's client raises its own errors
        raise DataError(f"{url} cannot be accessed: {error}.", mend="Check the address and your permissions.") from None
    if one and not paths:
        # A pipe also has a name: /dev/stdin, or the one a shell makes for <(…).
        if url == "-" or (not is_remote(url) and system.exists(url)):
            raise DataError(f"{url} is a stream, not a file.", mend=_MEND_STREAM)
        raise DataError(f"There is no file {url}.", mend="Check the path.")
    own = set() if one else {str(fsspec.url_to_fs(p)[1]) for p in leave_out}
    for path in sorted(set(paths) - own):
        if one or _format(PurePosixPath(path).name):
            yield input_file(_url(system, path, url))
        else:
            pass_over(path)


def _look_up(url: str) -> tuple[Any, list[str], bool]:
    """Return the file system, the paths in it, and whether the URL names a single file, which may be missing."""
    system, path = fsspec.url_to_fs(url)
    if any(c in path for c in "*?[") and not system.exists(path):
        named = path[: min(path.find(c) for c in "*?[" if c in path)].rpartition("/")[0]
        return system, [p for p in system.glob(path) if system.isfile(p) and not _hidden(p.removeprefix(named))], False
    if system.isdir(path):
        return system, [p for p in system.find(path) if not _hidden(p.removeprefix(path))], False
    return system, [path] if system.isfile(path) else [], True


def _path_in(url: str) -> PurePosixPath:
    """Return a file's path; for a file in an archive, its path inside it (``zip://2019/jan.csv::arsip.zip``)."""
    return PurePosixPath(url.partition("::")[0] if is_remote(url) else url)


def _url(system: Any, path: str, given: str) -> str:
    """Return the URL of a file found under the given URL, including the archive that contains it."""
    local = "file" in (system.protocol if isinstance(system.protocol, tuple) else (system.protocol,))
    if local:
        return path
    parts = given.split("::")  # the first part may be a cache, without a path of its own
    archives = parts[next((i for i, part in enumerate(parts) if "://" in part), 0) + 1 :]
    return "::".join((str(system.unstrip_protocol(path)), *archives))


def _hidden(path: str) -> bool:
    return any(
        part.startswith((".", "_", "~$")) or part.endswith(".part") for part in PurePosixPath(path).parts if part != "/"
    )


def _format(name: str) -> tuple[str, str, bool] | None:
    path = PurePosixPath(name.lower())
    compressed = path.suffix == ".gz"
    suffix = PurePosixPath(path.stem).suffix if compressed else path.suffix
    kind = (FORMATS | _ARCHIVES).get(suffix)
    return (kind, suffix, compressed) if kind and (not compressed or kind in _COMPRESSED) else None
