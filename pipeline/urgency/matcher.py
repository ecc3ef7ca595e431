"""Finding danger cues in a text: patterns of words near each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.complaint import Level
from pipeline.text import Token
from pipeline.text.tokens import Word
from pipeline.urgency.assertion import SCENE, judge
from pipeline.urgency.lexicon import Hit, Lexicon
from pipeline.urgency.prefilter import Need, Needs
from pipeline.urgency.reading import Reading
from pipeline.urgency.schema import Cue, CueCatalogue, load_cues, pattern_names
from pipeline.urgency.signs import DangerSign

# Words that a pattern may span: events are described in a few words, lasting conditions at more length.
WINDOW, LONG_WINDOW = 9, 16
# One danger is judged at no more than this many places of a text, and at no further ones once it has full weight. In
# 10,268 real complaints there were 12 at most; the limit is for texts made of danger words only.
MAX_JUDGED = 24

Names = tuple[str, ...]  # sorted, so that every process picks the same of two equally near hits


@dataclass(frozen=True, slots=True)
class _Pattern:
    cue: Cue
    anchor: Names
    others: tuple[Names, ...]
    forbidden: Names
    window: int


class DangerFinder:
    """Finds the dangers a text names; compiled once, linear in the words of a text.

    Parameters
    ----------
    catalogue
        Cues and word classes.

    Examples
    --------
    >>> from pipeline.text import tokenise
    >>> text = "kabel listrik putus, menjuntai di depan sekolah"
    >>> [(sign.cue.id, sign.level.value) for sign in danger_finder().find(text, tokenise(text))][:1]
    [('kabel-terjangkau', 'darurat')]
    """

    def __init__(self, catalogue: CueCatalogue) -> None:
        classes = dict(catalogue.classes)
        self.ids = tuple(cue.id for cue in catalogue.cues)
        patterns = []
        for cue in catalogue.cues:
            for pattern in cue.any:
                for name in pattern_names(pattern):
                    classes.setdefault(name, (tuple(name.split("_")),))
                patterns.append((cue, pattern))
        sizes = {name: len(entries) + 100 * (name in SCENE) for name, entries in classes.items()}
        self._by_class: dict[str, list[_Pattern]] = defaultdict(list)
        for cue, pattern in patterns:
            compiled = _compile(cue, pattern, sizes)
            for name in compiled.anchor:
                self._by_class[name].append(compiled)
        context = {f"_{name}": getattr(catalogue.context, name) for name in type(catalogue.context).model_fields}
        self._lexicon = Lexicon(classes | context, catalogue.shadows)
        self._needs = Needs(
            self._lexicon,
            (
                Need(pattern.window, (pattern.anchor, *pattern.others))
                for found in self._by_class.values()
                for pattern in found
            ),
        )

    def may_find(self, words: Sequence[Word]) -> bool:
        """Tell, quickly, whether :meth:`find` can find anything in a text of these words; ``False`` is certain.

        Every element of a pattern needs a word of one of its classes, and all of them stand near each other.
        """
        return self._needs.can_be_met(words)

    def find(self, text: str, tokens: Sequence[Token]) -> list[DangerSign]:
        """Return the dangers in the order of the catalogue, each cue once, where it has most weight."""
        reading = Reading(text, tokens, self._lexicon)
        best: dict[str, DangerSign] = {}
        judged: dict[str, int] = defaultdict(int)
        for sentence in reading.sentences():
            for name in [name for name in sentence if name in self._by_class]:
                for pattern in self._by_class[name]:
                    known = best.get(pattern.cue.id)
                    if known and (known.level is pattern.cue.level or judged[pattern.cue.id] >= MAX_JUDGED):
                        continue
                    for found in _match(pattern, sentence):
                        sign = judge(reading, pattern.cue, found)
                        judged[pattern.cue.id] += 1
                        if known is None or _weight(sign.level) > _weight(known.level):
                            best[pattern.cue.id] = known = sign
                        if known.level is pattern.cue.level or judged[pattern.cue.id] >= MAX_JUDGED:
                            break
        return [best[name] for name in self.ids if name in best]


@cache
def danger_finder() -> DangerFinder:
    """Return the finder of the shipped catalogue, compiled once."""
    return DangerFinder(load_cues())


def _weight(level: Level | None) -> int:
    return {None: 0, Level.TINGGI: 1, Level.DARURAT: 2}[level]


def _compile(cue: Cue, pattern: str, sizes: dict[str, int]) -> _Pattern:
    elements = [element for element in pattern.split() if not element.startswith("!")]
    forbidden = [element[1:] for element in pattern.split() if element.startswith("!")]
    sets = [tuple(sorted(set(element.split("|")))) for element in elements]
    sets.sort(key=lambda names: sum(sizes[name] for name in names))
    window = LONG_WINDOW if cue.long or cue.level is Level.TINGGI else WINDOW
    return _Pattern(cue, sets[0], tuple(sets[1:]), tuple(forbidden), window)


def _match(pattern: _Pattern, hits: dict[str, list[Hit]]) -> Iterator[list[tuple[str, Hit]]]:
    """Yield, for every place of the anchor, the nearest hits of the other elements, if they are near enough."""
    if not _may_match(pattern, hits):
        return
    for name in pattern.anchor:
        for anchor in hits.get(name, ()):
            found = [(name, anchor)]
            for element in pattern.others:
                nearest = _nearest(element, found, hits, pattern.window)
                if nearest is None:
                    break
                found.append(nearest)
            else:
                yield found


def _may_match(pattern: _Pattern, hits: dict[str, list[Hit]]) -> bool:
    """Tell whether a sentence contains every element, anywhere, and nothing forbidden.

    Plain loops without calls: this runs for each pattern on every text, and nearly always ends here.
    """
    for name in pattern.forbidden:
        if name in hits:
            return False
    for element in pattern.others:
        for name in element:
            if name in hits:
                break
        else:
            return False
    return True


def _nearest(
    element: Names, found: list[tuple[str, Hit]], hits: dict[str, list[Hit]], window: int
) -> tuple[str, Hit] | None:
    # Only hits that are near enough are examined, or a text of danger words only would take quadratic time.
    begin = max(taken_end for _, (_, taken_end) in found) - window
    behind = min(taken for _, (taken, _) in found) + window
    best, least = None, window + 1
    for name in element:
        there = hits.get(name, ())
        for start, end in there[bisect_left(there, (begin,)) : bisect_left(there, (behind,))]:
            if any(start < taken_end and taken < end for _, (taken, taken_end) in found):
                continue
            first = min(start, *(taken for _, (taken, _) in found))
            spread = max(end, *(taken_end for _, (_, taken_end) in found)) - first
            if spread < least:
                best, least = (name, (start, end)), spread
    return best
