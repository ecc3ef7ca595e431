"""Finding danger cues in a text, and what takes their weight away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipeline.complaint import Level, Span
from pipeline.text import Token
from pipeline.text.tokens import Word
from pipeline.urgency.lexicon import Hit, Lexicon
from pipeline.urgency.needs import Needs
from pipeline.urgency.schema import Cue, CueCatalogue, load_cues, pattern_names

# Words that a pattern may spread over: what is near is one event, while a lasting danger is told at more length.
WINDOW = {Level.DARURAT: 9, Level.TINGGI: 16}
FEARED_WITHIN = 5  # words between a fear and what is feared
SOON = 2  # words between "sekarang" and what is over
NEARLY_WITHIN = 2  # between "akan", "hampir" and what hasn't happened
# A longer text is mostly a history: an event in it counts only if its sentence says that it goes on.
LONG_STORY_WORDS = 120
CONDITION_WITHIN = 8
# Classes that set a scene; they are no danger by themselves, so that denying them denies nothing.
SCENE = frozenset(
    {"ORANG", "ANAK", "RUMAH", "JALAN", "SEKARANG", "KENDARAAN", "TUBUH", "BANGUNAN", "AIR", "IGD", "TERIAK", "LENYAP"}
)
_SENTENCE_ENDS = frozenset(".!?;\n\r")
_CLAUSE_ENDS = frozenset(",:()")
_BUT = frozenset({"tapi", "tetapi", "namun", "sedangkan", "padahal"})


class Standing(StrEnum):
    """What the text says of a danger it names."""

    REAL = "nyata"
    FEARED = "dikhawatirkan"
    DENIED = "tidak terjadi"
    CONDITIONAL = "andaikan"
    OVER = "sudah lewat"
    UNCONCERNED = "bukan kejadian"


@dataclass(frozen=True, slots=True)
class DangerSign:
    """A danger that a text names.

    Attributes
    ----------
    level
        What it makes of the situation; ``None`` if it has no weight.
    span
        The words that name it, in the original text.
    """

    cue: Cue
    standing: Standing
    level: Level | None
    span: Span


Names = tuple[str, ...]  # sorted: of two hits that are as near, every process takes the same


@dataclass(frozen=True, slots=True)
class _Pattern:
    cue: Cue
    anchor: Names
    others: tuple[Names, ...]
    forbidden: Names


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
            ((pattern.anchor, *pattern.others) for found in self._by_class.values() for pattern in found),
        )

    def may_find(self, words: Iterable[Word]) -> bool:
        """Tell, quickly, whether :meth:`find` can find anything in a text of these words; ``False`` is certain.

        Every element of a pattern needs a word of one of its classes somewhere in the text.
        """
        return self._needs.can_be_met(words)

    def find(self, text: str, tokens: Sequence[Token]) -> list[DangerSign]:
        """Return the dangers in the order of the catalogue, each cue once: where it weighs most."""
        reading = _Reading(text, tokens, self._lexicon)
        best: dict[str, DangerSign] = {}
        for sentence in reading.sentences():
            for name in sentence:
                for pattern in self._by_class.get(name, ()):
                    known = best.get(pattern.cue.id)
                    if known and known.level is pattern.cue.level:
                        continue
                    for found in _match(pattern, sentence):
                        sign = reading.judge(pattern.cue, found)
                        if known is None or _weight(sign.level) > _weight(known.level):
                            best[pattern.cue.id] = known = sign
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
    return _Pattern(cue, sets[0], tuple(sets[1:]), tuple(forbidden))


def _match(pattern: _Pattern, hits: dict[str, list[Hit]]) -> Iterator[list[tuple[str, Hit]]]:
    """Yield, for every place of the anchor, the nearest hits of the other elements, if they are near enough."""
    if any(name in hits for name in pattern.forbidden):
        return
    for name in pattern.anchor:
        for anchor in hits.get(name, ()):
            found = [(name, anchor)]
            for element in pattern.others:
                nearest = _nearest(element, found, hits, WINDOW[pattern.cue.level])
                if nearest is None:
                    break
                found.append(nearest)
            else:
                yield found


def _nearest(
    element: Names, found: list[tuple[str, Hit]], hits: dict[str, list[Hit]], window: int
) -> tuple[str, Hit] | None:
    best, least = None, window + 1
    for name in element:
        for start, end in hits.get(name, ()):
            if any(start < taken_end and taken < end for _, (taken, taken_end) in found):
                continue
            first = min(start, *(taken for _, (taken, _) in found), start)
            spread = max(end, *(taken_end for _, (_, taken_end) in found), end) - first
            if spread < least:
                best, least = (name, (start, end)), spread
    return best


class _Reading:
    """The words of one text with sentences, clauses, and the words that take weight away."""

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._words: list[str] = []
        self._token_of: list[int] = []
        self._sentence: list[int] = []
        self._clause: list[int] = []
        sentence = clause = end = 0
        for number, (span, word) in enumerate(tokens):
            between = text[end : span.start]
            if between != " ":
                if number and not _SENTENCE_ENDS.isdisjoint(between):
                    sentence, clause = sentence + 1, clause + 1
                elif not _CLAUSE_ENDS.isdisjoint(between):
                    clause += 1
            end = span.end
            for single in lexicon.canonical_words(word.normal):
                if single in _BUT:
                    clause += 1
                self._words.append(single)
                self._token_of.append(number)
                self._sentence.append(sentence)
                self._clause.append(clause)
        self._hits: list[dict[str, list[Hit]]] = [{} for _ in range(sentence + 1)]
        self._context: dict[str, list[Hit]] = {}
        self._negators: set[int] = set()
        self._fillers: set[int] = set()
        for name, hit, alone in lexicon.hits(self._words):
            if not name.startswith("_"):
                self._hits[self._sentence[hit[0]]].setdefault(name, []).append(hit)
            elif name in {"_negators", "_fillers"}:
                (self._negators if name == "_negators" else self._fillers).add(hit[0])
            elif alone:
                self._context.setdefault(name, []).append(hit)
        # "sekarang sudah sehat": what goes on now is that it is over.
        over = [start for start, _ in self._context.get("_resolved", ())]
        self._ongoing = [
            start
            for start, end in self._context.get("_ongoing", ())
            if not any(0 <= later - end <= SOON for later in over)
        ]
        for sentence_hits in self._hits:
            self._fillers.update(start for start, _ in sentence_hits.get("ORANG", ()))

    def sentences(self) -> Iterator[dict[str, list[Hit]]]:
        """Yield the hits of each sentence that has any."""
        yield from (hits for hits in self._hits if hits)

    def judge(self, cue: Cue, found: list[tuple[str, Hit]]) -> DangerSign:
        """Return what the text says of a danger found at these words."""
        start, end = min(hit[0] for _, hit in found), max(hit[1] for _, hit in found)
        dangers = [hit for name, hit in found if name not in SCENE] or [hit for _, hit in found]
        own = {at for _, hit in found for at in range(*hit)}
        standing = self._standing(cue, start, own, dangers)
        level: Level | None = cue.level
        if standing is Standing.FEARED:
            level = Level.TINGGI
        elif standing is not Standing.REAL:
            level = None
        tokens = self._tokens[self._token_of[start]], self._tokens[self._token_of[end - 1]]
        return DangerSign(cue, standing, level, Span(tokens[0].span.start, tokens[1].span.end))

    def _standing(self, cue: Cue, start: int, own: set[int], dangers: list[Hit]) -> Standing:
        if any(self._denied(hit, own) for hit in dangers):
            return Standing.DENIED
        sentence = self._sentence[start]
        clauses = {self._clause[at] for at in own}
        here = any(self._clause[at] in clauses for at in self._ongoing)
        if not cue.threat and any(self._before("_similes", hit[0], NEARLY_WITHIN) for hit in dangers):
            return Standing.UNCONCERNED
        if not cue.past and any(self._before("_once", hit[0], NEARLY_WITHIN) for hit in dangers):
            return Standing.OVER
        if not here:
            if self._resolved(sentence):
                return Standing.OVER
            if not cue.past and self._in_sentence("_past", sentence):
                return Standing.OVER
            if self._thanked():
                return Standing.OVER
            if self._unconcerned(cue, sentence):
                return Standing.UNCONCERNED
        if cue.level is not Level.DARURAT:
            return Standing.REAL
        if not here and len(self._words) > LONG_STORY_WORDS:
            return Standing.OVER
        if not here and self._before("_conditional", start, CONDITION_WITHIN):
            return Standing.CONDITIONAL
        feared = any(
            self._before("_feared", hit[0], FEARED_WITHIN) or self._before("_nearly", hit[0], NEARLY_WITHIN)
            for hit in dangers
        )
        if feared and not cue.threat:
            return Standing.FEARED
        return Standing.REAL

    def _denied(self, hit: Hit, own: set[int]) -> bool:
        at = hit[0] - 1
        while at >= 0 and self._clause[at] == self._clause[hit[0]] and hit[0] - at <= 5:
            if at in self._negators and at not in own:
                return True
            if at not in self._fillers:
                break
            at -= 1
        return self._words[hit[1] : hit[1] + 1] == ["nihil"]

    def _before(self, name: str, at: int, within: int) -> bool:
        """Tell whether a word of ``name`` stands in the same clause, at most ``within`` words before ``at``."""
        return any(
            0 < at - start <= within + (end - start) and self._clause[start] == self._clause[at]
            for start, end in self._context.get(name, ())
        )

    def _in_sentence(self, name: str, sentence: int) -> bool:
        return any(self._sentence[start] == sentence for start, _ in self._context.get(name, ()))

    def _resolved(self, sentence: int) -> bool:
        return any(self._sentence[start] >= sentence for start, _ in self._context.get("_resolved", ()))

    def _thanked(self) -> bool:
        thanks = self._context.get("_thanks")
        if not thanks:
            return False
        requests = self._context.get("_requests", ())
        return not any(start < thanks[0][0] for start, _ in requests)

    def _unconcerned(self, cue: Cue, sentence: int) -> bool:
        about = self._context.get("_unconcerned", ())
        if not about:
            return False
        if cue.level is Level.DARURAT:
            return len(self._hits) <= 3 or self._in_sentence("_unconcerned", sentence)
        return not cue.past and self._in_sentence("_unconcerned", sentence)
