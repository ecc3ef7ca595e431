"""Agencies are merged and split; their problems and labels follow."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from pipeline.batch.labels import acting_for
from pipeline.region import Region, load_region
from pipeline.region.diff import diff_regions
from pipeline.region.new import new_region
from pipeline.region.succession import acting_on, today

BEFORE, AFTER = dt.date(2026, 12, 31), dt.date(2027, 1, 1)
HEADER = "code,kind,name,aliases,urusan,parent,valid_from,valid_to,successor,sla_working_days\n"


def reorganised(folder: Path, rows: str) -> Region:
    new_region("32.01", folder)
    (folder / "agencies.csv").write_text(HEADER + rows, encoding="utf-8")
    return load_region(folder)


@pytest.fixture
def joined(tmp_path: Path) -> Region:
    return reorganised(
        tmp_path / "joined",
        "dishub,dinas,Dinas Perhubungan,dishub,perhubungan,,,2026-12-31,dishubkom,\n"
        "kominfo,dinas,Dinas Kominfo,kominfo,kominfo,,,2026-12-31,dishubkom,\n"
        "dishubkom,dinas,Dinas Perhubungan dan Kominfo,,,,2027-01-01,,,\n",
    )


@pytest.fixture
def divided(tmp_path: Path) -> Region:
    return reorganised(
        tmp_path / "divided",
        "dpupr,dinas,Dinas PUPR,pupr,bangunan-tata-ruang;jalan-jembatan;sumber-daya-air,,,2026-12-31,dbm;dsda,\n"
        "dbm,dinas,Dinas Bina Marga,,jalan-jembatan;bangunan-tata-ruang,,2027-01-01,,,\n"
        "dsda,dinas,Dinas Sumber Daya Air,,sumber-daya-air,,2027-01-01,,,\n",
    )


def responsible(region: Region, urusan: str, day: dt.date) -> list[str]:
    return [agency.code for agency in region.responsible(urusan, region.catalogue[urusan].problems[0].id, day)]


def test_a_merged_agency_gets_the_problems_of_both(joined: Region) -> None:
    assert responsible(joined, "perhubungan", BEFORE) == ["dishub"]
    assert responsible(joined, "perhubungan", AFTER) == ["dishubkom"]
    assert responsible(joined, "kominfo", AFTER) == ["dishubkom"]
    assert joined.current("dishub", AFTER) == ["dishubkom"]


def test_a_divided_agency_hands_each_problem_to_the_part_that_lists_it(divided: Region) -> None:
    assert responsible(divided, "sumber-daya-air", AFTER) == ["dsda"]
    assert divided.current("dpupr", AFTER, "jalan-jembatan") == ["dbm"]
    assert divided.current("dpupr", AFTER) == ["dbm", "dsda"]


def test_an_agency_that_ended_without_successor_keeps_its_labels_and_is_responsible_for_nothing(
    tmp_path: Path,
) -> None:
    region = reorganised(tmp_path / "ended", "dishub,dinas,Dinas Perhubungan,dishub,perhubungan,,,2026-12-31,,\n")
    assert responsible(region, "perhubungan", BEFORE) == ["dishub"]
    assert responsible(region, "perhubungan", AFTER) == []
    assert acting_for(region, "Dinas Perhubungan", AFTER) == ("dishub",)
    assert acting_on(AFTER, ["dinkes", "dishub"], region).codes == ["dinkes"]


def test_a_problem_goes_on_with_the_part_that_took_it_over_when_that_ends_too(tmp_path: Path) -> None:
    region = reorganised(
        tmp_path / "twice",
        "dpupr,dinas,Dinas PUPR,pupr,bangunan-tata-ruang;jalan-jembatan;sumber-daya-air,,,2026-12-31,dbm;dsda,\n"
        "dbm,dinas,Dinas Bina Marga,,jalan-jembatan;bangunan-tata-ruang,,2027-01-01,2027-06-30,dpu,\n"
        "dsda,dinas,Dinas Sumber Daya Air,,sumber-daya-air,,2027-01-01,,,\n"
        "dpu,dinas,Dinas PU,,,,2027-07-01,,,\n",
    )
    assert responsible(region, "jalan-jembatan", dt.date(2027, 6, 30)) == ["dbm"]
    assert responsible(region, "jalan-jembatan", dt.date(2027, 7, 1)) == ["dpu"]
    assert responsible(region, "sumber-daya-air", dt.date(2027, 7, 1)) == ["dsda"]


def test_a_problem_follows_its_parts_through_a_second_division(tmp_path: Path) -> None:
    region = reorganised(
        tmp_path / "divided twice",
        "dpupr,dinas,Dinas PUPR,pupr,bangunan-tata-ruang;jalan-jembatan;sumber-daya-air,,,2026-12-31,dpu,\n"
        "dpu,dinas,Dinas PU,,bangunan-tata-ruang;jalan-jembatan;sumber-daya-air,,2027-01-01,2027-06-30,dbm;dsda,\n"
        "dbm,dinas,Dinas Bina Marga,,bangunan-tata-ruang;jalan-jembatan,,2027-07-01,,,\n"
        "dsda,dinas,Dinas Sumber Daya Air,,sumber-daya-air,,2027-07-01,,,\n",
    )
    assert region.current("dpupr", dt.date(2027, 7, 1), "sumber-daya-air/banjir") == ["dsda"]
    assert region.current("dpupr", dt.date(2027, 7, 1)) == ["dbm", "dsda"]


def test_the_parts_of_a_divided_agency_share_its_probability_by_the_problems_they_took_over(divided: Region) -> None:
    taken = {
        code: sum(len(divided.catalogue[name].problems) for name in divided.agencies[code].urusan)
        for code in ("dbm", "dsda")
    }
    acting = acting_on(AFTER, ["dpupr"], divided)
    assert acting.codes == list(taken)
    assert taken["dbm"] != taken["dsda"]
    shares = acting.moved(np.array([0.6]))
    assert shares.tolist() == pytest.approx([0.6 * each / sum(taken.values()) for each in taken.values()])


def test_a_part_weighs_as_many_problems_as_it_took_over_and_at_least_one(tmp_path: Path) -> None:
    region = load_region("kab_bekasi")
    roads, water = region.catalogue["jalan-jembatan"].problems, region.catalogue["sumber-daya-air"].problems
    single = ";".join(f"sumber-daya-air/{problem.id}" for problem in water[:2])
    parted = reorganised(
        tmp_path / "parted",
        "dpupr,dinas,Dinas PUPR,pupr,jalan-jembatan;sumber-daya-air;bangunan-tata-ruang,,,2026-12-31,dbm;dsda;upt,\n"
        "dbm,dinas,Dinas Bina Marga,,jalan-jembatan,,2027-01-01,,,\n"
        f"dsda,dinas,Dinas Sumber Daya Air,,{single},,2027-01-01,,,\n"
        "upt,dinas,UPT Alat Berat,,,,2027-01-01,,,\n",
    )
    acting = acting_on(AFTER, ["dpupr"], parted)
    weights = dict(zip(acting.codes, acting.moved(np.array([len(roads) + 3])), strict=True))
    assert weights == pytest.approx({"dbm": len(roads), "dsda": 2, "upt": 1})


def test_what_a_part_handled_before_it_took_over_adds_nothing_to_its_share(tmp_path: Path) -> None:
    region = load_region("kab_bekasi")
    roads, water = region.catalogue["jalan-jembatan"].problems, region.catalogue["sumber-daya-air"].problems
    parted = reorganised(
        tmp_path / "grown",
        "dpupr,dinas,Dinas PUPR,pupr,jalan-jembatan;sumber-daya-air;bangunan-tata-ruang,,,2026-12-31,dbm;dlh,\n"
        "dbm,dinas,Dinas Bina Marga,,jalan-jembatan;bangunan-tata-ruang,,2027-01-01,2027-12-31,dpu,\n"
        f"dlh,dinas,Dinas Lingkungan Hidup,,lingkungan-hidup;sumber-daya-air/{water[0].id},,,,,\n"
        "dpu,dinas,Dinas PU,,jalan-jembatan;perhubungan;bangunan-tata-ruang,,2028-01-01,,,\n",
    )
    taken = len(roads) + len(region.catalogue["bangunan-tata-ruang"].problems)
    for day, heir in ((AFTER, "dbm"), (dt.date(2028, 1, 1), "dpu")):
        acting = acting_on(day, ["dpupr"], parted)
        weights = dict(zip(acting.codes, acting.moved(np.array([taken + 1])), strict=True))
        assert weights == pytest.approx({heir: taken, "dlh": 1})


def test_the_parts_of_an_agency_that_lists_nothing_share_by_all_that_they_handle(tmp_path: Path) -> None:
    region = load_region("kab_bekasi")
    sizes = {
        code: len(region.catalogue[name].problems)
        for code, name in (("dbm", "jalan-jembatan"), ("dsda", "sumber-daya-air"))
    }
    parted = reorganised(
        tmp_path / "silent",
        "dpupr,dinas,Dinas PUPR,pupr,,,,2026-12-31,dbm;dsda,\n"
        "dbm,dinas,Dinas Bina Marga,,jalan-jembatan;bangunan-tata-ruang,,2027-01-01,,,\n"
        "dsda,dinas,Dinas Sumber Daya Air,,sumber-daya-air,,2027-01-01,,,\n",
    )
    sizes["dbm"] += len(region.catalogue["bangunan-tata-ruang"].problems)
    acting = acting_on(AFTER, ["dpupr"], parted)
    assert acting.moved(np.array([sum(sizes.values())])).tolist() == pytest.approx(list(sizes.values()))


@pytest.mark.parametrize(("code", "hour"), [("32.16", 17), ("73.71", 16), ("94.71", 15), ("none", 17)])
def test_the_day_whose_agencies_answer_begins_at_midnight_by_the_regions_clock(
    code: str, hour: int, bekasi: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return now.astimezone(tz or dt.UTC)

    there = dataclasses.replace(bekasi, code=code)
    now = dt.datetime(2026, 12, 31, hour, tzinfo=dt.UTC)
    monkeypatch.setattr("pipeline.clock.dt.datetime", Clock)
    assert today(there) == AFTER
    now -= dt.timedelta(seconds=1)
    assert today(there) == AFTER - dt.timedelta(days=1)


def test_a_single_problem_can_be_given_to_another_agency(tmp_path: Path) -> None:
    problem = load_region("kab_bekasi").catalogue["jalan-jembatan"].problems[0].id
    region = reorganised(tmp_path / "single", f"dlh,dinas,DLH,dlh,lingkungan-hidup;jalan-jembatan/{problem},,,,,\n")
    assert [agency.code for agency in region.responsible("jalan-jembatan", problem, AFTER)] == ["dlh"]
    other = region.catalogue["jalan-jembatan"].problems[1].id
    assert [agency.code for agency in region.responsible("jalan-jembatan", other, AFTER)] == ["dpupr"]


def test_the_difference_names_agencies_and_every_problem_that_moves(joined: Region, tmp_path: Path) -> None:
    old = load_region(new_region("32.01", tmp_path / "old"))
    lines = [str(change) for change in diff_regions(old, joined, AFTER)]
    assert "agency gone: Dinas Perhubungan: labels move to Dinas Perhubungan dan Kominfo" in lines
    assert "agency new: Dinas Perhubungan dan Kominfo" in lines
    moved = [line for line in lines if line.startswith("problem moves")]
    expected = len(old.catalogue["perhubungan"].problems) + len(old.catalogue["kominfo"].problems)
    assert len(moved) == expected
    assert all(line.endswith("→ dishubkom") for line in moved)


def test_the_difference_stands_in_the_same_order_in_every_run(joined: Region, bekasi: Region) -> None:
    for old, new, what in ((bekasi, joined, "gone"), (joined, bekasi, "new")):
        named = {agency.name: agency.code for agency in [*old.agencies.values(), *new.agencies.values()]}
        changes = [one for one in diff_regions(old, new, AFTER) if (one.subject, one.what) == ("agency", what)]
        codes = [named[one.name] for one in changes]
        assert len(codes) > 5
        assert codes == sorted(codes)


def test_nothing_moves_between_equal_regions(bekasi: Region) -> None:
    assert diff_regions(bekasi, bekasi, AFTER) == []


@pytest.fixture
def kept(tmp_path: Path) -> Region:
    """A region in which one part of a split agency keeps its name."""
    return reorganised(
        tmp_path / "kept",
        "dpupr,dinas,Dinas PUPR,pupr,bangunan-tata-ruang;jalan-jembatan;sumber-daya-air,,,2026-12-31,dbm;dsda,\n"
        "dbm,dinas,dinas  pupr,dbm;pupr,jalan-jembatan;bangunan-tata-ruang,,2027-01-01,,,\n"
        "dsda,dinas,Dinas Sumber Daya Air,,sumber-daya-air,,2027-01-01,,,\n",
    )


def test_a_name_that_one_part_keeps_means_the_whole_where_no_day_tells(kept: Region) -> None:
    assert acting_for(kept, "Dinas PUPR", AFTER) == acting_for(kept, "pupr", AFTER, on=BEFORE) == ("dbm", "dsda")
    assert acting_for(kept, "pupr", AFTER, on=AFTER) == acting_for(kept, "dbm", AFTER) == ("dbm",)
    assert acting_for(kept, "pupr", BEFORE) == ("dpupr",)
    assert kept.is_shared("DINAS PUPR")
    assert not kept.is_shared("dsda")


def test_the_difference_names_the_labels_that_mean_another_agency(joined: Region) -> None:
    agencies = dict(joined.agencies)
    agencies["dlh"] = agencies["dlh"].model_copy(update={"aliases": ("dlh",)})
    agencies["dinkes"] = agencies["dinkes"].model_copy(update={"aliases": ("dinkes", "DLHK", "kesling")})
    lines = [str(change) for change in diff_regions(joined, dataclasses.replace(joined, agencies=agencies), AFTER)]
    assert lines == ["label moves: DLHK: dlh → dinkes", "label new: kesling: dinkes"]
    back = [str(change) for change in diff_regions(dataclasses.replace(joined, agencies=agencies), joined, AFTER)]
    assert back == ["label moves: dlhk: dinkes → dlh", "label gone: kesling: dinkes"]


def test_labels_that_come_and_go_with_their_agency_are_not_told_beside_it(joined: Region) -> None:
    without = dataclasses.replace(joined, agencies={c: a for c, a in joined.agencies.items() if c != "dinkes"})
    for old, new in ((joined, without), (without, joined)):
        changes = diff_regions(old, new, AFTER)
        assert [one.name for one in changes if one.subject == "agency"] == [joined.agencies["dinkes"].name]
        assert [one for one in changes if one.subject == "label"] == []
