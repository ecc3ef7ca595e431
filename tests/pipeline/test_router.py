from __future__ import annotations

import dataclasses
import datetime as dt
import gc
import json
import pickle
import shutil
import weakref
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.complaint import Complaint, Decision, Kind, Level
from pipeline.errors import ComplaintError, EmptyComplaintError, ModelError, ModelRegionError
from pipeline.region import Agency
from pipeline.router import Router

LAMP = "Lampu jalan (PJU) di Desa Sukadami mati total sudah seminggu, gelap sekali kalau malam"


def test_a_suggestion_has_everything_a_dispatcher_needs(router: Router) -> None:
    suggestion = router.suggest(Complaint(LAMP, id="7"))
    assert suggestion.id == "7"
    assert suggestion.agencies[0].code == "dishub"
    assert suggestion.agencies[0].name == "Dinas Perhubungan"
    assert len(suggestion.agencies) >= 5
    assert suggestion.place is not None
    assert suggestion.place.name == "Sukadami"
    assert suggestion.urgency.reasons
    assert suggestion.model == router.name


def test_what_is_done_to_the_list_of_agencies_changes_no_answer(router: Router) -> None:
    before = router.suggest(LAMP)
    codes = router.codes
    router.codes.reverse()
    assert router.codes == codes
    assert router.suggest(LAMP) == before


def test_equal_suggestions_are_one_in_a_set_and_so_are_equal_policies(router: Router) -> None:
    assert len({router.suggest(LAMP), router.suggest(LAMP), router.suggest("air keruh")}) == 2
    policy = router.model.policy
    assert {policy: 1}[dataclasses.replace(policy, own_suggest_probability=dict(policy.own_suggest_probability))]


@pytest.mark.parametrize("called", ["kapanewon", "kemantren"])
def test_a_kecamatan_is_the_office_whatever_its_province_calls_it(router: Router, called: str) -> None:
    suggestion = router.suggest(f"kantor {called} tutup terus, pegawainya tidak ada")
    assert suggestion.agencies[0].code == "kecamatan"


def test_its_json_is_the_one_that_was_promised(router: Router) -> None:
    answer = json.loads(json.dumps(router.suggest(LAMP).to_dict()))
    assert set(answer) >= {"id", "agencies", "urgency", "place", "decision", "words", "model"}
    assert set(answer["agencies"][0]) == {"code", "name", "probability"}
    assert set(answer["urgency"]) >= {"level", "probabilities", "reasons"}
    assert set(answer["urgency"]["probabilities"]) == {"darurat", "tinggi", "sedang", "rendah"}
    assert set(answer["words"][0]) == {"start", "end", "weight"}


def test_the_reference_says_the_same(router: Router, model_folder: Path) -> None:
    texts = [LAMP, "kabel listrik putus menjuntai di depan sekolah", "mau tanya syarat buat KTP?", "👍 ok"]
    reference = Router.load(model_folder, reference=True)
    for one, other in zip(router.suggest_many(texts), reference.suggest_many(texts), strict=True):
        assert [agency.code for agency in one.agencies[:3]] == [agency.code for agency in other.agencies[:3]]
        assert one.agencies[0].probability == pytest.approx(other.agencies[0].probability, abs=2e-4)
        # The compiled model has urgency's weights in half precision.
        assert one.urgency.probabilities == pytest.approx(other.urgency.probabilities, abs=5e-3)
        assert one.urgency.level == other.urgency.level


def test_the_words_that_counted_are_marked(router: Router) -> None:
    words = router.suggest(LAMP).words
    strongest = max(words, key=lambda word: word.weight)
    assert LAMP[strongest.start : strongest.end] in {"Lampu", "PJU", "gelap", "mati"}


@pytest.mark.parametrize(
    "text",
    [
        "The street light in front of my house has been broken for two weeks, please send somebody to repair it",
        "Die Straßenlaterne vor meinem Haus ist seit zwei Wochen kaputt, bitte reparieren Sie sie bald",
        "街灯が二週間前から壊れていますので修理してください",
        "qwrtp zxcvb plmkn sdfgh",
        "test",
        "halo",
        "P",
        "👍 ok",
    ],
)
def test_without_content_or_in_another_language_it_asks_to_be_read(router: Router, text: str) -> None:
    suggestion = router.suggest(text)
    assert suggestion.decision is Decision.READ
    assert suggestion.notes


