"""A region's own words for kecamatan and desa, put in place of these words of the catalogue."""

from __future__ import annotations

import random
import re

from pipeline.region import Region
from pipeline.region.schema import PlaceKind

SHARE = 0.8  # of complaints, if a region has its own words: the national ones are understood there too
_NATIONAL = re.compile(r"\b(?:kecamatan|desa)\b", re.IGNORECASE)


class LocalTerms:
    """The region's own words, taken from the names of its offices: *Distrik*, *Pemerintah Kampung*.

    Parameters
    ----------
    region
        The region of the offices.
    """

    def __init__(self, region: Region) -> None:
        called = {kind: region.kind_name(kind).lower() for kind in ("kecamatan", "desa")}
        self._own = {kind: word for kind, word in called.items() if word != kind}

    def kind_words(self, kind: PlaceKind) -> tuple[str, ...]:
        """Return the words before a place's name that differ from the national words."""
        own = self._own.get(kind)
        return (own.capitalize(), own) if own else ()

    def told(self, text: str, rng: random.Random) -> str:
        """Return a phrasing mostly in the region's words; if it has none, no random number is drawn."""
        if not self._own or rng.random() >= SHARE:
            return text
        return _NATIONAL.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        own = self._own.get(found[0].lower(), found[0])
        return own.capitalize() if found[0][0].isupper() else own
