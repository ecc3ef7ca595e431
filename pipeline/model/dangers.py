"""The features of urgency besides words: the dangers that a text names, its length, a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.complaint import Level
from pipeline.model.analysis import Analysis
from pipeline.urgency import DangerSign, Standing, danger_finder

Signs = tuple[DangerSign, ...]

_STANDINGS: Final = tuple(Standing)
_LENGTHS: Final = (5, 12, 25, 60, 120)  # words; the length of a message distinguishes a question from a story


def dangers_of(document: Analysis) -> Signs:
    """Return the dangers that a text names."""
    finder = danger_finder()
    return tuple(finder.find(document.text, document.tokens)) if finder.may_find(document.words) else ()


@dataclass(frozen=True)
class DangerColumns:
    """The columns of the features besides words, which follow those of the words.

    Attributes
    ----------
    words
        Number of columns of the words.
    cue_ids
        The dangers that were known when the model was trained.
    """

    words: int
    cue_ids: tuple[str, ...]

    @property
    def n_features(self) -> int:
        """All columns together."""
        return self.words + len(self.cue_ids) + 2 * len(_STANDINGS) + len(_LENGTHS) + 1

    @property
    def names(self) -> list[str]:
        """What each of them tells: a danger, how one is meant, the length of the text, a question."""
        standings = [f"{kind} {standing}" for kind in ("danger", "emergency") for standing in _STANDINGS]
        return [*self.cue_ids, *standings, *(f"{words} words and more" for words in _LENGTHS), "question"]

    def of(self, document: Analysis, dangers: Signs) -> list[int]:
        """Return the columns of a text that names these dangers, in order."""
        after = self.words + len(self.cue_ids)
        # A danger added after training has no column of its own, but the other features still count.
        columns = [self.words + self.cue_ids.index(s.cue.id) for s in dangers if s.level and s.cue.id in self.cue_ids]
        for sign in dangers:
            heavy = len(_STANDINGS) if sign.cue.level is Level.DARURAT else 0
            columns.append(after + heavy + _STANDINGS.index(sign.standing))
        after += 2 * len(_STANDINGS)
        columns += [after + n for n, words in enumerate(_LENGTHS) if len(document.words) >= words]
        if "?" in document.text:
            columns.append(after + len(_LENGTHS))
        return sorted(set(columns))
