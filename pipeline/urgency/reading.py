"""Reading a text for danger: its sentences, and the words that take a danger's weight away."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from pipeline.complaint import Level, Span
from pipeline.text import Token
from pipeline.text.normalise import NUMBER
from pipeline.urgency.lexicon import MAX_SPELT, Hit, Lexicon
from pipeline.urgency.meant import DENIABLE, OCCASION, meant_as, only_asks
from pipeline.urgency.schema import Cue
from pipeline.urgency.signs import DangerSign, Standing
from pipeline.urgency.spellings import APART

DENIED_WITHIN = 5  # words back to a "tidak", nothing but fillers between it and what is denied
FEARED_WITHIN = 5  # words between a fear and what is feared
SOON = 2  # words between "sekarang" and what is over
FIRST_WITHIN = 5  # between who demands it and "dulu"
NEARLY_WITHIN = 2  # between "akan", "hampir" and what hasn't happened
# A longer text is mostly a history: an event in it counts only if its sentence says that it goes on.
LONG_STORY_WORDS = 120
CONDITION_WITHIN = 8
# Classes that set a scene; they are no danger by themselves, so that denying them denies nothing.
SCENE = frozenset(
    {
        "ORANG",
        "ANAK",
        "RUMAH",
        "JALAN",
        "SEKARANG",
        "KENDARAAN",
        "TUBUH",
        "BANGUNAN",
        "AIR_MINUM",
        "IGD",
        "TERIAK",
        "LENYAP",
    }
)
_SENTENCE_ENDS = frozenset(".!?;\n\r")
_CLAUSE_ENDS = frozenset(",:()")
# Whose a thing is ("dompet saya jatuh ke kali"), unless it carries him ("naik motor saya jatuh ke kali").
_OWNED = "MILIK"
_OWNERS = frozenset({"saya", "kami", "kita", "aku"})
_CARRIES = frozenset({"naik", "menaiki", "bawa", "pakai"})
_AGED = frozenset({"umur", "berumur", "usia", "berusia", "hamil", "kandungan"})
_AGES = frozenset({"tahun", "bulan", "minggu", "hari"})
_PAST = frozenset({"_past", "_once"})
_OVER, _OVER_UNHURT = ("_resolved",), ("_resolved", "_unhurt")
_EARLIER = frozenset({"dulu", "dahulu"})
_OBLIGES = frozenset({"suruh", "disuruh", "harus", "mesti", "wajib", "minta", "diminta", "tunggu", "menunggu"})
_NOW, _AGAIN, _AMID = "SEKARANG", "lagi", "tengah"
_WHERE = frozenset({"di", "ke", "dari"})
_DENIALS = frozenset({"tidak", "belum", "_negators"})
_NOTHING: frozenset[str] = frozenset()
_NO_CLAUSE: frozenset[int] = frozenset()
_YET = frozenset({"tapi", "tetapi", "namun"})
_BUT = _YET | {"sedangkan", "padahal"}


class Reading:
    """The words of one text with sentences, clauses, and the words that take weight away.

    Finds stand in the order of the text, so that those near a word are found by bisection: looking through all of them
    for each danger would take the square of a text's length.
    """

    def __init__(self, text: str, tokens: Sequence[Token], lexicon: Lexicon) -> None:
        self._tokens = tokens
        self._lexicon = lexicon
        self._words: list[str] = []
        self._word_by_token = True
        unread = lexicon.unread([word for _, _, word in tokens]) if len(tokens) > MAX_SPELT else _NOTHING
        self._unread = unread
        # Words with which a sentence or a clause begins, but for the first: nearly all questions are about a few words.
        self._sentences: list[int] = []
        clauses: list[int] = []
        end = 0
        for start, stop, word in tokens:
            if start != end + 1 or text[end] != " ":
                between = text[end:start]
                if end and not _SENTENCE_ENDS.isdisjoint(between):
                    self._sentences.append(len(self._words))
                    clauses.append(len(self._words))
                elif not _CLAUSE_ENDS.isdisjoint(between):
                    clauses.append(len(self._words))
            end = stop
            self._words += (word.normal,) if word.normal in unread else lexicon.canonical_words(word.normal)
            if " " in word.normal or word.normal == APART:
                self._word_by_token = False
        clauses += [at for at, word in enumerate(self._words) if word in _BUT]
        self._clauses = sorted(clauses)
        self._hits: list[dict[str, list[Hit]]] = [{} for _ in range(len(self._sentences) + 1)]
        self._context: dict[str, list[Hit]] = {}
        self._negators: set[int] = set()
        self._fillers: set[int] = set()
        for name, hit, alone in lexicon.hits(self._words):
            if name in _DENIALS and self._words[hit[0]] in _DENIALS and self._only_asks(hit[0]):
                continue
            if not name.startswith("_"):
                self._hits[self._sentence(hit[0])].setdefault(name, []).append(hit)
            elif name in {"_negators", "_fillers"}:
                (self._negators if name == "_negators" else self._fillers).add(hit[0])
            elif alone:
                meant = meant_as(name, hit[0], self._words, self._negators) if name in DENIABLE else name
                if meant:
                    self._context.setdefault(meant, []).append(hit)
        self._ongoing = self._clauses_going_on() if "_ongoing" in self._context else _NO_CLAUSE
        for sentence_hits in self._hits:
            self._settle(sentence_hits)
        self._settle_past()

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
        return DangerSign(cue, standing, level, Span(self._token(start).start, self._token(end - 1).end))

    def _clauses_going_on(self) -> frozenset[int]:
        """Return the clauses that tell of what goes on; "sekarang sudah sehat": what goes on is that it is over."""
        over = [start for start, _ in self._context.get("_resolved", ())]
        return frozenset(
            self._clause(start)
            for start, end in self._context["_ongoing"]
            if bisect_left(over, end) == bisect_right(over, end + SOON)
        )

    def _settle(self, hits: dict[str, list[Hit]]) -> None:
        """Take out of a sentence's hits what isn't meant, and note its people."""
        if _OWNED in hits and "ORANG" in hits:
            hits["ORANG"] = self._without_owners(hits[_OWNED], hits["ORANG"])
        if _NOW in hits:
            hits[_NOW] = [hit for hit in hits[_NOW] if not self._not_now(hit)]
        if "ORANG" in hits:
            self._fillers.update(start for start, _ in hits["ORANG"])

    def _settle_past(self) -> None:
        """Take out of what tells of the past what doesn't: ages, and what has to be done first."""
        for name in _PAST:
            if name in self._context:
                self._context[name] = [hit for hit in self._context[name] if not self._comes_first(hit)]
        if "_past" in self._context:
            self._context["_past"] = self._without_ages(self._context["_past"])

    def _without_owners(self, things: list[Hit], people: list[Hit]) -> list[Hit]:
        """Return the people without those who only own a thing: "saya", "anak saya" in "sepeda anak saya"."""
        starts = {start for start, _ in people}
        owners: set[int] = set()
        for start, end in things:
            last = end + (end in starts and self._words[end] not in _OWNERS)
            if (
                self._words[last : last + 1]
                and self._words[last] in _OWNERS
                and self._clause(last) == self._clause(start)
                and (start == 0 or self._words[start - 1] not in _CARRIES)
            ):
                owners.update(range(end, last + 1))
        return [hit for hit in people if hit[0] not in owners]

    def _not_now(self, hit: Hit) -> bool:
        """Tell whether it isn't now: "lagi" behind what happened means "again", and "di tengah" says where."""
        start, end = hit
        if self._words[start] == _AMID:
            return start > 0 and self._words[start - 1] in _WHERE
        return self._words[start] == _AGAIN and (end == len(self._words) or self._clause(end) != self._clause(start))

    def _without_ages(self, past: list[Hit]) -> list[Hit]:
        """Return what tells of the past without people's ages: "bocah 3 tahun hanyut", "hamil 8 bulan"."""
        ends = {end for hits in self._hits for _, end in hits.get("ORANG", ())}
        ends.update(at + 1 for at, word in enumerate(self._words) if word in _AGED)
        return [
            (start, end)
            for start, end in past
            if start not in ends or self._words[start] != NUMBER or self._words[start + 1] not in _AGES
        ]

    def _comes_first(self, hit: Hit) -> bool:
        """Tell whether "dulu" says what has to be done before help comes: "suruh bpjs aktif dulu"."""
        start, _ = hit
        return self._words[start] in _EARLIER and any(
            self._words[at] in _OBLIGES and self._clause(at) == self._clause(start)
            for at in range(max(0, start - FIRST_WITHIN), start)
        )

    def _only_asks(self, at: int) -> bool:
        number = self._sentence(at)
        end = self._sentences[number] if number < len(self._sentences) else len(self._words)
        return only_asks(self._words, at, end)

    def _sentence(self, at: int) -> int:
        """Return the number of the sentence that a word stands in."""
        return bisect_right(self._sentences, at)

    def _clause(self, at: int) -> int:
        """Return a number that words of the same clause share."""
        return bisect_right(self._clauses, at)

    def _token(self, at: int) -> Token:
        """Return the token that stands for a word; an abbreviation stands for several, an ending apart for none."""
        if self._word_by_token:
            return self._tokens[at]
        return self._tokens[bisect_right(self._ends, at)]

    @cached_property
    def _yet(self) -> list[int]:
        """Where what follows is set against what was before."""
        return [at for at, word in enumerate(self._words) if word in _YET]

    @cached_property
    def _ends(self) -> list[int]:
        """Where the words of each token end."""
        normals = [token.normal for token in self._tokens]
        words, unread = self._lexicon.canonical_words, self._unread
        return list(accumulate(1 if normal in unread else len(words(normal)) for normal in normals))

    def _standing(self, cue: Cue, start: int, own: set[int], dangers: list[Hit]) -> Standing:
        if any(self._denied(hit, own) for hit in dangers):
            return Standing.DENIED
        sentence = self._sentence(start)
        here = not self._ongoing.isdisjoint(map(self._clause, own))
        if not cue.threat and any(self._before("_similes", hit[0], NEARLY_WITHIN) for hit in dangers):
            return Standing.UNCONCERNED
        if not cue.past and any(self._before("_once", hit[0], NEARLY_WITHIN) for hit in dangers):
            return Standing.OVER
        if not here:
            if self._resolved(cue, start, sentence):
                return Standing.OVER
            if not cue.past and self._in_sentence("_past", sentence):
                return Standing.OVER
            if self._thanked(start):
                return Standing.OVER
            if self._unconcerned(cue, dangers, sentence):
                return Standing.UNCONCERNED
        if cue.level is not Level.DARURAT:
            return Standing.REAL
        if not here and len(self._words) > LONG_STORY_WORDS:
            return Standing.OVER
        if (
            not here
            and "_conditional" in self._context
            and (
                self._before("_conditional", start, CONDITION_WITHIN)
                or any(self._before("_conditional", hit[0], NEARLY_WITHIN) for hit in dangers)
            )
        ):
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
        while at >= 0 and self._clause(at) == self._clause(hit[0]) and hit[0] - at <= DENIED_WITHIN:
            if at in self._negators and at not in own:
                return True
            if at not in self._fillers:
                break
            at -= 1
        if "_spared" in self._context and self._before("_spared", hit[0], FEARED_WITHIN):
            return True
        return self._words[hit[1] : hit[1] + 1] == ["nihil"]

    def _before(self, name: str, at: int, within: int) -> bool:
        """Tell whether a word of ``name`` stands in the same clause, at most ``within`` words before ``at``."""
        there = self._context.get(name, ())
        near = there[bisect_left(there, (at - within - self._lexicon.longest,)) : bisect_left(there, (at,))]
        return any(at - end <= within and self._clause(start) == self._clause(at) for start, end in near)

    def _in_sentence(self, name: str, sentence: int) -> bool:
        there = self._context.get(name, ())
        at = bisect_left(there, sentence, key=lambda hit: self._sentence(hit[0]))
        return at < len(there) and self._sentence(there[at][0]) == sentence

    def _resolved(self, cue: Cue, start: int, sentence: int) -> bool:
        """Tell whether the text says, here or later, that what it names at ``start`` is over."""
        names = _OVER if cue.stays or cue.past else _OVER_UNHURT
        said = [self._context[name][-1][0] for name in names if name in self._context]
        return bool(said) and self._sentence(max(said)) >= sentence and not self._set_against(max(said), start)

    def _set_against(self, earlier: int, start: int) -> bool:
        """Tell whether a "tapi" stands between something earlier and the danger at ``start``."""
        return bisect_left(self._yet, earlier) < bisect_left(self._yet, start)

    def _thanked(self, start: int) -> bool:
        """Tell whether the text gives thanks for what it names at ``start``, not for something else: "… tapi …"."""
        thanks = self._context.get("_thanks")
        if not thanks:
            return False
        first = thanks[0][0]
        requests = self._context.get("_requests")
        if requests and requests[0][0] < first:
            return False
        return not self._set_against(first, start)

    def _unconcerned(self, cue: Cue, dangers: list[Hit], sentence: int) -> bool:
        """Tell whether the text is about something else than that these dangers are there."""
        about = ["_unconcerned"] if "_unconcerned" in self._context else []
        if OCCASION in self._context and self._context[OCCASION][0] < min(dangers):
            about.append(OCCASION)
        if not about or (cue.level is Level.DARURAT and len(self._hits) <= 3):
            return bool(about)
        if cue.level is not Level.DARURAT and cue.past:
            return False
        return any(self._in_sentence(name, sentence) for name in about)
