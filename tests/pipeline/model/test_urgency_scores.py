"""The compiled scorer (look-ups per word) equals the scikit-learn pipeline, which is the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from pipeline.model import Analysis, UrgencyModel, analyse, urgency_model
from pipeline.model.dangers import DangerColumns, dangers_of
from pipeline.model.probabilities import between
from pipeline.model.urgency import word_features
from pipeline.model.urgency_scores import UrgencyScores
from pipeline.text.stems import MAX_STEMMED_FORMS

ROWS = [
    ("rumah kebakaran, api besar sekali", "darurat", "pengaduan"),
    ("kabel listrik putus menjuntai di jalan", "darurat", "pengaduan"),
    ("jalan berlubang membahayakan pengendara", "tinggi", "pengaduan"),
    ("pohon miring hampir roboh dekat sekolah", "tinggi", "pengaduan"),
    ("lampu jalan mati tks mohon diperbaiki", "sedang", "pengaduan"),
    ("sampah belum diangkut yg di depan", "sedang", "pengaduan"),
    ("kapan jadwal vaksin? tks infonya", "rendah", "permintaan-informasi"),
    ("usul taman baca di desa kami, jln2 sore", "rendah", "aspirasi"),
] * 3
WORDS = [word for text, *_ in ROWS for word in text.split()] + [
    "memperbaiki",
    "tks",
    "jln2",
    "İstanbul",
    "0812 3456 7890",
]
texts = st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=40).map(" ".join)


@pytest.fixture(scope="module", params=[0, 1, 2], ids=["one kind", "two kinds", "three kinds"])
def model(request: pytest.FixtureRequest) -> UrgencyModel:
    rows = [row for row in ROWS if row[2] in ("pengaduan", "aspirasi", "permintaan-informasi")[: request.param + 1]]
    rows += [(text, level, "") for text, level, _ in ROWS]
    documents = [analyse(text) for text, *_ in rows]
    levels, kinds = [level for _, level, _ in rows], [kind for *_, kind in rows]
    return urgency_model(documents, levels, kinds, weights=np.ones(len(rows)), groups=None, folds=0, random_state=0)


@pytest.fixture(scope="module")
def compiled(model: UrgencyModel) -> UrgencyScores:
    return UrgencyScores(model.weights())


@given(st.lists(texts, min_size=1, max_size=8))
def test_probabilities_are_those_of_the_pipeline(
    model: UrgencyModel, compiled: UrgencyScores, drawn: list[str]
) -> None:
    documents = [Analysis(text) for text in drawn]
    X, dangers = model.features.read(documents)
    reading = compiled.read(documents)
    assert reading.levels == pytest.approx(model.level.predict_proba(X), abs=1e-5)
    assert reading.kinds == pytest.approx(model.kind.predict_proba(X), abs=1e-5)
    assert reading.dangers == dangers


def test_thresholds_that_cross_are_brought_into_order_as_the_pipeline_does(model: UrgencyModel) -> None:
    weights = model.weights()
    crossing = np.array([-1, 2, -3], dtype=np.float32)  # the second threshold is easier to pass than the first
    levels, _ = UrgencyScores(replace(weights, rows=weights.rows * 0, level_intercept=crossing)).probabilities(
        [Analysis("jalan rusak")], [dangers_of(Analysis("jalan rusak"))]
    )
    assert levels == pytest.approx(between(expit(crossing[np.newaxis])))
    assert levels[0, 1] == 0


@given(texts)
def test_shares_of_the_words_add_up_to_their_part_of_the_score(
    model: UrgencyModel, compiled: UrgencyScores, text: str
) -> None:
    document = Analysis(text)
    assert compiled.explain(document) == pytest.approx(_shares(model, document), abs=1e-6)


def test_past_the_limit_of_stemming_the_probabilities_are_still_equal(
    model: UrgencyModel, compiled: UrgencyScores
) -> None:
    invented = " ".join(f"memper{chr(97 + i % 26)}{chr(97 + i // 26)}dakan" for i in range(2 * MAX_STEMMED_FORMS))
    document = analyse(f"{invented} mohon diperbaiki")
    X, _ = model.features.read([document])
    assert compiled.read([document]).levels == pytest.approx(model.level.predict_proba(X), abs=1e-5)
    assert compiled.explain(document) == pytest.approx(_shares(model, document), abs=1e-6)


def test_a_text_alone_and_in_a_batch_have_equal_probabilities(compiled: UrgencyScores) -> None:
    documents = [analyse(text) for text, *_ in ROWS]
    together = compiled.read(documents)
    for number, document in enumerate(documents):
        alone = compiled.read([document])
        assert (alone.levels[0] == together.levels[number]).all()
        assert (alone.kinds[0] == together.kinds[number]).all()
        assert alone.dangers[0] == dangers_of(document)


def _shares(model: UrgencyModel, document: Analysis) -> np.ndarray:
    """Return the score's shares computed feature by feature, by definition."""
    columns, weights = model.features.columns_, model.features.weights_
    sources: dict[str, list[int]] = {}
    for name, positions in word_features(document):
        if name in columns:
            sources.setdefault(name, []).extend(positions)
    length = np.sqrt(sum(float(weights[columns[name]]) ** 2 for name in sources)) or 1.0
    coefficients = model.level.coef_.mean(axis=0)
    shares = np.zeros(len(document.tokens))
    for name, sharing in sources.items():
        for position in sharing:
            shares[position] += weights[columns[name]] * coefficients[columns[name]] / length / len(sharing)
    return shares


def test_a_danger_that_came_after_the_training_only_lacks_its_own_column() -> None:
    document = analyse("tolong, rumah sebelah kebakaran")
    signs = dangers_of(document)
    known, unknown = (DangerColumns(7, ids) for ids in ((signs[0].cue.id,), ("danger-of-then",)))
    assert known.of(document, signs) == sorted([*unknown.of(document, signs), 7])
