"""Words for dangers are recognised in variant spellings: colloquial, split in two, without vowels, with typos."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import tokenise
from pipeline.text.normalise import normalise_word
from pipeline.text.tokens import read_words
from pipeline.urgency import danger_finder, load_cues
from pipeline.urgency.lexicon import MAX_SPELT, Lexicon, _is_known
from pipeline.urgency.schema import Context, pattern_names
from pipeline.urgency.spellings import _one_step, apart, colloquial
from tests.pipeline.urgency.asked import is_emergency, signs

_KNOWN = "terlindas terjepit menusuk menculik disengat hanyut lemas dalam kebakaran kecelakaan rumah kaki".split()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kelindes", "terlindas"),
        ("kajepit", "terjepit"),
        ("kesengat", "disengat"),
        ("nusuk", "menusuk"),
        ("nyulik", "menculik"),
        ("disengatin", "disengat"),
        ("dalem", "dalam"),
        ("lemes", "lemas"),
        ("kakinye", "kaki"),
        ("dalemnya", "dalam"),
        ("hanyutt", "hanyut"),
        ("kebakran", "kebakaran"),
        ("kebaakran", "kebakaran"),
        ("kebamaran", "kebakaran"),
        ("kebmararan", "kebmararan"),
        ("kbkrn", "kebakaran"),
        ("kclkaan", "kecelakaan"),
        ("kebakrn", "kebakaran"),
        ("kibakrn", "kibakrn"),  # a vowel that the word doesn't have
        ("kanak-kanak", "kanak-kanak"),
        ("nya", ""),
    ],
)
def test_a_word_is_the_one_that_it_is_a_form_of(typed: str, meant: str) -> None:
    lexicon = Lexicon({"X": [(word,) for word in _KNOWN]})
    assert " ".join(lexicon.canonical_words(typed)) == meant


@given(st.text(alphabet="kaemninbgyt-", min_size=1, max_size=9))
def test_no_word_that_a_rule_fits_is_passed_over(word: str) -> None:
    assert next(colloquial(word), None) == next(_one_step(word), None)


_LONG = [word for word in _KNOWN if len(word) >= 8]


@given(st.data(), st.sampled_from(_LONG))
def test_a_word_that_lacks_some_of_its_vowels_is_known_but_for_other_words_and_short_rests(
    data: st.DataObject, word: str
) -> None:
    lexicon = Lexicon({"X": [(known,) for known in _LONG]})
    kept = "".join(letter for letter in word if letter not in "aeiou" or data.draw(st.booleans()))
    if _is_known(kept) or (len(kept) < 6 and set(kept) & set("aeiou")):
        return
    assert lexicon.canonical_words(kept) == (word,)


def test_of_two_words_with_the_same_consonants_none_is_meant() -> None:
    assert Lexicon({"X": [("pingsan",)]}).canonical_words("pngsn") == ("pingsan",)
    assert Lexicon({"X": [("pingsan",), ("pangsan",)]}).canonical_words("pngsn") == ("pngsn",)


@pytest.mark.parametrize(
    ("word", "written"), [("dibacok", ("di", "bacok")), ("seleher", ("se", "leher")), ("api", None)]
)
def test_a_prefix_is_often_written_apart(word: str, written: tuple[str, ...] | None) -> None:
    assert apart(word) == written


def test_a_doubled_word_is_often_written_apart() -> None:
    lexicon = Lexicon({"X": [("megap-megap",)]})
    assert [hit for _, hit, _ in lexicon.hits("dia megap megap".split())] == [(1, 3)]
    assert lexicon.canonical_words("megap-megapnya") == ("megap-megap",)


@pytest.mark.parametrize(
    "text",
    [
        "temen saya di bacok orang",
        "bapak ke tabrak truk, darah dimana mana",
        "banjir udah se leher",
        "api nya udah gede nyamber rumah",
        "kbkrn di pasar tolong",
        "rumh kebakrn tolong cpat",
        "bnyk korbn kclakaan d jln bus tergulng",
        "kaki nya kelindes truk",
        "ada nyang kebacok bang di gang sono",
        "bayi baru lahir ditemuin di semak",
        "tangannya keiris mesin, jarinya kegiles",
    ],
)
def test_dangers_are_found_however_they_are_spelt(text: str) -> None:
    assert is_emergency(text)


def test_a_colloquial_word_of_its_own_is_in_the_classes_of_its_standard_form_too() -> None:
    lexicon = Lexicon({"X": [("ditemuin",)], "Y": [("ditemukan",)], "Z": [("kenek",)], "W": [("ternak",)]})
    assert set(lexicon.classes_of("ditemuin")) == {"X", "Y"}
    assert set(lexicon.classes_of("ditemukan")) == {"Y"}
    assert set(lexicon.classes_of("kenek")) == {"Z"}, "a root isn't a form of another word"


def test_every_word_of_the_catalogue_can_be_met() -> None:
    # Unreachable: spellings that slang normalisation turns into other words, and words whose -nya is stripped.
    catalogue = load_cues()
    names = {name for cue in catalogue.cues for pattern in cue.any for name in pattern_names(pattern)}
    dangers = {word for name in names if not name.isupper() for word in name.split("_")}
    dangers.update(word for entries in catalogue.classes.values() for phrase in entries for word in phrase)
    context = {word for name in Context.model_fields for phrase in getattr(catalogue.context, name) for word in phrase}
    hidden = {word for phrase in catalogue.shadows for word in phrase}
    words = {word for word in dangers | context | hidden if word.isalpha()}
    assert {word for word in words if normalise_word(word) != word} == set()
    assert {word for word in dangers - context if word.removesuffix("nya") in words - {word}} == set()


def test_reasons_quote_the_right_words_beside_an_ending_apart_and_an_abbreviation() -> None:
    text = "bau nya dari rs, rumah nya kebakaran"
    assert [text[sign.span.start : sign.span.end] for sign in signs(text)] == ["kebakaran"]


def test_of_words_invented_without_end_only_so_many_are_held_against_other_spellings() -> None:
    invented = [f"x{chr(97 + i % 26)}{chr(97 + i // 26)}q" for i in range(MAX_SPELT)]
    finder = danger_finder()

    def names_a_fire(words: list[str], fire: str) -> bool:
        text = f"{' '.join(words)} tolong ada {fire} rumah warga sekarang nya"
        return finder.may_find(read_words(text)) and bool(finder.find(text, tokenise(text)))

    assert names_a_fire(invented[1:], "kebakran")
    assert not names_a_fire(invented, "kebakran")
    assert names_a_fire(invented, "kebakaran"), "a correctly spelt word is always known"
    assert names_a_fire(invented, "kebakarannya")
    assert names_a_fire(invented[:1] * 2 * MAX_SPELT, "kebakran"), "the same word again isn't another word"
