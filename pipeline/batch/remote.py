"""Remote files: a lost connection doesn't mean that the file is broken, so the run stops and can be resumed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import fsspec

from pipeline.errors import BatchError


def is_remote(url: str) -> bool:
    """Tell whether a file is not on a disk of this machine."""
    return "://" in url


def open_remote(url: str) -> BinaryIO:
    """Open a file's content for reading.

    Raises
    ------
    PermissionError, FileNotFoundError
        If it may not be read, or isn't there.
    BatchError
        If it cannot be reached, now or while it is read.
    """
    with reaching(url):
        opened = fsspec.open(url, "rb")
        return io.BufferedReader(_Remote(url, opened, opened.open()))


@contextmanager
def reaching(url: str) -> Iterator[None]:
    """Turn any error of a store's client into one that stops the run: each client has its own exceptions."""
    try:
        yield
    except (PermissionError, FileNotFoundError, BatchError):
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200].rstrip(".: ")
        raise BatchError(
            f"Reading {url} failed: {what}.",
            mend="When the connection is back, run the same command to resume.",
        ) from None


class _Remote(io.RawIOBase):
    def __init__(self, url: str, opened: fsspec.core.OpenFile, content: Any) -> None:
        self._url = url
        self._opened = opened  # kept referenced: an archive is closed when its last reference is gone
        self._content = content

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._content.seekable())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        with reaching(self._url):
            return int(self._content.seek(offset, whence))

    def tell(self) -> int:
        return int(self._content.tell())

    def readinto(self, buffer: Any) -> int:
        with reaching(self._url):
            read: bytes = self._content.read(len(buffer))
        buffer[: len(read)] = read
        return len(read)

    def close(self) -> None:
        self._content.close()
        super().close()
