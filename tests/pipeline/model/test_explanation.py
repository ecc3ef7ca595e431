"""Explanations are exact decompositions of the score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.artifact import load_model
from pipeline.complaint import Complaint
from pipeline.model import Analysis, BalancedRidgeClassifier, ComplaintFeatures, ComplaintModel, analyse, explain
from pipeline.model.compiled import CompiledScores
from pipeline.model.complaint_model import linear_weights
from pipeline.router import Router

COMPLAINTS = [
    "Lampu jalan di depan Pasar Cibitung mati sudah seminggu, gelap sekali kalau malam",
    "jalan berlubang dalam sekali, kemarin ada motor jatuh",
    "sampah menumpuk sudah dua minggu tidak diangkut, bau menyengat",
    "air pdam mati 3 hari, tagihan tetap jalan",
    "guru di SD negeri minta uang seragam kepada wali murid",
    "mau urus KTP hilang tapi antriannya tidak jelas",
    "puskesmas menolak pasien BPJS",
]

_WORDS = st.sampled_from(
    "lampu jalan mati rusak sampah air pdam banjir sekolah guru ktp puskesmas yang di tidak RT02 0812-3456-7890 "
    "bangeeet jln tdk, . \n qwrtz 15.000".split(" ")
)


@pytest.fixture(scope="module")
def model(model_folder: Path) -> ComplaintModel:
    return load_model(model_folder)[0]


def score(model: ComplaintModel, document: Analysis) -> np.ndarray:
    scores: np.ndarray = model.agency.decision_function(model.features.transform([document]))[0]
    return scores


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(_WORDS, min_size=1, max_size=30), st.lists(_WORDS, max_size=6), st.data())
def test_words_address_and_intercept_add_up_to_the_score(
    model: ComplaintModel, text: list[str], address: list[str], data: st.DataObject
) -> None:
    document = analyse(Complaint("a " + " ".join(text), address=" ".join(address) or None))
    scores = score(model, document)
    first = data.draw(st.integers(0, len(scores) - 1))
    second = data.draw(st.integers(0, len(scores) - 1))
    against_all = model.explain_agency(document, first)
    assert against_all.score == pytest.approx(scores[first] - scores.mean(), abs=1e-4)
    against_one = model.explain_agency(document, second, against=first)
    assert against_one.score == pytest.approx(scores[second] - scores[first], abs=1e-4)


def test_what_the_address_adds_is_told_apart() -> None:
    rows = [
        Complaint(f"{what} rusak", address=f"{where} nomor {number}")
        for number, (what, where) in enumerate(
            zip(["lampu", "jalan", "pipa"] * 4, ["Pasar", "Kampung", "Sungai"] * 4, strict=True)
        )
    ]
    features = ComplaintFeatures(min_df=1)
    labels = ["dishub", "bina-marga", "pdam"] * 4
    classifier = BalancedRidgeClassifier(folds=0).fit(features.fit_transform(rows), labels)
    document = analyse(Complaint("lampu rusak", address="Pasar lama"))
    position = list(classifier.classes_).index("dishub")
    explanation = explain(
        CompiledScores(linear_weights(features, classifier.coef_)), classifier.intercept_, document, position
    )
    scores = classifier.decision_function(features.transform([document]))[0]
    assert explanation.address > 0
    assert explanation.score == pytest.approx(scores[position] - scores.mean(), abs=1e-4)


@pytest.mark.parametrize("text", COMPLAINTS)
def test_without_its_three_strongest_words_an_agency_loses_most_of_its_lead(model: ComplaintModel, text: str) -> None:
    document = analyse(text)
    scores = score(model, document)
    first = int(scores.argmax())
    shares = model.explain_agency(document, first)
    strongest = set(np.argsort(-shares.tokens)[:3].tolist())
    kept = [text[token.start : token.end] for at, token in enumerate(document.tokens) if at not in strongest]
    promised = float(shares.tokens[list(strongest)].sum())
    lost = (scores[first] - scores.mean()) - model.explain_agency(analyse(" ".join(kept)), first).score
    # Approximate: without the words, the text is normalised by another length and loses their pairs. Never below half.
    assert lost > promised / 2


@pytest.mark.parametrize("text", COMPLAINTS)
def test_what_speaks_instead_is_told_of_the_second_agency(router: Router, model: ComplaintModel, text: str) -> None:
    suggestion = router.suggest(text)
    codes = model.agency.classes_.tolist()
    first, second = (codes.index(agency.code) for agency in suggestion.agencies[:2])
    shares = model.explain_agency(analyse(text), second, against=first)
    assert suggestion.instead
    for word in suggestion.instead:
        position = next(i for i, token in enumerate(analyse(text).tokens) if token.span.start == word.start)
        assert word.weight == pytest.approx(shares.tokens[position], abs=1e-3)