def test_many_are_answered_as_one_by_one(router: Router) -> None:
    texts = [LAMP, "sampah menumpuk di pasar", "mau tanya cara buat KTP hilang", "jalan berlubang"]
    assert router.suggest_many(texts) == [router.suggest(text) for text in texts]
    assert router.suggest_many([]) == []


_WORDS = (
    "lampu jalan mati Desa Sukadami Kec. Cibitung kota Bandung bupati bogor kebakaran kabel putus menjuntai "
    "tidak tolong selain itu sampah menumpuk camat kepala desa sukadmi terima kasih! 081234567890 yg "
    "İya 🔥 tks, banjir. ambles"
).split()

_LETTERS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from(_WORDS) | _LETTERS, max_size=30).map(" ".join), max_size=6))
def test_the_short_answers_are_those_of_the_suggestions(router: Router, drawn: list[str]) -> None:
    complaints = [Complaint(f"aduan {text}", address=text[:40] or None) for text in drawn]
    suggestions = router.suggest_many(complaints)
    for routing, suggestion in zip(router.route_many(complaints), suggestions, strict=True):
        urgency = suggestion.urgency
        assert routing.agencies == suggestion.agencies[:3]
        assert (routing.decision, routing.level, routing.place) == (
            suggestion.decision,
            urgency.level,
            suggestion.place,
        )
        assert routing.level_probability == urgency.probabilities[urgency.level]
        assert routing.reasons == urgency.reasons


def test_an_office_per_place_is_named_with_the_place(router: Router) -> None:
    suggestion = router.suggest("pelayanan di kantor kecamatan Cibitung lambat, camat tidak pernah ada di kantor")
    assert suggestion.agencies[0].code == "kecamatan"
    assert suggestion.agencies[0].name == "Kecamatan Cibitung"


def test_personal_data_never_counts_by_its_digits(router: Router) -> None:
    one, other = (router.suggest(f"{LAMP} hubungi {number}") for number in ("081234567890", "085711112222"))
    assert one.agencies == other.agencies


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(min_size=1, max_size=400))
def test_any_text_gets_an_answer_or_a_clear_error(router: Router, text: str) -> None:
    try:
        suggestion = router.suggest(text)
    except ComplaintError as error:
        assert error.mend in str(error)
        return
    assert sum(suggestion.urgency.probabilities.values()) == pytest.approx(1, abs=0.01)
    assert 0 <= suggestion.agencies[0].probability <= 1
    assert all(0 <= word.start < word.end <= len(text) for word in suggestion.words)
    assert suggestion.urgency.level in set(Level)


def test_from_the_day_of_a_reorganisation_on_the_successor_is_suggested(router: Router) -> None:
    days = [dt.date(2027, 1, 1)]
    region = router.region
    joined = Agency(code="dishubkominfo", kind="dinas", name="Dinas Perhubungan dan Kominfo")
    agencies = dict(region.agencies) | {"dishubkominfo": joined}
    for code in ("dishub", "kominfo"):
        agencies[code] = agencies[code].model_copy(update={"valid_to": days[0], "successor": ("dishubkominfo",)})
    moved = Router(router.model, dataclasses.replace(region, agencies=agencies), "moved", today=lambda: days[-1])
    before = moved.suggest(LAMP)
    assert before.agencies == router.suggest(LAMP).agencies
    days.append(dt.date(2027, 1, 2))
    after = moved.suggest(LAMP)
    assert "dishub" not in moved.codes
    assert after.agencies[0].code == "dishubkominfo"
    assert after.agencies[0].probability >= before.agencies[0].probability
    assert after.words == before.words


