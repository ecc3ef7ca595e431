"""Rows of CSV and JSON Lines, read as a stream: encoding, separator, records."""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import json
import re
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TextIO

from pipeline.batch.chunks import Row, Unreadable
from pipeline.batch.files import JSON_LINES, InputFile

MAX_LINE_CHARS = 16 * 1024 * 1024
csv.field_size_limit(2 * MAX_LINE_CHARS)  # a record that has reached MAX_LINE_CHARS gets no further line
_BLOCK_BYTES = 1 << 20
_LINE_ENDS = ("\r", "\n")
_HEADER_CHARS = 1 << 16
_NOT_ASCII = bytes(range(128, 256))
_WIDE_BYTES = 1 << 16  # searched for zero bytes
_TOLD_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # a line that Excel reads but does not show


@dataclass(frozen=True, slots=True)
class TextLayout:
    """How a text file is written.

    Attributes
    ----------
    encoding
        ``utf-8-sig``, one of UTF-16 and UTF-32, or ``cp1252``, which Indonesian Excel writes.
    lines
        Number of lines, including a last one without a line end: an upper bound for the rows.
    """

    encoding: str
    lines: int


def text_layout(file: InputFile) -> TextLayout:
    """Read a text file once to detect its encoding.

    A file with invalid UTF-8 is still UTF-8 if it has at least as many valid sequences of several bytes as invalid
    ones: then only the rows with invalid bytes are refused.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    lines = valid = invalid = 0
    last = b"\n"
    decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
    for block in _blocks(file):
        if not lines and (wide := _wide_encoding(block)):
            return TextLayout(wide, sum(block.count(b"\n") for block in _blocks(file)) + 1)
        lines += block.count(b"\n")
        last = block[-1:]
        text = decoder.decode(block)
        if not block.isascii():
            clean = text.encode("utf-8", "ignore")
            letters = len(clean.decode())
            invalid += len(text) - letters
            valid += letters - len(clean.translate(None, _NOT_ASCII))
    lines += last != b"\n"
    invalid += len(decoder.decode(b"", final=True))
    # JSON is UTF-8 by its standard (RFC 8259).
    return TextLayout("utf-8-sig" if valid >= invalid or file.format == JSON_LINES else "cp1252", lines)


def _wide_encoding(start: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 encoding of a file, if it has one, by its byte order mark or its zero bytes.

    Indonesian has Latin letters: in UTF-16 one of the two bytes is 0, always the same one.
    """
    if start.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = start[:_WIDE_BYTES]
    first, second = (sample[offset::2].count(0) / (len(sample) / 2 or 1) for offset in (0, 1))
    if max(first, second) < 0.5 or min(first, second) > 0.1:
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _blocks(file: InputFile) -> Iterator[bytes]:
    """Yield a file's content up to its end, or to where it is broken, which the reader of the rows reports."""
    with file.open() as content:
        # Not read(): it would lose the content before the break.
        read = getattr(content, "read1", content.read)
        try:
            while block := read(_BLOCK_BYTES):
                yield block
        except (OSError, EOFError, zlib.error):
            return


def read_csv(file: InputFile, layout: TextLayout) -> Iterator[Row]:
    """Yield the rows of a CSV file, the header first; blank lines are skipped.

    Where a quote is never closed, the line that opens it is unreadable, and reading goes on with the next line.

    Raises
    ------
    OSError
        If the file cannot be read further, after the last readable row.
    """
    with file.open() as content, _decoded(content, layout) as text:
        told = _TOLD_SEPARATOR.fullmatch(text.readline(_HEADER_CHARS))
        text.seek(0)
        delimiter = told[1] if told else "\t" if file.suffix == ".tsv" else _delimiter(text)
    with file.open() as content, _decoded(content, layout) as text:
        lines = _Lines(text)
        if told:
            next(lines)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            lines.begin_record()
            cells: list[Any] | Unreadable
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                cells = [] if lines.too_long else _against_the_rules(lines, delimiter)
            if lines.too_long:
                cells = Unreadable(f"a line is longer than {MAX_LINE_CHARS:,} characters")
            if isinstance(cells, Unreadable) or any(cells):
                yield number, cells


