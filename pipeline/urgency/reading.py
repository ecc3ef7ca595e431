"""Reading a text for danger: its sentences and clauses, and the words that may cancel a danger."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from pipeline.complaint import Span
from pipeline.text import Token
from pipeline.text.normalise import NUMBER
from pipeline.urgency.lexicon import MAX_SPELT, Hit, Lexicon
from pipeline.urgency.meant import DENIABLE, meant_as, only_asks
from pipeline.urgency.spellings import APART

SOON = 2  # words between "sekarang" and what is over
FIRST_WITHIN = 5  # between who demands it and "dulu"
HAPPENED_WITHIN = 7  # between "kalau" and what it says has just happened
_SENTENCE_ENDS = frozenset(".!?;\n\r")
_CLAUSE_ENDS = frozenset(",:()")
# The owner of a thing ("dompet saya jatuh ke kali"), unless it carries them ("naik motor saya jatuh ke kali").
_OWNED = "MILIK"
_OWNERS = frozenset({"saya", "kami", "kita", "aku"})
_CARRIES = frozenset({"naik", "menaiki", "bawa", "pakai"})
_AGED = frozenset({"umur", "berumur", "usia", "berusia", "hamil", "kandungan", "melahirkan"})
_AGES = frozenset({"tahun", "bulan", "minggu", "hari"})
_PAST = frozenset({"_past", "_once"})
_EARLIER = frozenset({"dulu", "dahulu"})
_JUST = frozenset({"habis", "tadi", "barusan", "semalam"})
_OBLIGES = frozenset({"suruh", "disuruh", "harus", "mesti", "wajib", "minta", "diminta", "tunggu", "menunggu"})
_NOW, _AGAIN, _AMID = "SEKARANG", "lagi", "tengah"
_WHERE = frozenset({"di", "ke", "dari"})
_DENIALS = frozenset({"tidak", "belum", "_negators"})
_NOTHING: frozenset[str] = frozenset()
_NO_CLAUSE: frozenset[int] = frozenset()
_YET = frozenset({"tapi", "tetapi", "namun"})
_BUT = _YET | {"sedangkan", "padahal"}


class Reading:
    """The words of one text with its sentences and clauses, the words of dangers, and those that cancel them.

    Attributes
    ----------
    words
        The canonical words.
    sentence_count
        How many sentences there are.
    context
        The positions of each context class's words that are meant so, in order.
    negators, fillers
        Which words deny, and which may stand between a denial and what is denied.
    ongoing
        The clauses about something still going on.

    Notes
    -----
    Finds stand in the order of the text, so that those near a word are found by bisection: looking through all of them
    for each danger would take the square of a text's length.
    """

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self.words: list[str] = []
        self._word_by_token = True
        unread = lexicon.unread([word for _, _, word in tokens]) if len(tokens) > MAX_SPELT else _NOTHING
        self._unread = unread
        # Start of each sentence and clause after the first: the one that contains a word is found by bisection.
        self._sentences: list[int] = []
        clauses: list[int] = []
        end = 0
        for start, stop, word in tokens:
            if start != end + 1 or text[end] != " ":
                between = text[end:start]
                if end and not _SENTENCE_ENDS.isdisjoint(between):
                    self._sentences.append(len(self.words))
                    clauses.append(len(self.words))
                elif not _CLAUSE_ENDS.isdisjoint(between):
                    clauses.append(len(self.words))
            end = stop
            self.words += (word.normal,) if word.normal in unread else lexicon.canonical_words(word.normal)
            if " " in word.normal or word.normal == APART:
                self._word_by_token = False
        clauses += [at for at, word in enumerate(self.words) if word in _BUT]
        self._clauses = sorted(clauses)
        self._hits: list[dict[str, list[Hit]]] = [{} for _ in range(len(self._sentences) + 1)]
        self.sentence_count = len(self._hits)
        self.context: dict[str, list[Hit]] = {}
        self.negators: set[int] = set()
        self.fillers: set[int] = set()
        self._sort_hits()
        self.ongoing = self._clauses_going_on() if "_ongoing" in self.context else _NO_CLAUSE
        for sentence_hits in self._hits:
            self._settle(sentence_hits)
        self._settle_past()
        if "_conditional" in self.context:
            self.context["_conditional"] = [hit for hit in self.context["_conditional"] if not self._has_happened(hit)]

    def sentences(self) -> Iterator[dict[str, list[Hit]]]:
        """Yield the hits of each sentence that has any."""
        yield from (hits for hits in self._hits if hits)

    def sentence(self, at: int) -> int:
        """Return the number of the sentence that a word stands in."""
        return bisect_right(self._sentences, at)

    def clause(self, at: int) -> int:
        """Return a number that words of the same clause share."""
        return bisect_right(self._clauses, at)

    def before(self, name: str, at: int, within: int) -> bool:
        """Tell whether a word of ``name`` stands in the same clause, at most ``within`` words before ``at``."""
        there = self.context.get(name, ())
        near = there[bisect_left(there, (at - within - self._lexicon.longest,)) : bisect_left(there, (at,))]
        return any(at - end <= within and self.clause(start) == self.clause(at) for start, end in near)

    def in_sentence(self, name: str, sentence: int) -> bool:
        """Tell whether a word of ``name`` stands in the sentence with this number."""
        there = self.context.get(name, ())
        at = bisect_left(there, sentence, key=lambda hit: self.sentence(hit[0]))
        return at < len(there) and self.sentence(there[at][0]) == sentence

    def set_against(self, earlier: int, start: int) -> bool:
        """Tell whether there is a "tapi" between something earlier and what begins at ``start``."""
        return bisect_left(self._yet, earlier) < bisect_left(self._yet, start)

    def span(self, start: int, end: int) -> Span:
        """Return where the words from ``start`` up to ``end`` stand in the text."""
        return Span(self._token(start).start, self._token(end - 1).end)

    def _sort_hits(self) -> None:
        """Keep the words of dangers by sentence, and apart from them those of the context that are meant so."""
        for name, hit, alone in self._lexicon.hits(self.words):
            if name in _DENIALS and self.words[hit[0]] in _DENIALS and self._only_asks(hit[0]):
                continue
            if not name.startswith("_"):
                self._hits[self.sentence(hit[0])].setdefault(name, []).append(hit)
            elif name in {"_negators", "_fillers"}:
                (self.negators if name == "_negators" else self.fillers).add(hit[0])
            # Also the "masih" of "masih di dalam", which names a danger.
            elif alone or (name == "_ongoing" and not _WHERE.isdisjoint(self.words[hit[1] : hit[1] + 1])):
                meant = meant_as(name, hit[0], self.words, self.negators) if name in DENIABLE else name
                if meant:
                    self.context.setdefault(meant, []).append(hit)

    def _clauses_going_on(self) -> frozenset[int]:
        """Return the clauses about something still going on; "sekarang sudah sehat" says that it is over."""
        over = [start for start, _ in self.context.get("_resolved", ())]
        return frozenset(
            self.clause(start)
            for start, end in self.context["_ongoing"]
            if bisect_left(over, end) == bisect_right(over, end + SOON)
        )

    def _settle(self, hits: dict[str, list[Hit]]) -> None:
        """Remove hits that aren't meant from a sentence, and note its people."""
        if _OWNED in hits and "ORANG" in hits:
            hits["ORANG"] = self._without_owners(hits[_OWNED], hits["ORANG"])
        if _NOW in hits:
            hits[_NOW] = [hit for hit in hits[_NOW] if not self._not_now(hit)]
        if "ORANG" in hits:
            self.fillers.update(start for start, _ in hits["ORANG"])

    def _settle_past(self) -> None:
        """Remove from the words of the past those that aren't: ages, and what has to be done first."""
        for name in _PAST:
            if name in self.context:
                self.context[name] = [hit for hit in self.context[name] if not self._comes_first(hit)]
        if "_past" in self.context:
            self.context["_past"] = self._without_ages(self.context["_past"])

    def _without_owners(self, things: list[Hit], people: list[Hit]) -> list[Hit]:
        """Return the people except mere owners of a thing: "saya", "anak saya" in "sepeda anak saya"."""
        starts = {start for start, _ in people}
        owners: set[int] = set()
        for start, end in things:
            last = end + (end in starts and self.words[end] not in _OWNERS)
            if (
                self.words[last : last + 1]
                and self.words[last] in _OWNERS
                and self.clause(last) == self.clause(start)
                and (start == 0 or self.words[start - 1] not in _CARRIES)
            ):
                owners.update(range(end, last + 1))
        return [hit for hit in people if hit[0] not in owners]

    def _not_now(self, hit: Hit) -> bool:
        """Tell whether the word does not mean now: "lagi" after an event means "again", and "di tengah" says where."""
        start, end = hit
        if self.words[start] == _AMID:
            return start > 0 and self.words[start - 1] in _WHERE
        return self.words[start] == _AGAIN and (end == len(self.words) or self.clause(end) != self.clause(start))

    def _without_ages(self, past: list[Hit]) -> list[Hit]:
        """Return the words of the past without people's ages: "bocah 3 tahun hanyut", "hamil 8 bulan"."""
        ends = {end for hits in self._hits for _, end in hits.get("ORANG", ())}
        ends.update(at + 1 for at, word in enumerate(self.words) if word in _AGED)
        return [
            (start, end)
            for start, end in past
            if start not in ends or self.words[start] != NUMBER or self.words[start + 1] not in _AGES
        ]

    def _comes_first(self, hit: Hit) -> bool:
        """Tell whether "dulu" says what has to be done before help comes: "suruh bpjs aktif dulu"."""
        start, _ = hit
        return self.words[start] in _EARLIER and any(
            self.words[at] in _OBLIGES and self.clause(at) == self.clause(start)
            for at in range(max(0, start - FIRST_WITHIN), start)
        )

    def _has_happened(self, hit: Hit) -> bool:
        """Tell whether a "kalau" only asks politely about what has just happened: "kalau istri saya habis jatuh"."""
        _, end = hit
        told = self.words[end : end + HAPPENED_WITHIN]
        own = next((at for at, word in enumerate(told) if word in _OWNERS), None)
        return own is not None and any(
            word in _JUST and self.clause(end + at) == self.clause(hit[0]) for at, word in enumerate(told) if at > own
        )

    def _only_asks(self, at: int) -> bool:
        number = self.sentence(at)
        end = self._sentences[number] if number < len(self._sentences) else len(self.words)
        return only_asks(self.words, at, end)

    @cached_property
    def _yet(self) -> list[int]:
        """Positions where what follows is contrasted with what was before."""
        return [at for at, word in enumerate(self.words) if word in _YET]

    @cached_property
    def _ends(self) -> list[int]:
        """Positions where the words of each token end."""
        normals = [token.normal for token in self._tokens]
        words, unread = self._lexicon.canonical_words, self._unread
        return list(accumulate(1 if normal in unread else len(words(normal)) for normal in normals))

    def _token(self, at: int) -> Token:
        """Return the token of a word; an abbreviation has several words, a detached ending none."""
        if self._word_by_token:
            return self._tokens[at]
        return self._tokens[bisect_right(self._ends, at)]
