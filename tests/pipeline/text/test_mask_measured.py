"""Recall and precision of masking, on lines written for this.

The patterns were developed on tests/data/masking.txt; masking-held-out.txt was written afterwards, and nothing was
tuned on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.text import find_personal_data

DATA = Path(__file__).parents[2] / "data"
LINES = DATA / "masking.txt"
NUMBERS = frozenset({"TELEPON", "NIK", "EMAIL", "PLAT", "REKENING"})
_GOLD = re.compile(r"\{([A-Z]+)\|([^{}|]+)\}")


@dataclass(frozen=True)
class Line:
    """A line without its annotations, and the positions and kinds of personal data in it."""

    text: str
    gold: tuple[tuple[int, int, str], ...]


def read(marked: str) -> Line:
    gold, text, end = [], "", 0
    for match in _GOLD.finditer(marked):
        text += marked[end : match.start()]
        gold.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        end = match.end()
    return Line(text + marked[end:], tuple(gold))


def read_file(path: Path) -> list[Line]:
    return [read(line) for line in path.read_text(encoding="utf-8").splitlines()]


@dataclass
class Score:
    """Counts of gold spans masked whole and in all, of masks touching a gold span and in all; and the errors."""

    found: int = 0
    gold: int = 0
    right: int = 0
    masked: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.gold

    @property
    def precision(self) -> float:
        return self.right / self.masked


def measure(lines: list[Line], kinds: frozenset[str]) -> Score:
    score = Score()
    for line in lines:
        masks = [(f.span.start, f.span.end, f.kind) for f in find_personal_data(line.text)]
        hidden = {at for start, end, _ in masks for at in range(start, end)}
        for start, end, kind in line.gold:
            if kind in kinds:
                whole = hidden.issuperset(range(start, end))
                score.gold += 1
                score.found += whole
                if not whole:
                    score.wrong.append(f"not masked: {line.text!r}")
        for start, end, kind in masks:
            if kind in kinds:
                right = any(start < g_end and g_start < end for g_start, g_end, _ in line.gold)
                score.masked += 1
                score.right += right
                if not right:
                    score.wrong.append(f"masked for nothing: {line.text[start:end]!r} in {line.text!r}")
    return score


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return read_file(LINES)


def test_there_are_500_lines_of_which_half_hold_nothing(lines: list[Line]) -> None:
    assert len(lines) == len({line.text for line in lines}) == 500
    assert sum(not line.gold for line in lines) >= 200


def test_numbers_of_people_are_masked_and_little_else(lines: list[Line]) -> None:
    score = measure(lines, NUMBERS)
    assert score.recall >= 0.98, score.wrong
    assert score.precision >= 0.95, score.wrong


def test_lines_that_the_patterns_were_not_made_with_are_masked_nearly_as_well() -> None:
    score = measure(read_file(DATA / "masking-held-out.txt"), NUMBERS)
    assert score.recall >= 0.95, score.wrong
    assert score.precision >= 0.95, score.wrong


@pytest.mark.parametrize(("kind", "recall", "precision"), [("NAMA", 0.9, 0.9), ("ALAMAT", 0.9, 0.9)])
def test_names_and_houses_that_are_announced_are_masked(
    lines: list[Line], kind: str, recall: float, precision: float
) -> None:
    score = measure(lines, frozenset({kind}))
    assert score.recall >= recall, score.wrong
    assert score.precision >= precision, score.wrong