def read_json_lines(file: InputFile, layout: TextLayout) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    """Yield the object of every line with the line's number.

    Raises
    ------
    OSError
        If the file cannot be read further.
    """
    with file.open() as content, _decoded(content, layout) as text:
        number = 0
        while line := text.readline(MAX_LINE_CHARS):
            number += 1
            if len(line) == MAX_LINE_CHARS:
                while line and not line.endswith("\n"):
                    line = text.readline(MAX_LINE_CHARS)
                yield number, Unreadable(f"the line is longer than {MAX_LINE_CHARS:,} characters")
            elif line.strip():
                yield number, _object(line)


def cells_of_line(line: str) -> list[str]:
    """Return the cells of a line without quotes, split at its most frequent separator."""
    return line.split(_most_frequent(line))


class _Lines:
    """A CSV file's lines for a reader, which asks for another line of the same record only while a quote is open.

    A quote that is never closed would swallow what follows, up to the next quoted cell or the end of the file. So the
    lines of a record are kept, and those after the first are handed out again if the record is given up. All but the
    last of them ended with the quote open, so any other record that goes from one to the next would end in the same
    place: it is given up at once, and no line is read more than twice.

    Attributes
    ----------
    record
        The lines of the record that is being read.
    number
        Number of its first line, counted from 1.
    too_long
        Whether the record's last line exceeds the limit: the rest of that line is skipped.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._chars = 0
        self._cut = False
        self.record: list[str] = []
        self.number = 1
        self.too_long = False

    def begin_record(self) -> None:
        """Begin the next record."""
        self.number += len(self.record)
        self.record, self._chars, self._cut, self.too_long = [], 0, False, False

    def give_up(self) -> bool:
        """Give up a record that cannot be parsed; ``False`` if it is just one complete line."""
        if len(self.record) == 1 and not self._cut:
            return False
        self._again.extendleft(reversed(self.record[1:]))
        del self.record[1:]
        return True

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self._cut = self.too_long or bool(self.record and self._again) or self._chars > MAX_LINE_CHARS
        again = bool(self._again)
        line = "" if self._cut else self._again.popleft() if again else self._text.readline(MAX_LINE_CHARS)
        if not line:
            self._cut = bool(self.record)
            raise StopIteration
        self.record.append(line)
        self._chars += len(line)
        self.too_long = len(line) == MAX_LINE_CHARS and not line.endswith(_LINE_ENDS)
        rest = "" if again or not self.too_long else line
        while rest and not rest.endswith(_LINE_ENDS):
            rest = self._text.readline(MAX_LINE_CHARS)
        return line


def _decoded(content: BinaryIO, layout: TextLayout) -> io.TextIOWrapper:
    errors = "surrogateescape" if layout.encoding == "utf-8-sig" else "replace"
    return io.TextIOWrapper(content, encoding=layout.encoding, errors=errors, newline="")


def _delimiter(text: TextIO) -> str:
    """Return the separator of the header: the first line that isn't blank."""
    while (line := text.readline(_HEADER_CHARS)) and not line.strip():
        pass
    return _most_frequent(next(iter(line.splitlines()), ""))


def _most_frequent(line: str) -> str:
    """Return the most frequent separator in a line, outside of quotes."""
    unquoted = "".join(line.split('"')[::2])
    return max(",;\t|", key=unquoted.count)


def _against_the_rules(lines: _Lines, delimiter: str) -> list[Any] | Unreadable:
    """Return the cells of a record that a strict reader refuses, or the reason why it has none.

    Blanks between a closing quote and the end of the cell are accepted. Other text after a quote, in a record of
    several lines, may belong to another record: then this one is given up, so that two records don't become one.
    """
    blanks = re.compile(rf'(?<=") +(?=[{re.escape(delimiter)}\r\n]|$)')
    with contextlib.suppress(csv.Error):
        (cells,) = csv.reader((blanks.sub("", line) for line in lines.record), delimiter=delimiter, strict=True)
        return cells
    if lines.give_up():
        return Unreadable(f"a quote opened on line {lines.number} is never closed")
    try:
        (cells,) = csv.reader(lines.record, delimiter=delimiter)
    except csv.Error as error:
        return Unreadable(f"not valid CSV: {error}")
    return cells


def _object(line: str) -> dict[str, Any] | Unreadable:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return Unreadable("not valid JSON")
    if not isinstance(value, dict):
        return Unreadable("a JSON value that is not an object")
    try:
        "".join(value).encode()
    except UnicodeEncodeError:
        return Unreadable("a field's name contains half a character (an unpaired surrogate); write it in UTF-8")
    return value
