"""Whether the unknown words of a column may be quoted: not if the column may be that of the complaints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pipeline.batch.labels import begins_like_an_office, is_swapped, may_quote, per_place_kind
from pipeline.region import Region
from pipeline.region.region import normal_label

_MOST_NAMES = 200  # distinct unknown words; there are more only if the column contains texts, or is a whole country's
_MOST_KEPT = 1_000  # distinct unknown words that are looked at; if there are more, none is quoted
_FEWEST_OFFICES = 0.8  # of more than _MOST_NAMES distinct words, for them to be a whole country's offices
_MOST_SENTENCES = 0.2  # of the distinct unknown words; above it the short ones, too, may be complaints
_MOST_SWAPPED = 0.5  # of the rows with an unknown word: a complaint that begins with "Desa" seems to name an office
_PLACE_WORDS = 3  # of a text that begins with "Desa" and is an office's name: "Kecamatan Tambun Selatan"


@dataclass(slots=True)
class Quotable:
    """The unknown words of one column, such as labels that name no agency.

    Whether a word may be quoted is known only when the whole file is read: "jalan rusak" may be a short complaint.

    Attributes
    ----------
    region
        Whose agencies a text may name instead of the label; ``None`` if that is unknown.
    is_name
        Whether a word has the form of what belongs in the column.
    """

    region: Region | None
    is_name: Callable[[str], bool] = may_quote
    _words: set[str] = field(default_factory=set)
    _texts: set[str] = field(default_factory=set)
    _known: int = 0
    _rows: int = 0
    _swapped: int = 0
    _sentences: int = 0
    _offices: int = 0

    def add_known(self) -> None:
        """Count a row whose word is known: where most are, a single unknown word belongs in the column, too."""
        self._known += 1

    def add(self, word: str, text: str) -> None:
        """Add the unknown word of a row, and the row's text."""
        self._rows += 1
        if word not in self._words and len(self._words) <= _MOST_KEPT:
            self._words.add(word)
            self._sentences += not self.is_name(word)
            self._offices += begins_like_an_office(word)
        is_same = normal_label(word) == normal_label(text)
        is_swapped_too = self.region is not None and is_swapped(self.region, word, text)
        self._swapped += is_same or is_swapped_too
        if word in self._words and (is_same or (is_swapped_too and _is_text(word, text))):
            self._texts.add(word)

    def may_quote(self, word: str) -> bool:
        """Tell whether a word that was added may be quoted, judged by all that were."""
        if word not in self._words or word in self._texts:
            return False
        return (word.isalpha() and self._known > self._rows) or (self._are_names() and self.is_name(word))

    def quotable(self) -> list[str]:
        """Return the words that may be quoted."""
        return [word for word in self._words if self.may_quote(word)]

    def _are_names(self) -> bool:
        distinct = len(self._words)
        are_few = distinct <= _MOST_NAMES or (distinct <= _MOST_KEPT and self._offices >= _FEWEST_OFFICES * distinct)
        return are_few and self._sentences <= _MOST_SENTENCES * distinct and self._swapped <= _MOST_SWAPPED * self._rows


def _is_text(word: str, text: str) -> bool:
    """Tell whether a word is the complaint of a row whose text names an agency."""
    names_place = per_place_kind(text) is not None and len(text.split()) > _PLACE_WORDS
    return not names_place and not begins_like_an_office(word)