def test_whoever_tells_of_a_danger_complains_however_it_is_put(router: Router) -> None:
    asked = router.suggest("Mohon informasi nomor pemadam, rumah kami kebakaran sekarang")
    assert max(asked.kinds, key=asked.kinds.__getitem__) == Kind.INFORMASI
    assert (asked.urgency.level, asked.kind) == (Level.DARURAT, Kind.PENGADUAN)


def test_a_model_with_agencies_the_region_lacks_is_refused(router: Router) -> None:
    agencies = {code: agency for code, agency in router.region.agencies.items() if code != "dishub"}
    with pytest.raises(ModelRegionError, match="dishub"):
        Router(router.model, dataclasses.replace(router.region, agencies=agencies), "x")


@pytest.mark.parametrize("text", [LAMP, "lampu jalan mati seminggu", "jalan berlubang", "mau tanya cara buat KTP"])
def test_every_level_of_urgency_has_a_reason_in_the_citizens_words(router: Router, text: str) -> None:
    urgency = router.suggest(text).urgency
    assert urgency.reasons
    assert all(text[span.start : span.end].lower() in " ".join(urgency.reasons).lower() for span in urgency.spans)


def test_a_router_that_nobody_holds_is_gone_without_garbage_collection(model_folder: Path) -> None:
    router = Router.load(model_folder)
    router.suggest("ada kebakaran di pasar Cibitung, lalu sampah di desa Sukadamai menumpuk")
    parts = [weakref.ref(part) for part in (router, router.model, router.region)]
    gc.disable()
    try:
        del router
        assert [part() for part in parts] == [None] * 3
    finally:
        gc.enable()


def test_a_router_is_sent_to_another_process_by_its_folder(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(model_folder, folder)
    monkeypatch.chdir(tmp_path)
    router = Router.load("model")
    sent = pickle.dumps(router)
    assert len(sent) < 1000
    monkeypatch.chdir("/")
    there = pickle.loads(sent)  # noqa: S301 (made above)
    assert there.suggest("lampu jalan mati") == router.suggest("lampu jalan mati")
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"name": "another"}))
    with pytest.raises(ModelError, match="another"):
        pickle.loads(sent)  # noqa: S301
    with pytest.raises(TypeError, match=r"Router\.load"):
        pickle.dumps(Router(router.model, router.region, router.name))


@pytest.mark.parametrize(
    "given",
    ["lampu", pd.DataFrame({"teks": ["lampu mati"]}), pa.table({"teks": ["lampu mati"]})],
)
def test_what_would_be_read_by_letters_or_by_names_of_columns_is_no_list_of_complaints(
    router: Router, given: Any
) -> None:
    for answer in (router.suggest_many, router.route_many):
        with pytest.raises(TypeError, match=f"A {type(given).__name__} is not a list of complaints"):
            answer(given)


def test_a_column_of_pandas_or_arrow_is_a_list_of_complaints_and_so_is_whatever_yields_texts(router: Router) -> None:
    texts = ["lampu jalan mati", "air keruh"]
    expected = router.route_many(texts)
    for several in (pd.Series(texts), pa.array(texts), iter(texts), dict.fromkeys(texts)):
        assert router.route_many(several) == expected


@pytest.mark.parametrize(("wrong", "told"), [(None, "NoneType"), (float("nan"), "float"), ("123", "letter")])
def test_of_many_complaints_the_one_that_cannot_be_used_is_named(router: Router, wrong: Any, told: str) -> None:
    with pytest.raises((TypeError, EmptyComplaintError)) as caught:
        router.suggest_many(["lampu jalan mati", wrong])
    assert told in getattr(caught.value, "english", str(caught.value))
    assert caught.value.__notes__ == ["This is complaint 1, counting from 0."]


@pytest.mark.parametrize("part", ["text", "address", "id"])
@pytest.mark.parametrize("value", [float("nan"), pd.NA, 0])
def test_what_is_no_text_in_a_complaint_is_told_by_name(part: str, value: Any) -> None:
    with pytest.raises(TypeError, match=f"{part} is a {type(value).__name__}"):
        Complaint(**{"text": "lampu mati", part: value})
