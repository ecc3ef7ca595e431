"""Reading a region's files so that every mistake can be reported with its file and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.plain_yaml import NO_YAML, PlainLoader
from pipeline.validation_errors import NOT_HERE, described, findings, line_of, names_of

Entry = TypeVar("Entry", bound=BaseModel)


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """A mistake in a region's file.

    Attributes
    ----------
    line
        Counted from 1; 0 if the file as a whole is meant.
    """

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


@dataclass(frozen=True, slots=True)
class Located:
    """Where an entry was read.

    Attributes
    ----------
    text
        The whole document, for YAML.
    """

    file: str
    line: int
    text: str = ""

    def mistake(self, what: str) -> Mistake:
        """Return a mistake at this place."""
        return Mistake(self.file, self.line, what)

    def mistake_under(self, names: Sequence[int | str], what: str) -> Mistake:
        """Return a mistake on the line of a YAML document that a path of names leads to."""
        return Mistake(self.file, line_of(yaml.compose(self.text, Loader=PlainLoader), names), what)

    def mistake_at(self, words: str, what: str) -> Mistake:
        """Return a mistake on the first line of a document that ends with ``words``."""
        lines = self.text.splitlines()
        line = next((n for n, content in enumerate(lines, start=1) if content.endswith(words)), self.line)
        return Mistake(self.file, line, what)


@dataclass(slots=True)
class Sources:
    """Reads the files of a region's folder and collects the mistakes found.

    Attributes
    ----------
    table_lost
        Whether a table could not be read at all: references to its entries are then not reported as mistakes.
    """

    folder: Path
    mistakes: list[Mistake] = field(default_factory=list)
    table_lost: bool = False

    def table(self, path: Path, entry: type[Entry]) -> Iterator[tuple[Located, Entry]]:
        """Yield the valid rows of a CSV file with a header; a missing file, bad column or bad row becomes a mistake.

        Indonesian Excel separates cells with semicolons, and also saves emptied rows and columns.
        """
        name = self._name(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self.mistakes.append(Mistake(name, 0, _why_unreadable(path, error)))
            self.table_lost = True
            return
        header = text.partition("\n")[0]
        delimiter = ";" if ";" in header and "," not in header else ","
        # Not splitlines: a Unicode line separator inside a cell, pasted from a web page, doesn't end a row.
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
        for row in self._rows(path, reader, entry):
            here = Located(name, reader.line_num)
            # Values without a column name: a string below an unnamed column, a list beyond the last one.
            if any(row.pop("", "") or ()):
                self.mistakes.append(here.mistake(f"more cells than columns; quote values that contain {delimiter!r}"))
            elif any(row.values()):
                values = {key: value for key, value in row.items() if value is not None and key in entry.model_fields}
                yield from self._checked(here, values, entry)

    def document(self, path: Path, entry: type[Entry]) -> Iterator[tuple[Located, Entry]]:
        """Yield the one entry of a YAML file, if it is valid."""
        name = self._name(path)
        try:
            text = path.read_text(encoding="utf-8")
            values = yaml.load(text, Loader=PlainLoader)  # noqa: S506 (a safe loader)
        except (OSError, UnicodeDecodeError) as error:
            self.mistakes.append(Mistake(name, 0, _why_unreadable(path, error)))
            return
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self.mistakes.append(Mistake(name, line, f"not valid YAML: {error.problem}"))
            return
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.mistakes.append(Mistake(name, line, f"not valid YAML: {error.reason}"))
            return
        except NO_YAML as error:
            self.mistakes.append(Mistake(name, 0, f"not valid YAML: {error}"))
            return
        try:
            yield Located(name, 1, text), entry.model_validate(values)
        except ValidationError as error:
            root = yaml.compose(text, Loader=PlainLoader)
            for detail in findings(error):
                self.mistakes.append(Mistake(name, line_of(root, detail["loc"]), described(detail, entry)))

    def _rows(self, path: Path, reader: csv.DictReader[str], entry: type[Entry]) -> Iterator[dict[str, str]]:
        try:
            wrong, usable = _check_header([column for column in reader.fieldnames or () if column], entry)
            self.mistakes += [Mistake(self._name(path), 1, what) for what in wrong]
            yield from reader if usable else ()
        except csv.Error as error:
            self.mistakes.append(Mistake(self._name(path), reader.line_num, f"not valid CSV: {error}"))

    def _name(self, path: Path) -> str:
        """Return the path relative to the region's folder; files of the national base are named as such."""
        root = self.folder if path.is_relative_to(self.folder) else path.parents[1 if path.parent.name == "base" else 2]
        return str(path.relative_to(root))

    def _checked(self, here: Located, values: dict[str, str], entry: type[Entry]) -> Iterator[tuple[Located, Entry]]:
        try:
            yield here, entry.model_validate(values)
        except ValidationError as error:
            self.mistakes += [here.mistake(described(detail, entry)) for detail in findings(error)]


def _check_header(columns: Sequence[str], entry: type[BaseModel]) -> tuple[list[str], bool]:
    """Return the mistakes of a table's header, reported once and not per row, and whether its rows can be read."""
    unknown = [column for column in columns if column not in entry.model_fields]
    missing = [name for name, field in entry.model_fields.items() if field.is_required() and name not in columns]
    told = [f"column {column!r}: {NOT_HERE}; {names_of(entry)}" for column in unknown]
    return [*told, *(f"column {name!r} is missing" for name in missing)], not missing


def _why_unreadable(path: Path, error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "missing"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8; save it as {'CSV UTF-8' if path.suffix == '.csv' else 'UTF-8'}"
    return str(error.strerror)
