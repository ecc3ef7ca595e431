"""Which classes of danger words the words of a text belong to: phrases, endings and variant spellings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from pipeline.text.normalise import slang
from pipeline.text.stems import is_root, stems
from pipeline.text.tokens import Word
from pipeline.urgency.schema import Phrase
from pipeline.urgency.spellings import APART, Slips, apart, colloquial

_ENDINGS = ("nya", "nye", "lah", "ku", "mu", "na", "kah", "pun", "e")
_OWNERS_ENDINGS = ("ku", "mu", "nya", "nye")  # behind slang, too: "temenku"
_OWN_ENDINGS = ("nya", "nye")  # those of three letters that no root ends in: "asepnya"
# At most this many different words of a text, neither known nor roots, are tried as variant spellings; the rest are
# taken as written. The most in 10,268 real complaints was 149.
MAX_SPELT = 192
Hit = tuple[int, int]  # the words [start, end) of a text


class Lexicon:
    """Looks the words of a text up in classes.

    Parameters
    ----------
    classes
        Words and phrases by class.
    shadows
        Phrases that hide the words inside.

    Attributes
    ----------
    longest
        How many words the longest phrase has.
    """

    def __init__(self, classes: Mapping[str, Iterable[Phrase]], shadows: Iterable[Phrase] = ()) -> None:
        # Dicts instead of sets: their order is the same in every process, so that equal texts get equal answers.
        self._words: dict[str, dict[str, None]] = defaultdict(dict)
        self._phrases: dict[Phrase, dict[str, None]] = defaultdict(dict)
        self._vocabulary: set[str] = set()
        for name, entries in classes.items():
            for entry in entries:
                self._add(entry, name)
        self._shadows = frozenset(shadows)
        for shadow in self._shadows:
            self._vocabulary.update(shadow)
            if len(shadow) > 1:
                self._phrases.setdefault(shadow, {})
            else:
                self._words.pop(shadow[0], None)
        for word in self._words:
            self._take_over(word)
        self._longest_first: dict[str, dict[str, list[tuple[Phrase, tuple[str, ...]]]]] = defaultdict(dict)
        for phrase, names in sorted(self._phrases.items(), key=lambda item: -len(item[0])):
            self._longest_first[phrase[0]].setdefault(phrase[1], []).append((phrase, tuple(names)))
        self.longest = max(map(len, self._phrases), default=1)
        self._slips = Slips(self._vocabulary)
        self._slang = slang()
        self.canonical_words = lru_cache(maxsize=8_192)(self._canonical_words)

    def _canonical_words(self, normal: str) -> tuple[str, ...]:
        """Return the canonical words of what a token means; none for an ending written apart."""
        return () if normal == APART else tuple(map(self._canonical, normal.split()))

    def unread(self, words: Sequence[Word]) -> frozenset[str]:
        """Return the words of a text that are taken as written because ``MAX_SPELT`` others were tried before them."""
        different = dict.fromkeys([word.normal for word in words])
        strange = [word for word in different if word not in self._vocabulary and not is_root(word)]
        beyond = [word for word in strange[MAX_SPELT:] if " " not in word and self._as_written(word) is None]
        return frozenset(beyond) - {APART}

    def hits(self, words: list[str]) -> Iterator[tuple[str, Hit, bool]]:
        """Yield (class, words, stands alone) of every find; a word inside a longer phrase doesn't stand alone.

        Parameters
        ----------
        words
            Canonical words of one text, see ``canonical_words``.
        """
        inside = 0  # words before this position belong to a phrase that was found
        hidden = 0
        known = self._vocabulary  # most words of a complaint aren't in the lexicon
        singles, phrases = self._words, self._longest_first
        for start, word in enumerate(words):
            if word not in known:
                continue
            following = phrases[word] if word in phrases and start >= hidden and start + 1 < len(words) else {}
            if following and (second := words[start + 1]) in following:
                for phrase, names in following[second]:
                    end = start + len(phrase)
                    if tuple(words[start:end]) == phrase:
                        for name in names:
                            yield name, (start, end), True
                        inside = max(inside, end)
                        if phrase in self._shadows:
                            hidden = end
                        break
            if start >= hidden and word in singles:
                for name in singles[word]:
                    yield name, (start, start + 1), start >= inside

    def knows(self, word: str) -> bool:
        """Tell whether a canonical word stands in some class or phrase."""
        return word in self._vocabulary

    def classes_of(self, word: str) -> Iterable[str]:
        """Return the classes of a canonical word that stands alone."""
        return self._words.get(word, ())

    def classes_with(self, word: str) -> dict[str, set[str]]:
        """Return by the word after a canonical word the classes of the phrases that may begin with both."""
        following = self._longest_first.get(word, {})
        return {second: {name for _, names in found for name in names} for second, found in following.items()}

    def _add(self, entry: Phrase, name: str) -> None:
        self._vocabulary.update(entry)
        if len(entry) == 1:
            self._words[entry[0]][name] = None
            if (written := apart(entry[0])) is not None:
                self._add(written, name)
            if (once := _once_doubled(entry[0])) is not None:
                self._vocabulary.add(once)
                self._phrases[once, once][name] = None
        else:
            self._phrases[entry][name] = None

    def _take_over(self, word: str) -> None:
        """Add a colloquial word to the classes of its standard form, which it would otherwise hide: "ditemuin"."""
        if not is_root(word):
            standard = next((form for form in colloquial(word) if form in self._words), word)
            self._words[word] |= self._words[standard]

    def _canonical(self, word: str) -> str:
        """Return the word of the lexicon that a normalised word is a form of; the word itself if it is none."""
        return self._as_written(word) or self._misspelt(word) or word

    def _as_written(self, word: str) -> str | None:
        """Return the word of the lexicon that a word is, as written, apart from doubling and endings."""
        known = self._vocabulary
        base = word.partition("-")[0]
        for form in (word,) if base == word else (word, base):
            if form in known:
                return form
            for ending in _ENDINGS if form.endswith(_ENDINGS) else ():
                bare = form[: -len(ending)]
                if form.endswith(ending) and len(bare) >= 3:
                    if bare in known:
                        return bare
                    if ending in _OWNERS_ENDINGS and self._slang.get(bare) in known:
                        return self._slang[bare]
        return None

    def _misspelt(self, word: str) -> str | None:
        """Return the word of the lexicon that a word is another spelling of."""
        known = self._vocabulary
        base = word.partition("-")[0]
        bare = (base[:-3],) if base.endswith(_OWN_ENDINGS) else ()
        for form in (base, *bare):
            for standard in colloquial(form):
                if standard in known:
                    return standard
        meant = self._slips.meant(word)
        return None if meant is None or _is_known(word) else meant


def _once_doubled(word: str) -> str | None:
    """Return the doubled part of a word that is often written as two ("ari ari"); ``None`` for other words."""
    once, _, again = word.partition("-")
    return once if once == again else None


def _is_known(word: str) -> bool:
    return is_root(word) or word in _slang_meanings() or is_root(stems([word])[0])


@lru_cache(maxsize=1)
def _slang_meanings() -> frozenset[str]:
    return frozenset(word for normal in slang().values() for word in normal.split())
