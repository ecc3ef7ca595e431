from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

from pipeline.text.sastrawi import TableStemmer

ROOTS = StemmerFactory().get_words()
TABLE = TableStemmer(ROOTS)
SASTRAWI = Stemmer(ArrayDictionary(ROOTS))
PREFIXES = ["", "ber", "be", "ter", "te", "me", "mem", "memper", "men", "meng", "menge", "meny", "pe", "pem", "pen",
            "peng", "peny", "per", "di", "diper", "ke", "keber", "se", "ku", "kau", "tele", "kem"]  # fmt: skip
SUFFIXES = ["", "kan", "an", "i", "nya", "ku", "mu", "lah", "kah", "pun", "kannya", "annya", "-nya"]


@settings(max_examples=400)
@given(
    st.sampled_from(PREFIXES),
    st.sampled_from(ROOTS) | st.text(alphabet="abcdefghijklmnoprstuwy-", max_size=12),
    st.sampled_from(SUFFIXES),
)
@example("", "gerigi", "")
@example("", "ku", "kan")
@example("per", "u", "kan")
@example("", "sinambung", "")
@example("menge", "bom", "")
@example("", "kecut", "pun")
def test_the_table_gives_the_stems_of_sastrawi(prefix: str, root: str, suffix: str) -> None:
    word = f"{prefix}{root}{suffix}"
    for form in (word, f"{word}-{word}"):
        assert TABLE.stem(form) == SASTRAWI.stem(form)


def test_short_words_and_those_that_lose_their_prefix_first_are_stemmed_as_by_sastrawi() -> None:
    letters = "aeiukmns"
    short = [f"{a}{b}" for a in ("di", "ke", "se", "be", "ku", *letters) for b in letters]
    short += [f"{a}{b}" for a in letters for b in ("i", "is", "an", "ku", "mu", "nya", "lah", "kan")]
    short += ["esi", "mii", "mui", "omi"]  # their last letter would be a suffix in a longer word
    frames = (("be", "lah"), ("ber", "an"), ("me", "i"), ("mem", "i"), ("di", "i"), ("pe", "i"), ("ter", "i"))
    first = [f"{prefix}{root}{suffix}" for root in ROOTS[::250] for prefix, suffix in frames]
    for word in [*short, *first]:
        assert TABLE.stem(word) == SASTRAWI.stem(word), word
