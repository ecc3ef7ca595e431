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
def test_the_table_gives_the_stems_of_sastrawi(prefix: str, root: str, suffix: str) -> None:
    word = f"{prefix}{root}{suffix}"
    for form in (word, f"{word}-{word}"):
        assert TABLE.stem(form) == SASTRAWI.stem(form)
