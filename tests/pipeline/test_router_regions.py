"""A model answers for the region it was trained for, with today's agencies."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from pipeline.complaint import Complaint, Decision
from pipeline.errors import ModelRegionError, RegionError
from pipeline.manifest import read_manifest
from pipeline.region import Agency
from pipeline.router import Router

LAMP = "Lampu jalan (PJU) di Desa Sukadami mati total sudah seminggu, gelap sekali kalau malam"
TWO = "Air PDAM di rumah kami mati sudah empat hari. Selain itu sampah di ujung gang menumpuk dan bau."
FIRE = "Kebakaran di tumpukan sampah, sampah menumpuk dan bau"


def joined(router: Router, *codes: str) -> Router:
    """Return the router of a region in which these agencies were merged yesterday into one with two days to settle."""
    yesterday = dt.datetime.now(tz=dt.UTC).date() - dt.timedelta(days=1)
    agencies = dict(router.region.agencies)
    agencies["baru"] = Agency(code="baru", kind="dinas", name="Dinas Baru", sla_working_days=2)
    for code in codes:
        agencies[code] = agencies[code].model_copy(update={"valid_to": yesterday, "successor": ("baru",)})
    return Router(router.model, dataclasses.replace(router.region, agencies=agencies), "moved")


def test_an_agency_that_took_over_has_what_all_before_it_had(sure_router: Router) -> None:
    moved = joined(sure_router, "pdam", "dlh")
    before, after = sure_router.suggest(TWO), moved.suggest(TWO)
    had = {score.code: score.probability for score in before.agencies}
    assert moved.codes == sorted({*sure_router.codes, "baru"} - {"pdam", "dlh"})
    assert after.agencies[0].code == "baru"
    assert after.agencies[0].name == "Dinas Baru"
    assert after.agencies[0].probability == pytest.approx(had.pop("pdam") + had.pop("dlh"), abs=2e-4)
    assert after.choices[0] == "baru"
    assert after.settle_within == min(2, before.settle_within or 0)
    for score in after.agencies[1:4]:
        assert had.get(score.code, score.probability) == pytest.approx(score.probability, abs=2e-4)


def test_what_speaks_for_one_against_the_other_is_told_unless_one_acts_for_both(sure_router: Router) -> None:
    before = sure_router.suggest(TWO)
    assert before.instead
    assert joined(sure_router, "dishub", "kominfo").suggest(TWO).instead == before.instead
    merged = joined(sure_router, "pdam", "dlh").suggest(TWO)
    assert (merged.instead, merged.parts) == ((), ())
    assert merged.words == before.words


def test_whether_the_text_or_the_address_names_another_city_the_dispatcher_is_told(sure_router: Router) -> None:
    text = "Lampu jalan (PJU) mati total sudah seminggu, gelap sekali kalau malam"
    note = "Menyebut Kota Bandung; mungkin di luar Kabupaten Bekasi."
    for there in (Complaint(f"{text} di Kota Bandung"), Complaint(text, "Jl. Melati 3, Kota Bandung")):
        suggestion = sure_router.suggest(there)
        assert (suggestion.decision, suggestion.notes) == (Decision.CHOOSE, (note,))
    for here in (Complaint(text), Complaint(text, "Jl. Bandung 3"), Complaint(LAMP, "Jl. Bandung 3")):
        assert sure_router.suggest(here).decision is Decision.SUGGEST
    assert sure_router.suggest(Complaint("assalamualaikum", "Kota Bandung")).decision is Decision.READ


def test_an_emergency_in_another_city_is_told_with_who_responds_as_well(sure_router: Router) -> None:
    alone, there = sure_router.suggest_many(f"{FIRE} {where}" for where in ("", "Kota Bandung"))
    assert alone.notes == ("Didahulukan karena bahayanya; menurut kata-katanya saja Dinas Lingkungan Hidup.",)
    assert there.notes == (*alone.notes, "Menyebut Kota Bandung; mungkin di luar Kabupaten Bekasi.")
    assert there.decision is Decision.CHOOSE


def test_of_two_problems_the_agencies_of_today_are_told(sure_router: Router) -> None:
    parts = joined(sure_router, "dlh", "kominfo").suggest(TWO).parts
    assert [(part.code, part.name) for part in parts] == [
        ("pdam", sure_router.region.agencies["pdam"].name), ("baru", "Dinas Baru"),
    ]  # fmt: skip


def test_words_for_an_agency_that_has_ended_are_those_the_model_learned_for_it(sure_router: Router) -> None:
    moved = joined(sure_router, "dishub", "kominfo")
    complaint = moved.suggest(LAMP)
    assert complaint.agencies[0].code == "baru"
    assert complaint.words == sure_router.suggest(LAMP).words


def test_of_an_emergency_s_words_the_agency_of_today_is_told(sure_router: Router) -> None:
    told = "Didahulukan karena bahayanya; menurut kata-katanya saja {}."
    assert sure_router.suggest(FIRE).notes == (told.format("Dinas Lingkungan Hidup"),)
    assert joined(sure_router, "dlh", "kominfo").suggest(FIRE).notes == (told.format("Dinas Baru"),)


def ended(router: Router, *codes: str) -> Router:
    """Return the router of a region in which these agencies ended yesterday, and nobody took over."""
    yesterday = dt.datetime.now(tz=dt.UTC).date() - dt.timedelta(days=1)
    agencies = dict(router.region.agencies)
    for code in codes:
        agencies[code] = agencies[code].model_copy(update={"valid_to": yesterday})
    return Router(router.model, dataclasses.replace(router.region, agencies=agencies), "ended")


def test_an_agency_that_ended_without_successor_is_offered_to_nobody_and_lends_nobody_its_probability(
    sure_router: Router,
) -> None:
    left = ended(sure_router, "dishub")
    before, after = sure_router.suggest(LAMP), left.suggest(LAMP)
    assert (before.decision, before.agencies[0].code) == (Decision.SUGGEST, "dishub")
    assert left.codes == [code for code in sure_router.codes if code != "dishub"]
    assert after.agencies[0] == before.agencies[1]
    assert after.decision is not Decision.SUGGEST
    assert after.words == sure_router.words_for(Complaint(LAMP), after.agencies[0].code)
    assert left.route_many([LAMP])[0].agencies[0] == after.agencies[0]


def test_of_two_problems_none_is_told_to_be_an_agency_s_that_ended_without_successor(sure_router: Router) -> None:
    assert {part.code for part in sure_router.suggest(TWO).parts} == {"pdam", "dlh"}
    assert "pdam" not in {part.code for part in ended(sure_router, "pdam").suggest(TWO).parts}


def test_where_all_agencies_ended_a_complaint_is_still_answered(sure_router: Router) -> None:
    assert ended(sure_router, *sure_router.codes).suggest(LAMP).agencies == sure_router.suggest(LAMP).agencies
    alone = ended(sure_router, *(code for code in sure_router.codes if code != "dlh")).suggest(LAMP)
    assert ([score.code for score in alone.agencies], alone.instead) == (["dlh"], ())


def test_of_many_agencies_that_are_missing_the_first_are_named(sure_router: Router) -> None:
    missing = sorted(sure_router.model.agencies)[-1:] + sorted(sure_router.model.agencies)[:4]
    agencies = {code: agency for code, agency in sure_router.region.agencies.items() if code not in missing}
    region = dataclasses.replace(sure_router.region, agencies=agencies)
    with pytest.raises(ModelRegionError, match=f"{', '.join(sorted(missing)[:3])}\\.") as caught:
        Router(sure_router.model, region, "x")
    assert region.name in caught.value.what
    assert "agencies.csv" in caught.value.mend
    assert "disposisi train" in caught.value.mend


@pytest.fixture
def of_region(model_folder: Path, tmp_path: Path) -> Path:
    """A copy of the model whose region can be changed, as its manifest isn't signed."""
    folder = tmp_path / "copy"
    shutil.copytree(model_folder, folder)
    return folder


