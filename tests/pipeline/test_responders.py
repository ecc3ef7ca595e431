"""Dangers determine responders: an emergency goes to those who rescue, treat or make safe."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.complaint import Decision, Level, Span
from pipeline.model.scorer import Scores
from pipeline.region import Region, load_region, region_of_labels, shipped_regions
from pipeline.responders import MIN_BELIEF, RESPONDER_ODDS, Responders
from pipeline.router import Router
from pipeline.urgency import DangerSign, Standing, load_cues

AGENCIES = ("bpbd", "damkar", "dlh", "luar-polisi")
LEVELS = ("darurat", "sedang")
CUES = {cue.id: cue for cue in load_cues().cues}


def signs(*dangers: str, level: Level | None = Level.DARURAT) -> tuple[DangerSign, ...]:
    return tuple(DangerSign(CUES[danger], Standing.REAL, level, Span(0, 1)) for danger in dangers)


def scores_of(agency: list[float], *dangers: str, belief: float = 0.9, level: Level | None = Level.DARURAT) -> Scores:
    urgency = np.array([[belief, 1 - belief]], dtype=np.float32)
    shares = np.array([agency], dtype=np.float32) / sum(agency)
    return Scores(shares, urgency, np.ones((1, 1), dtype=np.float32), [signs(*dangers, level=level)])


def weighed_by(responders: Responders, scores: Scores) -> Scores:
    return responders.weighed(scores, responders.called(scores))


def decided(
    responders: Responders, scores: Scores, ranked: Sequence[str], decision: Decision, note: str | None
) -> tuple[Decision, str | None, list[str]]:
    by_words = AGENCIES[int(scores.agency[0].argmax())]
    return responders.decide(responders.called(scores)[0], by_words, ranked, decision, note)


def stating(region: Region, responders: Mapping[str, tuple[str, ...]]) -> Region:
    return dataclasses.replace(region, responders=responders)


def test_of_every_danger_of_the_highest_class_each_region_has_who_responds(bekasi: Region) -> None:
    highest = {cue.id for cue in CUES.values() if cue.level is Level.DARURAT}
    assert set(bekasi.responders) == highest
    for name in shipped_regions():
        region = load_region(name)
        assert [danger for danger in sorted(highest) if not region.handling(region.responders[danger])] == []


@given(
    agency=st.lists(st.floats(0.001, 1), min_size=len(AGENCIES), max_size=len(AGENCIES)),
    dangers=st.lists(st.sampled_from(["kebakaran", "bayi-dibuang", "bom", "pohon-tumbang"]), min_size=1, max_size=3),
)
def test_each_danger_makes_its_responders_so_many_times_as_likely_and_all_sum_to_one(
    bekasi: Region, agency: list[float], dangers: list[str]
) -> None:
    scores = scores_of(agency, *dangers)
    weighed = weighed_by(Responders(AGENCIES, LEVELS, bekasi), scores).agency[0].astype(float)
    times = [
        RESPONDER_ODDS ** sum(code in bekasi.handling(bekasi.responders[danger]) for danger in set(dangers))
        for code in AGENCIES
    ]
    assert weighed.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(weighed, agency * np.array(times) / np.dot(agency, times), rtol=1e-4)


@pytest.mark.parametrize(
    "scores",
    [
        scores_of([1, 2, 3, 4]),
        scores_of([1, 2, 3, 4], "kebakaran", level=None),  # denied, past, feared
        scores_of([1, 2, 3, 4], "kebakaran", belief=MIN_BELIEF - 0.01),
    ],
)
def test_what_is_no_emergency_is_left_as_the_words_have_it(bekasi: Region, scores: Scores) -> None:
    responders = Responders(AGENCIES, LEVELS, bekasi)
    assert responders.called(scores) == {}
    assert weighed_by(responders, scores) is scores
    told = responders.decide((), "luar-polisi", AGENCIES, Decision.READ, "Tampaknya bukan aduan.")
    assert told == (Decision.READ, "Tampaknya bukan aduan.", [])


@pytest.mark.parametrize("decision", list(Decision))
def test_an_emergency_is_not_suggested_to_one_alone_that_does_not_respond(bekasi: Region, decision: Decision) -> None:
    responders = Responders(AGENCIES, LEVELS, bekasi)
    scores = scores_of([0.002, 0.001, 0.9, 0.1], "kebakaran")
    assert decided(responders, scores, ["dlh", "luar-polisi", "bpbd", "damkar"], decision, None) == (
        Decision.CHOOSE,
        "Bahaya seperti ini biasanya ditangani dulu oleh Badan Penanggulangan Bencana Daerah atau "
        "Dinas Pemadam Kebakaran.",
        ["bpbd", "damkar"],
    )


def test_of_many_responders_the_most_probable_two_are_offered(bekasi: Region) -> None:
    responders = Responders(AGENCIES, LEVELS, bekasi)
    scores = scores_of([0.04, 0.01, 0.05, 0.9], "kimia")
    *_, offered = decided(responders, scores, ["luar-polisi", "dlh", "bpbd", "damkar"], Decision.SUGGEST, None)
    assert offered == ["dlh", "bpbd"]


def test_a_responder_that_the_danger_put_first_is_told_with_what_the_words_say(bekasi: Region) -> None:
    responders = Responders(AGENCIES, LEVELS, bekasi)
    scores = scores_of([0.05, 0.35, 0.5, 0.1], "kebakaran")
    ranked = ["damkar", "bpbd", "dlh", "luar-polisi"]
    assert [AGENCIES[i] for i in np.argsort(-weighed_by(responders, scores).agency[0])] == ranked
    assert decided(responders, scores, ranked, Decision.SUGGEST, None) == (
        Decision.SUGGEST,
        "Didahulukan karena bahayanya; menurut kata-katanya saja Dinas Lingkungan Hidup.",
        [],
    )
    unknown = "Sebagian besar kata tidak dikenal; mungkin bahasa lain."
    assert decided(responders, scores, ranked, Decision.READ, unknown) == (Decision.CHOOSE, unknown, [])
    clear = scores_of([0.1, 0.8, 0.05, 0.05], "kebakaran")
    assert decided(responders, clear, ranked, Decision.SUGGEST, None) == (Decision.SUGGEST, None, [])


def test_a_region_may_state_otherwise_and_labels_without_a_region_have_no_responders(bekasi: Region) -> None:
    scores = scores_of([1, 2, 3, 4], "kebakaran")
    own = weighed_by(Responders(AGENCIES, LEVELS, stating(bekasi, {"kebakaran": ("luar-polisi",)})), scores).agency[0]
    assert own.argmax() == AGENCIES.index("luar-polisi")
    assert own[3] / own[2] == pytest.approx(4 / 3 * RESPONDER_ODDS, rel=1e-4)
    for region in (stating(bekasi, {"kebakaran": ()}), region_of_labels(list(AGENCIES))):
        assert weighed_by(Responders(AGENCIES, LEVELS, region), scores) is scores


def test_an_emergency_of_two_words_and_one_that_looks_like_no_complaint_are_given_agencies(sure_router: Router) -> None:
    for text in ("Kebakaran!", "adik saya kirim pesan mau gantung diri, hp nya mati"):
        found = sure_router.suggest(text)
        assert found.urgency.level is Level.DARURAT
        assert found.decision is not Decision.READ
        assert found.choices
    assert sure_router.suggest("Kebakaran!").agencies[0].code in {"damkar", "bpbd"}


def test_who_responds_is_among_the_choices_and_shown_however_improbable(sure_router: Router) -> None:
    model, region = sure_router.model, sure_router.region
    text = "ada kebakaran di dekat lampu jalan, pju, lampu pju, tiang pju, lampu penerangan jalan umum mati"
    sole = dataclasses.replace(region, responders={"kebakaran": ("perpustakaan-arsip",)})
    found = Router(model, sole, "sole").suggest(text)
    (library,) = sole.handling(["perpustakaan-arsip"])
    assert found.decision is Decision.CHOOSE
    assert found.choices[-1] == library != found.agencies[0].code
    assert library in [agency.code for agency in found.agencies]
    probabilities = [agency.probability for agency in found.agencies]
    assert probabilities == sorted(probabilities, reverse=True)
