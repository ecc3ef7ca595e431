"""Every part of a suggestion follows from the model's scores and the region's rules."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from pipeline.complaint import ALARMS, Complaint, Decision, Kind, Level
from pipeline.highlights import marked_words
from pipeline.model import analyse
from pipeline.presenter import MAX_REASONS, MIN_AGENCIES, ROUTED_AGENCIES
from pipeline.region.schema import Landmark
from pipeline.responders import Responders
from pipeline.router import Router
from pipeline.urgency import decide_levels

LAMP = "Lampu jalan (PJU) di Desa Sukadami mati total sudah seminggu, gelap sekali kalau malam"
TWO = "Air PDAM di rumah kami mati sudah empat hari. Selain itu sampah di ujung gang menumpuk dan bau."
TEXTS = [
    LAMP, TWO, "mau tanya syarat buat KTP?", "kabel listrik putus menjuntai di depan sekolah", "test",
    "usul dibangun taman bermain untuk anak-anak di perumahan kami", "kepala desa tidak transparan soal dana desa",
    "jalan jalan rusak rusak parah dan rusak", "terima kasih atas pelayanannya yang baik sekali",
]  # fmt: skip


def with_policy(router: Router, **thresholds: Any) -> Router:
    policy = dataclasses.replace(router.model.policy, **thresholds)
    return Router(dataclasses.replace(router.model, policy=policy), router.region, router.name)


@pytest.fixture(scope="module", params=["as trained", "many choices"])
def answering(sure_router: Router, request: pytest.FixtureRequest) -> Router:
    return sure_router if request.param == "as trained" else with_policy(sure_router, choose_probability=0.0005)


def test_a_suggestion_says_what_the_models_scores_say(answering: Router) -> None:
    model, region, codes = answering.model, answering.region, list(answering.model.agencies)
    documents = [analyse(text) for text in TEXTS]
    responders = Responders(model.agencies, model.urgency.classes_, region)
    by_words = model.score(documents)
    called = responders.called(by_words)
    scores = responders.weighed(by_words, called)
    levels = decide_levels(
        [Level(n) for n in model.urgency.classes_], scores.urgency, scores.dangers, region.urgency_costs
    )
    for row, found in enumerate(answering.suggest_many(TEXTS)):
        order = np.argsort(-scores.agency[row], kind="stable")
        probable = [codes[i] for i in order if scores.agency[row, i] >= model.policy.choose_probability] or [
            codes[order[0]]
        ]
        decided = model.policy.decide(
            documents[row], model.familiar, codes[order[0]], float(scores.agency[row, order[0]])
        )
        ranked = [codes[i] for i in order]
        best = codes[int(by_words.agency[row].argmax())]
        *expected, offered = responders.decide(called[row], best, ranked, *decided) if row in called else (*decided, [])
        probable += [codes[i] for i in order if codes[i] in offered and codes[i] not in probable]
        shown = [i for i in order if i in order[:MIN_AGENCIES] or codes[i] in probable]
        assert [(a.code, a.probability) for a in found.agencies] == [
            (codes[i], round(float(scores.agency[row, i]), 4)) for i in shown
        ]
        assert found.choices == (() if found.decision is Decision.READ else tuple(probable))
        assert (found.decision, found.notes) == (expected[0], (expected[1],) if expected[1] else ())
        first, second = int(order[0]), int(order[1])
        assert found.words == marked_words(documents[row], model.explain_agency(documents[row], first).tokens.tolist())
        instead = model.explain_agency(documents[row], second, against=first)
        assert found.instead == marked_words(documents[row], instead.tokens.tolist())

        assert found.urgency.level is levels[row]
        names, kinds = model.urgency.classes_, model.urgency.kinds
        assert found.urgency.probabilities == _rounded(names, scores.urgency[row])
        assert found.kinds == _rounded(kinds, scores.kind[row])
        likely = Kind(kinds[int(scores.kind[row].argmax())])
        assert found.kind is (Kind.PENGADUAN if levels[row] in ALARMS else likely)
        assert found.answer_within == region.answer_within
        assert found.settle_within == region.sla_working_days(codes[first], levels[row], found.kind)


def _rounded(names: Any, probabilities: Any) -> dict[str, float]:
    return {str(name): round(float(p), 4) for name, p in zip(names, probabilities, strict=True)}


def test_the_texts_reach_what_they_are_meant_to(sure_router: Router) -> None:
    found = sure_router.suggest_many(TEXTS)
    assert {s.decision for s in found} >= {Decision.SUGGEST, Decision.READ}
    assert {s.kind for s in found} >= {Kind.PENGADUAN, Kind.INFORMASI}
    assert any(s.urgency.level in ALARMS for s in found)
    assert any(
        len(s.agencies) > MIN_AGENCIES for s in with_policy(sure_router, choose_probability=0.0005).suggest_many(TEXTS)
    )


def test_the_words_for_an_agency_are_those_that_speak_for_and_against_that_one(sure_router: Router) -> None:
    complaint = Complaint(TWO, address="Desa Sukadami")
    suggestion = sure_router.suggest(complaint)
    assert sure_router.words_for(complaint, suggestion.agencies[0].code) == suggestion.words
    for code, own, others in (("pdam", {"PDAM", "Air"}, "sampah"), ("dlh", {"sampah", "menumpuk"}, "PDAM")):
        weights = {TWO[word.start : word.end]: word.weight for word in sure_router.words_for(complaint, code)}
        assert max(weights, key=lambda word: weights[word]) in own
        assert weights.get(others, -1) < 0
    assert sure_router.words_for(complaint, "tidak-ada") == ()


def test_reasons_are_dangers_or_else_the_words_that_tell_each_once_and_few(sure_router: Router) -> None:
    text = "jalan jalan rusak rusak parah dan rusak, jalan jalan rusak parah"
    urgency = sure_router.suggest(text).urgency
    assert list(urgency.reasons) == list(dict.fromkeys(f"“{text[s.start : s.end].lower()}”" for s in urgency.spans))
    assert 0 < len(urgency.spans) <= MAX_REASONS
    dangers = (
        "ada kebakaran, kabel listrik putus menjuntai, anak tenggelam di sungai, rumah roboh, jembatan ambruk, tawuran"
    )
    urgency = sure_router.suggest(dangers).urgency
    assert urgency.level is Level.DARURAT
    assert 0 < len(urgency.reasons) <= len(urgency.spans) <= MAX_REASONS
    assert all(": “" in reason for reason in urgency.reasons)
    short = sure_router.route_many([text, dangers])
    assert [len(routing.agencies) for routing in short] == [ROUTED_AGENCIES] * 2
    assert short[1].reasons == urgency.reasons


def test_where_it_happened_is_no_reason_for_its_urgency(sure_router: Router) -> None:
    for text, place in (("jalan rusak di Desa Sukadami", "sukadami"), ("lampu mati di Tambun Selatan", "selatan")):
        suggestion = sure_router.suggest(text)
        assert suggestion.place
        assert suggestion.urgency.reasons
        assert place not in " ".join(suggestion.urgency.reasons)
        assert sure_router.route_many([text])[0].reasons == suggestion.urgency.reasons


@pytest.mark.parametrize("word", ["bang", "kak", "teh", "assalamualaikum", "gan", "maaf"])
def test_whom_a_text_addresses_is_no_reason_for_its_urgency(sure_router: Router, word: str) -> None:
    for text in (f"{word} lampu gelap {word}", f"{word} aer kagak ngalir {word}"):
        reasons = sure_router.suggest(text).urgency.reasons
        assert reasons
        assert f"“{word}”" not in reasons


def test_another_government_asks_for_a_choice_unless_a_place_of_the_region_is_told(sure_router: Router) -> None:
    text = "Lampu jalan mati total sudah seminggu di Banten"
    sure, unsure, strict = (
        with_policy(sure_router, suggest_probability=p, read_probability=r)
        for p, r in ((0.0, 0.0), (1.1, 0.0), (1.1, 1.1))
    )
    elsewhere = sure.suggest(text)
    assert elsewhere.decision is Decision.CHOOSE
    (note,) = elsewhere.notes
    assert "Banten" in note
    assert sure_router.region.name in note
    for near in (Complaint(text, address="Desa Sukadami"), Complaint(f"{text} dekat Desa Sukadami")):
        assert (sure.suggest(near).decision, sure.suggest(near).notes) == (Decision.SUGGEST, ())
    assert (unsure.suggest(text).decision, unsure.suggest(text).notes) == (Decision.CHOOSE, (note,))
    assert strict.suggest(text).decision is Decision.READ
    assert strict.suggest(text).notes != elsewhere.notes


def test_what_lies_near_a_landmark_of_the_region_is_not_elsewhere(sure_router: Router) -> None:
    text, region = "Lampu jalan mati total sudah seminggu dekat Rawalumbu", sure_router.region
    assert "Rawalumbu" in sure_router.suggest(text).notes[0]  # a kecamatan of the neighbouring city
    landmark = Landmark(name="Rawalumbu", kind="pasar", place="32.16.08")
    known = Router(sure_router.model, dataclasses.replace(region, landmarks=(landmark,)), sure_router.name)
    assert known.suggest(text).notes == ()


@pytest.mark.parametrize(
    ("text", "address", "name", "spelled"),
    [
        (LAMP, None, "Sukadami", "Desa Sukadami"),
        ("Lampu jalan mati total", "Desa Sukadami RT 3", "Sukadami", None),
        ("Lampu jalan mati total", None, None, None),
        ("Lampu jalan mati total", "dekat pasar", None, None),
    ],
)
def test_the_place_is_found_in_the_text_or_else_in_the_address(
    sure_router: Router, text: str, address: str | None, name: str | None, spelled: str | None
) -> None:
    place = sure_router.suggest(Complaint(text, address=address)).place
    assert (place and place.name) == name
    if place:
        told = None if place.start is None else text[place.start : place.end]
        assert told is None if spelled is None else told in (spelled, name)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("Kecamatan Cibitung", {"Kecamatan Cibitung", "Pemerintah Desa"}),
        ("Desa Sukadami", {"Kecamatan Cikarang Selatan", "Pemerintah Desa Sukadami"}),
        (None, {"Kecamatan", "Pemerintah Desa"}),
    ],
)
def test_of_offices_per_place_the_one_of_the_place_is_named_and_of_others_none(
    sure_router: Router, address: str | None, names: set[str]
) -> None:
    every = with_policy(sure_router, choose_probability=0.0)
    text = "kantor desa dan kantor kecamatan tutup terus, kepala desa dan camat tidak pernah ada"
    named = {a.code: a.name for a in every.suggest(Complaint(text, address=address)).agencies}
    assert {named["kecamatan"], named["desa"]} == names
    agencies = sure_router.region.agencies
    assert all(name == agencies[code].name for code, name in named.items() if not sure_router.region.is_per_place(code))


def test_two_problems_are_told_with_their_pieces_agencies_and_probabilities(sure_router: Router) -> None:
    suggestion = sure_router.suggest(Complaint(TWO, address="Desa Sukadami"))
    assert [TWO[part.start : part.end] for part in suggestion.parts] == [
        TWO[: TWO.index(". Selain")], TWO[TWO.index("Selain") : -1],
    ]  # fmt: skip
    assert [part.code for part in suggestion.parts] == ["pdam", "dlh"]
    assert [part.name for part in suggestion.parts] == [sure_router.region.agencies[c].name for c in ("pdam", "dlh")]
    alone = sure_router.suggest(TWO[: TWO.index(". Selain")]).agencies[0]
    assert suggestion.parts[0].probability == pytest.approx(alone.probability, abs=2e-4)
    assert suggestion.parts[0].probability == round(suggestion.parts[0].probability, 4)
    assert with_policy(sure_router, out_of_scope=("dlh",)).suggest(TWO).parts == ()
    assert sure_router.suggest(LAMP).parts == ()
    per_place = "Air PDAM di rumah kami mati sudah empat hari. Selain itu camat di kantor kecamatan tidak pernah ada."
    pieces = sure_router.suggest(Complaint(per_place, address="Desa Sukadami")).parts
    assert [part.name for part in pieces] == [sure_router.region.agencies["pdam"].name, "Kecamatan Cikarang Selatan"]