def change_region(folder: Path, code: str, name: str, region: str) -> None:
    path = folder / "manifest.json"
    changed = json.loads(path.read_text()) | {"region": {"code": code, "name": name, "folder": region}}
    path.write_text(json.dumps(changed))


def test_a_model_without_a_region_answers_with_its_labels_and_for_no_region(of_region: Path) -> None:
    change_region(of_region, "none", "tanpa wilayah", "none")
    for given in (None, "none"):
        router = Router.load(of_region, given)
        assert router.region.code == "none"
        assert router.name == read_manifest(of_region).name
        suggestion = router.suggest(LAMP)
        assert (suggestion.agencies[0].name, suggestion.place, suggestion.answer_within) == ("dishub", None, None)
    with pytest.raises(ModelRegionError, match="without a region, not for kab_bekasi") as caught:
        Router.load(of_region, "kab_bekasi")
    assert str(of_region) in caught.value.what
    assert "disposisi train FILE --region kab_bekasi" in caught.value.mend


def test_a_model_is_not_used_for_another_region_and_the_way_out_is_told(of_region: Path) -> None:
    change_region(of_region, "35.78", "Kota Surabaya", "kota_lain")
    with pytest.raises(ModelRegionError) as caught:
        Router.load(of_region, "kab_bekasi")
    assert caught.value.what == f"{of_region} was trained for Kota Surabaya (35.78), not for Kabupaten Bekasi (32.16)."
    assert "disposisi train FILE --region kab_bekasi" in caught.value.mend
    with pytest.raises(ModelRegionError, match="kota_lain") as caught:
        Router.load(of_region)
    assert f"{of_region} was trained for Kota Surabaya (35.78)" in caught.value.what
    assert caught.value.mend.endswith(": --region FOLDER.")


def test_a_region_that_has_become_another_one_is_told_without_an_option_that_nobody_gave(of_region: Path) -> None:
    change_region(of_region, "35.78", "Kota Surabaya", "kab_bekasi")
    with pytest.raises(ModelRegionError, match="not for Kabupaten Bekasi") as caught:
        Router.load(of_region)
    assert caught.value.mend == "Restore kab_bekasi, or train a model for it: disposisi train FILE --region kab_bekasi."


def test_a_region_that_is_given_and_missing_is_what_is_told(model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RegionError, match="tidak-ada"):
        Router.load(model_folder, tmp_path / "tidak-ada")
