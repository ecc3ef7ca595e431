from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Complaint
from pipeline.model import ComplaintFeatures, analyse, recent_rows
from pipeline.model import compiled as compiled_module
from pipeline.model.analysis import GROUP_LETTERS, LETTERS, MAX_FORMS, UNREAD, Analysis, letter_groups, padded
from pipeline.model.compiled import CompiledScores
from pipeline.model.complaint_model import linear_weights
from pipeline.model.dangers import dangers_of
from pipeline.model.feature_table import FeatureTable

WORDS = [
    "lampu",
    "Lampu",
    "jalan,",
    "mati",
    "rusak!!",
    "memperbaiki",
    "tks",
    "jln2",
    "İstanbul",
    "🔥",
    "0812 3456 7890",
    "mati",
]
TRAINING = [
    Complaint("lampu jalan mati, tks min", address="Desa Sukadami"),
    Complaint("jalan rusak parah jalan rusak", address="Kec. Setu"),
    Complaint("mohon memperbaiki lampu jalan yang mati", address="Desa Sukadami Kec. Cikarang Selatan"),
    Complaint("lampu mati lagi, hubungi 081234567890"),
]
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=12), min_size=1, max_size=40).map(" ".join)
addresses = st.sampled_from(["", "Desa Sukadami", "Kec. Setu RT 02", "entah"])


@pytest.fixture(scope="module")
def features() -> ComplaintFeatures:
    return ComplaintFeatures(min_df=1).fit(TRAINING)


@pytest.fixture(scope="module")
def coef(features: ComplaintFeatures) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(5, features.n_features_)).astype(np.float32)


@pytest.fixture(scope="module")
def compiled(features: ComplaintFeatures, coef: np.ndarray) -> CompiledScores:
    return CompiledScores(linear_weights(features, coef))


@given(st.lists(st.tuples(texts, addresses), min_size=1, max_size=12))
def test_compiled_scores_are_those_of_the_features(
    features: ComplaintFeatures, coef: np.ndarray, compiled: CompiledScores, drawn: list[tuple[str, str]]
) -> None:
    documents = [Analysis(text, address) for text, address in drawn]
    assert compiled.scores(documents) == pytest.approx(features.transform(documents) @ coef.T, abs=1e-5, rel=1e-5)


@given(texts, addresses)
def test_the_parts_add_up_to_the_score(compiled: CompiledScores, text: str, address: str) -> None:
    document = Analysis(text, address)
    parts = compiled.token_scores(document).sum(axis=0)
    if address:
        parts = parts + compiled.address_scores(document)
    assert parts == pytest.approx(compiled.scores([document])[0], abs=1e-5)


@given(st.text(alphabet="abi ", max_size=12), st.sets(st.text(alphabet="abi ", min_size=2, max_size=5)))
def test_groups_found_together_are_those_found_one_by_one(word: str, groups: set[str]) -> None:
    table = FeatureTable.of({f"{LETTERS}{group}": column for column, group in enumerate(groups)})
    one_by_one = table.numbers_of(f"{LETTERS}{group}" for group in letter_groups(word))
    assert table.numbers_within(LETTERS, padded(word), GROUP_LETTERS[1]) == one_by_one


def test_words_met_together_have_the_rows_of_words_met_one_by_one(
    features: ComplaintFeatures, coef: np.ndarray
) -> None:
    weights = linear_weights(features, coef)
    text = "lampu lampuu xyzzy jalanan jlan memperbaikinya matii qq rusakk tks"
    together, alone = CompiledScores(weights), CompiledScores(weights)
    for word in text.split():
        alone.scores([analyse(word)])
    assert (together.token_scores(analyse(text)) == alone.token_scores(analyse(text))).all()


def test_past_the_limit_of_stemming_the_scores_are_still_equal(
    features: ComplaintFeatures, coef: np.ndarray, compiled: CompiledScores
) -> None:
    invented = " ".join(f"memper{chr(97 + i % 26)}{chr(97 + i // 26)}dakan" for i in range(200))
    document = analyse(f"{invented} memperbaiki lampu")
    assert compiled.scores([document]) == pytest.approx(features.transform([document]) @ coef.T, abs=1e-5, rel=1e-5)


