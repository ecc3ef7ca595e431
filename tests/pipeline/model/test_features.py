from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from numpy.testing import assert_allclose
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import check_estimator, check_param_validation

from pipeline.complaint import Complaint
from pipeline.model import BalancedRidgeClassifier, ComplaintFeatures, UrgencyFeatures, analyse

TEXTS = [
    "Lampu jalan mati sejak kemarin",
    "jalan berlubang dekat pasar",
    "sampah menumpuk di pasar",
    "lampu pasar mati",
]


def test_the_address_counts_apart_from_the_text() -> None:
    complaints = [Complaint("lampu mati", address="Pasar Lama"), Complaint("sampah", address="Pasar Baru")]
    features = ComplaintFeatures(min_df=1, address_weight=0.5).fit(complaints)
    with_address = features.transform(complaints[:1])
    without = features.transform(["lampu mati"])
    extra = (with_address - without).tocsr()
    assert_allclose(np.sqrt(extra.multiply(extra).sum()), 0.5, rtol=1e-5)


def test_spelling_changes_little() -> None:
    features = ComplaintFeatures(min_df=1).fit(TEXTS)
    plain, typed = features.transform(["lampu jalan mati", "LAMPU jlan matii"]).toarray()
    other = features.transform(["sampah menumpuk"]).toarray()[0]
    assert plain @ typed > 3 * (plain @ other)


@pytest.mark.parametrize("kind", [ComplaintFeatures, UrgencyFeatures])
def test_fitted_features_survive_pickling(kind: type[ComplaintFeatures | UrgencyFeatures]) -> None:
    features = kind(min_df=1).fit(TEXTS)
    again = pickle.loads(pickle.dumps(features))  # noqa: S301
    assert (features.transform(TEXTS) != again.transform(TEXTS)).nnz == 0


def test_pairs_of_the_text_and_nothing_else_weigh_more() -> None:
    complaints = [Complaint("air mati", "jalan raya"), Complaint("air mati lagi", "jalan raya")]
    plain, heavier = (ComplaintFeatures(min_df=1, pair_weight=weight).fit(complaints) for weight in (1, 3))
    raised = {
        name
        for name, column in plain.vocabulary_.items()
        if heavier.idf_[heavier.vocabulary_[name]] == pytest.approx(3 * plain.idf_[column])
    }
    assert raised == {"air mati", "mati lagi"}


def test_a_word_counts_the_less_the_later_it_stands_and_a_pair_where_it_begins() -> None:
    features = ComplaintFeatures(min_df=1, opening_weight=1.0, opening_words=10.0).fit(["lampu mati", "air keruh"])
    column = features.vocabulary_["lampu mati"]
    for before in (0, 1, 10, 500):
        text = " ".join(["kata"] * before + ["lampu", "mati"])
        pair = features.transform([text])[0, column] / features.idf_[column] / features.scale_
        assert pair * np.sqrt(before + 2) == pytest.approx(1 + np.exp(-before / 10), rel=1e-5)
    alike = ComplaintFeatures(min_df=1, opening_weight=0.0).fit(["lampu mati", "air keruh"])
    one, other = alike.transform(["lampu air", "air lampu"])[:, [alike.vocabulary_[w] for w in ("lampu", "air")]]
    assert_allclose(one.toarray(), other.toarray())


@pytest.mark.parametrize("given", ["lampu jalan mati", pd.DataFrame({"text": TEXTS})])
def test_what_would_be_read_by_letters_or_by_names_of_columns_is_refused(given: Any) -> None:
    features = ComplaintFeatures(min_df=1).fit(TEXTS)
    for read in (features.fit, features.transform):
        with pytest.raises(TypeError, match="not a list of complaints"):
            read(given)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_text_is_told_with_its_place(missing: Any) -> None:
    with pytest.raises(TypeError, match=r"number 2 is a .*, not text"):
        ComplaintFeatures(min_df=1).fit([*TEXTS[:2], missing])


def test_scikit_learn_is_told_that_it_takes_texts() -> None:
    tags = get_tags(ComplaintFeatures()).input_tags
    assert (tags.string, tags.two_d_array) == (True, False)
    with pytest.warns(UserWarning, match="which requires input"):  # its common checks pass numbers
        check_estimator(ComplaintFeatures())
    check_param_validation("ComplaintFeatures", ComplaintFeatures())
    with pytest.raises(ValueError, match=r"'min_df' parameter .* int"):
        ComplaintFeatures(min_df=0.1).fit(TEXTS)  # type: ignore[arg-type]  # a share in TfidfVectorizer


def test_those_of_urgency_take_what_those_of_agencies_take_and_check_their_settings_alike() -> None:
    features = UrgencyFeatures(min_df=1).fit(TEXTS)
    analyses = list(map(analyse, TEXTS))
    for given in (TEXTS, list(map(Complaint, TEXTS)), analyses):
        assert (features.transform(given) != features.transform(analyses)).nnz == 0
    with pytest.raises(TypeError, match="not a list of complaints"):
        features.transform(TEXTS[0])
    with pytest.warns(UserWarning, match="which requires input"):  # its common checks give numbers
        check_estimator(UrgencyFeatures())
    check_param_validation("UrgencyFeatures", UrgencyFeatures())
    with pytest.raises(ValueError, match=r"'min_df' parameter"):
        UrgencyFeatures(min_df=0).fit(TEXTS)
    tags = get_tags(UrgencyFeatures()).input_tags
    assert (tags.string, tags.two_d_array) == (True, False)


def test_each_column_has_a_name() -> None:
    pipe = make_pipeline(ComplaintFeatures(min_df=1), BalancedRidgeClassifier(folds=0)).fit(TEXTS, [*"abcd"])
    names = pipe[:-1].get_feature_names_out()
    assert len(names) == pipe[-1].coef_.shape[1]
    assert [names[column] for column in pipe[0].transform(["lampu"]).indices if names[column].isalpha()] == ["lampu"]


def test_each_column_of_urgency_has_a_name() -> None:
    features = UrgencyFeatures(min_df=1).fit(TEXTS)
    names = features.get_feature_names_out()
    row = features.transform(["Lampu jalan mati, apakah ada rumah terbakar?"])
    assert len(names) == row.shape[1] == len(set(names))
    told = {names[column] for column in row.indices}
    assert {"lampu", "jalan mati", "=mati", "!5 words and more", "!question"} <= told
    assert "!12 words and more" not in told
    assert {name for name in told if name.startswith("!kebakaran")}, "the danger that it names"
    with pytest.raises(NotFittedError):
        UrgencyFeatures().get_feature_names_out()


def test_a_column_of_arrow_is_a_list_of_texts() -> None:
    features = ComplaintFeatures(min_df=1).fit(TEXTS)
    expected = features.transform(TEXTS)
    for column in (pa.array(TEXTS), pa.chunked_array([TEXTS[:1], TEXTS[1:]])):
        assert (features.transform(column) != expected).nnz == 0


def test_the_same_words_are_saved_as_the_same_bytes_in_whatever_order_a_process_has_them() -> None:
    features = ComplaintFeatures(min_df=1, familiar_df=1).fit(
        [f"{a}{b}{c}" for a in "abcdefghij" for b in "aiueo" for c in "klmnprst"]
    )
    words = sorted(features.familiar_)
    saved = set()
    for order in (words, words[::-1], words[::2] + words[1::2]):
        features.familiar_ = frozenset(order)
        saved.add(pickle.dumps(features))
    assert len(saved) == 1
    assert pickle.loads(saved.pop()).familiar_ == features.familiar_  # noqa: S301 (its own)
