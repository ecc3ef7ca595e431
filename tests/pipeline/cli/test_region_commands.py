"""``disposisi region``: making, checking and comparing regions."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.region.national import BASE
from tests.pipeline.cli.conftest import Run


def test_a_region_is_made_and_checked(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("region", "new", "35.78", "--out", "other").out
    assert "184 places, 55 standard agencies. Enter what differs in other/agencies.csv." in told
    made = json.loads(run("region", "new", "35.78", "--json").out)
    assert (made["name"], made["folder"]) == ("Kota Surabaya", "regions/35.78")
    checked = run("region", "check", "regions/35.78").out
    assert "in order" in checked
    assert "without urusan" not in checked
    with (tmp_path / "regions" / "35.78" / "agencies.csv").open("a", encoding="utf-8") as table:
        table.write("rs-mata,rsud,Rumah Sakit Mata,,,,,,,\nrs-lama,rsud,Rumah Sakit Lama,,,,,2020-01-01,,\n")
    assert "1 without urusan, so never suggested until it has labelled complaints: rs-mata." in run(
        "region", "check", "regions/35.78"
    ).out.replace("\n", " ")


def test_an_office_beside_the_standard_one_that_it_replaced_is_noticed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run("region", "new", "35.78")
    assert "Handled by several" not in run("region", "check", "regions/35.78").out
    with (tmp_path / "regions" / "35.78" / "agencies.csv").open("a", encoding="utf-8") as table:
        table.write("tani,dinas,Dinas Pertanian Kota,,pertanian,,,,,\n")
    told = run("region", "check", "regions/35.78")
    assert told.code == 0
    assert "which share the starter complaints: pertanian (pertanian, tani)." in told.out


def test_regions_are_compared_and_a_broken_one_is_told(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_region(tmp_path / "before", "Dinas Perhubungan,dishub")
    _write_region(tmp_path / "after", "Dinas Perhubungan Kota,perhubungan kota")
    told = run("region", "diff", "before", "after").out
    assert "renamed: Dinas Perhubungan: Dinas Perhubungan Kota" in told
    moved = json.loads(run("region", "diff", "before", "after", "--json").out)
    assert "Dinas Perhubungan Kota" in json.dumps(moved)
    assert len(moved) == len(told.splitlines())
    assert json.loads(run("region", "diff", "before", "before", "--json").out) == []
    assert "No changes" in run("region", "diff", "before", "before", "--at", "2027-01-01").out
    assert run("region", "diff", "before", "before", "--at", "besok").code == 3
    (tmp_path / "before/places.csv").write_text("code,kind,name\nx,desa,Y\n", encoding="utf-8")
    broken = run("region", "check", "before")
    assert broken.code == 4
    assert "places.csv:2" in broken.out
    mistakes = json.loads(run("region", "check", "before", "--json").out)
    assert ("places.csv", 2) in {(mistake["file"], mistake["line"]) for mistake in mistakes}


def test_who_compares_before_the_day_of_a_reorganisation_is_told_of_that_day(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_region(tmp_path / "before", "Dinas Perhubungan,dishub")
    _write_region(tmp_path / "after", "Dinas Perhubungan,dishub")
    (tmp_path / "after" / "agencies.csv").write_text(
        "code,kind,name,aliases,urusan,valid_from,valid_to,successor\n"
        "dishub,dinas,Dinas Perhubungan,dishub,bukan-aduan,,2076-12-31,dishubkominfo\n"
        "dishubkominfo,dinas,Dinas Perhubungan dan Kominfo,,bukan-aduan,2077-01-01,,\n",
        encoding="utf-8",
    )
    today = run("region", "diff", "before", "after")
    assert "No changes." in today.out
    assert "On 2077-01-01 more changes: see it with --at 2077-01-01." in today.err
    then = run("region", "diff", "before", "after", "--at", "2077-01-01")
    assert "agency gone: Dinas Perhubungan" in then.out
    assert then.err == ""
    assert run("region", "diff", "after", "after").err == ""


def _write_region(folder: Path, agency: str) -> None:
    """Write a region without the national base, whose 60 files take a second to read in each command."""
    (folder / "catalogue").mkdir(parents=True)
    shutil.copy(BASE / "catalogue" / "bukan-aduan.yaml", folder / "catalogue")
    (folder / "region.yaml").write_text(
        "code: '35.78'\nname: Kota Surabaya\nprovince: Jawa Timur\n"
        "sla_working_days: {rendah: 10, sedang: 5, tinggi: 3, darurat: 1}\n",
        encoding="utf-8",
    )
    (folder / "agencies.csv").write_text(
        f"code,kind,name,aliases,urusan\ndishub,dinas,{agency},bukan-aduan\n", encoding="utf-8"
    )
    (folder / "places.csv").write_text("code,kind,name\n", encoding="utf-8")