def test_of_words_invented_without_end_only_so_many_are_looked_into(
    features: ComplaintFeatures, coef: np.ndarray
) -> None:
    compiled = CompiledScores(linear_weights(features, coef))
    invented = " ".join(f"x{chr(97 + i % 26)}{chr(97 + i // 26)}q" for i in range(2 * MAX_FORMS))
    document = analyse(f"{invented} lampu jalan mati, tolong ada kebakaran rumah")
    scores = compiled.scores([document])
    assert len(compiled._words) <= MAX_FORMS + 10
    assert scores == pytest.approx(features.transform([document]) @ coef.T, abs=1e-5, rel=1e-5)
    assert compiled.token_scores(document).sum(axis=0) == pytest.approx(scores[0], abs=1e-5)
    assert [form[1] for form in document.forms()[-8:-4]] == [UNREAD[1], "lampu", "jalan", "mati"]
    assert dangers_of(document)  # dangers are searched in the whole text


def test_a_text_too_long_for_one_product_has_the_same_scores(
    features: ComplaintFeatures, coef: np.ndarray, compiled: CompiledScores
) -> None:
    document = analyse("lampu jalan mati, jalan rusak parah " * 400)
    assert len(document.words) * len(coef) > compiled_module._FOR_ONE_THREAD
    assert compiled.scores([document]) == pytest.approx(features.transform([document]) @ coef.T, abs=1e-5, rel=1e-5)


def test_forgetting_words_changes_no_score(
    features: ComplaintFeatures, coef: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (compiled_module, recent_rows):
        monkeypatch.setattr(module, "MAX_WORDS", 10)
    small = CompiledScores(linear_weights(features, coef))
    documents = [analyse(f"lampu kata{chr(97 + i)} jalan mati rusak{chr(97 + i)}") for i in range(26)]
    for _ in range(2):
        assert small.scores(documents) == pytest.approx(features.transform(documents) @ coef.T, abs=1e-5)
    assert len(small._words) + len(small._older) < 80  # of 104 words


def test_words_of_texts_that_are_only_explained_are_forgotten_too(
    features: ComplaintFeatures, coef: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_rows, "MAX_WORDS", 10)
    small = CompiledScores(linear_weights(features, coef))
    for number in range(100):
        document = analyse(f"lampu kata{chr(97 + number % 26)}{chr(97 + number // 26)} mati")
        shares = small.token_scores(document).sum(axis=0)
        assert shares == pytest.approx((features.transform([document]) @ coef.T)[0], abs=1e-5)
    assert len(small._words) + len(small._older) < 40  # of 102 words


def test_words_that_are_met_in_ever_new_company_are_forgotten_too(
    features: ComplaintFeatures, coef: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (compiled_module, recent_rows):
        monkeypatch.setattr(module, "MAX_WORDS", 10)
    small = CompiledScores(linear_weights(features, coef))
    for company in range(200):  # each is parsed anew, to equal forms that are other objects
        small.scores([analyse(f"lampu{'/' * company}mati")])
    assert len(small._words.number_of) + len(small._older.number_of) < 80


def test_a_score_depends_on_nothing_that_was_read_before(features: ComplaintFeatures, coef: np.ndarray) -> None:
    random = np.random.default_rng(1)
    documents = [analyse(" ".join(random.choice(WORDS, 30))) for _ in range(60)]
    one, other = (CompiledScores(linear_weights(features, coef)) for _ in range(2))
    other.scores(documents[::-1])
    assert (one.scores(documents) == other.scores(documents)).all()


@pytest.mark.parametrize("room", [4, recent_rows.MAX_PAIRS])
def test_one_text_several_and_many_have_the_same_scores(
    features: ComplaintFeatures, coef: np.ndarray, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(recent_rows, "MAX_PAIRS", room)  # capacity for all pairs, or hardly any
    random = np.random.default_rng(2)
    documents = [analyse(" ".join(random.choice(WORDS, random.integers(0, 40)))) for _ in range(300)]
    compiled = CompiledScores(linear_weights(features, coef))
    expected = features.transform(documents) @ coef.T
    for size in (1, 2, compiled_module._SEVERAL, compiled_module._MANY, 300):
        scores = np.concatenate([compiled.scores(documents[i : i + size]) for i in range(0, 300, size)])
        assert scores == pytest.approx(expected, abs=1e-5)


def test_memories_of_pairs_are_made_for_a_batch_alone(compiled: CompiledScores) -> None:
    documents = [analyse("lampu jalan mati, jalan rusak")] * compiled_module._MANY
    memories = {recent_rows.RowsOfPairs, recent_rows.ColumnsOfPairs}
    compiled.scores(documents[:-1])  # a few texts, such as the sides of one message
    assert memories.isdisjoint(map(type, vars(compiled).values()))
    compiled.scores(documents)
    assert memories <= set(map(type, vars(compiled).values()))


def test_an_empty_batch_has_no_scores(compiled: CompiledScores) -> None:
    assert compiled.scores([]).shape == (0, 5)
